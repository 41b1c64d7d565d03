/** Experiments that train, so short that they show nothing but that they work. */

import { fromExamples } from "tsgan/data";
import { figure } from "tsgan/figure";
import { randomStream } from "tsgan/random";
import { describe, expect, it } from "vitest";
import { type AnyExperiment, experimentNamed, experiments, withDefaults } from "./index.ts";

/** Noise in place of digits. */
const openDataset = (name: string) => {
  const examples = new Float32Array(64 * 28 * 28);
  randomStream(1, "images").fillUniform(examples, -1, 1);
  const labels = Int32Array.from({ length: 64 }, (_, i) => i % 2);
  return fromExamples({ name, shape: [1, 28, 28], examples, labels, classes: ["even", "odd"] });
};

const short: Readonly<Record<string, object>> = {
  "optimal-discriminator": { steps: 40, batch: 64 },
  "low-dimensional-supports": { steps: 10, width: 8, batch: 16 },
  "vanishing-gradient": { lengths: [1, 2], steps: 3, base: 2, latent: 4, batch: 4 },
  "mode-collapse": { ringSteps: 2, gridSteps: 2, imageSteps: 2, pointBatch: 16, imageBatch: 4 },
  "weight-clipping": {
    limits: [0.01, 0.1],
    deepWidth: 8,
    deepSteps: 10,
    shallowWidth: 8,
    shallowSteps: 10,
    resolution: 4,
    batch: 16,
  },
  "critic-estimate": {
    wassersteinSteps: 4,
    standardSteps: 4,
    warmUp: 1,
    criticSteps: 1,
    points: 4,
    base: 2,
    latent: 4,
    batch: 4,
    samples: 16,
  },
  "created-equal": { trials: 2, steps: 2, size: 6, width: 8, latent: 2, batch: 4 },
};

const trained = Object.entries(experiments).filter(([, { minutes }]) => minutes !== undefined);

const runShort = (experiment: AnyExperiment, options: object = {}): unknown =>
  experiment.run(withDefaults<object>(experiment, { ...short[experiment.name], ...options }), {
    openDataset,
  });

it("has a short form of each experiment that trains", () => {
  expect(Object.keys(short)).toEqual(trained.map(([name]) => name));
});

describe.each(trained)("experiment %s", (_name, experiment) => {
  it("gives the same bytes of JSON twice, others for another seed, and data that survive JSON", async () => {
    const data = await runShort(experiment);
    const bytes = JSON.stringify(data);
    expect(JSON.stringify(await runShort(experiment))).toBe(bytes);
    expect(JSON.stringify(await runShort(experiment, { seed: 2 }))).not.toBe(bytes);
    expect(JSON.parse(bytes)).toEqual(data);
  });

  it("draws its figure from data that came as JSON, at any width", async () => {
    const data = JSON.parse(JSON.stringify(await runShort(experiment)));
    for (const width of [340, 800, 1600]) {
      expect(figure(experiment.figure(data), { width })).not.toMatch(/NaN|undefined|Infinity/);
    }
  });

  it("claims figures with a bound each", async () => {
    const claims = experiment.claims?.(await runShort(experiment)) ?? [];
    expect(claims.length).toBeGreaterThan(0);
    for (const { text, value, atLeast, atMost } of claims) {
      expect(text).not.toBe("");
      expect(value).toBeTypeOf("number");
      expect(atLeast ?? atMost).toBeTypeOf("number");
    }
  });

  it("tells how far it has come, from 0 to 1", async () => {
    const shares: number[] = [];
    await experiment.run(withDefaults<object>(experiment, short[experiment.name]), {
      openDataset,
      progress: (share, message) => {
        expect(message).not.toBe("");
        shares.push(share);
      },
    });
    expect(shares.length).toBeGreaterThan(1);
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...shares)).toBeLessThanOrEqual(1);
    expect([...shares].sort((a, b) => a - b)).toEqual(shares);
  });
});

describe("options of experiments that train", () => {
  const bad: [name: string, options: object, message: string][] = [
    [
      "optimal-discriminator",
      { learningRate: -0.1 },
      "optimal-discriminator: learningRate must be a finite number above 0",
    ],
    [
      "low-dimensional-supports",
      { steps: 0 },
      "low-dimensional-supports: steps must be an integer at least 1; got 0",
    ],
    [
      "vanishing-gradient",
      { lengths: [] },
      "vanishing-gradient: lengths must hold at least 1 number; got none",
    ],
    [
      "vanishing-gradient",
      { lengths: [10, 0.5] },
      "vanishing-gradient: lengths[1] must be an integer at least 1; got 0.5",
    ],
    ["mode-collapse", { seed: -1 }, "mode-collapse: seed must be an integer at least 0"],
    [
      "weight-clipping",
      { limits: [0.1, 0] },
      "weight-clipping: limits[1] must be a finite number above 0; got 0",
    ],
    [
      "weight-clipping",
      { bins: 1 },
      "weight-clipping: bins must be an integer at least 2 and at most 1000; got 1",
    ],
    ["critic-estimate", { points: 1 }, "critic-estimate: points must be an integer at least 2; got 1"],
    ["created-equal", { trials: Number.NaN }, "created-equal: trials must be an integer at least 2; got NaN"],
  ];
  it.each(bad)("are refused by %s: %o", async (name, options, message) => {
    await expect(runShort(experimentNamed(name), options)).rejects.toThrow(message);
  });

  it("name data with labels where modes are counted", async () => {
    const experiment = experimentNamed("mode-collapse");
    const options = withDefaults<object>(experiment, short["mode-collapse"]);
    const unlabelled = (name: string) =>
      fromExamples({ name, shape: [1, 28, 28], examples: new Float32Array(4 * 28 * 28) });
    await expect(experiment.run(options, { openDataset: unlabelled })).rejects.toThrow(
      "mode-collapse: data must have labels of 2 classes or more, which are its modes; got mnist without",
    );
  });

  it("name data that must be opened, and consist of images", async () => {
    const experiment = experimentNamed("critic-estimate");
    const options = withDefaults<object>(experiment, short["critic-estimate"]);
    await expect(experiment.run(options)).rejects.toThrow(
      "critic-estimate: it trains on the data set mnist; pass openDataset, which opens it",
    );
    const points = () => fromExamples({ name: "points", shape: [2], examples: new Float32Array(4) });
    await expect(experiment.run(options, { openDataset: points })).rejects.toThrow(
      "critic-estimate: data must consist of images; got mnist with examples of shape [2]",
    );
  });
});
