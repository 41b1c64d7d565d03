/** What the trials of a study say, as plain data. */
import { unknownName } from "tsgan";
import { randomStream } from "tsgan/random";
import { bootstrap, expectedMinimum, type Interval, mean, median, quantile, ranks } from "tsgan/statistics";
import type { ParameterValue, Study } from "./definition.ts";
import { type FigureKind, figureKinds, figuresOf } from "./figures.ts";
import { cliffsDelta, holm, kruskalWallis, mannWhitney, smallestP, spearman } from "./rank-tests.ts";
import type { TrialRecord } from "./record.ts";

/** Differences with a smaller p are called more than chance. */
const SIGNIFICANCE = 0.05;

export interface TrialCounts {
  /** What the study asks for. */
  readonly expected: number;
  readonly finished: number;
  readonly failed: number;
  /** Stopped early, as others did better. */
  readonly stopped: number;
  /** Not yet run, or without a record that can be read. */
  readonly missing: number;
}

/** One training of a draw, at its best evaluation. */
export interface TrialSummary {
  readonly id: string;
  readonly seed: number;
  readonly status: TrialRecord["status"];
  /** Step of the evaluation with the best ranking figure; null where the trial failed or has no such figure. */
  readonly step: number | null;
  /** Ranking figure at that step. */
  readonly value: number | null;
  /** All figures at that step. */
  readonly figures: Readonly<Record<string, number>>;
}

/** One setting of the hyper-parameters with all its seeds. Samples that drew the same are one setting. */
export interface DrawSummary {
  readonly sample: number;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  /** Mean of the ranking figure over the seeds, where a trial without one counts as the worst of the data set. */
  readonly value: number;
  readonly trials: readonly TrialSummary[];
}

/** A figure over the trials that have it, each at its best step by the ranking figure. */
export interface Spread extends FigureKind {
  readonly trials: number;
  readonly best: number;
  readonly median: number;
  /** Quartiles: half of the trials lie between them. */
  readonly lower: number;
  readonly upper: number;
}

/** The expected best of k results. */
export interface BestOf extends Interval {
  readonly k: number;
  readonly expected: number;
}

/** How the ranking figure of the draws goes with one hyper-parameter. */
export type Sensitivity = {
  readonly parameter: string;
  readonly draws: number;
  /** Two-sided, by Holm's correction over the parameters of the model. */
  readonly p: number;
} & (
  | { readonly kind: "number" /** Spearman's ρ with the figure. */; readonly correlation: number }
  | {
      readonly kind: "choice";
      readonly choices: readonly {
        readonly value: ParameterValue;
        readonly draws: number;
        readonly median: number;
      }[];
    }
);

export interface ModelSummary {
  readonly model: string;
  /** Place by mean rank, from 1; null without results. */
  readonly rank: number | null;
  /**
   * Mean rank of the results among those of all models on the data set, 1 being the best of all: what the tests compare. Null
   * without results.
   */
  readonly meanRank: number | null;
  readonly trials: TrialCounts;
  readonly failures: readonly { readonly id: string; readonly error: string }[];
  readonly figures: readonly Spread[];
  /** The trial with the best ranking figure of all. */
  readonly best:
    | (TrialSummary & {
        readonly sample: number;
        readonly parameters: Readonly<Record<string, ParameterValue>>;
      })
    | null;
  readonly draws: readonly DrawSummary[];
  /** The independent results: one for each draw or seed, by the study's `unit`. */
  readonly results: readonly number[];
  /** Median of the results with its 95 % bootstrap interval. */
  readonly median: (Interval & { readonly value: number }) | null;
  readonly bestOfK: readonly BestOf[];
  readonly sensitivity: readonly Sensitivity[];
}

/** Mann–Whitney between the results of two models. */
export interface PairTest {
  readonly first: string;
  readonly second: string;
  readonly p: number;
  /** By Holm's correction over all pairs of the data set. */
  readonly adjusted: number;
  /** Cliff's δ, positive where the first is better more often. */
  readonly delta: number;
  readonly method: "exact" | "normal";
}

export interface Comparison {
  /** Kruskal–Wallis over all models. */
  readonly overall: { readonly statistic: number; readonly degrees: number; readonly p: number };
  /** Every pair, the better ranked first. */
  readonly pairs: readonly PairTest[];
  /** Whether the lead of the first is more than chance, in plain words. */
  readonly sentence: string;
}

export interface DataSummary {
  readonly data: string;
  /** What the models are ranked by; null where no trial has a figure yet. */
  readonly metric: FigureKind | null;
  /** What a failed trial counts as: the worst of all trials' figures. */
  readonly worst: number | null;
  /** By rank; models without results last. */
  readonly models: readonly ModelSummary[];
  /** Null with fewer than two models that have results. */
  readonly comparison: Comparison | null;
}

export interface StudySummary {
  readonly name: string;
  /**
   * What counts as an independent result: a draw of the hyper-parameters, which is the mean over its seeds; or a seed, in a study
   * whose models have one setting each.
   */
  readonly unit: "draw" | "seed";
  readonly budget: Study["budget"];
  readonly stepUnit: Study["stepUnit"];
  readonly samples: number;
  readonly seeds: readonly number[];
  readonly defaultsFirst: boolean;
  readonly evaluateSamples: number;
  readonly earlyStopping: boolean;
  /** Names, in the study's order. */
  readonly models: readonly string[];
  /** Hyper-parameters that some model draws log-uniformly. */
  readonly logParameters: readonly string[];
  readonly trials: TrialCounts;
  readonly data: readonly DataSummary[];
}

/** Lower is better of all costs. */
const costOf = ({ better }: FigureKind, value: number): number => (better === "lower" ? value : 0 - value);

const countTrials = (expected: number, records: readonly TrialRecord[]): TrialCounts => {
  const of = (status: TrialRecord["status"]) => records.filter((record) => record.status === status).length;
  const [finished, failed, stopped] = [of("finished"), of("failed"), of("stopped")];
  return { expected, finished, failed, stopped, missing: expected - finished - failed - stopped };
};

/** The figure asked for, where the trials have it; or the first that tells any of them apart; or the first that they have. */
const rankingKind = (records: readonly TrialRecord[], rankBy: string | undefined): FigureKind | null => {
  const values = new Map<string, Set<number>>();
  for (const evaluation of records.flatMap(({ evaluations }) => evaluations)) {
    for (const [key, value] of Object.entries(figuresOf(evaluation))) {
      values.set(key, (values.get(key) ?? new Set()).add(value));
    }
  }
  const kinds = figureKinds().filter(({ key }) => values.has(key));
  const asked = kinds.find(({ key }) => key === rankBy);
  return asked ?? kinds.find(({ key }) => (values.get(key)?.size ?? 0) > 1) ?? kinds[0] ?? null;
};

const summariseTrial = ({ trial, status, evaluations }: TrialRecord, kind: FigureKind): TrialSummary => {
  const own = { id: trial.id, seed: trial.seed, status };
  let best: Pick<TrialSummary, "step" | "value" | "figures"> = { step: null, value: null, figures: {} };
  // What a failed trial did before does not make up for its end.
  if (status === "failed") return { ...own, ...best };
  for (const evaluation of evaluations) {
    const figures = figuresOf(evaluation);
    const value = figures[kind.key];
    if (value === undefined) continue;
    if (best.value === null || costOf(kind, value) < costOf(kind, best.value)) {
      best = { step: evaluation.step, value, figures };
    }
  }
  return { ...own, ...best };
};

const spreads = (trials: readonly TrialSummary[]): Spread[] =>
  figureKinds().flatMap((kind) => {
    const values = trials.flatMap(({ figures }) => figures[kind.key] ?? []);
    if (values.length === 0) return [];
    return {
      ...kind,
      trials: values.length,
      best: kind.better === "lower" ? Math.min(...values) : Math.max(...values),
      median: median(values),
      lower: quantile(values, 0.25),
      upper: quantile(values, 0.75),
    };
  });

const drawsOf = (
  records: readonly TrialRecord[],
  trials: readonly TrialSummary[],
  worst: number,
): DrawSummary[] => {
  // Where nothing is searched, samples repeat each other to the last bit: they are one draw, and a seed is one trial.
  const bySetting = new Map<string, { sample: number; bySeed: Map<number, number> }>();
  const order = records.map((_, i) => i).sort((a, b) => records[a].trial.sample - records[b].trial.sample);
  for (const i of order) {
    const { sample, seed, parameters } = records[i].trial;
    const setting = JSON.stringify(Object.entries(parameters).sort());
    const draw = bySetting.get(setting) ?? { sample, bySeed: new Map<number, number>() };
    bySetting.set(setting, draw);
    if (!draw.bySeed.has(seed)) draw.bySeed.set(seed, i);
  }
  return [...bySetting.values()].map(({ sample, bySeed }) => {
    const own = [...bySeed.values()].sort((a, b) => trials[a].seed - trials[b].seed);
    return {
      sample,
      parameters: records[own[0]].trial.parameters,
      value: mean(own.map((i) => trials[i].value ?? worst)),
      trials: own.map((i) => trials[i]),
    };
  });
};

const resultsOf = (unit: StudySummary["unit"], draws: readonly DrawSummary[], worst: number): number[] =>
  unit === "draw"
    ? draws.map(({ value }) => value)
    : draws.flatMap(({ trials }) => trials.map(({ value }) => value ?? worst));

/** Turns the sign where higher is better, there and back. */
const signed = ({ better }: FigureKind, { low, high }: Interval): Interval =>
  better === "lower" ? { low, high } : { low: 0 - high, high: 0 - low };

const bestOfK = (study: Study, name: string, kind: FigureKind, results: readonly number[]): BestOf[] => {
  const costs = results.map((value) => costOf(kind, value));
  const random = randomStream(study.seed, `study/best-of-k/${name}`);
  const bands = bootstrap(costs, expectedMinimum, { random });
  return expectedMinimum(costs).map((cost, i) => ({
    k: i + 1,
    expected: kind.better === "lower" ? cost : 0 - cost,
    ...signed(kind, bands[i]),
  }));
};

const medianOf = (study: Study, name: string, results: readonly number[]): ModelSummary["median"] => {
  const random = randomStream(study.seed, `study/median/${name}`);
  const [interval] = bootstrap(results, (sample) => [median(sample)], { random });
  return { value: median(results), ...interval };
};

/** With fewer draws an order says nothing. */
const FEWEST_DRAWS = 3;

const sensitivityOf = (study: Study, name: string, draws: readonly DrawSummary[]): Sensitivity[] => {
  const names = [...new Set(draws.flatMap(({ parameters }) => Object.keys(parameters)))];
  const found = names.flatMap((parameter): Sensitivity[] => {
    const own = draws.filter(({ parameters }) => parameters[parameter] !== undefined);
    const given = own.map(({ parameters }) => parameters[parameter]);
    const values = own.map(({ value }) => value);
    if (own.length < FEWEST_DRAWS || new Set(given).size < 2 || new Set(values).size < 2) return [];
    const common = { parameter, draws: own.length };
    if (given.every((value) => typeof value === "number")) {
      const random = randomStream(study.seed, `study/sensitivity/${name}/${parameter}`);
      const { correlation, p } = spearman(given, values, { random });
      return correlation === null || p === null ? [] : [{ ...common, kind: "number", correlation, p }];
    }
    const groups = [...new Set(given)].map((choice) => ({
      choice,
      values: values.filter((_, i) => given[i] === choice),
    }));
    return [
      {
        ...common,
        kind: "choice",
        p: kruskalWallis(groups.map((group) => group.values)).p,
        choices: groups.map((group) => ({
          value: group.choice,
          draws: group.values.length,
          median: median(group.values),
        })),
      },
    ];
  });
  const adjusted = holm(found.map(({ p }) => p));
  return found.map((entry, i) => ({ ...entry, p: adjusted[i] }));
};

/** `p = 0.21`, `p < 0.001` */
export const formatP = (p: number): string => (p < 0.001 ? "p < 0.001" : `p = ${Number(p.toPrecision(2))}`);

/** Results of each of two models, at least, for a pair among `pairs` to come below the level of significance. */
const fewestResults = (pairs: number): number => {
  let count = 1;
  while (pairs * smallestP(count, count) >= SIGNIFICANCE) count++;
  return count;
};

interface Ranked {
  readonly model: string;
  readonly results: readonly number[];
}

const verdict = (
  kind: FigureKind,
  unit: StudySummary["unit"],
  [first, second]: readonly Ranked[],
  { adjusted, delta }: PairTest,
  pairs: number,
): string => {
  const [m, n] = [first.results.length, second.results.length];
  const count = (results: number) => `${results} ${unit}${results === 1 ? "" : "s"}`;
  const sizes = m === n ? `${count(m)} each` : `${count(m)} and ${count(n)}`;
  // Mean ranks are over all models; between two of them the order may be none, or another.
  if (delta <= 0)
    return `With ${sizes}, ${first.model} and ${second.model} cannot be told apart by ${kind.label}.`;
  const lead = `With ${sizes}, ${first.model}'s ${kind.better} ${kind.label} than ${second.model}'s`;
  const p = `${formatP(adjusted)}, Holm`;
  if (adjusted < SIGNIFICANCE) return `${lead} is more than chance (${p}).`;
  const hopeless = pairs * smallestP(m, n) >= SIGNIFICANCE;
  return hopeless
    ? `${lead} could be chance (${p}); so few cannot show any difference, however large: it takes ${count(fewestResults(pairs))} each.`
    : `${lead} could be chance (${p}).`;
};

const compare = (
  kind: FigureKind,
  unit: StudySummary["unit"],
  ranked: readonly Ranked[],
): Comparison | null => {
  if (ranked.length < 2) return null;
  const costs = ranked.map(({ results }) => results.map((value) => costOf(kind, value)));
  const tests = ranked.flatMap((first, i) =>
    ranked.slice(i + 1).map((second, j) => {
      const [a, b] = [costs[i], costs[i + 1 + j]];
      const { p, method } = mannWhitney(a, b);
      return { first: first.model, second: second.model, p, delta: cliffsDelta(b, a), method };
    }),
  );
  const adjusted = holm(tests.map(({ p }) => p));
  const pairs = tests.map((test, i): PairTest => ({ ...test, adjusted: adjusted[i] }));
  const sentence = verdict(kind, unit, ranked, pairs[0], pairs.length);
  return { overall: kruskalWallis(costs), pairs, sentence };
};

const bestTrial = (kind: FigureKind, draws: readonly DrawSummary[]): ModelSummary["best"] => {
  let best: ModelSummary["best"] = null;
  for (const { sample, parameters, trials } of draws) {
    for (const trial of trials) {
      if (trial.value === null) continue;
      if (best === null || costOf(kind, trial.value) < costOf(kind, best.value as number)) {
        best = { ...trial, sample, parameters };
      }
    }
  }
  return best;
};

/** What the trials of one model on one data set say; the rank is that among others. */
const summariseModel = (
  study: Study,
  unit: StudySummary["unit"],
  name: { readonly data: string; readonly model: string },
  records: readonly TrialRecord[],
  metric: FigureKind | null,
  worst: number | null,
): ModelSummary => {
  const common = {
    model: name.model,
    rank: null,
    meanRank: null,
    trials: countTrials(study.samples * study.seeds.length, records),
    failures: records.flatMap(({ trial, status, error }) =>
      status === "failed" ? [{ id: trial.id, error: error ?? "no reason was recorded" }] : [],
    ),
  };
  if (metric === null || worst === null || records.length === 0) {
    const nothing = { figures: [], draws: [], results: [], bestOfK: [], sensitivity: [] };
    return { ...common, ...nothing, best: null, median: null };
  }
  const trials = records.map((record) => summariseTrial(record, metric));
  const draws = drawsOf(records, trials, worst);
  const results = resultsOf(unit, draws, worst);
  const purpose = `${name.data}/${name.model}`;
  return {
    ...common,
    figures: spreads(draws.flatMap((draw) => draw.trials)),
    best: bestTrial(metric, draws),
    draws,
    results,
    median: medianOf(study, purpose, results),
    bestOfK: bestOfK(study, purpose, metric, results),
    sensitivity: sensitivityOf(study, purpose, draws),
  };
};

/** By ascending mean rank; of equals, the better median first. */
const rankModels = (kind: FigureKind, models: readonly ModelSummary[]): ModelSummary[] => {
  const rank = ranks(models.flatMap(({ results }) => results.map((value) => costOf(kind, value))));
  const cost = ({ results }: ModelSummary): number => costOf(kind, median(results));
  let from = 0;
  return models
    .map((entry) => {
      const meanRank = mean(rank.slice(from, from + entry.results.length));
      from += entry.results.length;
      return { ...entry, meanRank };
    })
    .sort((a, b) => a.meanRank - b.meanRank || cost(a) - cost(b))
    .map((entry, i): ModelSummary => ({ ...entry, rank: i + 1 }));
};

const summariseData = (
  study: Study,
  unit: StudySummary["unit"],
  data: string,
  records: readonly TrialRecord[],
  rankBy: string | undefined,
): DataSummary => {
  const metric = rankingKind(records, rankBy);
  const costs = records.flatMap((record) => {
    const value = metric === null ? null : summariseTrial(record, metric).value;
    return metric === null || value === null ? [] : costOf(metric, value);
  });
  const worst = metric === null || costs.length === 0 ? null : costOf(metric, Math.max(...costs));
  const models = study.models.map(({ name: model }) =>
    summariseModel(
      study,
      unit,
      { data, model },
      records.filter(({ trial }) => trial.model === model),
      metric,
      worst,
    ),
  );
  const ranked =
    metric === null
      ? []
      : rankModels(
          metric,
          models.filter(({ results }) => results.length > 0),
        );
  return {
    data,
    metric,
    worst,
    models: [...ranked, ...models.filter(({ results }) => results.length === 0)],
    comparison: metric === null ? null : compare(metric, unit, ranked),
  };
};

export interface SummaryOptions {
  /**
   * Key of the figure that models are ranked by, on the data sets that have it. Without, it is the most telling one, F1 of
   * polygons before FID before coverage, that is not the same for all trials.
   */
  readonly rankBy?: string | undefined;
}

/**
 * Sums a study up. It may be unfinished: what is missing is counted and left out.
 *
 * - A trial stands for its best evaluation by the data set's ranking figure, as in Lucic et al. 2018; its other figures are those
 *   of the same evaluation. A figure picked as the best of several is a little better than one of fresh samples would be.
 * - Seeds of the same hyper-parameters are not independent draws of them: all that is inferred (medians with intervals, best of
 *   k, tests, sensitivity) is about draws, each the mean over its seeds. So n is the number of draws, however many the seeds. Where
 *   every model has one setting, seeds are all there is: then n is their number, and what is compared is those settings.
 * - A trial that failed, or ended without a figure, counts as the worst figure that any trial has on the data set.
 * - Models are ranked by the mean rank of their results among all, which is what the tests compare.
 * - A trial that was stopped early counts as what it had reached.
 * - Random numbers come from the study's seed: the same records give the same summary.
 *
 * @throws UsageError for a figure to rank by that does not exist
 */
export const summarise = (
  study: Study,
  records: readonly TrialRecord[],
  { rankBy }: SummaryOptions = {},
): StudySummary => {
  const keys = figureKinds().map(({ key }) => key);
  if (rankBy !== undefined && !keys.includes(rankBy)) throw unknownName("figure to rank by", rankBy, keys);
  const { name, budget, stepUnit, samples, seeds, defaultsFirst, evaluateSamples, earlyStopping } = study;
  const searched = study.models.some(({ search }) =>
    Object.values(search).some((space) => !("fixed" in space)),
  );
  const unit = samples > 1 && searched ? "draw" : "seed";
  const expected = study.data.length * study.models.length * samples * seeds.length;
  return {
    name,
    unit,
    budget,
    stepUnit,
    samples,
    seeds,
    defaultsFirst,
    evaluateSamples,
    earlyStopping: earlyStopping !== undefined,
    models: study.models.map((model) => model.name),
    logParameters: [
      ...new Set(
        study.models.flatMap(({ search }) =>
          Object.entries(search).flatMap(([key, space]) => ("logUniform" in space ? [key] : [])),
        ),
      ),
    ],
    trials: countTrials(expected, records),
    data: study.data.map((entry) =>
      summariseData(
        study,
        unit,
        entry.name,
        records.filter(({ trial }) => trial.data === entry.name),
        rankBy,
      ),
    ),
  };
};
