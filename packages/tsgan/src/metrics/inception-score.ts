import { checkDistribution, checkInteger } from "../distances/check.ts";
import type { Matrix } from "../distances/index.ts";
import { UsageError } from "../errors.ts";
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
 * @param probabilities p(y|x), [N, K], each row adding to one; zeros add nothing
 * @param splits S, at most N; without, 10, or as many as have ten samples each where N < 100
 */
export const inceptionScore = (
  probabilities: Matrix,
  splits = Math.min(SPLITS, Math.max(1, Math.floor(probabilities.rows / FEWEST))),
): InceptionScore => {
  const { rows: n, columns: k, data } = probabilities;
  checkInteger("inceptionScore", "splits", splits, 1);
  if (n < splits) {
    throw new UsageError(
      `inceptionScore: needs at least one sample a split, ${splits}; got ${n}; draw more samples`,
    );
  }
  for (let i = 0; i < n; i++) {
    checkDistribution(
      "inceptionScore",
      `row ${i} of the probabilities`,
      data.subarray(i * k, (i + 1) * k),
      k,
    );
  }
  const scores = Float64Array.from({ length: splits }, (_, split) =>
    splitScore(probabilities, Math.floor((split * n) / splits), Math.floor(((split + 1) * n) / splits)),
  );
  return { ...meanAndDeviation(scores), scores, bound: Math.min(k, Math.ceil(n / splits)) };
};

const splitScore = ({ columns: k, data }: Matrix, from: number, to: number): number => {
  const marginal = new Float64Array(k);
  for (let i = from; i < to; i++) for (let c = 0; c < k; c++) marginal[c] += data[i * k + c] / (to - from);
  let divergence = 0;
  for (let i = from; i < to; i++) {
    for (let c = 0; c < k; c++) {
      const p = data[i * k + c];
      if (p > 0) divergence += p * Math.log(p / marginal[c]);
    }
  }
  return Math.exp(divergence / (to - from));
};
