/** What the trials of a study say, as plain data. */
import { unknownName } from "tsgan";
import { mean, median, ranks } from "tsgan/statistics";
import { compare } from "./comparison.ts";
import type { Study } from "./definition.ts";
import { costOf, type FigureKind, figureKinds, figuresOf, rankingKind } from "./figures.ts";
import { countTrials, summariseModel, summariseTrial } from "./model-summary.ts";
import type { TrialRecord } from "./record.ts";
import type { DataSummary, ModelSummary, StudySummary } from "./study-summary.ts";

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
  const metric = rankingKind(
    records.flatMap(({ evaluations }) => evaluations.map(figuresOf)),
    rankBy,
  );
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
