/**
 * How ops work on tensors that are stored batch-last, [N, …] as […, N]; `layout.ts` decides where. An elementwise op works
 * as it is, an op that commutes with permutations of the axes needs its attributes permuted, any other needs a form.
 */
import {
  broadcastOp,
  broadcastTo,
  type Reduction,
  reshape,
  reshapeOp,
  sum,
  sumOp,
  zeros,
} from "./ops/broadcast.ts";
import { matmul, matmulOp } from "./ops/linear.ts";
import { concat, concatOp, flipOp, padOp, sliceOp } from "./ops/movement.ts";
import { maxOp } from "./ops/reductions.ts";
import { sumPoolOp, upsampleOp } from "./ops/resample.ts";
import { softmaxOp } from "./ops/softmax.ts";
import { inverseOrder, type Shape } from "./shapes.ts";
import { type Attributes, apply, type Op, type Tensor } from "./tensor.ts";

/** The shape of a tensor of `shape` when stored batch-last. */
export const rotated = (shape: Shape): number[] => [...shape.slice(1), ...shape.slice(0, 1)];

/** A matrix with a row of zeros behind its last, for what is gathered from outside. */
export const withZeroRow = (rows: Tensor): Tensor => concat([rows, zeros([1, rows.shape[1]])], 0);

/** The attributes of an op on permuted inputs. Axis i of the new result is axis `order[i]` of the original. */
export type Permutation<A extends Attributes = Attributes> = (attributes: A, order: readonly number[]) => A;

const permutation = <A extends Attributes>(
  op: Op<A>,
  permute: Permutation<A>,
): readonly [Op, Permutation] => [op as Op, (attributes, order) => permute(attributes as A, order)];

/** Ops that commute with permutations of the axes. Elementwise ones do by their nature. */
export const permutations: ReadonlyMap<Op, Permutation> = new Map([
  permutation(broadcastOp, ({ shape }, order) => ({ shape: order.map((axis) => shape[axis]) })),
  permutation(sliceOp, ({ begin, end }, order) => ({
    begin: order.map((axis) => begin[axis]),
    end: order.map((axis) => end[axis]),
  })),
  permutation(padOp, ({ before, after, value }, order) => ({
    before: order.map((axis) => before[axis]),
    after: order.map((axis) => after[axis]),
    value,
  })),
  permutation(flipOp, ({ axes }, order) => {
    const position = inverseOrder(order);
    return { axes: axes.map((axis) => position[axis]).sort((a, b) => a - b) };
  }),
  permutation(concatOp, ({ axis }, order) => ({ axis: order.indexOf(axis) })),
  permutation(softmaxOp, ({ axis }, order) => ({ axis: order.indexOf(axis) })),
]);

/** The inputs of a node whose batch-last form is being built. */
export interface Operands {
  /** Input i stored as […, N]; with a `rank`, as of that many axes: new ones of length 1 come first. */
  last(i: number, rank?: number): Tensor;
  /** Input i as the graph has it. */
  plain(i: number): Tensor;
  /** The table of indices of that key, a vector: made once for a graph. */
  indices(key: string, make: () => Int32Array): Tensor;
}

/** How an op works on batch-last inputs. */
export interface BatchLastForm<A extends Attributes = Attributes> {
  /** `always`: worth a transposition; `follow`: when the first input is batch-last; `demand`: when all users are. */
  readonly when: "always" | "follow" | "demand";
  /** Whether the result of `lower` is stored batch-last or as it is; nothing where the form does not apply. */
  layout(output: Tensor, attributes: A): "last" | "plain" | undefined;
  lower(output: Tensor, operands: Operands, attributes: A): Tensor;
}

export const form = <A extends Attributes>(
  op: Op<A>,
  batchLast: BatchLastForm<A>,
): readonly [Op, BatchLastForm] => [op as Op, batchLast as BatchLastForm];

/** Reduces the stored axes, then drops them; where the batch axis stays, so does the layout. */
const reductionForm = (op: Op<Reduction>): readonly [Op, BatchLastForm] => {
  const layout = (y: Tensor, { axes, keepDims }: Reduction) =>
    keepDims || (!axes.includes(0) && y.shape.length >= 2) ? "last" : "plain";
  return form(op, {
    when: "follow",
    layout,
    lower: (y, operands, attributes) => {
      const x = operands.last(0);
      const rank = x.shape.length;
      const axes = attributes.axes.map((axis) => (axis + rank - 1) % rank).sort((a, b) => a - b);
      const kept = apply(op, [x], { axes, keepDims: true });
      return reshape(kept, layout(y, attributes) === "last" ? rotated(y.shape) : y.shape);
    },
  });
};

/** The forms of all ops but the convolutions. */
export const forms: readonly (readonly [Op, BatchLastForm])[] = [
  form(reshapeOp, {
    when: "follow",
    layout: (y) => (y.shape.length >= 2 && y.shape[0] === y.inputs[0].shape[0] ? "last" : undefined),
    lower: (y, operands) => reshape(operands.last(0), rotated(y.shape)),
  }),
  reductionForm(sumOp),
  reductionForm(maxOp),
  form(matmulOp, {
    when: "demand",
    layout: (y) => (y.shape.length === 2 ? "last" : undefined),
    // (ab)ᵀ = bᵀ aᵀ
    lower: (y, operands, { transposeA, transposeB }) =>
      matmul(operands.plain(1), operands.plain(0), {
        transposeA: !transposeB,
        transposeB: !transposeA,
        bias: y.inputs.length > 2 ? operands.last(2, y.shape.length) : undefined,
      }),
  }),
  form(upsampleOp, {
    when: "follow",
    layout: () => "last",
    lower: (y, operands, { scale }) => {
      const x = operands.last(0);
      const [c, height, width, n] = x.shape;
      const rows = reshape(x, [c, height, 1, width, 1, n]);
      return reshape(broadcastTo(rows, [c, height, scale, width, scale, n]), rotated(y.shape));
    },
  }),
  form(sumPoolOp, {
    when: "follow",
    layout: () => "last",
    lower: (y, operands, { scale }) => {
      const [c, height, width, n] = rotated(y.shape);
      return sum(reshape(operands.last(0), [c, height, scale, width, scale, n]), [2, 4]);
    },
  }),
];
