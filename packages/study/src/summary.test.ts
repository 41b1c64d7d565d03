import fc from "fast-check";
import { knownFigures } from "tsgan/metrics";
import { describe, expect, it } from "vitest";
import { figureKinds } from "./figures.ts";
import type { TrialRecord } from "./record.ts";
import { aRecord, aStudy } from "./records.test.helpers.ts";
import type { ModelSummary } from "./study-summary.ts";
import { summarise } from "./summary.ts";

const modelOf = (records: readonly TrialRecord[], model = "a", study = aStudy()): ModelSummary => {
  const found = summarise(study, records).data[0].models.find((entry) => entry.model === model);
  if (found === undefined) throw new Error(`no model ${model}`);
  return found;
};

/** A trial a value, as samples 0, 1 … of a model. */
const trials = (model: string, fids: readonly number[]): TrialRecord[] =>
  fids.map((fid, sample) => aRecord({ model, sample, fid: [fid] }));

const sentence = (a: readonly number[], b: readonly number[], study = aStudy()): string | undefined =>
  summarise(study, [...trials("a", a), ...trials("b", b)]).data[0].comparison?.sentence;

it("ranks by every figure of the catalogue that has a better way", () => {
  const known = knownFigures().flatMap(({ key, better }) => (better === "neither" ? [] : [{ key, better }]));
  expect(known.length).toBeGreaterThan(15);
  for (const entry of known) expect(figureKinds()).toContainEqual(expect.objectContaining(entry));
});

describe("a trial", () => {
  it("stands for its best evaluation, with all figures of that evaluation", () => {
    const evaluations = [
      { step: 50, metrics: { fid: 9, precision: 0.9, recall: 0.9 } },
      { step: 100, metrics: { fid: 7, precision: 0.8, recall: 0.2 } },
      { step: 150, metrics: { fid: 8, precision: 1, recall: 1 } },
    ];
    const { best, figures } = modelOf([aRecord({ evaluations })]);
    expect(best).toMatchObject({ step: 100, value: 7, sample: 0, seed: 1 });
    expect(best?.figures.f1).toBeCloseTo(0.32, 15);
    expect(figures.find(({ key }) => key === "precision")).toMatchObject({ best: 0.8, trials: 1 });
  });

  it("is ranked by the most telling figure, higher where that is better", () => {
    const evaluations = [
      { step: 50, metrics: { fid: 9, polygonF1: 0.5 } },
      { step: 100, metrics: { fid: 7, polygonF1: 0.4 } },
    ];
    const [data] = summarise(aStudy(), [aRecord({ evaluations })]).data;
    expect(data.metric).toEqual({ key: "polygonF1", label: "polygon F1", better: "higher" });
    expect(data.models[0].best).toMatchObject({ step: 50, value: 0.5 });
  });

  it("is ranked by the next figure where one is the same for all, or by the one asked for", () => {
    const records = [7, 9].map((fid, sample) =>
      aRecord({ sample, evaluations: [{ step: 50, metrics: { polygonF1: 0, fid, precision: fid / 10 } }] }),
    );
    const metricOf = (rankBy?: string) => summarise(aStudy(), records, { rankBy }).data[0].metric?.key;
    expect(metricOf()).toBe("fid");
    expect(metricOf("precision")).toBe("precision");
    // On a data set without it, the most telling one.
    expect(metricOf("coverage")).toBe("fid");
    expect(() => metricOf("precison")).toThrow(
      'unknown figure to rank by "precison"; did you mean "precision"?',
    );
  });

  it("that failed is counted with its reason, and counts as the worst of the data set", () => {
    const failed = aRecord({ sample: 2, fid: [1], status: "failed", error: "step 60: loss is NaN" });
    const records = [...trials("a", [10, 20]), failed, ...trials("b", [30, 90])];
    const found = modelOf(records);
    expect(summarise(aStudy(), records).data[0].worst).toBe(90);
    expect(found.trials).toEqual({ expected: 3, finished: 2, failed: 1, stopped: 0, missing: 0 });
    expect(found.failures).toEqual([{ id: failed.trial.id, error: "step 60: loss is NaN" }]);
    expect(found.results).toEqual([10, 20, 90]);
    expect(found.bestOfK[0].expected).toBeCloseTo(40, 12);
    expect(found.bestOfK[2].expected).toBe(10);
    // Spreads are of the trials that have a figure; how many, they say.
    expect(found.figures[0]).toMatchObject({ key: "fid", trials: 2, best: 10, median: 15 });
  });

  it("that ended without a finite figure counts as the worst, too", () => {
    const records = [...trials("a", [Number.NaN, 10]), ...trials("b", [30])];
    expect(modelOf(records).results).toEqual([30, 10]);
  });

  it("that was stopped early counts as what it had reached", () => {
    const found = modelOf([aRecord({ fid: [12], status: "stopped" })]);
    expect(found.trials.stopped).toBe(1);
    expect(found.results).toEqual([12]);
  });
});

describe("seeds", () => {
  const seeds = [1, 2];
  const both = (sample: number, fids: readonly number[]) =>
    fids.map((fid, i) => aRecord({ sample, seed: i + 1, fid: [fid] }));

  it("of a draw are averaged, so that n is the number of draws", () => {
    const study = aStudy({ seeds });
    const found = modelOf([...both(0, [10, 20]), ...both(1, [30, 50])], "a", study);
    expect(found.results).toEqual([15, 40]);
    expect(found.bestOfK).toHaveLength(2);
    expect(found.best).toMatchObject({ value: 10, sample: 0, seed: 1 });
    expect(found.trials).toMatchObject({ expected: 6, finished: 4, missing: 2 });
  });

  it("are the results where each model has one setting", () => {
    const study = aStudy({ seeds, samples: 1 });
    expect(summarise(study, []).unit).toBe("seed");
    expect(modelOf(both(0, [10, 20]), "a", study).results).toEqual([10, 20]);
  });

  it("are not multiplied by samples that drew the same", () => {
    const models = [{ name: "a", config: {}, set: {}, search: {} }];
    const study = aStudy({ seeds, models });
    const records = [0, 1, 2].flatMap((sample) =>
      [10, 20].map((fid, i) => aRecord({ sample, seed: i + 1, fid: [fid], parameters: {} })),
    );
    expect(summarise(study, records).unit).toBe("seed");
    expect(modelOf(records, "a", study).results).toEqual([10, 20]);
  });
});

describe("the best of k", () => {
  it("goes from the mean of the draws to their best, within its band", () => {
    const { bestOfK } = modelOf(trials("a", [30, 10, 20]));
    expect(bestOfK.map(({ k }) => k)).toEqual([1, 2, 3]);
    expect(bestOfK[0].expected).toBeCloseTo(20, 12);
    expect(bestOfK[2].expected).toBe(10);
    for (const { low, expected, high } of bestOfK) {
      expect(low).toBeLessThanOrEqual(expected);
      expect(high).toBeGreaterThanOrEqual(expected);
    }
  });

  it("rises where higher is better", () => {
    const records = [0.2, 0.6, 0.4].map((polygonF1, sample) =>
      aRecord({ sample, evaluations: [{ step: 50, metrics: { polygonF1 } }] }),
    );
    const { bestOfK, median } = modelOf(records);
    expect(bestOfK[0].expected).toBeCloseTo(0.4, 12);
    expect(bestOfK[2]).toMatchObject({ expected: 0.6, high: 0.6 });
    expect(median?.value).toBe(0.4);
  });
});

describe("the ranking", () => {
  const six = [1, 2, 3, 4, 5, 6];
  const above = six.map((value) => value + 10);

  it("is by the mean rank of the results; models without any come last", () => {
    const study = aStudy({ models: ["none", "a", "b"].map((name) => ({ ...aStudy().models[0], name })) });
    const [{ models }] = summarise(study, [...trials("a", [30, 31, 1]), ...trials("b", [20, 21, 22])]).data;
    expect(models.map(({ model, rank, meanRank }) => [model, rank, meanRank])).toEqual([
      ["b", 1, 3],
      ["a", 2, 4],
      ["none", null, null],
    ]);
  });

  it("puts the better median first where mean ranks are equal", () => {
    const [{ models }] = summarise(aStudy(), [...trials("a", [20, 30]), ...trials("b", [1, 40])]).data;
    expect(models.map(({ model, meanRank }) => [model, meanRank])).toEqual([
      ["b", 2.5],
      ["a", 2.5],
    ]);
  });

  it("never says that the first is better where it is worse in more pairs than it is better", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 9, maxLength: 9 }), (fids) => {
        const study = aStudy({ models: ["a", "b", "c"].map((name) => ({ ...aStudy().models[0], name })) });
        const records = ["a", "b", "c"].flatMap((model, i) => trials(model, fids.slice(3 * i, 3 * i + 3)));
        const comparison = summarise(study, records).data[0].comparison;
        const [{ delta }] = comparison?.pairs ?? [];
        expect(comparison?.sentence.includes("lower FID")).toBe(delta > 0);
      }),
      { numRuns: 50 },
    );
  });

  it("says so where a difference is more than chance", () => {
    expect(sentence(above, six)).toBe(
      "With 6 draws each, b's lower FID than a's is more than chance (p = 0.0022, Holm).",
    );
  });

  it("says so where it could be chance", () => {
    expect(sentence([1, 3, 5, 7, 9, 11], [2, 4, 6, 8, 10, 12])).toMatch(
      /^With 6 draws each, a's lower FID than b's could be chance \(p = 0\.\d+, Holm\)\.$/,
    );
  });

  it("says so where no difference could be shown", () => {
    expect(sentence([1, 2, 3], [11, 12, 13])).toBe(
      "With 3 draws each, a's lower FID than b's could be chance (p = 0.1, Holm); " +
        "so few cannot show any difference, however large: it takes 4 draws each.",
    );
  });

  it("says so where there is no order, and has nothing to say of one model", () => {
    expect(sentence([1, 2, 3], [1, 2, 3])).toBe("With 3 draws each, a and b cannot be told apart by FID.");
    expect(sentence([1, 2], [])).toBeUndefined();
  });

  it("corrects over all pairs, and signs the effect by what is better", () => {
    const study = aStudy({ models: ["a", "b", "c"].map((name) => ({ ...aStudy().models[0], name })) });
    const records = [
      ...trials("a", six),
      ...trials("b", above),
      ...trials(
        "c",
        [...six].map((v) => v + 30),
      ),
    ];
    const comparison = summarise(study, records).data[0].comparison;
    expect(comparison?.pairs.map(({ first, second, delta }) => [first, second, delta])).toEqual([
      ["a", "b", 1],
      ["a", "c", 1],
      ["b", "c", 1],
    ]);
    for (const { p, adjusted } of comparison?.pairs ?? []) expect(adjusted).toBeCloseTo(3 * p, 12);
    expect(comparison?.overall.p).toBeLessThan(0.001);
  });
});

describe("the sensitivity", () => {
  const of = (parameters: (sample: number) => Record<string, number | string>) =>
    modelOf(
      [5, 1, 4, 2, 3, 6].map((fid, sample) => aRecord({ sample, fid: [fid], parameters: parameters(fid) })),
    ).sensitivity;

  it("is a rank correlation with numbers and a test between choices", () => {
    const [rate, norm] = of((fid) => ({ learningRate: 10 ** fid, norm: fid > 3 ? "batch" : "none", c: 1 }));
    expect(rate).toMatchObject({ parameter: "learningRate", kind: "number", draws: 6 });
    expect(rate.kind === "number" && rate.correlation).toBeCloseTo(1, 12);
    expect(norm).toMatchObject({ parameter: "norm", kind: "choice" });
    expect(norm.kind === "choice" && norm.choices).toEqual([
      { value: "batch", draws: 3, median: 5 },
      { value: "none", draws: 3, median: 2 },
    ]);
  });

  it("leaves out what does not vary", () => {
    expect(of(() => ({ constant: 3 }))).toEqual([]);
  });
});

describe("the summary", () => {
  const seeds = [1, 2];
  const study = aStudy({ seeds });
  const records = [0, 1, 2].flatMap((sample) =>
    seeds.flatMap((seed) =>
      ["a", "b"].map((model) => aRecord({ model, sample, seed, fid: [10 / (sample + seed), 7 / seed] })),
    ),
  );

  it("is plain JSON", () => {
    const summary = summarise(study, records);
    expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
  });

  it("does not depend on the order in which trials ended", () => {
    expect(summarise(study, [...records].reverse())).toEqual(summarise(study, records));
  });

  it("counts what is missing of an unfinished study, and says nothing of an empty one", () => {
    const none = summarise(study, []);
    expect(none.trials).toEqual({ expected: 12, finished: 0, failed: 0, stopped: 0, missing: 12 });
    expect(none.data[0]).toMatchObject({ metric: null, worst: null, comparison: null });
    expect(summarise(study, records.slice(0, 5)).trials.missing).toBe(7);
  });

  it("stands a study in which all trials failed", () => {
    const failed = records.map((record): TrialRecord => ({ ...record, status: "failed", error: "NaN" }));
    const { data, trials } = summarise(study, failed);
    expect(trials.failed).toBe(12);
    expect(data[0].worst).toBeNull();
    expect(data[0].models[0]).toMatchObject({ rank: null, results: [], best: null });
    expect(data[0].models[0].failures).toHaveLength(6);
  });
});
