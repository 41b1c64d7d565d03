/** How long iterations take, once a machine has warmed up to them. */
import { UsageError } from "../errors.ts";
import { median } from "../statistics/index.ts";

/** What was measured. */
export interface Times<Result> {
  /** Time at which the first call was done, in milliseconds since the process or the page began (`performance.now()`). */
  readonly first: number;
  /** Milliseconds of one of those that follow: the median of those timed. */
  readonly ms: number;
  /** The least of them. */
  readonly least: number;
  /** How many were timed. */
  readonly count: number;
  /** What the first two calls gave. */
  readonly results: readonly Result[];
}

/** JavaScript is interpreted at first, WebAssembly compiled without care, and memory not planned yet. */
const WARM_UP_MS = 1000;

/** Calls timed at least, however long they take. */
const LEAST_COUNT = 3;

/**
 * Times an asynchronous function that is called again and again, after a second of calls that do not count.
 *
 * @param iterate what is timed
 * @param seconds how long it is timed; three calls at least, but with 0 it is the second call alone that is timed, without a warm-up
 * @throws UsageError where `seconds` is negative or no number
 */
export const timed = async <Result>(iterate: () => Promise<Result>, seconds = 3): Promise<Times<Result>> => {
  if (!(seconds >= 0)) throw new UsageError(`timed: expected seconds of 0 or more; got ${seconds}`);
  const results = [await iterate()];
  const first = performance.now();
  results.push(await iterate());
  const second = performance.now() - first;
  if (seconds === 0) return { first, ms: second, least: second, count: 1, results };
  while (performance.now() - first < WARM_UP_MS) await iterate();
  const times: number[] = [];
  const end = performance.now() + 1000 * seconds;
  while (times.length < LEAST_COUNT || performance.now() < end) {
    const began = performance.now();
    await iterate();
    times.push(performance.now() - began);
  }
  return { first, ms: median(times), least: Math.min(...times), count: times.length, results };
};
