import { add, mul, sub, type Tensor } from "../graph/index.ts";

/**
 * Exponential moving average d·average + (1 − d)·value, as value + d·(average − value).
 *
 * @param keep d in [0, 1], a scalar: the share of the old average
 */
export const movingAverage = (average: Tensor, value: Tensor, keep: Tensor): Tensor =>
  add(value, mul(sub(average, value), keep));
