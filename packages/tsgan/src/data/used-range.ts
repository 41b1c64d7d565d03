/** The range that values use, from a histogram of them. */

/** The darkest and the brightest share of all values says nothing of the range that is used. */
const EXTREME = 0.001;

/** The first and the last bin that count, but for the extremes. */
export const usedRange = (histogram: Float64Array): readonly [first: number, last: number] => {
  const all = histogram.reduce((sum, count) => sum + count, 0);
  const reach = (bins: readonly number[]): number => {
    let sum = 0;
    for (const bin of bins) {
      sum += histogram[bin];
      if (sum > EXTREME * all) return bin;
    }
    return bins[0];
  };
  const bins = [...histogram.keys()];
  return [reach(bins), reach([...bins].reverse())];
};
