/** What holds of each experiment. A new one is a row: options so short that it shows nothing but that it works. */

import { UsageError } from "tsgan";
import { fromExamples } from "tsgan/data";
import type { Settings } from "tsgan/define";
import { figure } from "tsgan/figure";
import { randomStream } from "tsgan/random";
import { describe, expect, it } from "vitest";
import { experiments } from "./index.ts";

/** Noise in place of digits. */
const openDataset = (name: string) => {
  const examples = new Float32Array(64 * 28 * 28);
  randomStream(1, "images").fillUniform(examples, -1, 1);
  const labels = Int32Array.from({ length: 64 }, (_, i) => i % 2);
  return fromExamples({ name, shape: [1, 28, 28], examples, labels, classes: ["even", "odd"] });
};

const rows: Readonly<Record<string, Settings>> = {
  divergences: {},
  "optimal-discriminator": { steps: 40, batch: 64 },
  "nash-oscillation": {},
  "low-dimensional-supports": { steps: 10, width: 8, batch: 16 },
  "vanishing-gradient": { lengths: [1, 2], steps: 3, base: 2, latent: 4, batch: 4 },
  "mode-collapse": { ringSteps: 2, gridSteps: 2, imageSteps: 2, pointBatch: 16, imageBatch: 4 },
  "earth-mover": {},
  "parallel-lines": {},
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
  "generator-gradients": {},
  "created-equal": { trials: 2, steps: 2, size: 6, width: 8, latent: 2, batch: 4 },
};

const cases = Object.entries(rows).map(([name, short]) => ({
  name,
  definition: experiments.get(name).definition,
  make: (options: Settings = {}) => experiments.get(name).create({ ...short, ...options }),
}));

it("has a row for each experiment, in the order of the story", () => {
  expect(Object.keys(rows)).toEqual(experiments.names);
});

describe.each(cases)("experiment $name", ({ name, definition, make }) => {
  const { options, minutes } = definition;
  let first: Promise<unknown> | undefined;
  /** Data of the first run, which several claims are about. */
  const dataOf = (): Promise<unknown> => {
    first ??= make().run({ openDataset });
    return first;
  };

  it("says all that is to be known of it: what to see, papers, what each option means", () => {
    const { title, description = "", explanation = "", papers = [] } = definition;
    expect(title).not.toBe("");
    expect(description).toMatch(/^.+[^.]$/);
    expect(explanation.length).toBeGreaterThan(300);
    expect(papers.length).toBeGreaterThan(0);
    for (const { arxiv = "0000.00000" } of papers) expect(arxiv).toMatch(/^\d{4}\.\d{4,5}$/);
    for (const { means } of Object.values(options)) expect(means).toMatch(/^.+[^.]$/);
  });

  it("is the same when it is made again from its options", () => {
    expect(experiments.get(name).create(make().options).options).toEqual(make().options);
  });

  it("refuses numbers that are not finite before any work", () => {
    for (const [option, { type, default: usual }] of Object.entries(options)) {
      if (type !== "number" && type !== "integer" && type !== "numbers") continue;
      for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY]) {
        const given = type === "numbers" ? [...(usual as number[]).slice(1), wrong] : wrong;
        expect(() => make({ [option]: given })).toThrow(UsageError);
        expect(() => make({ [option]: given })).toThrow(`${name}: ${option}`);
      }
    }
  });

  it("gives the same bytes of JSON twice, others for another seed, and data that survive JSON", async () => {
    const data = await dataOf();
    const bytes = JSON.stringify(data);
    expect(JSON.stringify(await make().run({ openDataset }))).toBe(bytes);
    expect(JSON.parse(bytes)).toEqual(data);
    expect("seed" in options).toBe(minutes !== undefined);
    if (minutes === undefined) return;
    expect(JSON.stringify(await make({ seed: 2 }).run({ openDataset }))).not.toBe(bytes);
  });

  it("draws its figure from data that came as JSON, at any width", async () => {
    const experiment = make();
    const data = JSON.parse(JSON.stringify(await dataOf()));
    for (const width of [340, 800, 1600]) {
      expect(figure(experiment.figure(data), { width })).not.toMatch(/NaN|undefined|Infinity/);
    }
  });

  it("claims figures with a bound each where it trains, and agrees with closed forms where it computes", async () => {
    const experiment = make();
    expect(experiment.claims !== undefined).toBe(minutes !== undefined);
    const claims = experiment.claims?.(await dataOf());
    if (claims === undefined) return;
    expect(claims.length).toBeGreaterThan(0);
    for (const { text, value, atLeast, atMost } of claims) {
      expect(text).not.toBe("");
      expect(value).toBeTypeOf("number");
      expect(atLeast ?? atMost).toBeTypeOf("number");
    }
  });

  it("tells how far it has come, from 0 to 1, where it trains", async () => {
    const shares: number[] = [];
    await make().run({
      openDataset,
      progress: (share, message) => {
        expect(message).not.toBe("");
        shares.push(share);
      },
    });
    expect(shares.length > 1).toBe(minutes !== undefined);
    if (minutes === undefined) return;
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...shares)).toBeLessThanOrEqual(1);
    expect([...shares].sort((a, b) => a - b)).toEqual(shares);
  });
});

describe("options of experiments that train", () => {
  const bad: [name: string, options: Settings, message: string][] = [
    [
      "optimal-discriminator",
      { learningRate: -0.1 },
      "optimal-discriminator: learningRate must be a finite number above 0",
    ],
    [
      "low-dimensional-supports",
      { steps: 0 },
      "low-dimensional-supports: steps must be an integer of at least 1; got 0",
    ],
    [
      "vanishing-gradient",
      { lengths: [] },
      "vanishing-gradient: lengths must be a list of at least 1 numbers; got []",
    ],
    [
      "vanishing-gradient",
      { lengths: [10, 0.5] },
      "vanishing-gradient: lengths[1] must be an integer of at least 1; got 0.5",
    ],
    ["mode-collapse", { seed: -1 }, "mode-collapse: seed must be an integer of at least 0"],
    [
      "weight-clipping",
      { limits: [0.1, 0] },
      "weight-clipping: limits[1] must be a finite number above 0; got 0",
    ],
    [
      "weight-clipping",
      { bins: 1 },
      "weight-clipping: bins must be an integer of at least 2 and at most 1000; got 1",
    ],
    ["critic-estimate", { points: 1 }, "critic-estimate: points must be an integer of at least 2; got 1"],
    [
      "created-equal",
      { trials: Number.NaN },
      "created-equal: trials must be an integer of at least 2; got NaN",
    ],
  ];
  it.each(bad)("are refused by %s: %o", (name, options, message) => {
    expect(() => experiments.get(name).create(options)).toThrow(message);
  });

  it("name data with labels where modes are counted", async () => {
    const experiment = experiments.get("mode-collapse").create(rows["mode-collapse"]);
    const unlabelled = (name: string) =>
      fromExamples({ name, shape: [1, 28, 28], examples: new Float32Array(4 * 28 * 28) });
    await expect(experiment.run({ openDataset: unlabelled })).rejects.toThrow(
      "mode-collapse: data must have labels of 2 classes or more, which are its modes; got mnist without",
    );
  });

  it("name data that must be opened, and consist of images", async () => {
    const experiment = experiments.get("critic-estimate").create(rows["critic-estimate"]);
    await expect(experiment.run()).rejects.toThrow(
      "critic-estimate: it trains on the data set mnist; pass openDataset, which opens it",
    );
    const points = () => fromExamples({ name: "points", shape: [2], examples: new Float32Array(4) });
    await expect(experiment.run({ openDataset: points })).rejects.toThrow(
      "critic-estimate: data must consist of images; got mnist with examples of shape [2]",
    );
  });
});
