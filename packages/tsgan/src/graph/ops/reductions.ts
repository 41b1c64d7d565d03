/** Mean, variance and maximum along axes. `sum` stands with the ops that it is the derivative of. */
import { apply, defineOp, normalizeAxes, type Op, type Tensor } from "../tensor.ts";
import { div, mul, sub } from "./arithmetic.ts";
import { type Reduction, reducedShape, reducedValue, restoreAxes, sum } from "./broadcast.ts";
import { cast, equal } from "./choice.ts";

/**
 * Mean over the given axes (all of them by default), which disappear or stay with length 1, as for `sum`.
 *
 * @param x of any shape
 * @param keepDims whether the axes stay, with length 1
 */
export const mean = (x: Tensor, axes?: number | readonly number[], keepDims = false): Tensor => {
  const count = normalizeAxes("mean", axes, x).reduce((n, axis) => n * x.shape[axis], 1);
  return mul(sum(x, axes, keepDims), 1 / count);
};

/**
 * Variance over the given axes with divisor n (biased), as batch norm uses it: mean((x − mean x)²).
 *
 * @param keepDims whether the axes stay, with length 1
 */
export const variance = (x: Tensor, axes?: number | readonly number[], keepDims = false): Tensor => {
  const centred = sub(x, mean(x, axes, true));
  return mean(mul(centred, centred), axes, keepDims);
};

export const maxOp: Op<Reduction> = defineOp({
  name: "max",
  shape: (inputs, attributes) => ({ shape: reducedShape("max", inputs, attributes) }),
  // the largest takes dy; equal ones share it
  derivative: (y, dy, attributes) => {
    const [x] = y.inputs;
    const mask = cast(equal(x, restoreAxes(y, y, attributes)), "float32");
    const share = div(mask, sum(mask, attributes.axes, true));
    return [mul(share, restoreAxes(y, dy, attributes))];
  },
  value: (y, [x], attributes) => reducedValue(y, x, attributes, Number.NEGATIVE_INFINITY, Math.max),
  onnx: (_, [x], emitter, { axes, keepDims }) =>
    emitter.node("ReduceMax", [x], { axes, keepdims: keepDims ? 1 : 0 }),
});

/**
 * Largest element over the given axes (all of them by default). Equal largest elements share the derivative.
 *
 * @param x of any shape
 * @param keepDims whether the axes stay, with length 1
 */
export const max = (x: Tensor, axes?: number | readonly number[], keepDims = false): Tensor => {
  const list = normalizeAxes("max", axes, x);
  return list.length === 0 ? x : apply(maxOp, [x], { axes: list, keepDims });
};
