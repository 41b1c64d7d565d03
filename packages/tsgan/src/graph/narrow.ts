/**
 * What nothing looks at is not computed: where all that use a tensor take slices of it, it is made as large as they need. The
 * gradient to what was concatenated is such a tensor, where only one of the pieces is trained.
 */
import { matmulOp } from "./ops/linear.ts";
import { slice, sliceOp } from "./ops/movement.ts";
import { topologicalOrder, usersOf } from "./order.ts";
import { type Shape, sameShape } from "./shapes.ts";
import { apply, isMadeBy, type Tensor } from "./tensor.ts";

/** A part of a tensor, from `begin` (inclusive) to `end` (exclusive), one number an axis. */
interface Box {
  readonly begin: Shape;
  readonly end: Shape;
}

const whole = ({ shape }: Tensor): Box => ({ begin: shape.map(() => 0), end: shape });
const sizesOf = ({ begin, end }: Box): number[] => end.map((stop, i) => stop - begin[i]);

const hull = (a: Box, b: Box): Box => ({
  begin: a.begin.map((start, i) => Math.min(start, b.begin[i])),
  end: a.end.map((stop, i) => Math.max(stop, b.end[i])),
});

/** What the box of a result needs of an input that is broadcast to it. */
const ofBroadcast = (x: Tensor, { begin, end }: Box): Box => {
  const lead = begin.length - x.shape.length;
  return {
    begin: x.shape.map((n, i) => (n === 1 ? 0 : begin[i + lead])),
    end: x.shape.map((n, i) => (n === 1 ? 1 : end[i + lead])),
  };
};

const isMatrixProduct = (x: Tensor): boolean =>
  isMadeBy(x, matmulOp) && x.inputs[0].shape.length === 2 && x.inputs[1].shape.length === 2;

/** What a part of the result needs of each input, for ops that can be made in part. */
const neededBy = (y: Tensor, box: Box): readonly Box[] | undefined => {
  const { inputs } = y;
  if (y.op.elementwise === true) return inputs.map((t) => ofBroadcast(t, box));
  if (isMadeBy(y, sliceOp)) {
    const { begin } = y.attributes;
    return [{ begin: box.begin.map((n, i) => n + begin[i]), end: box.end.map((n, i) => n + begin[i]) }];
  }
  if (isMadeBy(y, matmulOp) && isMatrixProduct(y)) {
    const [a, b, ...bias] = inputs;
    const { transposeA, transposeB } = y.attributes;
    const along = (x: Tensor, axis: number, from: number): Box => ({
      begin: whole(x).begin.with(axis, box.begin[from]),
      end: x.shape.with(axis, box.end[from]),
    });
    return [
      along(a, transposeA ? 1 : 0, 0),
      along(b, transposeB ? 0 : 1, 1),
      ...bias.map((t) => ofBroadcast(t, box)),
    ];
  }
  return undefined;
};

/** Columns that a product of its own is worth. */
const MANY_COLUMNS = 64;

/** Whether a product of matrices is better made in the pieces that its users take: cutting costs more than a cut of its factor. */
const isDivided = (y: Tensor, users: readonly Tensor[]): boolean => {
  if (!isMatrixProduct(y) || users.length < 2) return false;
  const [rows, columns] = y.shape;
  const inner = y.inputs[0].shape[0] === rows ? y.inputs[0].shape[1] : y.inputs[0].shape[0];
  if (rows <= inner) return false;
  let at = 0;
  const pieces = users.map((user) => (isMadeBy(user, sliceOp) ? user.attributes : undefined));
  const sorted = pieces.sort((p, q) => (p?.begin[1] ?? 0) - (q?.begin[1] ?? 0));
  return sorted.every((piece) => {
    if (piece === undefined || piece.begin[0] > 0 || piece.end[0] < rows || piece.begin[1] < at) return false;
    at = piece.end[1];
    return at <= columns && at - piece.begin[1] >= MANY_COLUMNS;
  });
};

/** Graphs of the same values as `outputs` that compute no more than is looked at. */
export const narrow = (outputs: readonly Tensor[]): Tensor[] => {
  const order = topologicalOrder(outputs);
  const users = usersOf(order);
  const kept = new Set(outputs);
  const needed = new Map<Tensor, Box>();
  const ask = (t: Tensor, box: Box): void => {
    const before = needed.get(t);
    needed.set(t, before === undefined ? box : hull(before, box));
  };
  for (const t of outputs) ask(t, whole(t));
  for (const node of order.toReversed()) {
    const boxes = neededBy(node, needed.get(node) as Box);
    if (boxes === undefined) needed.set(node, whole(node));
    node.inputs.forEach((t, i) => {
      ask(t, boxes === undefined ? whole(t) : boxes[i]);
    });
  }

  const made = new Map<Tensor, Tensor>();
  const divided = new Set<Tensor>();
  const part = (t: Tensor, box: Box): Tensor => {
    if (divided.has(t)) return make(t, box);
    const { begin } = needed.get(t) as Box;
    const x = made.get(t) as Tensor;
    const sizes = sizesOf(box);
    if (sameShape(sizes, x.shape)) return x;
    const from = box.begin.map((n, i) => n - begin[i]);
    return slice(
      x,
      from,
      from.map((n, i) => n + sizes[i]),
    );
  };
  const make = (node: Tensor, box: Box): Tensor => {
    const boxes = neededBy(node, box) ?? node.inputs.map(whole);
    const parts = node.inputs.map((t, i) => part(t, boxes[i]));
    if (isMadeBy(node, sliceOp)) return parts[0];
    const isOld = sameShape(sizesOf(box), node.shape) && parts.every((t, i) => t === node.inputs[i]);
    return isOld ? node : apply(node.op, parts, node.attributes);
  };
  for (const node of order) {
    if (!kept.has(node) && isDivided(node, users.get(node) ?? [])) divided.add(node);
    else made.set(node, make(node, needed.get(node) as Box));
  }
  return outputs.map((t) => made.get(t) as Tensor);
};
