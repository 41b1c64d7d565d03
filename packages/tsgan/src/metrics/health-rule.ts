/** What a rule of health is, and what it says. */
import type { Run } from "./health-run.ts";

export type HealthKind =
  | "diverged"
  | "input-scale"
  | "clipped-weights"
  | "unbounded-critic"
  | "copied-rows"
  | "memorisation"
  | "idle-discriminator"
  | "discriminator-wins"
  | "collapsed-column"
  | "mode-collapse"
  | "exploding-gradient"
  | "vanishing-gradient"
  | "plateau"
  | "improving"
  | "too-early"
  | "healthy";

export interface Verdict {
  readonly kind: HealthKind;
  /** An alarm means that training on will not help; a note is worth knowing. */
  readonly severity: "alarm" | "note";
  readonly title: string;
  /** The figures it rests on. */
  readonly evidence: string;
  /** What to change. */
  readonly advice: string;
}

export interface Rule extends Pick<Verdict, "kind" | "severity" | "title"> {
  /** Every run starts so: while it is too early to tell it is a note. */
  readonly passes?: boolean;
  /** What follows from a wrong scale of the data, and is not told beside it. */
  readonly follows?: boolean;
  /** The figures that speak for it; undefined where nothing does. */
  look(run: Run): string | undefined;
  /** What to change, of what this run has or lacks. */
  advise(run: Run): string;
}
