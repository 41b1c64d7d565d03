/** A study as comma-separated values (RFC 4180), numbers in full. */
import { figureKinds, figuresOf } from "./figures.ts";
import type { TrialRecord } from "./record.ts";
import type { StudySummary } from "./study-summary.ts";

type Cell = string | number | boolean | null | undefined;

const cell = (value: Cell): string => {
  const text = value === null || value === undefined ? "" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

const csv = (header: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  [header, ...rows].map((row) => `${row.map(cell).join(",")}\n`).join("");

const unique = (names: readonly string[]): string[] => [...new Set(names)];

interface Row {
  readonly record: TrialRecord;
  readonly step?: number;
  readonly figures: Readonly<Record<string, number>>;
}

/**
 * One row for each evaluation of each trial; a trial without one has a row with no step.
 *
 * @param records of the trials that have ended
 */
export const trialsCsv = (records: readonly TrialRecord[]): string => {
  const parameters = unique(records.flatMap(({ trial }) => Object.keys(trial.parameters)));
  const rows = records.flatMap((record): Row[] =>
    record.evaluations.length === 0
      ? [{ record, figures: {} }]
      : record.evaluations.map((entry) => ({ record, step: entry.step, figures: figuresOf(entry) })),
  );
  const figures = unique(rows.flatMap((row) => Object.keys(row.figures)));
  const header = ["trial", "data", "model", "sample", "seed", "status", "error"];
  return csv(
    [...header, ...parameters.map((name) => `parameter.${name}`), "step", ...figures],
    rows.map(({ record: { trial, status, error }, step, figures: found }) => [
      ...[trial.id, trial.data, trial.model, trial.sample, trial.seed, status, error],
      ...parameters.map((name) => trial.parameters[name]),
      step,
      ...figures.map((key) => found[key]),
    ]),
  );
};

/** One row for each model on each data set. */
export const modelsCsv = ({ data }: StudySummary): string => {
  const kinds = figureKinds().filter(({ key }) =>
    data.some(({ models }) => models.some(({ figures }) => figures.some((figure) => figure.key === key))),
  );
  const counts = ["expected", "finished", "failed", "stopped", "missing"] as const;
  const header = [
    "data",
    "model",
    "rankedBy",
    "rank",
    "meanRank",
    "results",
    "median",
    "medianLow",
    "medianHigh",
  ];
  const best = ["bestTrial", "bestStep", "bestValue"];
  return csv(
    [
      ...header,
      ...best,
      ...counts,
      ...kinds.flatMap(({ key }) => ["best", "median", "lower", "upper"].map((name) => `${key}.${name}`)),
    ],
    data.flatMap(({ data: name, metric, models }) =>
      models.map((model) => [
        ...[name, model.model, metric?.key, model.rank, model.meanRank, model.results.length],
        ...[model.median?.value, model.median?.low, model.median?.high],
        ...[model.best?.id, model.best?.step, model.best?.value],
        ...counts.map((count) => model.trials[count]),
        ...kinds.flatMap(({ key }) => {
          const found = model.figures.find((figure) => figure.key === key);
          return [found?.best, found?.median, found?.lower, found?.upper];
        }),
      ]),
    ),
  );
};
