/** What the trials of one model on one data set say: its draws, best of k, and which hyper-parameters matter. */
import { randomStream } from "tsgan/random";
import { bootstrap, expectedMinimum, type Interval, mean, median, quantile } from "tsgan/statistics";
import type { Study } from "./definition.ts";
import { bestBy, costOf, type FigureKind, figureKinds, figuresOf } from "./figures.ts";
import { holm, kruskalWallis, spearman } from "./rank-tests.ts";
import type { TrialRecord } from "./record.ts";
import type {
  BestOf,
  DrawSummary,
  ModelSummary,
  Sensitivity,
  Spread,
  StudySummary,
  TrialCounts,
  TrialSummary,
} from "./study-summary.ts";

export const countTrials = (expected: number, records: readonly TrialRecord[]): TrialCounts => {
  const of = (status: TrialRecord["status"]) => records.filter((record) => record.status === status).length;
  const [finished, failed, stopped] = [of("finished"), of("failed"), of("stopped")];
  return { expected, finished, failed, stopped, missing: expected - finished - failed - stopped };
};

export const summariseTrial = (
  { trial, status, evaluations }: TrialRecord,
  kind: FigureKind,
): TrialSummary => {
  const own = { id: trial.id, seed: trial.seed, status };
  // What a failed trial did before does not make up for its end.
  const all = status === "failed" ? [] : evaluations.map(figuresOf);
  const at = bestBy(kind, all);
  if (at === undefined) return { ...own, step: null, value: null, figures: {} };
  return { ...own, step: evaluations[at].step, value: all[at][kind.key], figures: all[at] };
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
export const summariseModel = (
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
