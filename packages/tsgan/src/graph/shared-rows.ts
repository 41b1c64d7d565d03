/**
 * A network's pass over some rows is not made again where another pass is over these rows and more, as where real and generated
 * examples are scored in one and a penalty looks at the real ones: its tensors are rows of the other's. The first product of a
 * pass over s·a + (1 − s)·b, one s a row, is that mean of the products of a and b, where those are made anyway.
 */
import { add, mul, sub } from "./ops/arithmetic.ts";
import { reshapeOp } from "./ops/broadcast.ts";
import { constantOp } from "./ops/leaves.ts";
import { matmulOp } from "./ops/linear.ts";
import { concatOp, sliceAxis } from "./ops/movement.ts";
import { topologicalOrder, usersOf } from "./order.ts";
import { sameShape, sizeOf } from "./shapes.ts";
import { apply, isMadeBy, type Tensor } from "./tensor.ts";

/** Where the rows of a tensor are. */
interface Place {
  readonly of: Tensor;
  readonly begin: number;
}

/** share · first + (1 − share) · rest, of rows that are there. */
interface Mean {
  readonly share: Tensor;
  readonly first: Place;
  readonly rest: Place;
}

/** Inner axes from which on a product costs more than the mean of two. */
const LONG_ROW = 256;

const rowSize = ({ shape }: Tensor): number => sizeOf(shape) / shape[0];

/** Whether x is the same for all rows of a result of `rank` axes. */
const isSameForRows = (x: Tensor, rank: number): boolean => x.shape.length < rank || x.shape[0] === 1;

/** s, a and b of a tensor s·a + (1 − s)·b whose s is one number a row. */
const meanOf = (x: Tensor): readonly [s: Tensor, a: Tensor, b: Tensor] | undefined => {
  if (x.op !== add.op || !x.inputs.every(({ op }) => op === mul.op)) return undefined;
  for (const [p, q] of [x.inputs, x.inputs.toReversed()]) {
    for (const [a, s] of [p.inputs, p.inputs.toReversed()]) {
      for (const [b, t] of [q.inputs, q.inputs.toReversed()]) {
        const isRest =
          t.op === sub.op &&
          t.inputs[1] === s &&
          isMadeBy(t.inputs[0], constantOp) &&
          t.inputs[0].attributes.data[0] === 1;
        if (isRest && sizeOf(s.shape) === x.shape[0] && sameShape(a.shape, x.shape)) return [s, a, b];
      }
    }
  }
  return undefined;
};

/** Graphs of the same values as `outputs`, which are simplified, that make no product of rows twice. */
export const sharedRows = (outputs: readonly Tensor[]): readonly Tensor[] => {
  const order = topologicalOrder(outputs);
  if (!order.some((t) => isMadeBy(t, concatOp) && t.attributes.axis === 0)) return outputs;
  const users = usersOf(order);
  const places = new Map<Tensor, Place[]>();
  const place = (t: Tensor, at: Place): void => {
    places.set(t, [...(places.get(t) ?? []), at]);
  };
  const isWhole = ({ op, inputs }: Tensor, other: Tensor): boolean =>
    op === other.op && inputs.length === other.inputs.length;
  const isAt = (t: Tensor, { of, begin }: Place): boolean =>
    (places.get(t) ?? []).some((each) => each.of === of && each.begin === begin);

  /** Where the rows of `node` are in `other`, which does the same to more rows, of which those of its input begin at `begin`. */
  const beginIn = (node: Tensor, other: Tensor, begin: number): number | undefined => {
    if (!isWhole(node, other)) return undefined;
    if (isMadeBy(node, reshapeOp)) {
      const first = (begin * rowSize(node.inputs[0])) / rowSize(node);
      return rowSize(node) === rowSize(other) && Number.isInteger(first) ? first : undefined;
    }
    if (JSON.stringify(node.attributes) !== JSON.stringify(other.attributes)) return undefined;
    const rank = node.shape.length;
    const isShared = (i: number): boolean =>
      node.inputs[i] === other.inputs[i]
        ? isSameForRows(node.inputs[i], rank)
        : isAt(node.inputs[i], { of: other.inputs[i], begin });
    if (node.op.elementwise === true) return node.inputs.every((_, i) => isShared(i)) ? begin : undefined;
    if (!isMadeBy(node, matmulOp) || rank !== 2 || node.attributes.transposeA) return undefined;
    const [, weight, bias] = node.inputs;
    const isSame =
      weight === other.inputs[1] && (bias === undefined || (bias === other.inputs[2] && isShared(2)));
    return isSame && isAt(node.inputs[0], { of: other.inputs[0], begin }) ? begin : undefined;
  };

  for (const node of order) {
    if (!isMadeBy(node, concatOp) || node.attributes.axis !== 0) continue;
    let begin = 0;
    for (const piece of node.inputs) {
      place(piece, { of: node, begin });
      begin += piece.shape[0];
    }
  }

  /** What is cut out of a tensor with more rows, and products of means. */
  const cuts = new Map<Tensor, Place>();
  const means = new Map<Tensor, Mean>();
  const madeOf = (t: Tensor): readonly Tensor[] => {
    const [cut, mean] = [cuts.get(t), means.get(t)];
    if (cut !== undefined) return [cut.of];
    return mean === undefined ? t.inputs : [mean.share, mean.first.of, mean.rest.of];
  };
  /** Whether x will be made of `other`, which cannot be made of x then. */
  const needs = (x: Tensor, other: Tensor): boolean => {
    const seen = new Set([x]);
    for (const t of seen) for (const each of madeOf(t)) seen.add(each);
    return seen.has(other);
  };

  for (const node of order) {
    for (const input of new Set(node.inputs)) {
      for (const { of, begin } of places.get(input) ?? []) {
        for (const other of users.get(of) ?? []) {
          const first = other === node ? undefined : beginIn(node, other, begin);
          if (first === undefined || isAt(node, { of: other, begin: first })) continue;
          const at = { of: other, begin: first };
          place(node, at);
          const isOfProduct = isMadeBy(node, matmulOp) || node.inputs.some((t) => cuts.has(t));
          if (isOfProduct && !cuts.has(node) && !needs(other, node)) cuts.set(node, at);
        }
      }
    }
  }
  /** Where the product of these rows with what `node` multiplies is. */
  const productOf = (node: Tensor, rows: Tensor): Place | undefined => {
    for (const { of, begin } of places.get(rows) ?? []) {
      for (const other of users.get(of) ?? []) {
        const isSame =
          isWhole(node, other) &&
          other.inputs.every((t, i) => t === (i === 0 ? of : node.inputs[i])) &&
          JSON.stringify(node.attributes) === JSON.stringify(other.attributes);
        if (isSame && !needs(other, node)) return { of: other, begin };
      }
    }
    return undefined;
  };
  for (const node of order) {
    const isProduct = isMadeBy(node, matmulOp) && node.shape.length === 2 && !node.attributes.transposeA;
    if (!isProduct || cuts.has(node) || rowSize(node.inputs[0]) < LONG_ROW) continue;
    const [share, a, b] = meanOf(node.inputs[0]) ?? [];
    const [first, rest] = [a && productOf(node, a), b && productOf(node, b)];
    if (share !== undefined && first !== undefined && rest !== undefined)
      means.set(node, { share, first, rest });
  }
  if (cuts.size === 0 && means.size === 0) return outputs;

  const made = new Map<Tensor, Tensor>();
  const make = (node: Tensor): Tensor => {
    const known = made.get(node);
    if (known !== undefined) return known;
    const rowsOf = ({ of, begin }: Place): Tensor => sliceAxis(make(of), 0, begin, begin + node.shape[0]);
    const [cut, mean] = [cuts.get(node), means.get(node)];
    const result =
      cut !== undefined ? rowsOf(cut) : mean !== undefined ? meanOfRows(mean, rowsOf) : again(node);
    made.set(node, result);
    return result;
  };
  const meanOfRows = ({ share, first, rest }: Mean, rowsOf: (at: Place) => Tensor): Tensor => {
    const factor = make(share);
    return add(mul(rowsOf(first), factor), mul(rowsOf(rest), sub(1, factor)));
  };
  const again = (node: Tensor): Tensor => {
    const inputs = node.inputs.map(make);
    return inputs.every((t, i) => t === node.inputs[i]) ? node : apply(node.op, inputs, node.attributes);
  };
  // In topological order the recursion of `make` stays shallow.
  for (const node of order) make(node);
  return outputs.map(make);
};
