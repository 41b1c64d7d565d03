/** What is said about a sample of numbers: moments, order statistics, bootstrap intervals, the best of k. All float64. */
import { UsageError } from "../errors.ts";
import type { RandomStream } from "../random/index.ts";

const checkSample = (where: string, values: ArrayLike<number>): void => {
  if (values.length === 0) throw new UsageError(`${where}: needs at least one value; got none`);
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new UsageError(
        `${where}: values must be finite numbers; got ${values[i]} at index ${i}; leave out what failed, or give it a value`,
      );
    }
  }
};

/** By value: without a comparison, arrays sort as text. */
const ascending = (values: ArrayLike<number>): Float64Array => Float64Array.from(values).sort();

const quantileOfSorted = (sorted: Float64Array, share: number): number => {
  const position = (sorted.length - 1) * share;
  const lower = Math.floor(position);
  const upper = Math.min(lower + 1, sorted.length - 1);
  return sorted[lower] + (position - lower) * (sorted[upper] - sorted[lower]);
};

/**
 * q(p) = x₍ⱼ₎ + (h − j)(x₍ⱼ₊₁₎ − x₍ⱼ₎), h = (n − 1)p + 1, j = ⌊h⌋: the quantile that interpolates linearly between order
 * statistics, type 7 of Hyndman and Fan 1996, the default of R and NumPy.
 *
 * @param share p in [0, 1]
 * @throws UsageError for no values, for one that is not finite, for p outside [0, 1]
 */
export const quantile = (values: ArrayLike<number>, share: number): number => {
  checkSample("quantile", values);
  if (!(share >= 0 && share <= 1)) {
    throw new UsageError(`quantile: the share must lie in [0, 1]; got ${share}`);
  }
  return quantileOfSorted(ascending(values), share);
};

/** The middle value; of an even number of values the mean of the middle two. */
export const median = (values: ArrayLike<number>): number => quantile(values, 0.5);

/**
 * The interquartile range q(3/4) − q(1/4), with linear interpolation between order statistics.
 *
 * @param values at least one, all finite
 */
export const interquartileRange = (values: ArrayLike<number>): number =>
  quantile(values, 0.75) - quantile(values, 0.25);

/**
 * x̄, summed in the given order.
 *
 * @param values at least one, all finite
 * @throws UsageError for no values, or values that are not finite
 */
export const mean = (values: ArrayLike<number>): number => {
  checkSample("mean", values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
};

/**
 * x̄ and the standard deviation with divisor n.
 *
 * @param values at least one, all finite
 */
export const meanAndDeviation = (values: ArrayLike<number>): { mean: number; std: number } => {
  const center = mean(values);
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i] - center) ** 2;
  return { mean: center, std: Math.sqrt(squares / values.length) };
};

/**
 * E[min of k], k = 1 … n: the expected smallest of k values drawn from x₍₁₎ ≤ … ≤ x₍ₙ₎ without replacement,
 *
 *     E[min of k] = Σᵢ x₍ᵢ₎ C(n − i, k − 1) / C(n, k),
 *
 * since x₍ᵢ₎ is the smallest of the k when the other k − 1 come from the n − i values above it. It is exact: it equals the mean
 * over all C(n, k) subsets, which resampling only estimates. The first is the mean of the values, the last their minimum.
 *
 * For results where lower is better this is the best of k trials against the budget k, the main figure of Lucic et al. 2018
 * (arXiv 1711.10337, figures 2 and 4), who resample.
 *
 * @returns n numbers, never increasing; entry k − 1 is E[min of k]
 * @throws UsageError for no values, or values that are not finite
 */
export const expectedMinimum = (values: ArrayLike<number>): number[] => {
  checkSample("expectedMinimum", values);
  const sorted = ascending(values);
  const n = sorted.length;
  return Array.from({ length: n }, (_, index) => {
    const k = index + 1;
    // The weight of x₍₁₎ is k / n; each next one follows from the one before, so that no binomial overflows.
    let weight = k / n;
    let expected = 0;
    for (let i = 1; i <= n - k + 1; i++) {
      expected += weight * sorted[i - 1];
      weight *= (n - i - k + 1) / (n - i);
    }
    return expected;
  });
};

export interface BootstrapOptions {
  readonly random: RandomStream;
  /** Samples drawn; default 1000. */
  readonly resamples?: number;
  /** Probability that an interval shall hold; default 0.95. */
  readonly level?: number;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Percentile bootstrap (Efron 1979) of a statistic with several components: of `resamples` samples of n values drawn with
 * replacement from the n given, the quantiles (1 ± level)/2 of each component.
 *
 * The intervals are those of the values as independent draws; with fewer than about ten they are too narrow, and those
 * of an extreme, such as the best of all, cannot reach beyond the best value that was seen. `random` is the stream that
 * the draws come from.
 *
 * @param statistic from a sample to a number for each component, always as many
 * @throws UsageError for no values, values that are not finite, no resamples, or a level outside (0, 1)
 */
export const bootstrap = (
  values: ArrayLike<number>,
  statistic: (sample: Float64Array) => readonly number[],
  { random, resamples = 1000, level = 0.95 }: BootstrapOptions,
): Interval[] => {
  checkSample("bootstrap", values);
  if (!(Number.isInteger(resamples) && resamples >= 1)) {
    throw new UsageError(`bootstrap: resamples must be a whole number of at least 1; got ${resamples}`);
  }
  if (!(level > 0 && level < 1)) throw new UsageError(`bootstrap: level must lie in (0, 1); got ${level}`);
  const sample = new Float64Array(values.length);
  const found: (readonly number[])[] = [];
  for (let i = 0; i < resamples; i++) {
    for (let j = 0; j < sample.length; j++) sample[j] = values[random.integer(values.length)];
    found.push(statistic(sample));
  }
  return found[0].map((_, component) => {
    const sorted = ascending(found.map((components) => components[component]));
    return {
      low: quantileOfSorted(sorted, (1 - level) / 2),
      high: quantileOfSorted(sorted, (1 + level) / 2),
    };
  });
};
