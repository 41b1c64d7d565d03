/** Logarithms and shares of sums of exponentials, shifted by the maximum so that nothing overflows. */
import { normalizeAxis, type Tensor } from "../tensor.ts";
import { add, div, sub } from "./arithmetic.ts";
import { reshape, sum } from "./broadcast.ts";
import { exp, log, stopGradient } from "./functions.ts";
import { max } from "./reductions.ts";

/**
 * log Σ eˣ along an axis (the last by default), which disappears or stays with length 1.
 *
 * @param x of any shape; the largest element is taken out first, so that nothing overflows
 * @param keepDims whether the axis stays, with length 1
 */
export const logSumExp = (x: Tensor, axis = -1, keepDims = false): Tensor => {
  const shift = stopGradient(max(x, axis, true));
  const result = add(log(sum(exp(sub(x, shift)), axis, true)), shift);
  return keepDims
    ? result
    : reshape(
        result,
        x.shape.filter((_, i) => i !== normalizeAxis("logsumexp", axis, x)),
      );
};

/** x − log Σ eˣ along an axis (the last by default), in the shape of x. */
export const logSoftmax = (x: Tensor, axis = -1): Tensor => sub(x, logSumExp(x, axis, true));

/** eˣ / Σ eˣ along an axis (the last by default), in the shape of x. */
export const softmax = (x: Tensor, axis = -1): Tensor => {
  const e = exp(sub(x, stopGradient(max(x, axis, true))));
  return div(e, sum(e, axis, true));
};
