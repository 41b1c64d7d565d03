import { pairOf } from "../distances/check.ts";
import { type MatrixLike, mmdSquared, polynomialKernel, takeRows } from "../distances/index.ts";
import { UsageError } from "../errors.ts";
import { checkInteger, checkKeys } from "../options.ts";
import { type RandomStream, randomStream } from "../random/index.ts";
import { meanAndDeviation } from "../statistics/index.ts";

export interface Kid {
  readonly mean: number;
  /** Standard deviation over the subsets, with divisor S. */
  readonly std: number;
  readonly perSubset: Float64Array;
}

/** Rows of the real and of the generated features that one estimate is made of. */
export interface KidSubset {
  readonly real: ArrayLike<number>;
  readonly fake: ArrayLike<number>;
}

/**
 * `count` pairs of subsets of `size` rows each, drawn without replacement within a subset; 100 of 1,000 in the paper.
 *
 * @param realCount rows of the real features
 * @param fakeCount rows of the generated ones
 * @param options `count` subsets, 100 without, of `size` rows each, 1,000 without
 * @throws UsageError for subsets larger than a set, or of fewer than 2 rows
 */
export const kidSubsets = (
  stream: RandomStream,
  realCount: number,
  fakeCount: number,
  options: { readonly count?: number | undefined; readonly size?: number | undefined } = {},
): KidSubset[] => {
  checkKeys("kidSubsets", options, ["count", "size"]);
  const { count = 100, size = 1000 } = options;
  checkInteger("kidSubsets", "count", count, 1);
  checkInteger("kidSubsets", "size", size, 2);
  const available = Math.min(realCount, fakeCount);
  if (size > available) {
    throw new UsageError(
      `kidSubsets: subsets of ${size} need as many samples of each set; got ${available}; draw more or lower the size`,
    );
  }
  return Array.from({ length: count }, () => ({
    real: stream.permutation(realCount).subarray(0, size),
    fake: stream.permutation(fakeCount).subarray(0, size),
  }));
};

export interface KidOptions {
  /**
   * How many estimates are averaged, each of as many rows of both sets, drawn without replacement; or their rows
   * (`kidSubsets` draws them). One estimate of all rows without.
   */
  readonly subsets?: number | readonly KidSubset[] | undefined;
  /** Rows of each set in a subset, where `subsets` is their number; 1,000 without, or as many as there are. */
  readonly size?: number | undefined;
  /** Chooses the subsets; 0 without. */
  readonly seed?: number | undefined;
}

/**
 * Kernel Inception Distance (Bińkowski et al. 2018): the unbiased MMD² of the features with the kernel (x·y/d + 1)³,
 * averaged over subsets. Unbiased at any sample count, so it may be negative. Not multiplied by 100 or 1,000.
 *
 * @param real features [n, d]
 * @param fake features [m, d]
 * @throws UsageError for fewer rows than a subset has, or features of different widths
 * @example
 * ```ts
 * import { kid } from "tsgan/metrics";
 *
 * const [real, fake] = [[[0, 1], [2, 0], [1, 3]], [[0, 1], [2, 2], [1, 4]]];
 * console.log(kid(real, fake).mean, kid(real, fake, { subsets: 10, size: 2, seed: 1 }).std);
 * ```
 */
export const kid = (real: MatrixLike, fake: MatrixLike, options: KidOptions = {}): Kid => {
  checkKeys("kid", options, ["subsets", "size", "seed"]);
  const [reals, fakes] = pairOf("kid", ["real", "fake"], [real, fake], 2);
  const kernel = polynomialKernel(3);
  const subsets = subsetsOf(reals.rows, fakes.rows, options);
  const perSubset =
    subsets === undefined
      ? Float64Array.of(mmdSquared(reals, fakes, kernel))
      : Float64Array.from(subsets, (subset) => {
          checkRows("real", subset.real, reals.rows);
          checkRows("fake", subset.fake, fakes.rows);
          return mmdSquared(takeRows(reals, subset.real), takeRows(fakes, subset.fake), kernel);
        });
  return { ...meanAndDeviation(perSubset), perSubset };
};

const subsetsOf = (
  realCount: number,
  fakeCount: number,
  { subsets, size, seed }: KidOptions,
): readonly KidSubset[] | undefined => {
  if (typeof subsets === "number") {
    checkInteger("kid", "subsets", subsets, 1);
    const rows = size ?? Math.min(1000, realCount, fakeCount);
    checkInteger("kid", "size", rows, 2);
    checkInteger("kid", "seed", seed ?? 0, 0);
    return kidSubsets(randomStream(seed ?? 0, "kid"), realCount, fakeCount, { count: subsets, size: rows });
  }
  if (size !== undefined || seed !== undefined) {
    throw new UsageError(
      "kid: size and seed are of subsets that are drawn: give their number as subsets, too",
    );
  }
  if (subsets === undefined) return undefined;
  if (!Array.isArray(subsets) || subsets.length === 0) {
    throw new UsageError(
      `kid: subsets must be a number of at least 1 or a list of pairs of rows; got ${JSON.stringify(subsets)}`,
    );
  }
  return subsets;
};

const checkRows = (name: string, rows: ArrayLike<number>, count: number): void => {
  if (!(rows?.length >= 2)) {
    throw new UsageError(`kid: a subset needs at least 2 ${name} samples; got ${rows?.length ?? "none"}`);
  }
  for (let i = 0; i < rows.length; i++) {
    if (!(Number.isInteger(rows[i]) && rows[i] >= 0 && rows[i] < count)) {
      throw new UsageError(`kid: a subset's ${name} rows must be from 0 to ${count - 1}; got ${rows[i]}`);
    }
  }
};
