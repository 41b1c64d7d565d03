import { distributionOf, pointsOf } from "../distances/check.ts";
import type { Matrix, MatrixLike } from "../distances/index.ts";
import { UsageError } from "../errors.ts";
import { checkInteger } from "../options.ts";
import { meanAndDeviation } from "../statistics/index.ts";

export interface InceptionScore {
  readonly mean: number;
  /** Standard deviation over the splits, with divisor S: 0 for one split. */
  readonly std: number;
  readonly scores: Float64Array;
  /** The most that it can be: the number of classes, or of samples in the largest split where these are fewer. */
  readonly bound: number;
}

/** Splits of the paper, and the fewest samples in one that are worth a split. */
const SPLITS = 10;
const FEWEST = 10;

/**
 * Inception Score exp(E_x KL(p(y|x) ‖ p(y))) (Salimans et al. 2016, §4), in [1, min(K, N/S)]; p(y) is the mean of
 * p(y|x) over the split. Split i of S holds the rows ⌊iN/S⌋ … ⌊(i+1)N/S⌋ − 1 in the order given: shuffle a sorted sample
 * first.
 *
 * @param probabilities p(y|x), [N, K], each row adding to one (the rounding of float32 is divided out); zeros add nothing
 * @param splits S, at most N; without, 10, or as many as have ten samples each where N < 100
 * @throws UsageError for rows that do not add to one, or fewer samples than splits
 */
export const inceptionScore = (probabilities: MatrixLike, splits?: number | undefined): InceptionScore => {
  const where = "inceptionScore";
  const { rows: n, columns: k, data } = pointsOf(where, "the probabilities", probabilities);
  const count = splits ?? Math.min(SPLITS, Math.max(1, Math.floor(n / FEWEST)));
  checkInteger(where, "splits", count, 1);
  if (n < count) {
    throw new UsageError(
      `${where}: needs at least one sample a split, ${count}; got ${n}; draw more samples`,
    );
  }
  const rows = new Float64Array(n * k);
  for (let i = 0; i < n; i++) {
    const row = data.subarray(i * k, (i + 1) * k);
    rows.set(distributionOf(where, `row ${i} of the probabilities`, row, k), i * k);
  }
  const all = { rows: n, columns: k, data: rows };
  const scores = Float64Array.from({ length: count }, (_, split) =>
    splitScore(all, Math.floor((split * n) / count), Math.floor(((split + 1) * n) / count)),
  );
  return { ...meanAndDeviation(scores), scores, bound: Math.min(k, Math.ceil(n / count)) };
};

const splitScore = ({ columns: k, data }: Matrix, from: number, to: number): number => {
  const count = to - from;
  const sums = new Float64Array(k); // the marginal times the count, which cannot underflow
  for (let i = from; i < to; i++) for (let c = 0; c < k; c++) sums[c] += data[i * k + c];
  let divergence = 0;
  for (let i = from; i < to; i++) {
    for (let c = 0; c < k; c++) {
      const p = data[i * k + c];
      if (p === 0) continue;
      const share = p / sums[c];
      divergence +=
        p * (share > 0 ? Math.log(share * count) : Math.log(p) - Math.log(sums[c]) + Math.log(count));
    }
  }
  return Math.exp(Math.max(0, divergence / count));
};
