/** Times iterations in a page. */
import { median } from "tsgan/statistics";

/** What a page measures. */
export interface Times {
  /** Milliseconds from the page's start to the end of the first iteration. */
  readonly first: number;
  /** Of one of those that follow: the median, after a warm-up. */
  readonly next: number;
  /** Of the first two iterations. */
  readonly figures: readonly Readonly<Record<string, number>>[];
}

/** Code is compiled once more while it runs. */
const WARM_UP_MS = 1000;

/** @param seconds how long it is timed, and at least three iterations; with 0 it is the second iteration that is timed */
export const timed = async (
  iterate: () => Promise<Readonly<Record<string, number>>>,
  seconds: number,
): Promise<Times> => {
  const figures = [await iterate()];
  const first = performance.now();
  figures.push(await iterate());
  if (seconds === 0) return { first, next: performance.now() - first, figures };
  while (performance.now() - first < WARM_UP_MS) await iterate();
  const times: number[] = [];
  const end = performance.now() + 1000 * seconds;
  while (times.length < 3 || performance.now() < end) {
    const began = performance.now();
    await iterate();
    times.push(performance.now() - began);
  }
  return { first, next: median(times), figures };
};
