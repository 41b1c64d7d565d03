/** What an experiment is. */
import type { FigureSpec } from "../figure/index.ts";

/** Called by long experiments: the share done, 0 … 1, and what is being done. */
export type Progress = (share: number, message: string) => void;

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
  run(options: Options, progress?: Progress): Data | Promise<Data>;
  figure(data: Data): FigureSpec;
}
