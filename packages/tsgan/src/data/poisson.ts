/** Batches in which each example is, or is not, by itself: what the accounting of differential privacy asks for. */
import { randomStream } from "../random/index.ts";

/** Chance of a batch that is longer than there is room for, at most. */
export const OVERFLOW = 1e-12;

/** log of Chernoff's bound on the chance that a sum of independent zeros and ones of mean λ is `most` + 1 or more. */
const logTail = (mean: number, most: number): number => {
  const above = most + 1;
  return above <= mean ? 0 : -(mean - above + above * Math.log(above / mean));
};

/** The expected length of batches that have room for `most` examples: the largest that overflows seldom enough. */
export const expectedBatch = (most: number): number => {
  let [low, high] = [0, most];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (logTail(middle, most) > Math.log(OVERFLOW)) high = middle;
    else low = middle;
  }
  return low;
};

/** The examples of a batch: each of `size` with probability `rate`, the first `most` where there are more. */
export const poissonBatch = (
  seed: number,
  position: number,
  { size, rate, most }: { readonly size: number; readonly rate: number; readonly most: number },
): Uint32Array => {
  const random = randomStream(seed, "poisson", position);
  const rows: number[] = [];
  // The gaps between those that are drawn are geometric; 53 bits, so that long ones come as they should.
  const uniform = (): number => ((random.uint32() >>> 5) * 2 ** 26 + (random.uint32() >>> 6) + 0.5) / 2 ** 53;
  const scale = 1 / Math.log1p(-rate);
  for (let row = -1; rows.length < most; ) {
    row += rate >= 1 ? 1 : 1 + Math.floor(Math.log(uniform()) * scale);
    if (row >= size) break;
    rows.push(row);
  }
  return Uint32Array.from(rows);
};
