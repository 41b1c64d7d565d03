/**
 * The figures of a study's report from nothing but its trials' metrics.jsonl and the study's own file: the statistics are done
 * again here in the most literal way, by enumeration, and share no code with the report.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface Line {
  readonly step: number;
  readonly [key: string]: unknown;
}

interface Config {
  readonly criticSteps?: number;
  readonly optimizer: unknown;
  readonly penalties: unknown;
}

export interface RecomputedTrial {
  readonly sample: number;
  readonly seed: number;
  readonly failed: boolean;
  readonly step: number | null;
  readonly figures: Readonly<Record<string, number>>;
}

export interface RecomputedModel {
  readonly failed: number;
  /** By figure: best, median and quartiles over the trials that have it. */
  readonly figures: Readonly<Record<string, { best: number; median: number; lower: number; upper: number }>>;
  readonly results: readonly number[];
  readonly median: number;
  readonly meanRank: number;
  /** Exact expectation over all subsets of k. */
  readonly bestOfK: readonly number[];
}

export interface RecomputedData {
  readonly models: Readonly<Record<string, RecomputedModel>>;
  readonly kruskalWallis: number;
  /** By "first/second": exact two-sided p over all partitions, Holm's correction, Cliff's delta with first better as positive. */
  readonly pairs: Readonly<Record<string, { p: number; adjusted: number; delta: number }>>;
}

const LOWER_IS_BETTER = ["fid", "kid", "slicedWasserstein", "klToUniform", "copies"];

const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

const quantile = (values: readonly number[], share: number): number => {
  const position = share * (values.length - 1);
  const [low, high] = [Math.floor(position), Math.ceil(position)];
  const ordered = sorted(values);
  return ordered[low] + (position - low) * (ordered[high] - ordered[low]);
};

const subsets = <T>(values: readonly T[], size: number): T[][] => {
  if (size === 0) return [[]];
  return values.flatMap((value, i) => subsets(values.slice(i + 1), size - 1).map((rest) => [value, ...rest]));
};

/** Rank of a value among all, equal ones sharing the middle of their places. */
const rankIn = (all: readonly number[], value: number): number =>
  all.filter((other) => other < value).length + (all.filter((other) => other === value).length + 1) / 2;

const mannWhitneyP = (x: readonly number[], y: readonly number[]): number => {
  const all = [...x, ...y];
  const rankSum = (chosen: readonly number[]) => sum(chosen.map((i) => rankIn(all, all[i])));
  const own = rankSum(x.map((_, i) => i));
  const choices = subsets(
    all.map((_, i) => i),
    x.length,
  ).map(rankSum);
  const below = choices.filter((value) => value <= own).length / choices.length;
  const above = choices.filter((value) => value >= own).length / choices.length;
  return Math.min(1, 2 * Math.min(below, above));
};

const readTrial = (
  folder: string,
  name: string,
  keys: readonly string[],
  rankBy: string,
): RecomputedTrial => {
  const config = JSON.parse(readFileSync(join(folder, "trials", name, "config.json"), "utf8")) as Config;
  const lines = readFileSync(join(folder, "trials", name, "metrics.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
  const failed = lines.some((line) => "failure" in line);
  const [, sample, seed] = /_sample-(\d+)_seed-(\d+)$/.exec(name)?.map(Number) ?? [];
  const sign = LOWER_IS_BETTER.includes(rankBy) ? 1 : -1;
  const judged = failed ? [] : lines.filter((line) => typeof line[rankBy] === "number");
  const [best] = [...judged].sort((a, b) => sign * ((a[rankBy] as number) - (b[rankBy] as number)));
  const figures: Record<string, number> = {};
  for (const key of keys) if (typeof best?.[key] === "number") figures[key] = best[key];
  const { precision, recall } = figures;
  if (precision !== undefined && recall !== undefined) {
    figures.f1 = precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0;
  }
  // A step of the study is one of the discriminator.
  const step = best === undefined ? null : best.step * (config.criticSteps ?? 1);
  return { sample, seed, failed, step, figures };
};

/**
 * @param rankBy the figure that the data set's models are ranked by
 * @param keys the figures that its metrics give
 */
export const recompute = (
  folder: string,
  data: string,
  models: readonly string[],
  rankBy: string,
  keys: readonly string[],
): RecomputedData => {
  const sign = LOWER_IS_BETTER.includes(rankBy) ? 1 : -1;
  const names = readdirSync(join(folder, "trials")).sort();
  const trials = new Map(
    models.map((model) => [
      model,
      names
        .filter((name) => name.startsWith(`${data}_${model}_sample-`))
        .map((name) => readTrial(folder, name, keys, rankBy)),
    ]),
  );
  const found = [...trials.values()].flat().flatMap(({ figures }) => figures[rankBy] ?? []);
  const worst = sign === 1 ? Math.max(...found) : Math.min(...found);
  const results = new Map(
    [...trials].map(([model, own]) => {
      const samples = sorted([...new Set(own.map(({ sample }) => sample))]);
      const means = samples.map((sample) => {
        const values = own
          .filter((trial) => trial.sample === sample)
          .sort((a, b) => a.seed - b.seed)
          .map(({ figures }) => figures[rankBy] ?? worst);
        return sum(values) / values.length;
      });
      return [model, means];
    }),
  );
  const all = [...results.values()].flat().map((value) => sign * value);
  const n = all.length;
  const summaries = [...trials].map(([model, own]): [string, RecomputedModel] => {
    const values = results.get(model) as number[];
    const spread = (key: string) => {
      const present = own.flatMap(({ figures }) => figures[key] ?? []);
      const lower = LOWER_IS_BETTER.includes(key);
      return {
        best: lower ? Math.min(...present) : Math.max(...present),
        median: quantile(present, 0.5),
        lower: quantile(present, 0.25),
        upper: quantile(present, 0.75),
      };
    };
    const present = [...keys, "f1"].filter((key) => own.some(({ figures }) => figures[key] !== undefined));
    return [
      model,
      {
        failed: own.filter(({ failed }) => failed).length,
        figures: Object.fromEntries(present.map((key) => [key, spread(key)])),
        results: values,
        median: quantile(values, 0.5),
        meanRank: sum(values.map((value) => rankIn(all, sign * value))) / values.length,
        bestOfK: values.map((_, i) => {
          const minima = subsets(values, i + 1).map(
            (subset) => sign * Math.min(...subset.map((v) => sign * v)),
          );
          return sum(minima) / minima.length;
        }),
      },
    ];
  });
  const ties = [...new Set(all)].map((value) => all.filter((other) => other === value).length);
  const h =
    (12 / (n * (n + 1))) *
      sum(summaries.map(([, { meanRank, results: own }]) => own.length * meanRank ** 2)) -
    3 * (n + 1);
  const order = [...summaries].sort(([, a], [, b]) => a.meanRank - b.meanRank);
  const tests = order.flatMap(([first, a], i) =>
    order.slice(i + 1).map(([second, b]) => {
      const [x, y] = [a, b].map((model) => model.results.map((value) => sign * value));
      const signs = x.flatMap((left) => y.map((right) => Math.sign(right - left)));
      return { pair: `${first}/${second}`, p: mannWhitneyP(x, y), delta: sum(signs) / signs.length };
    }),
  );
  const byP = [...tests].sort((a, b) => a.p - b.p);
  const adjusted = (p: number): number =>
    Math.max(
      ...byP
        .filter((test) => test.p <= p)
        .map((test) => Math.min(1, test.p * (byP.length - byP.indexOf(test)))),
    );
  return {
    models: Object.fromEntries(summaries),
    kruskalWallis: h / (1 - sum(ties.map((t) => t ** 3 - t)) / (n ** 3 - n)),
    pairs: Object.fromEntries(tests.map(({ pair, p, delta }) => [pair, { p, delta, adjusted: adjusted(p) }])),
  };
};
