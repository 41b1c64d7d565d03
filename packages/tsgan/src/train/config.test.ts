import { describe, expect, it } from "vitest";
import { UsageError } from "../errors.ts";
import { lossNames } from "../losses/index.ts";
import { checkConfig, defaults, overrideConfig, planOf, resolveConfig } from "./config.ts";

describe("resolveConfig", () => {
  it("takes the defaults for points or for images, by the name of the data", () => {
    for (const data of ["ring", "moons", "some/points.CSV"]) {
      expect(resolveConfig({ data })).toEqual({ ...defaults.points, data });
    }
    for (const data of ["mnist", "photos/", "./ring"]) {
      expect(resolveConfig({ data })).toEqual({ ...defaults.images, data });
    }
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
    expect(resolveConfig({ data: "ring", loss: "sinkhorn", model }).model).toEqual(model);
  });

  it("keeps the options of a model or loss that is named again", () => {
    expect(resolveConfig({ data: "ring", model: "mlp" }).model).toEqual(defaults.points.model);
    const smoothed = { name: "non-saturating", realLabel: 0.9 };
    const config = resolveConfig({ data: "ring", loss: smoothed });
    expect(overrideConfig(config, { loss: "non-saturating" }).loss).toEqual(smoothed);
    expect(overrideConfig(config, { loss: "hinge" }).loss).toEqual({ name: "hinge" });
  });

  it("needs data", () => {
    expect(() => resolveConfig({ loss: "hinge" })).toThrow("config: data is missing");
  });

  it("names the loss next to a misspelt one, presets included", () => {
    expect(() => resolveConfig({ data: "ring", loss: "wgan-pg" })).toThrow('did you mean "wgan-gp"?');
  });
});

it.each(lossNames())("%s makes a plan for points", (loss) => {
  const config = resolveConfig({ data: "ring", loss });
  expect(planOf(config, [2]).loss.name).toBe(config.loss.name);
});

it.each(["ebgan", "began", "mmd-gan", "sinkhorn"])(
  "%s is refused where the discriminator gives raw scores",
  (name) => {
    const config = resolveConfig({ data: "ring", loss: { name } });
    expect(() => planOf(config, [2])).toThrow(/loss .* reads .*; model mlp gives raw/);
  },
);

describe("a configuration is refused where", () => {
  const base = resolveConfig({ data: "ring" });
  const adam = { name: "adam", learningRate: 1e-3 };

  it.each([
    [{ batch: 0 }, "batch must be a whole number of at least 1; got 0"],
    [{ seed: -1 }, "seed must be a whole number of at least 0; got -1"],
    [{ criticSteps: 0 }, "criticSteps must be a whole number of at least 1; got 0"],
    [{ criticSteps: { steps: 5, burst: 0.5, first: 1, every: 2 } }, "criticSteps.burst must be"],
    [{ emaDecay: 1 }, "emaDecay must lie in [0, 1); got 1"],
    [
      { optimizer: { generator: adam, discriminator: { ...adam, learningRate: 0 } } },
      "optimizer.discriminator.learningRate must be a positive number; got 0",
    ],
  ])("a number is out of range: %j", (part, message) => {
    expect(() => checkConfig({ ...base, ...part })).toThrow(UsageError);
    expect(() => checkConfig({ ...base, ...part })).toThrow(`config: ${message}`);
  });

  it.each([
    [{ model: { name: "mlp", hiden: [3] } }, 'unknown option of mlp "hiden"; did you mean "hidden"?'],
    [
      { model: { name: "mlp", hidden: 3 } },
      "mlp: hidden must be a list of numbers, such as [128,128]; got 3",
    ],
    [
      { optimizer: { generator: { ...adam, beta: 0.5 }, discriminator: adam } },
      'unknown option of optimizer adam "beta"; did you mean "beta1"?',
    ],
    [
      { optimizer: { generator: { ...adam, beta1: "0.5" }, discriminator: adam } },
      'optimizer adam: beta1 must be a number, such as 0.9; got "0.5"',
    ],
    [{ loss: { name: "hing" } }, 'unknown loss "hing"; did you mean "hinge"?'],
    [{ penalties: [{ name: "gradient-penalty", wieght: 1 }] }, 'did you mean "weight"?'],
  ])("a name or option does not exist or has another type: %j", (part, message) => {
    expect(() => planOf({ ...base, ...part }, [2])).toThrow(UsageError);
    expect(() => planOf({ ...base, ...part }, [2])).toThrow(message);
  });
});
