/** What became of a trial. It holds nothing of the clock or the machine: a study that was disturbed has the same records. */

import { type RunConfig, resolveConfig } from "tsgan/config";
import { metricOf } from "tsgan/metrics";
import type { Study } from "./definition.ts";
import { stepsPerIteration, type Trial } from "./trials.ts";

export interface TrialRecord {
  readonly trial: Trial;
  /** "stopped": successive halving preferred others. "failed": training ended in numbers that are not finite, or in an error. */
  readonly status: "finished" | "failed" | "stopped";
  /** One line; of failed trials only. */
  readonly error?: string;
  /** By ascending step, counted in the study's unit. A trial that failed keeps the evaluations before. */
  readonly evaluations: readonly Evaluation[];
}

export interface Evaluation {
  readonly step: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** The evaluations among the lines of a run's metrics.jsonl. Steps are counted in the study's `stepUnit`. */
export const evaluationsOf = (
  { stepUnit }: Pick<Study, "stepUnit">,
  { config }: Trial,
  lines: readonly Readonly<Record<string, unknown>>[],
): Evaluation[] => {
  const run: RunConfig = resolveConfig(config);
  const perIteration = stepsPerIteration(run, stepUnit);
  const keys = (run.evaluateMetrics ?? []).flatMap((metric) =>
    Object.keys(metricOf(metric).definition.figures),
  );
  return lines.flatMap((line) => {
    const metrics = Object.fromEntries(
      keys.flatMap((key) => (typeof line[key] === "number" ? [[key, line[key]]] : [])),
    );
    return Object.keys(metrics).length === 0 ? [] : [{ step: Number(line.step) * perIteration, metrics }];
  });
};
