/** What became of a trial. It holds nothing of the clock or the machine: a study that was disturbed has the same records. */
import type { Trial } from "./trials.ts";

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
