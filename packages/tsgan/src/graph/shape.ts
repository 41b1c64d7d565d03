/** Data movement and reductions. */

import { fill } from "./constant.ts";
import { add, cast, div, equal, exp, log, mul, sqrt, square, stopGradient, sub } from "./elementwise.ts";
import {
  apply,
  type BatchLastForm,
  broadcastShapes,
  broadcastStrides,
  fail,
  formatShape,
  type NoAttributes,
  normalizeAxes,
  normalizeAxis,
  type Op,
  rotated,
  type Shape,
  sameShape,
  sizeOf,
  type Tensor,
  walk,
} from "./tensor.ts";

const stridesOf = (shape: Shape): number[] => {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = stride;
    stride *= shape[i];
  }
  return strides;
};

/** Copies x, addressed by `strides` from `start`, into a row-major array of `shape`. */
const gatherStrided = (
  x: Float64Array,
  shape: Shape,
  strides: readonly number[],
  start = 0,
): Float64Array => {
  const out = new Float64Array(sizeOf(shape));
  walk(shape, strides, (flat, offset) => {
    out[flat] = x[start + offset];
  });
  return out;
};

// ---------------------------------------------------------------- reshape

type ShapeAttribute = { readonly shape: Shape };

/** A scalar's graph, computed as a vector of one element from the start: a reshape costs as much as any other node. */
const scalarAsVector = (x: Tensor): Tensor | undefined => {
  const elementwise =
    x.op.permute !== undefined && x.inputs.length > 0 && x.inputs.every((t) => t.shape.length === 0);
  if (elementwise && x.op.name !== "broadcast_to") {
    const inputs = x.inputs.map((t) => (t.op.name === "constant" ? t : reshape(t, [1])));
    return inputs.every((t) => t.shape.length === 0) ? undefined : apply(x.op, inputs, x.attributes);
  }
  if (x.op.name !== "sum") return undefined;
  const [terms] = x.inputs;
  const rank = terms.shape.length;
  if (rank === 1) return sum(terms, 0, true);
  return terms.shape[rank - 1] === 1
    ? sum(
        terms,
        Array.from({ length: rank - 1 }, (_, i) => i),
      )
    : undefined;
};

const reshapeOp: Op<ShapeAttribute> = {
  name: "reshape",
  shape: (inputs, { shape }) => {
    if (sizeOf(shape) !== sizeOf(inputs[0].shape)) {
      fail("reshape", `the new shape ${formatShape(shape)} must hold as many elements`, inputs);
    }
    return { shape, dtype: inputs[0].dtype };
  },
  gradient: (y, dy) => [reshape(dy, y.inputs[0].shape)],
  evaluate: (_, [x]) => x,
  onnx: (y, [x], emitter) => emitter.node("Reshape", [x, emitter.shapeOf(y, "one")]),
  simplify: (y) => {
    const [x] = y.inputs;
    if (sameShape(x.shape, y.shape)) return x;
    if (x.op.name === "reshape") return apply(reshapeOp, x.inputs, { shape: y.shape });
    return x.shape.length === 0 && y.shape.length === 1 ? scalarAsVector(x) : undefined;
  },
  batchLast: {
    when: "follow",
    layout: (y) => (y.shape.length >= 2 && y.shape[0] === y.inputs[0].shape[0] ? "last" : undefined),
    lower: (y, operands) => reshape(operands.last(0), rotated(y.shape)),
  },
};

/** The same elements in another shape. One axis may be −1: it takes what is left. */
export const reshape = (x: Tensor, shape: Shape): Tensor => {
  const open = shape.indexOf(-1);
  const known = sizeOf(shape.filter((n) => n !== -1));
  const full = open < 0 ? shape : shape.with(open, sizeOf(x.shape) / known);
  return sameShape(full, x.shape) ? x : apply(reshapeOp, [x], { shape: [...full] });
};

/** All axes but the first in one: [N, …] → [N, K], in the order C, H, W for images. */
export const flatten = (x: Tensor): Tensor => reshape(x, [x.shape[0], sizeOf(x.shape.slice(1))]);

/** A new last axis of length 1. */
export const expandLast = (x: Tensor): Tensor => reshape(x, [...x.shape, 1]);

// ---------------------------------------------------------------- transpose

type Order = { readonly order: readonly number[] };

const inverse = (order: readonly number[]): number[] => {
  const result = new Array<number>(order.length);
  for (let i = 0; i < order.length; i++) result[order[i]] = i;
  return result;
};

const transposeOp: Op<Order> = {
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
  gradient: (_, dy, { order }) => [transpose(dy, inverse(order))],
  evaluate: (y, [x], { order }) => {
    const strides = stridesOf(y.inputs[0].shape);
    return gatherStrided(
      x,
      y.shape,
      order.map((axis) => strides[axis]),
    );
  },
  onnx: (_, inputs, emitter, { order }) => emitter.node("Transpose", inputs, { perm: order }),
  simplify: (y, { order }) => {
    const [x] = y.inputs;
    if (order.every((axis, i) => axis === i)) return x;
    if (x.op.name === "transpose") {
      const first = x.attributes.order as readonly number[];
      return transpose(
        x.inputs[0],
        order.map((axis) => first[axis]),
      );
    }
    // Moving axes of length 1 only is a reshape, which costs nothing.
    const long = order.filter((axis) => x.shape[axis] !== 1);
    return long.every((axis, i) => i === 0 || long[i - 1] < axis) ? reshape(x, y.shape) : undefined;
  },
};

/** Axis i of the result is axis `order[i]` of x. Without an order, the last two axes change places. */
export const transpose = (x: Tensor, order?: readonly number[]): Tensor => {
  const rank = x.shape.length;
  if (order === undefined) {
    if (rank < 2) fail("transpose", "at least two axes are needed", [x]);
    order = [...Array.from({ length: rank - 2 }, (_, i) => i), rank - 1, rank - 2];
  }
  if (order.every((axis, i) => axis === i) && order.length === rank) return x;
  return apply(transposeOp, [x], { order: [...order] });
};

// ---------------------------------------------------------------- broadcast

const broadcastOp: Op<ShapeAttribute> = {
  name: "broadcast_to",
  shape: (inputs, { shape }) => {
    const joint = broadcastShapes(inputs[0].shape, shape);
    if (joint === undefined || !sameShape(joint, shape)) {
      fail("broadcast_to", `the shape must broadcast to ${formatShape(shape)}`, inputs);
    }
    return { shape, dtype: inputs[0].dtype };
  },
  // each copy adds its derivative
  gradient: (y, dy) => [reduceTo(dy, y.inputs[0].shape)],
  evaluate: (y, [x]) => gatherStrided(x, y.shape, broadcastStrides(y.inputs[0].shape, y.shape)),
  onnx: (y, [x], emitter) => emitter.node("Expand", [x, emitter.shapeOf(y, "none")]),
  simplify: (y) => {
    const [x] = y.inputs;
    if (sameShape(x.shape, y.shape)) return x;
    return x.op.name === "broadcast_to" ? apply(broadcastOp, x.inputs, { shape: y.shape }) : undefined;
  },
  permute: ({ shape }, order) => ({ shape: order.map((axis) => shape[axis]) }),
};

/** x repeated along its axes of length 1 and along new leading axes (NumPy's rule). */
export const broadcastTo = (x: Tensor, shape: Shape): Tensor =>
  sameShape(x.shape, shape) ? x : apply(broadcastOp, [x], { shape: [...shape] });

/** The transpose of `broadcastTo`: sums over the axes along which a tensor of `shape` was repeated. */
export const reduceTo = (x: Tensor, shape: Shape): Tensor => {
  if (sameShape(x.shape, shape)) return x;
  const lead = x.shape.length - shape.length;
  const axes: number[] = [];
  for (let i = 0; i < x.shape.length; i++) {
    if (i < lead || (shape[i - lead] === 1 && x.shape[i] !== 1)) axes.push(i);
  }
  return reshape(sum(x, axes), shape);
};

// ---------------------------------------------------------------- slice, pad, flip, concat

type Range = { readonly begin: readonly number[]; readonly end: readonly number[] };

/** What ONNX takes for "to the end", whatever the length: the batch may be of another size than here. */
const TO_THE_END = 2 ** 31 - 1;

const sliceOp: Op<Range> = {
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
  gradient: (y, dy, { begin, end }) => [
    pad(
      dy,
      begin,
      y.inputs[0].shape.map((n, i) => n - end[i]),
    ),
  ],
  evaluate: (y, [x], { begin }) => {
    const strides = stridesOf(y.inputs[0].shape);
    return gatherStrided(
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
  simplify: (y, { begin, end }) => {
    const [x] = y.inputs;
    if (sameShape(x.shape, y.shape)) return x;
    if (x.op.name !== "concat") return undefined;
    // A slice of one piece of a concatenation is a slice of that piece.
    const axis = x.attributes.axis as number;
    let start = 0;
    for (const piece of x.inputs) {
      const stop = start + piece.shape[axis];
      if (begin[axis] >= start && end[axis] <= stop) {
        return slice(piece, begin.with(axis, begin[axis] - start), end.with(axis, end[axis] - start));
      }
      start = stop;
    }
    return undefined;
  },
  permute: ({ begin, end }, order) => ({
    begin: order.map((axis) => begin[axis]),
    end: order.map((axis) => end[axis]),
  }),
};

/** The elements from `begin` (inclusive) to `end` (exclusive), one number an axis. */
export const slice = (x: Tensor, begin: readonly number[], end: readonly number[]): Tensor =>
  apply(sliceOp, [x], { begin: [...begin], end: [...end] });

/** The elements from `begin` to `end` along one axis. */
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

const padOp: Op<Padding> = {
  name: "pad",
  shape: (inputs, { before, after }) => {
    const [x] = inputs;
    const fits = [before, after].every(
      (p) => p.length === x.shape.length && p.every((n) => Number.isInteger(n) && n >= 0),
    );
    if (!fits) fail("pad", "one non-negative width is needed for each side of each axis", inputs);
    return { shape: x.shape.map((n, i) => before[i] + n + after[i]) };
  },
  gradient: (y, dy, { before }) => [
    slice(
      dy,
      before,
      before.map((b, i) => b + y.inputs[0].shape[i]),
    ),
  ],
  evaluate: (y, [x], { before, value }) => {
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
  simplify: (y) => (sameShape(y.shape, y.inputs[0].shape) ? y.inputs[0] : undefined),
  permute: ({ before, after, value }, order) => ({
    before: order.map((axis) => before[axis]),
    after: order.map((axis) => after[axis]),
    value,
  }),
};

/** x inside a frame of a constant value. */
export const pad = (x: Tensor, before: readonly number[], after: readonly number[], value = 0): Tensor =>
  apply(padOp, [x], { before: [...before], after: [...after], value });

type Axes = { readonly axes: readonly number[] };

const permuteAxes = (axes: readonly number[], order: readonly number[]): number[] => {
  const position = inverse(order);
  return axes.map((axis) => position[axis]).sort((a, b) => a - b);
};

const flipOp: Op<Axes> = {
  name: "flip",
  shape: ([x]) => ({ shape: x.shape, dtype: x.dtype }),
  gradient: (_, dy, { axes }) => [flip(dy, axes)],
  evaluate: (y, [x], { axes }) => {
    const strides = stridesOf(y.shape);
    const start = axes.reduce((sum, axis) => sum + (y.shape[axis] - 1) * strides[axis], 0);
    return gatherStrided(
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
  permute: ({ axes }, order) => ({ axes: permuteAxes(axes, order) }),
};

/** x with the order of the elements along the given axes turned round. */
export const flip = (x: Tensor, axes: number | readonly number[]): Tensor =>
  apply(flipOp, [x], { axes: normalizeAxes("flip", axes, x) });

type Axis = { readonly axis: number };

const concatOp: Op<Axis> = {
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
  gradient: (y, dy, { axis }) => {
    let start = 0;
    return y.inputs.map((t) => {
      const begin = start;
      start += t.shape[axis];
      return sliceAxis(dy, axis, begin, start);
    });
  },
  evaluate: (y, inputs, { axis }) => {
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
  simplify: (y) => (y.inputs.length === 1 ? y.inputs[0] : undefined),
  permute: ({ axis }, order) => ({ axis: order.indexOf(axis) }),
};

export const concat = (inputs: readonly Tensor[], axis: number): Tensor => {
  if (inputs.length === 0) return fail("concat", "at least one tensor is needed", inputs);
  return apply(concatOp, inputs, { axis: normalizeAxis("concat", axis, inputs[0]) });
};

/** Pads H and W of an NCHW image by mirroring, without repeating the border. */
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

// ---------------------------------------------------------------- gather

const gatherOp: Op<NoAttributes> = {
  name: "gather",
  shape: (inputs) => {
    const [table, indices] = inputs;
    if (indices.dtype !== "int32") fail("gather", "indices must be int32", inputs);
    return { shape: [...indices.shape, ...table.shape.slice(1)], dtype: table.dtype };
  },
  // rows of the table collect the derivatives of their copies
  gradient: (y, dy) => [scatterAdd(dy, y.inputs[1], y.inputs[0].shape), undefined],
  evaluate: (y, [table, indices]) => {
    const row = sizeOf(y.inputs[0].shape.slice(1));
    const out = new Float64Array(indices.length * row);
    indices.forEach((at, i) => {
      out.set(table.subarray(at * row, (at + 1) * row), i * row);
    });
    return out;
  },
  onnx: (_, inputs, emitter) => emitter.node("Gather", inputs, { axis: 0 }),
};

/** Rows of `table` by int32 index: [V, …] and [I…] → [I…, …]. An embedding is a gather. */
export const gather = (table: Tensor, indices: Tensor): Tensor => apply(gatherOp, [table, indices], {});

const scatterAddOp: Op<ShapeAttribute> = {
  name: "scatter_add",
  shape: (_, { shape }) => ({ shape }),
  gradient: (y, dy) => [gather(dy, y.inputs[1]), undefined],
  evaluate: (y, [rows, indices]) => {
    const out = new Float64Array(sizeOf(y.shape));
    const row = sizeOf(y.shape.slice(1));
    indices.forEach((at, i) => {
      for (let j = 0; j < row; j++) out[at * row + j] += rows[i * row + j];
    });
    return out;
  },
  onnx: (y, [rows, indices], emitter) => {
    const count = sizeOf(y.inputs[1].shape);
    const zeros = emitter.constant(new Float32Array(sizeOf(y.shape)), y.shape, "float32");
    const column = emitter.node("Reshape", [
      emitter.node("Cast", [indices], { to: 7 }),
      emitter.integers([count, 1]),
    ]);
    const flat = emitter.node("Reshape", [rows, emitter.integers([count, ...y.shape.slice(1)])]);
    return emitter.node("ScatterND", [zeros, column, flat], { reduction: "add" });
  },
};

/** Adds each row of `rows` to the row of a zero tensor of `shape` that its index names. The transpose of `gather`. */
const scatterAdd = (rows: Tensor, indices: Tensor, shape: Shape): Tensor =>
  apply(scatterAddOp, [rows, indices], { shape });

// ---------------------------------------------------------------- reductions

type Reduction = { readonly axes: readonly number[]; readonly keepDims: boolean };

const reducedShape = (x: Tensor, { axes, keepDims }: Reduction): number[] =>
  keepDims ? x.shape.map((n, i) => (axes.includes(i) ? 1 : n)) : x.shape.filter((_, i) => !axes.includes(i));

const evaluateReduction = (
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

/** dy with the reduced axes back, as length 1. */
const restoreAxes = (y: Tensor, t: Tensor, { axes }: Reduction): Tensor =>
  reshape(
    t,
    y.inputs[0].shape.map((n, i) => (axes.includes(i) ? 1 : n)),
  );

/** Reduces the stored axes, then drops them; where the batch axis stays, so does the layout. */
const reductionBatchLast = (op: () => Op<Reduction>): BatchLastForm<Reduction> => ({
  when: "follow",
  layout: (y, { axes, keepDims }) =>
    keepDims || (!axes.includes(0) && y.shape.length >= 2) ? "last" : "plain",
  lower: (y, operands, { axes, keepDims }) => {
    const x = operands.last(0);
    const rank = x.shape.length;
    const stored = axes.map((axis) => (axis + rank - 1) % rank).sort((a, b) => a - b);
    const kept = apply(op(), [x], { axes: stored, keepDims: true });
    const last = keepDims || (!axes.includes(0) && y.shape.length >= 2);
    return reshape(kept, last ? rotated(y.shape) : y.shape);
  },
});

/**
 * Column sums of a matrix, [N, M] → [M]. ONNX Runtime's CPU reduces the first of two axes five times slower than it
 * multiplies by a row of ones. Only made just before emission, from a sum.
 */
const columnSumsOp: Op<NoAttributes> = {
  name: "column_sums",
  shape: ([x]) => ({ shape: [x.shape[1]] }),
  gradient: (y, dy) => [broadcastTo(dy, y.inputs[0].shape)],
  evaluate: (y, [x]) => {
    const total = sum(y.inputs[0], 0);
    return total.op.evaluate(total, [x], total.attributes);
  },
  onnx: (y, [x], emitter) => {
    const rows = y.inputs[0].shape[0];
    return emitter.node("MatMul", [emitter.constant(new Float32Array(rows).fill(1), [rows], "float32"), x]);
  },
};

const sumOp: Op<Reduction> = {
  name: "sum",
  shape: ([x], attributes) => ({ shape: reducedShape(x, attributes) }),
  // every summand takes dy
  gradient: (y, dy, attributes) => [broadcastTo(restoreAxes(y, dy, attributes), y.inputs[0].shape)],
  evaluate: (y, [x], attributes) => evaluateReduction(y, x, attributes, 0, (a, b) => a + b),
  onnx: (_, [x], emitter, { axes, keepDims }) =>
    emitter.node("ReduceSum", [x, emitter.integers(axes)], { keepdims: keepDims ? 1 : 0 }),
  simplify: (y, { axes, keepDims }) => {
    const [x] = y.inputs;
    if (axes.every((axis) => x.shape[axis] === 1)) return reshape(x, y.shape);
    // sum(c u) = c sum(u)
    if (x.op.name === "multiply" && x.inputs[1].op.name === "constant" && x.inputs[1].shape.length === 0) {
      return mul(apply(sumOp, [x.inputs[0]], { axes, keepDims }), x.inputs[1]);
    }
    return undefined;
  },
  onCpu: (y, { axes }) => {
    const [x] = y.inputs;
    if (x.shape.length !== 2 || axes.length !== 1 || axes[0] !== 0) return undefined;
    return reshape(apply(columnSumsOp, [x], {}), y.shape);
  },
  batchLast: reductionBatchLast(() => sumOp),
};

/** Sum over the given axes (all of them by default). */
export const sum = (x: Tensor, axes?: number | readonly number[], keepDims = false): Tensor => {
  const list = normalizeAxes("sum", axes, x);
  if (list.length === 0) return x;
  return apply(sumOp, [x], { axes: list, keepDims });
};

/** Mean over the given axes (all of them by default). */
export const mean = (x: Tensor, axes?: number | readonly number[], keepDims = false): Tensor => {
  const count = normalizeAxes("mean", axes, x).reduce((n, axis) => n * x.shape[axis], 1);
  return mul(sum(x, axes, keepDims), 1 / count);
};

/** Variance over the given axes with divisor n (biased), as batch norm uses it. */
export const variance = (x: Tensor, axes?: number | readonly number[], keepDims = false): Tensor => {
  const centred = sub(x, mean(x, axes, true));
  return mean(mul(centred, centred), axes, keepDims);
};

const maxOp: Op<Reduction> = {
  name: "max",
  shape: ([x], attributes) => ({ shape: reducedShape(x, attributes) }),
  // the largest takes dy; equal ones share it
  gradient: (y, dy, attributes) => {
    const [x] = y.inputs;
    const mask = cast(equal(x, restoreAxes(y, y, attributes)), "float32");
    const share = div(mask, sum(mask, attributes.axes, true));
    return [mul(share, restoreAxes(y, dy, attributes))];
  },
  evaluate: (y, [x], attributes) => evaluateReduction(y, x, attributes, Number.NEGATIVE_INFINITY, Math.max),
  onnx: (_, [x], emitter, { axes, keepDims }) =>
    emitter.node("ReduceMax", [x], { axes, keepdims: keepDims ? 1 : 0 }),
  batchLast: reductionBatchLast(() => maxOp),
};

/** Largest element over the given axes (all of them by default). Equal largest elements share the derivative. */
export const max = (x: Tensor, axes?: number | readonly number[], keepDims = false): Tensor => {
  const list = normalizeAxes("max", axes, x);
  return list.length === 0 ? x : apply(maxOp, [x], { axes: list, keepDims });
};

/** log Σ eˣ along an axis, shifted by the maximum so that nothing overflows. */
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

/** x − log Σ eˣ along an axis. */
export const logSoftmax = (x: Tensor, axis = -1): Tensor => sub(x, logSumExp(x, axis, true));

/** eˣ / Σ eˣ along an axis. */
export const softmax = (x: Tensor, axis = -1): Tensor => {
  const e = exp(sub(x, stopGradient(max(x, axis, true))));
  return div(e, sum(e, axis, true));
};

/** Euclidean norm of each example over all axes but the first, with ε² under the root: √(Σ x² + epsilon), [N]. */
export const exampleNorm = (x: Tensor, epsilon: number): Tensor => sqrt(add(sumSquares(x), epsilon));

/** Σ x² of each example over all axes but the first, [N]. */
export const sumSquares = (x: Tensor): Tensor => sum(square(flatten(x)), 1);

export const zeros = (shape: Shape): Tensor => fill(shape, 0);
