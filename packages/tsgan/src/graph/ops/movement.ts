/** Ops that move elements: transpose, slice, pad, flip, concatenate. */
import { copyStrided, formatShape, inverseOrder, sameShape, sizeOf, stridesOf, walk } from "../shapes.ts";
import {
  apply,
  defineOp,
  fail,
  normalizeAxes,
  normalizeAxis,
  type Op,
  requireFloat,
  type Tensor,
} from "../tensor.ts";

type Order = { readonly order: readonly number[] };

export const transposeOp: Op<Order> = defineOp({
  name: "transpose",
  shape: (inputs, { order }) => {
    const [x] = inputs;
    if (
      !sameShape(
        [...order].sort((a, b) => a - b),
        x.shape.map((_, i) => i),
      )
    ) {
      fail("transpose", `the order ${formatShape(order)} must name each axis once`, inputs);
    }
    return { shape: order.map((axis) => x.shape[axis]), dtype: x.dtype };
  },
  derivative: (_, dy, { order }) => [transpose(dy, inverseOrder(order))],
  value: (y, [x], { order }) => {
    const strides = stridesOf(y.inputs[0].shape);
    return copyStrided(
      x,
      y.shape,
      order.map((axis) => strides[axis]),
    );
  },
  onnx: (_, inputs, emitter, { order }) => emitter.node("Transpose", inputs, { perm: order }),
});

/**
 * Axis i of the result is axis `order[i]` of x. Without an order, the last two axes change places: Xᵀ of a matrix.
 *
 * @throws GraphError where the order does not name each axis once
 */
export const transpose = (x: Tensor, order?: readonly number[]): Tensor => {
  const rank = x.shape.length;
  if (order === undefined) {
    if (rank < 2) fail("transpose", "at least two axes are needed", [x]);
    order = [...Array.from({ length: rank - 2 }, (_, i) => i), rank - 1, rank - 2];
  }
  if (order.every((axis, i) => axis === i) && order.length === rank) return x;
  return apply(transposeOp, [x], { order: [...order] });
};

type Range = { readonly begin: readonly number[]; readonly end: readonly number[] };

/** What ONNX takes for "to the end", whatever the length: the batch may be of another size than here. */
const TO_THE_END = 2 ** 31 - 1;

export const sliceOp: Op<Range> = defineOp({
  name: "slice",
  shape: (inputs, { begin, end }) => {
    const [x] = inputs;
    const fits =
      begin.length === x.shape.length &&
      end.length === x.shape.length &&
      x.shape.every((n, i) => begin[i] >= 0 && begin[i] < end[i] && end[i] <= n);
    if (!fits) fail("slice", `the range ${formatShape(begin)} … ${formatShape(end)} must lie inside`, inputs);
    return { shape: begin.map((b, i) => end[i] - b), dtype: x.dtype };
  },
  // zero outside the slice
  derivative: (y, dy, { begin, end }) => [
    pad(
      dy,
      begin,
      y.inputs[0].shape.map((n, i) => n - end[i]),
    ),
  ],
  value: (y, [x], { begin }) => {
    const strides = stridesOf(y.inputs[0].shape);
    return copyStrided(
      x,
      y.shape,
      strides,
      begin.reduce((sum, b, i) => sum + b * strides[i], 0),
    );
  },
  onnx: (y, [x], emitter, { begin, end }) => {
    const axes = begin.map((_, i) => i).filter((i) => y.shape[i] !== y.inputs[0].shape[i]);
    return emitter.node("Slice", [
      x,
      emitter.integers(axes.map((i) => begin[i])),
      emitter.integers(axes.map((i) => (end[i] === y.inputs[0].shape[i] ? TO_THE_END : end[i]))),
      emitter.integers(axes),
    ]);
  },
});

/**
 * The elements from `begin` (inclusive) to `end` (exclusive), one number an axis.
 *
 * @throws GraphError where the range is empty or reaches outside x
 */
export const slice = (x: Tensor, begin: readonly number[], end: readonly number[]): Tensor =>
  apply(sliceOp, [x], { begin: [...begin], end: [...end] });

/**
 * The elements from `begin` to `end` along one axis; a negative axis counts from the last.
 *
 * @param x of any shape
 */
export const sliceAxis = (x: Tensor, axis: number, begin: number, end: number): Tensor => {
  const at = normalizeAxis("slice", axis, x);
  return slice(
    x,
    x.shape.map((_, i) => (i === at ? begin : 0)),
    x.shape.with(at, end),
  );
};

type Padding = {
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly value: number;
};

export const padOp: Op<Padding> = defineOp({
  name: "pad",
  shape: (inputs, { before, after }) => {
    requireFloat("pad", inputs);
    const [x] = inputs;
    const fits = [before, after].every(
      (p) => p.length === x.shape.length && p.every((n) => Number.isInteger(n) && n >= 0),
    );
    if (!fits) fail("pad", "one non-negative width is needed for each side of each axis", inputs);
    return { shape: x.shape.map((n, i) => before[i] + n + after[i]) };
  },
  derivative: (y, dy, { before }) => [
    slice(
      dy,
      before,
      before.map((b, i) => b + y.inputs[0].shape[i]),
    ),
  ],
  value: (y, [x], { before, value }) => {
    const out = new Float64Array(sizeOf(y.shape)).fill(value);
    const strides = stridesOf(y.shape);
    const start = before.reduce((sum, b, i) => sum + b * strides[i], 0);
    walk(y.inputs[0].shape, strides, (flat, offset) => {
      out[start + offset] = x[flat];
    });
    return out;
  },
  onnx: (_, [x], emitter, { before, after, value }) =>
    emitter.node("Pad", [x, emitter.integers([...before, ...after]), emitter.scalar(value)]),
});

/** x inside a frame of a constant value: `before[i]` and `after[i]` elements of it along axis i. */
export const pad = (x: Tensor, before: readonly number[], after: readonly number[], value = 0): Tensor =>
  apply(padOp, [x], { before: [...before], after: [...after], value });

type Axes = { readonly axes: readonly number[] };

export const flipOp: Op<Axes> = defineOp({
  name: "flip",
  shape: ([x]) => ({ shape: x.shape, dtype: x.dtype }),
  derivative: (_, dy, { axes }) => [flip(dy, axes)],
  value: (y, [x], { axes }) => {
    const strides = stridesOf(y.shape);
    const start = axes.reduce((sum, axis) => sum + (y.shape[axis] - 1) * strides[axis], 0);
    return copyStrided(
      x,
      y.shape,
      strides.map((s, i) => (axes.includes(i) ? -s : s)),
      start,
    );
  },
  onnx: (_, [x], emitter, { axes }) =>
    emitter.node("Slice", [
      x,
      emitter.integers(axes.map(() => -1)),
      emitter.integers(axes.map(() => -(2 ** 31))),
      emitter.integers(axes),
      emitter.integers(axes.map(() => -1)),
    ]),
});

/** x with the order of the elements along the given axes turned round. */
export const flip = (x: Tensor, axes: number | readonly number[]): Tensor =>
  apply(flipOp, [x], { axes: normalizeAxes("flip", axes, x) });

type Axis = { readonly axis: number };

export const concatOp: Op<Axis> = defineOp({
  name: "concat",
  shape: (inputs, { axis }) => {
    const [first] = inputs;
    const fits = inputs.every(
      (t) =>
        t.dtype === first.dtype &&
        t.shape.length === first.shape.length &&
        sameShape(t.shape.with(axis, 1), first.shape.with(axis, 1)),
    );
    if (!fits) fail("concat", `shapes must agree but along axis ${axis}`, inputs);
    return {
      shape: first.shape.with(
        axis,
        inputs.reduce((n, t) => n + t.shape[axis], 0),
      ),
      dtype: first.dtype,
    };
  },
  // each input takes its piece
  derivative: (y, dy, { axis }) => {
    let start = 0;
    return y.inputs.map((t) => {
      const begin = start;
      start += t.shape[axis];
      return sliceAxis(dy, axis, begin, start);
    });
  },
  value: (y, inputs, { axis }) => {
    const out = new Float64Array(sizeOf(y.shape));
    const strides = stridesOf(y.shape);
    let start = 0;
    inputs.forEach((values, i) => {
      walk(y.inputs[i].shape, strides, (flat, offset) => {
        out[start * strides[axis] + offset] = values[flat];
      });
      start += y.inputs[i].shape[axis];
    });
    return out;
  },
  onnx: (_, inputs, emitter, { axis }) => emitter.node("Concat", inputs, { axis }),
});

/**
 * Tensors one after the other along an axis; their other axes must agree.
 *
 * @param inputs at least one, of one type
 * @throws GraphError where they do not, or no tensor is given
 */
export const concat = (inputs: readonly Tensor[], axis: number): Tensor => {
  if (inputs.length === 0) return fail("concat", "at least one tensor is needed", inputs);
  return apply(concatOp, inputs, { axis: normalizeAxis("concat", axis, inputs[0]) });
};

/**
 * Pads H and W of an NCHW image by mirroring, without repeating the border: [N, C, H, W] → [N, C, H + 2w, W + 2w].
 *
 * @param x [N, C, H, W]
 * @throws GraphError where the width reaches a side
 */
export const reflectPad2d = (x: Tensor, width: number): Tensor => {
  const mirror = (t: Tensor, axis: number): Tensor => {
    const n = t.shape[axis];
    if (width >= n) fail("reflect_pad", `the padding ${width} must be below the side`, [x]);
    const head = flip(sliceAxis(t, axis, 1, width + 1), axis);
    const tail = flip(sliceAxis(t, axis, n - 1 - width, n - 1), axis);
    return concat([head, t, tail], axis);
  };
  return width === 0 ? x : mirror(mirror(x, 2), 3);
};
