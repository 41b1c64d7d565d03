/** The one architecture of "Are GANs created equal?" (Lucic et al. 2018, arXiv:1711.10337), from InfoGAN. */
import { choice, integer } from "../define/index.ts";
import { exampleNorm, mul } from "../graph/index.ts";
import { type Layer, layers, normalInit } from "../nn/index.ts";
import { autoEncoding } from "./auto-encoder.ts";
import { infoganLayers } from "./infogan-net.ts";
import { latentOf, latentOptions } from "./latent.ts";
import { defineModel, type ModelNetworks } from "./model.ts";
import { discriminatorNormOption, normOr } from "./norm.ts";
import { halved, type ImageShape, sidesOf } from "./sides.ts";

const scoreKinds = { score: "logit", probability: "probability", reconstruction: "energy" } as const;

/** The authors take the norm over a batch of 64, and divide it by 64: an eighth of the norm of an example. */
const ENERGY_SCALE = 1 / 8;

/**
 * The study's BEGAN (`gans/BEGAN.py`): the discriminator's layers down to the code, and their mirror image.
 * 1.07 M parameters at 28 × 28 × 1, 1.33 M at 32 × 32 × 3.
 */
const autoEncoder = (image: ImageShape, base: number, encoder: Layer): ModelNetworks["discriminator"] => {
  const quarter = halved(sidesOf("study-net", image, 4), 2);
  const init = normalInit(0.02);
  const stride2 = { kernel: 4, stride: 2, padding: 1, init } as const;
  const leak = layers.leakyRelu(0.2);
  const decoder = layers.sequential(
    ...[layers.dense(2 * base * quarter[0] * quarter[1], { init }), leak],
    layers.reshape([2 * base, ...quarter]),
    ...[layers.convTranspose2d(base, stride2), leak],
    ...[layers.convTranspose2d(image[0], stride2), layers.sigmoid()],
  );
  return autoEncoding(encoder, decoder, (difference) => mul(exampleNorm(difference, 1e-12), ENERGY_SCALE));
};

/**
 * InfoGAN's networks as the study has them (google/compare_gan at 49495fd, `gans/abstract_gan.py`): leak 0.2 in both, images in
 * [0, 1]. 6.63 M and 6.56 M parameters at 28 × 28 × 1. Sides are multiples of 4. Lucic et al. 2018, arXiv:1711.10337.
 */
export const studyNet = defineModel({
  name: "study-net",
  title: "two dense and two convolution layers each, InfoGAN's",
  data: "images",
  papers: [
    {
      authors: "Lucic et al.",
      year: 2018,
      title: "Are GANs created equal? A large-scale study",
      arxiv: "1711.10337",
    },
    {
      authors: "Chen et al.",
      year: 2016,
      title:
        "InfoGAN: interpretable representation learning by information maximizing generative adversarial nets",
      arxiv: "1606.03657",
      where: "appendix C.1",
    },
  ],
  notes: "Follows google/compare_gan at 49495fd",
  options: {
    ...latentOptions(64, "uniform"),
    base: integer({ default: 64, least: 1, means: "filters of the outer convolutions" }),
    hidden: integer({ default: 1024, least: 1, means: "units of the dense layers" }),
    // The generator has batch norm, an auto-encoder none.
    discriminatorNorm: discriminatorNormOption(["batch", "none"]),
    discriminatorOutput: choice(Object.keys(scoreKinds) as (keyof typeof scoreKinds)[], {
      default: "score",
      means:
        "what the discriminator gives for each example: a raw score; its sigmoid, which the study's least squares take; or " +
        "the error of an auto-encoder, for BEGAN: an eighth of ‖x − reconstruction‖",
    }),
    code: integer({ default: 64, least: 1, means: "length of the auto-encoder's code" }),
  },
  create: (options, { shape: image, perExample }) => {
    const { base, hidden, discriminatorOutput, code } = options;
    const discriminatorNorm = normOr(options.discriminatorNorm, perExample);
    const shared = {
      image,
      base,
      // TensorFlow's decay of 0.999 is a share of 0.001 for the new batch.
      batchNorm: { epsilon: 1e-3, momentum: 1e-3 },
      leak: { generator: 0.2, discriminator: 0.2 },
    } as const;
    const backbone = infoganLayers("study-net", { ...shared, hidden, discriminatorNorm });
    const encoder = infoganLayers("study-net", { ...shared, hidden: code, discriminatorNorm: "none" }).body;
    const squash = discriminatorOutput === "probability" ? [layers.sigmoid()] : [];
    const head = layers.sequential(backbone.head(1), ...squash);
    const critic: ModelNetworks["discriminator"] = ({ x }, scope) => {
      const features = backbone.body(x, scope.child("body"));
      return { scores: head(features, scope.child("head")), features };
    };
    return {
      options: { discriminatorNorm },
      latent: latentOf(options),
      scores: scoreKinds[discriminatorOutput],
      range: "unit",
      generator: ({ z }, scope) => backbone.generator(z, scope),
      discriminator: discriminatorOutput === "reconstruction" ? autoEncoder(image, base, encoder) : critic,
    };
  },
});
