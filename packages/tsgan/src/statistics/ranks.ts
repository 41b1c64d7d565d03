/** Rank correlation. */

/** Ranks from 1; equal values share the mean of theirs. */
export const ranks = (values: readonly number[]): number[] => {
  const order = values.map((_, i) => i).sort((a, b) => values[a] - values[b]);
  const out = new Array<number>(values.length);
  for (let from = 0; from < order.length; ) {
    let end = from + 1;
    while (end < order.length && values[order[end]] === values[order[from]]) end++;
    for (let k = from; k < end; k++) out[order[k]] = (from + 1 + end) / 2;
    from = end;
  }
  return out;
};

/**
 * Spearman's ρ, in [−1, 1]: the correlation of the ranks. Null when all values of one side are equal.
 *
 * @param x as long as `y`
 */
export const rankCorrelation = (x: readonly number[], y: readonly number[]): number | null => {
  const [a, b] = [ranks(x), ranks(y)];
  const middle = (x.length + 1) / 2;
  let [covariance, spreadA, spreadB] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    covariance += (a[i] - middle) * (b[i] - middle);
    spreadA += (a[i] - middle) ** 2;
    spreadB += (b[i] - middle) ** 2;
  }
  return spreadA * spreadB === 0 ? null : covariance / Math.sqrt(spreadA * spreadB);
};
