/** Logarithms and shares of sums of exponentials, shifted by the maximum so that nothing overflows. */
import { sizeOf } from "../shapes.ts";
import { apply, defineOp, normalizeAxis, type Op, requireFloat, type Tensor } from "../tensor.ts";
import { add, mul, sub } from "./arithmetic.ts";
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

type Axis = { readonly axis: number };

export const softmaxOp: Op<Axis> = defineOp({
  name: "softmax",
  shape: (inputs) => {
    requireFloat("softmax", inputs);
    return { shape: inputs[0].shape };
  },
  // ds = s (dy − Σ dy s)
  derivative: (y, dy, { axis }) => [mul(y, sub(dy, sum(mul(dy, y), axis, true)))],
  value: (y, [x], { axis }) => {
    const length = y.shape[axis];
    const step = sizeOf(y.shape.slice(axis + 1));
    const out = new Float64Array(x.length);
    for (let i = 0; i < x.length; i++) {
      if (Math.floor(i / step) % length !== 0) continue;
      let most = Number.NEGATIVE_INFINITY;
      for (let k = 0; k < length; k++) most = Math.max(most, x[i + k * step]);
      let total = 0;
      for (let k = 0; k < length; k++) {
        out[i + k * step] = Math.exp(x[i + k * step] - most);
        total += out[i + k * step];
      }
      for (let k = 0; k < length; k++) out[i + k * step] /= total;
    }
    return out;
  },
  onnx: (_, inputs, emitter, { axis }) => emitter.node("Softmax", inputs, { axis }),
});

/** eˣ / Σ eˣ along an axis (the last by default), in the shape of x; shifted by the maximum, so that nothing overflows. */
export const softmax = (x: Tensor, axis = -1): Tensor =>
  apply(softmaxOp, [x], { axis: normalizeAxis("softmax", axis, x) });
