/**
 * Reshape, broadcast and sum: three ops that are closed under differentiation. Repeating elements and adding them up are
 * each other's derivative, and a reshape brings the axes into place.
 */
import {
  broadcastShapes,
  broadcastStrides,
  copyStrided,
  formatShape,
  type Shape,
  sameShape,
  sizeOf,
  walk,
} from "../shapes.ts";
import { apply, defineOp, fail, normalizeAxes, type Op, requireFloat, type Tensor } from "../tensor.ts";
import { scalarValue } from "./leaves.ts";

type ShapeAttribute = { readonly shape: Shape };

export const reshapeOp: Op<ShapeAttribute> = defineOp({
  name: "reshape",
  shape: (inputs, { shape }) => {
    if (sizeOf(shape) !== sizeOf(inputs[0].shape)) {
      fail("reshape", `the new shape ${formatShape(shape)} must hold as many elements`, inputs);
    }
    return { shape, dtype: inputs[0].dtype };
  },
  derivative: (y, dy) => [reshape(dy, y.inputs[0].shape)],
  value: (_, [x]) => x,
  onnx: (y, [x], emitter) => emitter.node("Reshape", [x, emitter.shapeOf(y, "one")]),
});

/**
 * The same elements, in row-major order, in another shape. One axis may be −1: it takes what is left.
 *
 * @param x of any shape
 * @throws GraphError where the shape holds another number of elements
 */
export const reshape = (x: Tensor, shape: Shape): Tensor => {
  const open = shape.indexOf(-1);
  const known = sizeOf(shape.filter((n) => n !== -1));
  const full = open < 0 ? shape : shape.with(open, sizeOf(x.shape) / known);
  return sameShape(full, x.shape) ? x : apply(reshapeOp, [x], { shape: [...full] });
};

/**
 * All axes but the first in one: [N, …] → [N, K], in the order C, H, W for images.
 *
 * @param x of at least one axis
 */
export const flatten = (x: Tensor): Tensor => reshape(x, [x.shape[0], sizeOf(x.shape.slice(1))]);

/**
 * A new last axis of length 1: [...] → [..., 1].
 *
 * @param x of any shape
 */
export const expandLast = (x: Tensor): Tensor => reshape(x, [...x.shape, 1]);

export const broadcastOp: Op<ShapeAttribute> = defineOp({
  name: "broadcast_to",
  shape: (inputs, { shape }) => {
    const joint = broadcastShapes(inputs[0].shape, shape);
    if (joint === undefined || !sameShape(joint, shape)) {
      fail("broadcast_to", `the shape must broadcast to ${formatShape(shape)}`, inputs);
    }
    return { shape, dtype: inputs[0].dtype };
  },
  // each copy adds its derivative
  derivative: (y, dy) => [reduceTo(dy, y.inputs[0].shape)],
  value: (y, [x]) => copyStrided(x, y.shape, broadcastStrides(y.inputs[0].shape, y.shape)),
  onnx: (y, [x], emitter) => emitter.node("Expand", [x, emitter.shapeOf(y, "none")]),
});

/**
 * x repeated along its axes of length 1 and along new leading axes (NumPy's rule). Elementwise ops do this by themselves.
 *
 * @throws GraphError where x does not broadcast to the shape
 */
export const broadcastTo = (x: Tensor, shape: Shape): Tensor =>
  sameShape(x.shape, shape) ? x : apply(broadcastOp, [x], { shape: [...shape] });

/**
 * The transpose of `broadcastTo`: sums over the axes along which a tensor of `shape` was repeated to become like x. What
 * the derivative of an op that broadcasts its inputs ends with.
 */
export const reduceTo = (x: Tensor, shape: Shape): Tensor => {
  if (sameShape(x.shape, shape)) return x;
  const lead = x.shape.length - shape.length;
  const axes: number[] = [];
  for (let i = 0; i < x.shape.length; i++) {
    if (i < lead || (shape[i - lead] === 1 && x.shape[i] !== 1)) axes.push(i);
  }
  return reshape(sum(x, axes), shape);
};

/**
 * A tensor of one repeated value.
 *
 * @param shape that of the tensor; axes of at least 1
 */
export const fill = (shape: Shape, value: number): Tensor => broadcastTo(scalarValue(value), shape);

/** A tensor of one repeated value, with the shape of x. */
export const like = (x: Tensor, value: number): Tensor => fill(x.shape, value);

/**
 * A float32 tensor of zeros of the given shape.
 *
 * @param shape that of the tensor; axes of at least 1
 */
export const zeros = (shape: Shape): Tensor => fill(shape, 0);

/** Attributes of an op that reduces axes: sum, max. */
export type Reduction = { readonly axes: readonly number[]; readonly keepDims: boolean };

export const reducedShape = (
  op: string,
  inputs: readonly Tensor[],
  { axes, keepDims }: Reduction,
): number[] => {
  requireFloat(op, inputs);
  const { shape } = inputs[0];
  return keepDims
    ? shape.map((n, i) => (axes.includes(i) ? 1 : n))
    : shape.filter((_, i) => !axes.includes(i));
};

/** The elements of x along the reduced axes, combined one after the other from `start` on. */
export const reducedValue = (
  y: Tensor,
  x: Float64Array,
  { axes }: Reduction,
  start: number,
  combine: (a: number, b: number) => number,
): Float64Array => {
  const shape = y.inputs[0].shape;
  const kept = shape.map((n, i) => (axes.includes(i) ? 1 : n));
  const out = new Float64Array(sizeOf(y.shape)).fill(start);
  walk(shape, broadcastStrides(kept, shape), (flat, offset) => {
    out[offset] = combine(out[offset], x[flat]);
  });
  return out;
};

/** t, of the shape of a reduction's result y, with the reduced axes back as length 1. */
export const restoreAxes = (y: Tensor, t: Tensor, { axes }: Reduction): Tensor =>
  reshape(
    t,
    y.inputs[0].shape.map((n, i) => (axes.includes(i) ? 1 : n)),
  );

export const sumOp: Op<Reduction> = defineOp({
  name: "sum",
  shape: (inputs, attributes) => ({ shape: reducedShape("sum", inputs, attributes) }),
  // every summand takes dy
  derivative: (y, dy, attributes) => [broadcastTo(restoreAxes(y, dy, attributes), y.inputs[0].shape)],
  value: (y, [x], attributes) => reducedValue(y, x, attributes, 0, (a, b) => a + b),
  onnx: (_, [x], emitter, { axes, keepDims }) =>
    emitter.node("ReduceSum", [x, emitter.integers(axes)], { keepdims: keepDims ? 1 : 0 }),
});

/**
 * Sum over the given axes, by default all of them; negative ones count from the last. The axes disappear, or stay with
 * length 1 where `keepDims` is set: [2, 3] → [], `axes` 1: [2], with `keepDims`: [2, 1].
 *
 * @throws GraphError where x has no such axis, or an axis is given twice
 */
export const sum = (x: Tensor, axes?: number | readonly number[], keepDims = false): Tensor => {
  const list = normalizeAxes("sum", axes, x);
  if (list.length === 0) return x;
  return apply(sumOp, [x], { axes: list, keepDims });
};
