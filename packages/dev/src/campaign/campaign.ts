/** What every campaign is: so many random cases from a seed, each of which can be run again by its number. */

export interface CampaignOptions {
  readonly seed: number;
  /** Cases to try. */
  readonly count: number;
  /** Number of the first case; 0 without. One case is run again by its number and a count of 1. */
  readonly from?: number | undefined;
  /** Is told now and then how many cases have been tried, and what has failed so far. */
  readonly progress?: ((done: number, failures: readonly Failure[]) => void) | undefined;
}

export interface Failure {
  /** Number of the case. */
  readonly case: number;
  /** Cases from that number that belong together, and are run again together; 1 without. */
  readonly cases?: number | undefined;
  /** What was tried, in a few words. */
  readonly tried: string;
  /** What was wrong with it. */
  readonly message: string;
}

export interface Outcome {
  /** What was tried, a line each. */
  readonly tried: readonly string[];
  readonly failures: readonly Failure[];
}

export type Campaign = (options: CampaignOptions) => Outcome | Promise<Outcome>;
