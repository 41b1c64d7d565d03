/**
 * What each op's node may be replaced by: a simpler tensor of the same value, shape and type, and one that CPU devices
 * compute faster. The ops know nothing of it; a rule is found by its op.
 */
import { add, div, mul, neg, sub } from "./ops/arithmetic.ts";
import { broadcastOp, broadcastTo, reshape, reshapeOp, sum, sumOp } from "./ops/broadcast.ts";
import { stopGradient } from "./ops/functions.ts";
import { constantOp } from "./ops/leaves.ts";
import { type Flags, matmul, matmulOp } from "./ops/linear.ts";
import { concatOp, padOp, slice, sliceOp, transpose, transposeOp } from "./ops/movement.ts";
import { broadcastShapes, type Shape, sameShape, sizeOf } from "./shapes.ts";
import {
  type Attributes,
  apply,
  defineOp,
  isMadeBy,
  type NoAttributes,
  type Op,
  type Tensor,
} from "./tensor.ts";

type Rule<A extends Attributes = Attributes> = (output: Tensor, attributes: A) => Tensor | undefined;

const rule = <A extends Attributes>(op: Op<A>, replace: Rule<A>): readonly [Op, Rule] => [
  op as Op,
  replace as Rule,
];

/** The value of a constant of one element. */
const scalarConstant = (x: Tensor): number | undefined =>
  isMadeBy(x, constantOp) && x.attributes.data.length === 1 ? x.attributes.data[0] : undefined;

/** Whether every element of x is known to be `value`. */
const isAll = (x: Tensor, value: number): boolean => {
  if (isMadeBy(x, broadcastOp) || isMadeBy(x, reshapeOp)) return isAll(x.inputs[0], value);
  if (!isMadeBy(x, constantOp)) return false;
  const { data } = x.attributes;
  return data.length === 1 && data[0] === Math.fround(value);
};

/** x = c · u for a constant c: [c, u]. */
const scaled = (x: Tensor): [number, Tensor] | undefined => {
  if (!isMadeBy(x, mul.op)) return undefined;
  const [a, b] = x.inputs;
  const right = scalarConstant(b);
  if (right !== undefined && sameShape(a.shape, x.shape)) return [right, a];
  const left = scalarConstant(a);
  if (left !== undefined && sameShape(b.shape, x.shape)) return [left, b];
  return undefined;
};

/** The operands of x = s ∘ u for a u of all its elements and an s of fewer that is no constant. */
const smallAndWhole = (x: Tensor, op: Op): readonly [small: Tensor, whole: Tensor] | undefined => {
  if (!isMadeBy(x, op)) return undefined;
  const isWhole = (t: Tensor): boolean => sizeOf(t.shape) === sizeOf(x.shape);
  const whole = x.inputs.find((t) => sameShape(t.shape, x.shape));
  const small = x.inputs.find((t) => !isWhole(t) && !isMadeBy(t, constantOp));
  return small && whole && [small, whole];
};

/** (u + s) + t = u + (s + t) and ((u + s) + v) + t = (u + v) + (s + t), where s and t have fewer elements than u and v. */
const smallAddendsTogether = (y: Tensor): Tensor | undefined => {
  const [t, total] = smallAndWhole(y, add.op) ?? [];
  if (t === undefined || total === undefined) return undefined;
  const [a, b] = total.inputs;
  for (const [part, v] of isMadeBy(total, add.op) ? [[total], [a, b], [b, a]] : []) {
    const [s, u] = smallAndWhole(part, add.op) ?? [];
    const both = s && broadcastShapes(s.shape, t.shape);
    if (s && u && both && sizeOf(both) < sizeOf(y.shape)) return add(v ? add(u, v) : u, add(s, t));
  }
  return undefined;
};

/** Whether x has one value for all places along these axes of a tensor of that rank. */
const isConstantAlong = (x: Tensor, axes: readonly number[], rank: number): boolean =>
  axes.every((axis) => (x.shape[axis - (rank - x.shape.length)] ?? 1) === 1);

const arithmetic = [
  rule(neg.op, ({ inputs: [x] }) => (isMadeBy(x, neg.op) ? x.inputs[0] : undefined)),
  rule(add.op, (y) => {
    const [a, b] = y.inputs;
    if (isAll(a, 0)) return b;
    if (isAll(b, 0)) return a;
    if (a === b) return mul(a, 2);
    const together = smallAddendsTogether(y);
    if (together !== undefined) return together;
    if (isMadeBy(b, neg.op)) return sub(a, b.inputs[0]);
    return isMadeBy(a, neg.op) ? sub(b, a.inputs[0]) : undefined;
  }),
  rule(sub.op, ({ inputs: [a, b] }) => {
    if (isAll(b, 0)) return a;
    if (isAll(a, 0)) return neg(b);
    return isMadeBy(b, neg.op) ? add(a, b.inputs[0]) : undefined;
  }),
  rule(mul.op, (y) => {
    const [a, b] = y.inputs;
    if (isAll(a, 1)) return b;
    if (isAll(b, 1)) return a;
    if (isAll(a, 0)) return a;
    if (isAll(b, 0)) return b;
    if (isAll(a, -1)) return neg(b);
    if (isAll(b, -1)) return neg(a);
    // (c u) d = (cd) u, (−u) d = (−d) u, (s u) d = (sd) u for an s of fewer elements
    for (const [x, factor] of [
      [a, scalarConstant(b)],
      [b, scalarConstant(a)],
    ] as const) {
      if (factor === undefined || !sameShape(x.shape, y.shape)) continue;
      if (isMadeBy(x, neg.op)) return mul(x.inputs[0], -factor);
      const inner = scaled(x);
      if (inner !== undefined) return mul(inner[1], inner[0] * factor);
      const [small, whole] = smallAndWhole(x, mul.op) ?? [];
      if (small !== undefined && whole !== undefined) return mul(whole, mul(small, factor));
    }
    // (c u) s = (c s) u for an s of fewer elements
    const [small, whole] = smallAndWhole(y, mul.op) ?? [];
    const inner = whole && scaled(whole);
    if (small !== undefined && inner !== undefined) return mul(inner[1], mul(small, inner[0]));
    return undefined;
  }),
  rule(div.op, (y) => {
    const [a, b] = y.inputs;
    const divisor = scalarConstant(b);
    // Division by a power of two is exact as a product.
    if (divisor !== undefined && Number.isInteger(Math.log2(Math.abs(divisor)))) return mul(a, 1 / divisor);
    // (c u) / v = c (u / v)
    const inner = scaled(a);
    if (inner !== undefined && sameShape(inner[1].shape, y.shape)) return mul(div(inner[1], b), inner[0]);
    return isAll(a, 0) ? a : undefined;
  }),
  rule(stopGradient.op, ({ inputs: [x] }) => x),
];

/** A scalar's graph, computed as a vector of one element from the start: a reshape costs as much as any other node. */
const scalarAsVector = (x: Tensor): Tensor | undefined => {
  if (x.op.elementwise && x.inputs.every((t) => t.shape.length === 0)) {
    const inputs = x.inputs.map((t) => (isMadeBy(t, constantOp) ? t : reshape(t, [1])));
    return inputs.every((t) => t.shape.length === 0) ? undefined : apply(x.op, inputs, x.attributes);
  }
  if (!isMadeBy(x, sumOp)) return undefined;
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

/** Whether t only swaps the last two axes of its input. */
const isSwap = (t: Tensor): boolean => {
  if (!isMadeBy(t, transposeOp)) return false;
  const { order } = t.attributes;
  const rank = order.length;
  return order.every((axis, i) => axis === (i < rank - 2 ? i : 2 * rank - 3 - i));
};

const movement = [
  rule(reshapeOp, (y) => {
    const [x] = y.inputs;
    if (sameShape(x.shape, y.shape)) return x;
    if (isMadeBy(x, reshapeOp)) return apply(reshapeOp, x.inputs, { shape: y.shape });
    return x.shape.length === 0 && y.shape.length === 1 ? scalarAsVector(x) : undefined;
  }),
  rule(transposeOp, (y, { order }) => {
    const [x] = y.inputs;
    if (order.every((axis, i) => axis === i)) return x;
    if (isMadeBy(x, transposeOp)) {
      const first = x.attributes.order;
      return transpose(
        x.inputs[0],
        order.map((axis) => first[axis]),
      );
    }
    // (a bᵀ)ᵀ = b aᵀ and (aᵀ b)ᵀ = bᵀ a, but not (a b)ᵀ = bᵀ aᵀ, since a first matrix that is turned makes a product slower.
    if (isSwap(y) && isMadeBy(x, matmulOp) && x.inputs.length === 2) {
      const { transposeA, transposeB } = x.attributes;
      const flags = { transposeA: !transposeB, transposeB: !transposeA };
      if (transposeA || transposeB) return matmul(x.inputs[1], x.inputs[0], flags);
    }
    // Moving axes of length 1 only is a reshape, which costs nothing.
    const long = order.filter((axis) => x.shape[axis] !== 1);
    return long.every((axis, i) => i === 0 || long[i - 1] < axis) ? reshape(x, y.shape) : undefined;
  }),
  rule(broadcastOp, (y) => {
    const [x] = y.inputs;
    if (sameShape(x.shape, y.shape)) return x;
    return isMadeBy(x, broadcastOp) ? apply(broadcastOp, x.inputs, { shape: y.shape }) : undefined;
  }),
  rule(sliceOp, (y, { begin, end }) => {
    const [x] = y.inputs;
    if (sameShape(x.shape, y.shape)) return x;
    if (!isMadeBy(x, concatOp)) return undefined;
    // A slice of one piece of a concatenation is a slice of that piece.
    const { axis } = x.attributes;
    let start = 0;
    for (const piece of x.inputs) {
      const stop = start + piece.shape[axis];
      if (begin[axis] >= start && end[axis] <= stop) {
        return slice(piece, begin.with(axis, begin[axis] - start), end.with(axis, end[axis] - start));
      }
      start = stop;
    }
    return undefined;
  }),
  rule(padOp, ({ inputs: [x], shape }) => (sameShape(shape, x.shape) ? x : undefined)),
  rule(concatOp, ({ inputs }) => (inputs.length === 1 ? inputs[0] : undefined)),
];

const products = [
  rule(sumOp, (y, { axes, keepDims }) => {
    const [x] = y.inputs;
    if (axes.every((axis) => x.shape[axis] === 1)) return reshape(x, y.shape);
    // sum(c u) = c sum(u)
    const inner = scaled(x);
    if (inner !== undefined) return mul(apply(sumOp, [inner[1]], { axes, keepDims }), inner[0]);
    // sum(s u) = s sum(u) for an s that is the same along the axes
    const [small, whole] = smallAndWhole(x, mul.op) ?? [];
    if (small !== undefined && whole !== undefined && isConstantAlong(small, axes, x.shape.length)) {
      return reshape(mul(sum(whole, axes, true), small), y.shape);
    }
    return isMadeBy(x, neg.op) ? neg(apply(sumOp, x.inputs, { axes, keepDims })) : undefined;
  }),
  rule(matmulOp, (y, { transposeA, transposeB }) => {
    const [a, b] = y.inputs;
    // An outer product is a broadcast product.
    if (
      y.inputs.length === 2 &&
      y.shape.length === 2 &&
      sizeOf(a.shape) === y.shape[0] &&
      sizeOf(b.shape) === y.shape[1]
    ) {
      return mul(reshape(a, [y.shape[0], 1]), reshape(b, [1, y.shape[1]]));
    }
    // A transposed matrix is a flag.
    if (isSwap(a)) {
      return apply(matmulOp, y.inputs.with(0, a.inputs[0]), { transposeA: !transposeA, transposeB });
    }
    if (isSwap(b)) {
      return apply(matmulOp, y.inputs.with(1, b.inputs[0]), { transposeA, transposeB: !transposeB });
    }
    return undefined;
  }),
];

const rules: ReadonlyMap<Op, Rule> = new Map([...arithmetic, ...movement, ...products]);

/** The same elementwise node without the broadcasts of its inputs, where its own give the same shape. */
const withoutBroadcasts = (y: Tensor): Tensor | undefined => {
  let { inputs } = y;
  for (let i = 0; i < inputs.length; i++) {
    if (!isMadeBy(inputs[i], broadcastOp)) continue;
    const candidate = inputs.with(i, inputs[i].inputs[0]);
    const shape = broadcastShapes(...candidate.map((t) => t.shape));
    if (shape !== undefined && sameShape(shape, y.shape)) inputs = candidate;
  }
  return inputs === y.inputs ? undefined : apply(y.op, inputs, y.attributes);
};

/** A simpler tensor of the same value, or nothing. */
export const simplerForm = (y: Tensor): Tensor | undefined => {
  const replace = rules.get(y.op);
  if (y.op.elementwise !== true) return replace?.(y, y.attributes);
  const simpler = withoutBroadcasts(y) ?? replace?.(y, y.attributes);
  return simpler && broadcastTo(simpler, y.shape);
};

/**
 * Column sums of a matrix, [N, M] → [M]. ONNX Runtime's CPU reduces the first of two axes five times slower than it
 * multiplies by a row of ones. Only made just before emission, from a sum.
 */
const columnSumsOp: Op<NoAttributes> = defineOp({
  name: "column_sums",
  shape: ([x]) => ({ shape: [x.shape[1]] }),
  derivative: (y, dy) => [broadcastTo(dy, y.inputs[0].shape)],
  value: (y, [x]) => {
    const total = sum(y.inputs[0], 0);
    return total.op.value(total, [x], total.attributes);
  },
  onnx: (y, [x], emitter) => {
    const rows = y.inputs[0].shape[0];
    return emitter.node("MatMul", [emitter.constant(new Float32Array(rows).fill(1), [rows], "float32"), x]);
  },
});

/** Inner axes up to this long are summed in one go, and columns from this many on are many for each of 8 threads. */
const INNER_BLOCK = 128;
const MANY_COLUMNS = 1024;

/** Shape of a matrix that is turned, where that only names its sides the other way round. */
const turnedVector = ({ shape }: Tensor): Shape | undefined => {
  const [rows, columns] = [shape.at(-2) ?? 1, shape.at(-1) ?? 1];
  return rows === 1 || columns === 1 ? [columns, rows] : undefined;
};

/** Whether ONNX Runtime's CPU would divide a product among its threads in a way that changes the order of its sums. */
export const isDividedByColumns = (y: Tensor): boolean => {
  const [a, b, bias] = y.inputs;
  if (a.shape.length !== 2 || b.shape.length !== 2) return false;
  if (bias !== undefined && turnedVector(bias) === undefined) return false;
  const [rows, columns] = y.shape;
  const inner = sizeOf(a.shape) / rows;
  return inner > INNER_BLOCK && rows > 1 && (columns === 1 || (columns > rows && columns < MANY_COLUMNS));
};

/**
 * A product of matrices as (bᵀ aᵀ)ᵀ. ONNX Runtime's CPU gives each thread a part of the longer side of a product, and the
 * fewer columns a thread has, the more of the inner axis it sums in one go: with more columns than rows, the last bit
 * depends on the number of threads. With more rows than columns it does not. Only made just before emission.
 */
const turnedMatmulOp: Op<Flags> = defineOp({
  ...matmulOp,
  name: "turned_matmul",
  onnx: (y, [a, b, bias], emitter, { transposeA, transposeB }) => {
    const [rows, columns] = y.shape;
    const side = bias && emitter.node("Reshape", [bias, emitter.integers(turnedVector(y.inputs[2]) ?? [])]);
    const turned = emitter.product("Gemm", side === undefined ? [b, a] : [b, a, side], {
      transA: transposeB ? 0 : 1,
      transB: transposeA ? 0 : 1,
    });
    if (columns === 1) return emitter.node("Reshape", [turned, emitter.integers(y.shape)]);
    // With an axis more, ONNX Runtime does not see that the turn could be taken back.
    const stack = emitter.node("Reshape", [turned, emitter.integers([1, columns, rows])]);
    const back = emitter.node("Transpose", [stack], { perm: [0, 2, 1] });
    return emitter.node("Reshape", [back, emitter.integers(y.shape)]);
  },
});

/** An equal tensor that CPU devices compute better, for a fixed batch size, or nothing: faster, or on any number of threads alike. */
export const cpuForm = (y: Tensor): Tensor | undefined => {
  if (isMadeBy(y, matmulOp)) {
    return isDividedByColumns(y) ? apply(turnedMatmulOp, y.inputs, y.attributes) : undefined;
  }
  if (!isMadeBy(y, sumOp)) return undefined;
  const [x] = y.inputs;
  const { axes } = y.attributes;
  if (x.shape.length !== 2 || axes.length !== 1 || axes[0] !== 0) return undefined;
  return reshape(apply(columnSumsOp, [x], {}), y.shape);
};
