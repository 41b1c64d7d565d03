import { checkInteger, checkPair } from "../distances/check.ts";
import { type Matrix, mmdSquared, polynomialKernel, takeRows } from "../distances/index.ts";
import { UsageError } from "../errors.ts";
import type { RandomStream } from "../random/index.ts";
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
 */
export const kidSubsets = (
  stream: RandomStream,
  realCount: number,
  fakeCount: number,
  { count = 100, size = 1000 }: { count?: number; size?: number } = {},
): KidSubset[] => {
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

/**
 * Kernel Inception Distance (Bińkowski et al. 2018): the unbiased MMD² of the features with the kernel (x·y/d + 1)³,
 * averaged over subsets. Unbiased at any sample count, so it may be negative. Not multiplied by 100 or 1,000.
 *
 * @param real features [n, d]
 * @param fake features [m, d]
 * @param subsets the rows of each estimate (`kidSubsets` draws them); all rows, once, without
 */
export const kid = (real: Matrix, fake: Matrix, subsets?: readonly KidSubset[]): Kid => {
  checkPair("kid", ["real", "fake"], real, fake, 2);
  const kernel = polynomialKernel(3);
  if (subsets === undefined) {
    const perSubset = Float64Array.of(mmdSquared(real, fake, kernel));
    return { ...meanAndDeviation(perSubset), perSubset };
  }
  if (subsets.length === 0) throw new UsageError("kid: subsets must hold at least 1 pair; got 0");
  const perSubset = Float64Array.from(subsets, (subset) => {
    checkRows("real", subset.real, real.rows);
    checkRows("fake", subset.fake, fake.rows);
    return mmdSquared(takeRows(real, subset.real), takeRows(fake, subset.fake), kernel);
  });
  return { ...meanAndDeviation(perSubset), perSubset };
};

const checkRows = (name: string, rows: ArrayLike<number>, count: number): void => {
  if (rows.length < 2)
    throw new UsageError(`kid: a subset needs at least 2 ${name} samples; got ${rows.length}`);
  for (let i = 0; i < rows.length; i++) {
    if (!(Number.isInteger(rows[i]) && rows[i] >= 0 && rows[i] < count)) {
      throw new UsageError(`kid: a subset's ${name} rows must be from 0 to ${count - 1}; got ${rows[i]}`);
    }
  }
};
