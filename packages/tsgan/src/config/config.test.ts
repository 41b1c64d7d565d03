import { describe, expect, it } from "vitest";
import { defineDataset, ring } from "../data/index.ts";
import { integer, register } from "../define/index.ts";
import { UsageError } from "../errors.ts";
import { checkScores } from "../gan/index.ts";
import { hinge, lossNames } from "../losses/index.ts";
import { adam } from "../nn/index.ts";
import { r1 } from "../penalties/index.ts";
import { ema } from "../techniques/index.ts";
import {
  type ConfigInput,
  completeConfig,
  defaults,
  ganOf,
  overrideConfig,
  resolveConfig,
  resolveLive,
} from "./index.ts";

describe("resolveConfig", () => {
  it("takes the defaults for points or for images, by the name of the data", () => {
    for (const data of ["ring", "moons", "some/points.CSV"]) {
      expect(resolveConfig({ data })).toMatchObject({ ...defaults.points, data });
    }
    for (const data of ["mnist", "photos/", "./ring"]) {
      expect(resolveConfig({ data })).toMatchObject({ ...defaults.images, data });
    }
  });

  it("asks a registered data set for its kind, and writes every option of a data set with its value", () => {
    const mine = defineDataset({
      name: "mine",
      title: "of one's own",
      holds: "points",
      options: { count: integer({ default: 7, least: 1, means: "points" }) },
      open: ({ count }) => ring({ modes: count }),
    });
    const undo = register(mine);
    expect(resolveConfig({ data: "mine" })).toMatchObject({ ...defaults.points, dataOptions: { count: 7 } });
    const options = { modes: 16 };
    expect(resolveConfig({ data: "ring", dataOptions: options }).dataOptions).toEqual({
      modes: 16,
      radius: 2,
      deviation: 0.02,
    });
    expect(resolveConfig({ data: ring(options) })).toMatchObject({ data: "ring", dataOptions: options });
    expect(resolveConfig({ data: "mnist" })).not.toHaveProperty("dataOptions");
    undo();
    expect(resolveConfig({ data: "mine" }).model.name).toBe("dcgan");
  });

  it("takes options for those of the data that they were given with", () => {
    const first = { data: "ring", dataOptions: { deviation: 0.5 } };
    expect(resolveConfig(first, { data: "moons" }).dataOptions).toEqual({ deviation: 0.05 });
    expect(resolveConfig(first, { data: "ring", steps: 3 }).dataOptions).toMatchObject({ deviation: 0.5 });
    const base = resolveConfig(first);
    expect(overrideConfig(base, { batch: 8 }).dataOptions).toMatchObject({ deviation: 0.5 });
    expect(overrideConfig(base, { data: "grid" }).dataOptions).toMatchObject({ deviation: 0.05 });
  });

  it.each([
    [
      { data: "ring", dataOptions: { mods: 3 } },
      'unknown option of data set ring "mods"; did you mean "modes"?',
    ],
    [
      { data: "ring", dataOptions: { modes: 0 } },
      "data set ring: modes must be an integer of at least 1 and at most 10000; got 0",
    ],
    [{ data: "ring", dataOptions: 3 }, "config: dataOptions must be an object of options; got 3"],
    [
      { data: "photos/", dataOptions: { modes: 3 } },
      "config: dataOptions are for data sets that have a name; photos/ is none; leave them out",
    ],
  ])("refuses %j", (input, message) => {
    expect(() => resolveConfig(input as ConfigInput)).toThrow(UsageError);
    expect(() => resolveConfig(input as ConfigInput)).toThrow(message);
  });

  it("lets later inputs win, and keys that are undefined not count", () => {
    const config = resolveConfig({ data: "ring", batch: 8, seed: 3 }, { data: undefined, batch: 16 });
    expect(config).toMatchObject({ data: "ring", batch: 16, seed: 3 });
  });

  it("brings what a preset stands for, which later inputs and explicit keys override", () => {
    const preset = resolveConfig({ data: "mnist", loss: "wgan-gp" });
    expect(preset).toMatchObject({
      loss: { name: "wasserstein" },
      penalties: [{ name: "gradient-penalty", weight: 10 }],
      criticSteps: 5,
    });
    expect(resolveConfig({ data: "mnist", loss: "wgan-gp", criticSteps: 2 }).criticSteps).toBe(2);
    expect(resolveConfig({ data: "mnist", criticSteps: 2 }, { loss: "wgan-gp" }).criticSteps).toBe(5);
  });

  it("takes the preset for points where the data are points, whichever input says so", () => {
    const penalties = [{ name: "gradient-penalty", weight: 0.1 }];
    expect(resolveConfig({ data: "ring", loss: "wgan-gp" })).toMatchObject({ penalties, criticSteps: 2 });
    expect(resolveConfig({ loss: "wgan-gp" }, { data: "a.csv" })).toMatchObject({
      penalties,
      criticSteps: 2,
    });
  });

  it("takes the model that a preset brings, unless an input of the same rank or later brings its own", () => {
    const embedding = { name: "mlp", discriminatorOutput: "embedding" };
    expect(resolveConfig({ data: "ring", loss: "sinkhorn" }).model).toMatchObject(embedding);
    expect(resolveConfig({ data: "ring", loss: "sinkhorn", model: "mlp" }).model).toMatchObject(embedding);
    const model = { name: "mlp", hidden: [8] };
    expect(resolveConfig({ data: "ring", loss: "sinkhorn", model }).model).toMatchObject({
      ...model,
      discriminatorOutput: "score",
    });
  });

  it("keeps the options of a model or loss that is named again", () => {
    expect(resolveConfig({ data: "ring", model: "mlp" }).model).toMatchObject(defaults.points.model);
    const smoothed = { name: "non-saturating", realLabel: 0.9 };
    const config = resolveConfig({ data: "ring", loss: smoothed });
    expect(overrideConfig(config, { loss: "non-saturating" }).loss).toMatchObject(smoothed);
    expect(overrideConfig(config, { loss: "hinge" }).loss).toEqual({ name: "hinge" });
  });

  it("needs data", () => {
    expect(() => resolveConfig({ loss: "hinge" })).toThrow("config: data is missing");
  });

  it("names the loss next to a misspelt one, presets included", () => {
    expect(() => resolveConfig({ data: "ring", loss: "wgan-pg" })).toThrow('did you mean "wgan-gp"?');
  });
});

it.each(lossNames())("%s makes a GAN for points", (loss) => {
  const config = resolveConfig({ data: "ring", loss });
  expect(ganOf(config, { shape: [2] }).loss.name).toBe(config.loss.name);
});

describe("a whole configuration", () => {
  it("has every option of every thing with its value, so that no later default changes it", () => {
    const config = resolveConfig({ data: "ring", loss: "wgan-gp", techniques: ["ema"] });
    expect(config.penalties).toEqual([
      { name: "gradient-penalty", weight: 0.1, target: 1, sided: "two", at: "interpolates", every: 1 },
    ]);
    expect(config.techniques).toEqual([{ name: "ema", decay: 0.999 }]);
    expect(config.optimizer.generator).toEqual({
      name: "adam",
      learningRate: { kind: "linear", from: 2e-3, to: 0, start: 0 },
      beta1: 0.5,
      beta2: 0.9,
      epsilon: 1e-8,
      weightDecay: 0,
    });
  });

  it("is the same when it is read again, before and after the model has seen the data", () => {
    const config = resolveConfig({ data: "mnist", loss: "rpgan-r1-r2" });
    expect(resolveConfig(config)).toEqual(config);
    const whole = completeConfig(config, ganOf(config, { shape: [1, 28, 28] }));
    expect(whole.model.discriminatorNorm).toBe("none");
    expect(resolveConfig(JSON.parse(JSON.stringify(whole)))).toEqual(whole);
  });

  it("is made of things as of their names", () => {
    const optimizer = adam({ learningRate: 1e-3, beta1: 0 });
    const live = {
      data: "ring",
      loss: hinge(),
      penalties: [r1({ weight: 1 })],
      techniques: [ema()],
      optimizer,
    };
    const names = {
      data: "ring",
      loss: { name: "hinge" },
      penalties: [{ name: "r1", weight: 1 }],
      techniques: ["ema"],
      optimizer: { name: "adam", learningRate: 1e-3, beta1: 0 },
    };
    expect(resolveConfig(live)).toEqual(resolveConfig(names));
    expect(ganOf(resolveLive(live), { shape: [2] }).loss).toBe(live.loss);
  });

  it("of 0.1 is read with its techniques and its longest gradient", () => {
    const player = { name: "adam", learningRate: 1e-4, gradientNorm: 2 };
    const { techniques, optimizer } = resolveConfig({
      data: "mnist",
      emaDecay: 0,
      augment: { policy: "color", adaptive: { target: 0.5, images: 1000 } },
      imagePool: 50,
      instanceNoise: { sigma: 0.1, steps: 10 },
      optimizer: { generator: player, discriminator: player },
    });
    expect(techniques).toEqual([
      { name: "instance-noise", sigma: 0.1, steps: 10 },
      { name: "ada", policy: "color", target: 0.5, images: 1000 },
      { name: "image-pool", size: 50 },
    ]);
    expect(optimizer.generator.links).toEqual([{ name: "clip", limit: 2 }]);
  });
});

it.each(["ebgan", "began", "mmd-gan", "sinkhorn"])(
  "%s is refused where the discriminator gives raw scores",
  (name) => {
    const { model, loss } = ganOf(resolveConfig({ data: "ring", loss: { name } }), { shape: [2] });
    expect(() => checkScores(model, loss)).toThrow(/loss .* reads .*; model mlp gives raw/);
  },
);

describe("a configuration is refused where", () => {
  const adamOf = { name: "adam", learningRate: 1e-3 };
  const refused = (part: object): (() => unknown) => {
    return () => resolveConfig({ data: "ring" }, part as ConfigInput);
  };

  it.each([
    [{ batch: 0 }, "config: batch must be an integer of at least 1 and at most 1000000; got 0"],
    [
      { batch: 1e15 },
      "config: batch must be an integer of at least 1 and at most 1000000; got 1000000000000000",
    ],
    [{ seed: -1 }, "config: seed must be an integer of at least 0"],
    [{ criticSteps: 0 }, "config: criticSteps must be an integer of at least 1; got 0"],
    [{ criticSteps: { steps: 5, burst: 0.5, first: 1, every: 2 } }, "criticSteps.burst must be"],
    [{ emaDecay: 1 }, "ema: decay must be a finite number of at least 0 and below 1; got 1"],
    [
      { optimizer: { generator: adamOf, discriminator: { ...adamOf, learningRate: 0 } } },
      "adam: learningRate must be a finite number above 0; got 0",
    ],
  ])("a number is out of range: %j", (part, message) => {
    expect(refused(part)).toThrow(UsageError);
    expect(refused(part)).toThrow(message);
  });

  it.each([
    [{ stepz: 3 }, 'unknown key of the configuration "stepz"; did you mean "steps"?'],
    [{ model: { name: "mlp", hiden: [3] } }, 'unknown option of mlp "hiden"; did you mean "hidden"?'],
    [
      { model: { name: "mlp", hidden: 3 } },
      "mlp: hidden must be a list of numbers, such as [128,128]; got 3",
    ],
    [
      { optimizer: { generator: { ...adamOf, beta: 0.5 }, discriminator: adamOf } },
      'unknown option of adam "beta"; did you mean "beta1"?',
    ],
    [{ optimizer: { critic: adamOf } }, 'unknown player of optimizer "critic"'],
    [
      { optimizer: { generator: { ...adamOf, beta1: "0.5" }, discriminator: adamOf } },
      'adam: beta1 must be a finite number of at least 0 and below 1; got "0.5"',
    ],
    [
      { model: { name: "dcgan", generatorNorm: { toString: "batch" } } },
      "dcgan: generatorNorm must be one of ",
    ],
    [
      { model: { name: "dcgan", base: { valueOf: 1, toString: 1 } } },
      'dcgan: base must be an integer of at least 1; got {"valueOf":1,"toString":1}',
    ],
    [
      { dataOptions: { modes: 1e15 } },
      "ring: modes must be an integer of at least 1 and at most 10000; got 1000000000000000",
    ],
    [{ imageSize: { valueOf: 1, toString: 1 } }, "config: imageSize must be a side of 1 to 16384"],
    [{ imageSize: [32] }, "config: imageSize must be a side of 1 to 16384"],
    [{ loss: { name: "hing" } }, 'unknown loss "hing"; did you mean "hinge"?'],
    [{ penalties: [{ name: "gradient-penalty", wieght: 1 }] }, 'did you mean "weight"?'],
    [{ techniques: ["emma"] }, 'unknown technique "emma"; did you mean "ema"?'],
  ])("a name or option does not exist or has another type: %j", (part, message) => {
    expect(refused(part)).toThrow(UsageError);
    expect(refused(part)).toThrow(message);
  });

  it("says which version wrote a key that it does not know", () => {
    expect(refused({ version: "9.1.0", warp: 3 })).toThrow("the configuration was written by tsgan 9.1.0");
  });
});
