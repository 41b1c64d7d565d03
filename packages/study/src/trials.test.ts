import { describe, expect, it } from "vitest";
import type { StudyDefinition } from "./definition.ts";
import { paperBudgets, paperRanges, paperStudy } from "./paper.ts";
import { resolveStudy } from "./resolve.ts";
import { trialsOf } from "./trials.ts";

const adam = { name: "adam", learningRate: 1e-3 };
const definition = {
  name: "small",
  data: { ring: null, moons: null },
  models: {
    ns: {
      config: { loss: "non-saturating", optimizer: { generator: adam, discriminator: adam } },
      search: {
        learningRate: { logUniform: [1e-5, 1e-2] },
        beta1: { uniform: [0, 1] },
        criticSteps: { choice: [1, 5] },
      },
    },
    wgan: { config: { loss: "wgan" }, search: { limit: { logUniform: [0.01, 1], at: "penalties.0.limit" } } },
  },
  samples: 3,
  seeds: [7, 8],
  budget: { steps: 100 },
  evaluateEvery: 50,
  metrics: ["swd"],
} satisfies StudyDefinition;

const trials = (change: Partial<StudyDefinition> = {}) =>
  trialsOf(resolveStudy({ ...definition, ...change }));

/** What was drawn, by the trial's id. */
const draws = (change?: Partial<StudyDefinition>) =>
  Object.fromEntries(trials(change).map(({ id, parameters }) => [id, parameters]));

describe("trialsOf", () => {
  it("has every data set, model, sample and seed once, with ids that say which", () => {
    const ids = trials().map(({ id }) => id);
    expect(ids).toHaveLength(2 * 2 * 3 * 2);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.slice(0, 5)).toEqual([
      "ring_ns_sample-0_seed-7",
      "ring_wgan_sample-0_seed-7",
      "moons_ns_sample-0_seed-7",
      "moons_wgan_sample-0_seed-7",
      "ring_ns_sample-0_seed-8",
    ]);
  });

  it("draws the same parameters for every data set and seed, and others for every sample", () => {
    const drawn = draws();
    expect(drawn["ring_ns_sample-1_seed-7"]).toEqual(drawn["moons_ns_sample-1_seed-8"]);
    expect(drawn["ring_ns_sample-1_seed-7"]).not.toEqual(drawn["ring_ns_sample-2_seed-7"]);
  });

  it("draws what it did before when data sets, models, samples, seeds or parameters are added", () => {
    const { ns, wgan } = definition.models;
    const more = draws({
      data: { line: null, ...definition.data },
      models: {
        hinge: { config: { loss: "hinge" } },
        wgan,
        ns: { ...ns, search: { batch: { choice: [8] }, ...ns.search } },
      },
      samples: 5,
      seeds: [9, 7, 8],
    });
    for (const [id, parameters] of Object.entries(draws())) expect(more[id]).toMatchObject(parameters);
  });

  it("draws other parameters for another seed of the study", () => {
    expect(draws({ seed: 2 })["ring_ns_sample-0_seed-7"]).not.toEqual(draws()["ring_ns_sample-0_seed-7"]);
  });

  it("keeps to the ranges, and reaches all of them", () => {
    const drawn = trials({ samples: 400, seeds: 1, data: { ring: null } }).map(
      ({ parameters }) => parameters,
    );
    const values = (name: string) => drawn.flatMap((each) => (name in each ? [Number(each[name])] : []));
    const rates = values("learningRate").map(Math.log10);
    expect(Math.min(...rates)).toBeGreaterThanOrEqual(-5);
    expect(Math.max(...rates)).toBeLessThan(-2);
    // Log-uniform: a third of the draws in each power of ten, within five standard deviations.
    for (const power of [-5, -4, -3]) {
      const share = rates.filter((rate) => rate >= power && rate < power + 1).length / 400;
      expect(Math.abs(share - 1 / 3)).toBeLessThan(5 * Math.sqrt(2 / 9 / 400));
    }
    const betas = values("beta1");
    expect(Math.abs(betas.reduce((sum, beta) => sum + beta, 0) / 400 - 0.5)).toBeLessThan(
      5 / Math.sqrt(12 * 400),
    );
    expect(new Set(values("criticSteps"))).toEqual(new Set([1, 5]));
  });

  it("puts parameters where their paths lead, for both players where they are short", () => {
    const { parameters, config } = trials()[0];
    expect(config.optimizer?.generator).toMatchObject({ name: "adam", ...parametersOf(parameters) });
    expect(config.optimizer?.discriminator).toEqual(config.optimizer?.generator);
    const wgan = trials()[1];
    expect(wgan.config.penalties).toEqual([{ name: "weight-clipping", limit: wgan.parameters.limit }]);
  });

  it("counts steps of the discriminator, or of the generator", () => {
    const critic = { ns: { config: { loss: "hinge", criticSteps: 5 } } };
    const counted = trials({ models: critic })[0].config;
    expect(counted).toMatchObject({ steps: 20, evaluateEvery: 10, checkpointEvery: 10 });
    expect(trials({ models: critic, stepUnit: "generator" })[0].config).toMatchObject({ steps: 100 });
  });

  it("begins with the defaults where it is to", () => {
    const { ns } = definition.models;
    const search = {
      learningRate: { logUniform: [1e-5, 1e-4], default: 1e-2 },
      beta1: { fixed: 0.5, default: 0 },
    } as const;
    const models = { ns: { ...ns, search } };
    const [first, ...others] = trials({ models, defaultsFirst: true, seeds: 1, data: { ring: null } });
    expect(first.parameters).toEqual({ learningRate: 1e-2, beta1: 0 });
    expect(others.map(({ parameters }) => parameters.beta1)).toEqual([0.5, 0.5]);
  });

  it.each<[string, Partial<StudyDefinition>, string]>([
    [
      "a path that leads nowhere",
      {
        models: {
          ns: { config: { loss: "hinge" }, search: { weight: { fixed: 1, at: "penalties.3.weight" } } },
        },
      },
      "study: models.ns on ring: the path penalties.3.weight must lead into the configuration; there is no 3",
    ],
    [
      "a misspelt path",
      { models: { ns: { config: { loss: "hinge" }, set: { "optimiser.*.beta1": 0 } } } },
      "study: models.ns on ring: the path optimiser.*.beta1 must lead into the configuration; there is no optimiser; did you mean optimizer?",
    ],
    [
      "steps that five critic steps do not divide",
      { models: { ns: { config: { loss: "hinge", criticSteps: 5 } } }, evaluateEvery: 52 },
      "study: evaluateEvery must be a multiple of the 5 discriminator steps of an iteration of models.ns on ring; got 52; take 55",
    ],
  ])("refuses %s", (_, change, message) => {
    expect(() => trials(change)).toThrow(message);
  });

  it.each(paperBudgets.flatMap((budget) => paperRanges.map((ranges) => ({ budget, ranges }))))(
    "makes the paper's study at $budget, $ranges",
    (options) => {
      const { samples = 1, seeds = 1 } = paperStudy(options);
      expect(trialsOf(resolveStudy(paperStudy(options)))).toHaveLength(3 * 7 * samples * Number(seeds));
    },
  );
});

const parametersOf = ({ learningRate, beta1 }: Readonly<Record<string, unknown>>) => ({
  learningRate,
  beta1,
});
