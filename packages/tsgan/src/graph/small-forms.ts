/** Rewrites that spare a node or a copy each, too small for a page to load: they are tried after those of `rewrites.ts`. */
import { add, mul, sub } from "./ops/arithmetic.ts";
import { fill, reshape, reshapeOp, sumOp, zeros } from "./ops/broadcast.ts";
import { constantOp } from "./ops/leaves.ts";
import { concat, concatOp, pad, padOp, slice, sliceOp } from "./ops/movement.ts";
import { topologicalOrder } from "./order.ts";
import { sameShape } from "./shapes.ts";
import { apply, isMadeBy, type Tensor } from "./tensor.ts";

/** Two tensors that are padded with zeros along one axis, the second beginning where the first ends: one after the other. */
const joinedPads = (a: Tensor, b: Tensor): Tensor | undefined => {
  if (!isMadeBy(a, padOp) || !isMadeBy(b, padOp)) return undefined;
  const [p, q] = [a.attributes, b.attributes];
  if (p.value !== 0 || q.value !== 0) return undefined;
  const axis = p.after.findIndex((width, i) => width > 0 && q.before[i] > 0);
  const isEqual = (i: number): boolean => p.before[i] === q.before[i] && p.after[i] === q.after[i];
  if (axis < 0 || !a.shape.every((_, i) => i === axis || isEqual(i))) return undefined;
  const [u, v] = [a.inputs[0], b.inputs[0]];
  if (p.before[axis] + u.shape[axis] !== q.before[axis]) return undefined;
  return pad(concat([u, v], axis), p.before, q.after);
};

/** A slice of a slice, or of what was padded. */
const directSlice = (y: Tensor): Tensor | undefined => {
  if (!isMadeBy(y, sliceOp)) return undefined;
  const [x] = y.inputs;
  const { begin, end } = y.attributes;
  const moved = (side: readonly number[], by: readonly number[]): number[] => side.map((n, i) => n + by[i]);
  if (isMadeBy(x, sliceOp)) {
    const start = x.attributes.begin;
    return slice(x.inputs[0], moved(begin, start), moved(end, start));
  }
  if (!isMadeBy(x, padOp)) return undefined;
  const { before, value } = x.attributes;
  const start = before.map((n) => -n);
  const [from, to] = [moved(begin, start), moved(end, start)];
  const { shape } = x.inputs[0];
  if (to.some((n, i) => n <= 0 || from[i] >= shape[i])) return fill(y.shape, value);
  return from.every((n, i) => n >= 0 && to[i] <= shape[i]) ? slice(x.inputs[0], from, to) : undefined;
};

const flatConcat = (y: Tensor): Tensor | undefined => {
  if (!isMadeBy(y, concatOp)) return undefined;
  const { axis } = y.attributes;
  const isInner = (t: Tensor): boolean => isMadeBy(t, concatOp) && t.attributes.axis === axis;
  if (!y.inputs.some(isInner)) return undefined;
  const pieces = y.inputs.flatMap((t) => (isInner(t) ? t.inputs : [t]));
  return concat(pieces, axis);
};

/** Σ (u − mean u) = 0, over the axes of the mean: what is left of a norm's derivative through its variance's mean. */
const sumOfCentred = (y: Tensor): Tensor | undefined => {
  if (!isMadeBy(y, sumOp)) return undefined;
  const [x] = y.inputs;
  const { axes } = y.attributes;
  if (x.op !== sub.op || x.inputs[1].op !== mul.op) return undefined;
  const [u, { inputs: factors }] = x.inputs;
  const [total, factor] = factors;
  if (!isMadeBy(total, sumOp) || total.inputs[0] !== u || !isMadeBy(factor, constantOp)) return undefined;
  const count = axes.reduce((n, axis) => n * u.shape[axis], 1);
  const isMean = total.attributes.keepDims && sameShape(total.attributes.axes, axes);
  const { data } = factor.attributes;
  return isMean && data.length === 1 && data[0] === Math.fround(1 / count) ? zeros(y.shape) : undefined;
};

/** What x was before it was given leading axes of length 1: for elementwise ops they are nothing. */
const withoutLeading = (x: Tensor): Tensor => {
  if (!isMadeBy(x, reshapeOp)) return x;
  const [inner] = x.inputs;
  const lead = x.shape.length - inner.shape.length;
  const isLead = inner.shape.length > 0 && lead > 0 && sameShape(x.shape.slice(lead), inner.shape);
  return isLead && x.shape.slice(0, lead).every((n) => n === 1) ? inner : x;
};

/** An elementwise node of vectors in place of rows [1, n]: the reshape comes after it, or is not needed at all. */
const withoutRows = (y: Tensor): Tensor | undefined => {
  if (y.op.elementwise !== true) return undefined;
  const inputs = y.inputs.map(withoutLeading);
  return inputs.every((t, i) => t === y.inputs[i])
    ? undefined
    : reshape(apply(y.op, inputs, y.attributes), y.shape);
};

const formOf = (y: Tensor): Tensor | undefined => {
  if (y.op === add.op) {
    const [a, b] = y.inputs;
    const joined = joinedPads(a, b) ?? joinedPads(b, a);
    if (joined !== undefined) return joined;
  }
  return directSlice(y) ?? flatConcat(y) ?? sumOfCentred(y) ?? withoutRows(y);
};

/** Graphs of the same values as `outputs`, each node in its smallest form. */
export const rewritten = (outputs: readonly Tensor[]): Tensor[] => {
  const made = new Map<Tensor, Tensor>();
  for (const node of topologicalOrder(outputs)) {
    const inputs = node.inputs.map((t) => made.get(t) as Tensor);
    const isOld = inputs.every((t, i) => t === node.inputs[i]);
    let current = isOld ? node : apply(node.op, inputs, node.attributes);
    for (let next = formOf(current); next !== undefined; next = formOf(current)) current = next;
    made.set(node, current);
  }
  return outputs.map((t) => made.get(t) as Tensor);
};
