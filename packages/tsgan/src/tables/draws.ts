/** Drawing from counted things. */
import type { RandomStream } from "../random/index.ts";

/** Sums of weights up to each, of which `pick` takes one. */
export const cumulative = (weights: readonly number[]): Float64Array => {
  const sums = new Float64Array(weights.length);
  let sum = 0;
  weights.forEach((weight, i) => {
    sum += weight;
    sums[i] = sum;
  });
  return sums;
};

/** An index in proportion to the weights, by bisection. */
export const pick = (sums: Float64Array, random: RandomStream): number => {
  const at = random.uniform() * sums[sums.length - 1];
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sums[middle] > at) high = middle;
    else low = middle + 1;
  }
  return low;
};
