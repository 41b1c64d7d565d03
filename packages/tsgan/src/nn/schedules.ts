/** Learning rates, and other numbers, that change over a run. Plain data, so that they fit into a configuration. */
import { GraphError } from "../graph/index.ts";

export type Schedule =
  | number
  /** From `from` to `to` in a straight line between the steps `start` and `end` (by default the whole run). */
  | {
      readonly kind: "linear";
      readonly from: number;
      readonly to: number;
      readonly start?: number;
      readonly end?: number;
    }
  /** Half a cosine from `from` to `to`. */
  | {
      readonly kind: "cosine";
      readonly from: number;
      readonly to: number;
      readonly start?: number;
      readonly end?: number;
    }
  /** `from`, multiplied by `factor` after every `every` steps, but not below `floor`. */
  | {
      readonly kind: "exponential";
      readonly from: number;
      readonly factor: number;
      readonly every: number;
      readonly floor?: number;
    };

/** The schedule's value at `step` (counted from 0) of a run of `steps`. */
export const scheduled = (schedule: Schedule, step: number, steps: number): number => {
  if (typeof schedule === "number") return schedule;
  if (schedule.kind === "exponential") {
    const value = schedule.from * schedule.factor ** Math.floor(step / schedule.every);
    return Math.max(value, schedule.floor ?? 0);
  }
  const { from, to, start = 0, end = steps } = schedule;
  if (!(end > start)) throw new GraphError(`schedule: end must lie behind start; got ${start} … ${end}`);
  const progress = Math.min(1, Math.max(0, (step - start) / (end - start)));
  const share = schedule.kind === "linear" ? progress : (1 - Math.cos(Math.PI * progress)) / 2;
  return from + (to - from) * share;
};
