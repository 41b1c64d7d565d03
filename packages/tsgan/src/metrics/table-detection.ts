/** How well a classifier tells synthetic rows from real ones, as SDMetrics' `LogisticDetection` has it. */
import { randomStream } from "../random/index.ts";
import { ranks } from "../statistics/index.ts";
import type { Frame } from "../tables/index.ts";
import type { MinimiseOptions } from "./lbfgs.ts";
import { logisticRegression } from "./linear-models.ts";
import { encoderOf, joined, rowsOfDesign } from "./table-design.ts";

/** Area under the ROC curve: the share of pairs in which the positive has the higher score, ties counting half. */
export const rocAuc = (scores: Float64Array, positive: (row: number) => boolean): number => {
  const placed = ranks([...scores]);
  let [sum, count] = [0, 0];
  for (let row = 0; row < scores.length; row++) {
    if (!positive(row)) continue;
    sum += placed[row];
    count++;
  }
  return (sum - (count * (count + 1)) / 2) / (count * (scores.length - count));
};

const FOLDS = 3;

/**
 * The fold that each of so many real and synthetic rows is tested in: a third of either in each.
 *
 * @param seed that of the two orders in which rows are dealt out
 */
export const detectionFolds = (real: number, synthetic: number, seed: number): Uint8Array => {
  const out = new Uint8Array(real + synthetic);
  randomStream(seed, "detection/real")
    .permutation(real)
    .forEach((row, i) => {
      out[row] = i % FOLDS;
    });
  randomStream(seed, "detection/synthetic")
    .permutation(synthetic)
    .forEach((row, i) => {
      out[real + row] = i % FOLDS;
    });
  return out;
};

export interface Detection {
  /** SDMetrics' score: 1 − mean over folds of (2 max(½, AUC) − 1); 1 where the two cannot be told apart, 0 where they always are. */
  readonly score: number;
  /** Mean area under the ROC curve. */
  readonly auc: number;
}

/**
 * Logistic regression on the columns, fitted to two thirds of the rows and tested on the last, three times.
 *
 * @param synthetic rows of the same columns
 * @param folds the fold in which each row is tested, real ones first
 */
export const logisticDetection = (
  real: Frame,
  synthetic: Frame,
  folds: Uint8Array,
  options: MinimiseOptions = {},
): Detection => {
  const encode = encoderOf(real);
  const all = joined(encode(real), encode(synthetic));
  const isReal = (row: number): boolean => row < real.rows;
  const aucs = Array.from({ length: FOLDS }, (_, fold) => {
    const rows = Uint32Array.from({ length: all.rows }, (__, row) => row);
    const [learnt, tested] = [
      rows.filter((row) => folds[row] !== fold),
      rows.filter((row) => folds[row] === fold),
    ];
    const classes = Int32Array.from(learnt, (row) => Number(isReal(row)));
    const [scores] = logisticRegression(
      rowsOfDesign(all, learnt),
      classes,
      2,
      options,
    )(rowsOfDesign(all, tested));
    return rocAuc(scores, (i) => isReal(tested[i]));
  });
  const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value / FOLDS, 0);
  return { auc: meanOf(aucs), score: 1 - meanOf(aucs.map((auc) => 2 * Math.max(0.5, auc) - 1)) };
};
