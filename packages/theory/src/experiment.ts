/** What an experiment is. */
import type { Dataset } from "tsgan/data";
import type { FigureSpec } from "tsgan/figure";

/** Called by long experiments: the share done, 0 … 1, and what is being done. */
export type Progress = (share: number, message: string) => void;

/** What an experiment is given beside its options. */
export interface RunContext {
  progress?: Progress;
  /** Opens the data set of that name. Experiments whose options name one need it. */
  openDataset?: (name: string) => Dataset | Promise<Dataset>;
}

/** A statement as a figure of the data, with the bounds within which it is true. */
export interface Claim {
  text: string;
  value: number;
  atLeast?: number;
  atMost?: number;
}

/** Whether the figure is within its bounds, which one that is not a number is not. */
export const holds = ({
  value,
  atLeast = Number.NEGATIVE_INFINITY,
  atMost = Number.POSITIVE_INFINITY,
}: Claim): boolean => value >= atLeast && value <= atMost;

/**
 * One experiment that explains something about GANs, reproduced by computation.
 *
 * `run` is pure: the same options give the same data, which survive a trip through JSON unchanged (an infinite value is
 * null). It throws UsageError for options out of range.
 */
export interface Experiment<Options extends object, Data> {
  /** As on the command line. */
  name: string;
  title: string;
  /** One line. */
  description: string;
  /** Paper, with figure, equation or section. */
  source: string;
  /** A paragraph on what to see. `_{…}` and `^{…}` are subscript and superscript. */
  explanation: string;
  defaults: Options;
  /** About how long the defaults take on one core, where something is trained; the rest is a matter of milliseconds. */
  minutes?: number;
  run(options: Options, context?: RunContext): Data | Promise<Data>;
  figure(data: Data): FigureSpec;
  /** What the source reports, measured. Experiments that train have it; the others agree with closed forms. */
  claims?(data: Data): Claim[];
}
