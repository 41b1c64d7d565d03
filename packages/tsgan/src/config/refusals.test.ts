import { describe, expect, it } from "vitest";
import { fromExamples, independentPairs, invertAndTurn, mappedPairs } from "../data/index.ts";
import { UsageError } from "../errors.ts";
import { ganGame } from "../gan/index.ts";
import { input } from "../graph/index.ts";
import { catalogue as losses } from "../losses/index.ts";
import { trainerOf } from "../train/index.ts";
import { type ConfigInput, ganOf, resolveConfig, warningsOf } from "./index.ts";

const images = (channels = 1) =>
  fromExamples({
    name: "images",
    shape: [channels, 16, 16],
    examples: Float32Array.from({ length: channels * 256 * 4 }, (_, i) => Math.sin(i)),
  });
/** The GAN, whose game can be made. */
const gan = (config: ConfigInput) => {
  const made = ganOf(resolveConfig({ data: "images" }, config), { shape: [1, 16, 16] });
  const game = ganGame(made, { real: images() });
  const { generator, discriminator } = game.variables;
  return { gan: made, warnings: warningsOf(made, { generator, discriminator }) };
};

describe("wrong use is refused in one line:", () => {
  const probabilities = { name: "mlp", discriminatorOutput: "probability" };

  it.each<[string, () => unknown, string]>([
    [
      "probabilities for a Wasserstein loss",
      () => gan({ model: probabilities, loss: "wasserstein" }),
      "loss wasserstein reads raw scores; model mlp gives probabilities; leave the discriminator's sigmoid out",
    ],
    [
      "probabilities for a loss that applies the sigmoid itself",
      () => gan({ model: probabilities, loss: "non-saturating" }),
      "loss non-saturating reads raw scores; model mlp gives probabilities; leave the discriminator's sigmoid out",
    ],
    [
      "a penalty on what there is no adversary for",
      () => ganOf(resolveConfig({ data: "ring", model: "tvae", penalties: ["r1"] }), { shape: [2] }),
      "config: penalty r1 is for two players; model tvae trains both networks by a loss of its own; leave it out",
    ],
    [
      "BEGAN with one score an example",
      () => gan({ model: "dcgan", loss: { name: "began" } }),
      "loss began reads energies of an auto-encoder; model dcgan gives raw scores",
    ],
    [
      "a penalty with a weight below 0",
      () => gan({ penalties: [{ name: "r1", weight: -1 }] }),
      "r1: weight must be",
    ],
    [
      "a term that there is not",
      () => gan({ terms: [{ name: "feature-match" }] }),
      'unknown term "feature-match"; did you mean "feature-matching"? ',
    ],
    [
      "a term with two weights",
      () => gan({ terms: [{ name: "feature-matching", weight: 1, gradientRatio: 1 }] }),
      "feature-matching: give it a weight or a gradientRatio, not both",
    ],
    [
      "a term with a weight below 0",
      () => gan({ terms: [{ name: "pulling-away", weight: -1 }] }),
      "pulling-away: weight must be a finite number of at least 0; got -1",
    ],
    [
      "a generator without a loss",
      () => gan({ adversarialWeight: 0 }),
      "config: an adversarialWeight of 0 leaves the generator without a loss",
    ],
    [
      "a ratio to an adversarial loss that is not there",
      () => gan({ adversarialWeight: 0, terms: [{ name: "feature-matching", gradientRatio: 1 }] }),
      "config: a term's gradientRatio is to the adversarial loss, which the generator of model dcgan does not have here",
    ],
    ["a conditional model without labels", () => gan({ model: "cgan" }), "model cgan needs labels"],
    [
      "patch maps of different shapes",
      () =>
        losses
          .get("least-squares")
          .create()
          .discriminator(input("r", [4, 1, 3, 3]), input("f", [4, 1, 2, 2])),
      "least-squares: fake scores must have the shape of the real ones; got [4,1,3,3] and [4,1,2,2]",
    ],
    [
      "single images for a model that translates",
      () => gan({ model: "pix2pix" }),
      "pix2pix: examples must be pairs of images, [2 · channels,height,width]; got [1,16,16]",
    ],
  ])("%s", (_, act, message) => {
    expect(act).toThrow(UsageError);
    expect(act).toThrow(message);
  });

  it("pairs for a model of single images, and independent ones for pix2pix", () => {
    const pairs = mappedPairs({ name: "p", source: images(), map: invertAndTurn, from: "source" });
    const apart = independentPairs("q", images(), images());
    const start = (model: string, dataset: typeof apart) => () =>
      trainerOf({ config: { data: "x", model }, dataset });
    expect(start("mlp", pairs)).toThrow("model mlp does not translate; choose pix2pix or cyclegan");
    expect(start("pix2pix", apart)).toThrow("model pix2pix needs pairs that belong together");
  });
});

it("least squares take probabilities, as the study does", () => {
  const model = { name: "mlp", discriminatorOutput: "probability" };
  expect(gan({ model, loss: "least-squares" }).gan.model.scores).toBe("probability");
});

it("warns of batches of one where networks compare the examples of a batch", () => {
  const single =
    /^batch 1: model dcgan has layers that compare the examples of a batch, .*; take --batch 2 or more$/;
  expect(gan({ model: "dcgan", batch: 1 }).warnings).toEqual([expect.stringMatching(single)]);
  expect(gan({ model: "dcgan", batch: 2 }).warnings).toEqual([]);
  expect(gan({ model: "mlp", batch: 1 }).warnings).toEqual([]);
});

describe("a penalty on each example's slope", () => {
  const penalties = [{ name: "gradient-penalty" }];

  it("warns of a discriminator that mixes examples", () => {
    const model = { name: "dcgan", discriminatorNorm: "batch" };
    expect(gan({ model, penalties }).warnings[0]).toMatch(
      /^penalty gradient-penalty asks for the slope at each example by itself, but the discriminator of model dcgan mixes/,
    );
    expect(gan({ model, penalties: [{ name: "weight-clipping" }] }).warnings).toEqual([]);
  });

  it("takes the batch norm out where nothing is said", () => {
    expect(gan({ model: "dcgan", penalties }).warnings).toEqual([]);
    expect(gan({ model: "resnet", penalties }).gan.model.options.discriminatorNorm).toBe("spectral");
  });
});
