import { describe, expect, it } from "vitest";
import type { StudyDefinition } from "./definition.ts";
import { paperBudgets, paperRanges, paperStudy } from "./paper.ts";
import { resolveStudy, rungsOf } from "./resolve.ts";

const definition: StudyDefinition = {
  name: "small",
  data: { ring: null },
  models: {
    ns: {
      config: { loss: "non-saturating" },
      search: { learningRate: { logUniform: [1e-5, 1e-2] }, criticSteps: { choice: [1, 5] } },
    },
  },
  budget: { steps: 100 },
  metrics: ["swd"],
};

const withSpace = (space: object): object => ({
  models: { ns: { config: { loss: "hinge" }, search: { learningRate: space } } },
});

describe("resolveStudy", () => {
  it("leaves nothing open", () => {
    expect(resolveStudy(definition)).toEqual({
      name: "small",
      seed: 1,
      data: [{ name: "ring", config: { data: "ring" }, set: {}, metrics: ["swd"] }],
      models: [
        {
          name: "ns",
          config: { loss: "non-saturating" },
          set: {},
          search: {
            learningRate: { logUniform: [1e-5, 1e-2], at: "optimizer.*.learningRate" },
            criticSteps: { choice: [1, 5], at: "criticSteps" },
          },
        },
      ],
      samples: 1,
      defaultsFirst: false,
      seeds: [1],
      budget: { steps: 100 },
      stepUnit: "discriminator",
      evaluateEvery: 100,
      evaluateSamples: 2000,
      checkpointEvery: 100,
    });
  });

  it("takes data sets under other names, with metrics of their own", () => {
    const data = { narrow: { config: { data: "ring", batch: 32 }, metrics: ["modes"] } };
    expect(resolveStudy({ ...definition, data }).data).toEqual([
      { name: "narrow", config: { data: "ring", batch: 32 }, set: {}, metrics: ["modes"] },
    ]);
  });

  it.each<[string, object, string]>([
    [
      "no data set",
      { data: {} },
      "study: data must be at least one entry; got {}; name what to train under data",
    ],
    [
      "an unknown data set",
      { data: { rign: null } },
      'study: data.rign: unknown data set "rign"; did you mean "ring"?',
    ],
    [
      "an unknown loss",
      { models: { a: { config: { loss: "hing" } } } },
      'study: models.a.config: unknown loss "hing"; did you mean "hinge"?',
    ],
    [
      "an unknown network",
      { models: { a: { config: { model: { name: "dcgam" } } } } },
      'study: models.a.config: unknown model "dcgam"; did you mean "dcgan"?',
    ],
    [
      "an unknown metric",
      { metrics: ["fidd"] },
      'study: metrics: unknown metric "fidd"; did you mean "fid"?',
    ],
    ["no metric", { metrics: [] }, "study: metrics must be at least one metric; got []"],
    [
      "an empty choice",
      withSpace({ choice: [] }),
      "study: models.ns.search.learningRate.choice must be at least one value; got []; the space is empty: nothing can be drawn",
    ],
    [
      "an empty range",
      withSpace({ uniform: [1, 1] }),
      "study: models.ns.search.learningRate.uniform must be two numbers, the lower one first; got [1,1]",
    ],
    [
      "logarithms of 0",
      withSpace({ logUniform: [0, 1] }),
      "study: models.ns.search.learningRate.logUniform must be above 0; got [0,1]; use uniform for ranges that hold 0",
    ],
    [
      "two ranges at once",
      withSpace({ fixed: 1, choice: [1] }),
      "study: models.ns.search.learningRate must be exactly one of uniform, logUniform, choice, fixed",
    ],
    [
      "a space under a name that every object has",
      { models: { a: { config: {}, search: { toString: "auto" } } } },
      "study: models.a.search.toString must be a range; got nothing; the schema says nothing of toString",
    ],
    [
      "a space at a place that is no text",
      withSpace({ fixed: 1, at: 5 }),
      "study: models.ns.search.learningRate.at must be a path as text; got 5",
    ],
    [
      "a budget of zero steps",
      { budget: { steps: 0 } },
      "study: budget.steps must be an integer of at least 1; got 0",
    ],
    [
      "a budget of zero seconds",
      { budget: { seconds: 0 }, evaluateEvery: 10 },
      "study: budget.seconds must be above 0; got 0; a trial must have something to spend",
    ],
    [
      "seconds without evaluations",
      { budget: { seconds: 1 } },
      "study: evaluateEvery must be given where the budget is in seconds; got nothing",
    ],
    [
      "names that are no file names",
      { data: { "a/b": { config: { data: "ring" } } } },
      'study: data must be named with letters, digits, dots and hyphens; got "a/b"',
    ],
    [
      "a step count of a model's own",
      { models: { a: { config: { steps: 10 } } } },
      "study: models.a.config.steps must be left out; got 10; it is the same for all trials: the study says it",
    ],
    [
      "a seed twice",
      { seeds: [1, 1] },
      "study: seeds must be different from each other; got [1,1]; 1 is there twice",
    ],
    [
      "defaults that are not given",
      { defaultsFirst: true },
      "study: models.ns.search.learningRate.default must be given, since defaultsFirst is true; got nothing",
    ],
    [
      "a figure that no metric gives",
      { earlyStopping: { metric: "slicedWaserstein", first: 100, factor: 2 } },
      'study: earlyStopping.metric must be a figure of the metrics of ring (slicedWasserstein); got "slicedWaserstein"; did you mean "slicedWasserstein"?',
    ],
  ])("refuses %s", (_, change, message) => {
    expect(() => resolveStudy({ ...definition, ...change } as StudyDefinition)).toThrow(message);
  });
});

describe("rungsOf", () => {
  it("multiplies the first step up to the budget, without it", () => {
    const earlyStopping = { metric: "swd", first: 10, factor: 3 };
    expect(rungsOf({ earlyStopping, budget: { steps: 90 } })).toEqual([10, 30]);
    expect(rungsOf({ earlyStopping, budget: { steps: 91 } })).toEqual([10, 30, 90]);
    expect(rungsOf({ budget: { steps: 90 } })).toEqual([]);
  });
});

describe("paperStudy", () => {
  it.each(paperBudgets.flatMap((budget) => paperRanges.map((ranges) => ({ budget, ranges }))))(
    "is a study at $budget, $ranges",
    (options) => {
      const { data, models } = resolveStudy(paperStudy(options));
      expect(data.map(({ name }) => name)).toEqual(["mnist", "fashion-mnist", "polygons"]);
      expect(models.map(({ name }) => name)).toEqual([
        "mm",
        "ns",
        "ls",
        "wgan",
        "wgan-gp",
        "dragan",
        "began",
      ]);
    },
  );

  it("has the authors' wide ranges and defaults, which our definitions must keep", () => {
    const { models } = resolveStudy(paperStudy({ budget: "small" }));
    const spaces = models.flatMap(({ name, search }) =>
      Object.entries(search).map(([parameter, { at: _, ...space }]) => [`${name} ${parameter}`, space]),
    );
    expect(Object.fromEntries(spaces)).toMatchObject({
      "mm learningRate": { logUniform: [1e-5, 1e-2], default: 5e-5 },
      "mm beta1": { uniform: [0, 1], default: 0 },
      "mm criticSteps": { choice: [1, 5], default: 1 },
      "wgan limit": { logUniform: [1e-3, 1], default: 0.01 },
      "wgan-gp weight": { logUniform: [0.1, 100], default: 10 },
      "dragan weight": { logUniform: [0.1, 100], default: 10 },
      "began lambda": { logUniform: [1e-4, 1e-2], default: 1e-3 },
      "began gamma": { uniform: [0, 1], default: 0.75 },
    });
  });
});
