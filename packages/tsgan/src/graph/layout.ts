/**
 * Batch-last layout for CPU devices. ONNX Runtime's convolution runs one small matrix product per image unless the
 * filter is a constant; with activations stored as [C, H, W, N] and a [k, k, 1] kernel it runs one large one, which
 * makes a whole DCGAN step about twice as fast. Layers and losses are written for NCHW; this pass moves the graph over.
 *
 * A tensor of shape [N, …] is "batch-last" when stored as […, N]. First every node is given a layout, so that none is
 * computed twice; then the graph is rebuilt, with a transposition where the two worlds meet.
 */
import { topologicalOrder } from "./grad.ts";
import { reshape, transpose } from "./shape.ts";
import { apply, rotated, sizeOf, type Tensor } from "./tensor.ts";

/** [N, …] → […, N], as a transposition of two axes. */
const toLast = (x: Tensor): Tensor => {
  if (x.shape.length < 2) return x;
  const n = x.shape[0];
  if (n === 1) return reshape(x, rotated(x.shape));
  return reshape(transpose(reshape(x, [n, sizeOf(x.shape) / n])), rotated(x.shape));
};

/** […, N] → [N, …] of the given shape. */
const toPlain = (x: Tensor, shape: readonly number[]): Tensor => {
  const n = shape[0];
  if (n === 1) return reshape(x, shape);
  return reshape(transpose(reshape(x, [sizeOf(shape) / n, n])), shape);
};

/** The nodes whose result is to be stored batch-last. */
const decide = (order: readonly Tensor[]): ReadonlySet<Tensor> => {
  const last = new Set<Tensor>();
  const users = new Map<Tensor, Tensor[]>();
  for (const node of order) {
    for (const t of node.inputs) users.set(t, [...(users.get(t) ?? []), node]);
    const { op, attributes, shape, inputs } = node;
    if (shape.length < 2) continue;
    const form = op.batchLast;
    if (form !== undefined) {
      const starts = form.when === "always" || (form.when === "follow" && last.has(inputs[0]));
      if (starts && form.layout(node, attributes) === "last") last.add(node);
    } else if (op.permute !== undefined) {
      if (inputs.some((t) => t.shape.length === shape.length && last.has(t))) last.add(node);
    }
  }
  // What only batch-last nodes use is made batch-last, where that costs nothing.
  for (const node of [...order].reverse()) {
    const { op, attributes, shape, inputs } = node;
    const using = users.get(node) ?? [];
    if (last.has(node) || shape.length < 2 || inputs.length === 0 || using.length === 0) continue;
    const wanted = using.every(
      (user) =>
        last.has(user) &&
        (user.op.permute !== undefined ||
          (user.op.batchLast?.when === "follow" && user.op.name !== "matmul")),
    );
    if (!wanted) continue;
    const able =
      op.batchLast === undefined
        ? op.permute !== undefined
        : op.batchLast.layout(node, attributes) === "last";
    if (able) last.add(node);
  }
  return last;
};

/** The same graph with convolutions, and what stands between them, in batch-last storage. */
export const batchLast = (outputs: readonly Tensor[]): Tensor[] => {
  const order = topologicalOrder(outputs);
  const last = decide(order);
  if (last.size === 0) return [...outputs];
  const plainForms = new Map<Tensor, Tensor>();
  const lastForms = new Map<Tensor, Tensor>();

  const plain = (node: Tensor): Tensor => {
    let form = plainForms.get(node);
    if (form === undefined) {
      form = toPlain(lastForms.get(node) as Tensor, node.shape);
      plainForms.set(node, form);
    }
    return form;
  };

  /** A node as […, N] of at least `rank` axes; scalars stay scalars. */
  const stored = (node: Tensor, rank: number): Tensor => {
    if (node.shape.length === 0) return plain(node);
    if (node.shape.length < rank) {
      const padded = [...new Array<number>(rank - node.shape.length).fill(1), ...node.shape];
      return reshape(plain(node), rotated(padded));
    }
    let form = lastForms.get(node);
    if (form === undefined) {
      form = toLast(plain(node));
      lastForms.set(node, form);
    }
    return form;
  };

  for (const node of order) {
    const { op, attributes, inputs, shape } = node;
    const layout = op.batchLast?.layout(node, attributes);
    const operands = {
      last: (i: number) => stored(inputs[i], op.name === "matmul" ? shape.length : 0),
      plain: (i: number) => plain(inputs[i]),
    };
    if (last.has(node)) {
      if (op.batchLast !== undefined) {
        lastForms.set(node, op.batchLast.lower(node, operands, attributes));
      } else if (op.permute !== undefined) {
        const rank = shape.length;
        const rotation = shape.map((_, i) => (i + 1) % rank);
        const moved = inputs.map((t) => stored(t, rank));
        lastForms.set(node, apply(op, moved, op.permute(attributes, rotation)));
      }
      continue;
    }
    const absorbs =
      layout === "plain" && (op.batchLast?.when === "always" || (inputs.length > 0 && last.has(inputs[0])));
    if (absorbs && op.batchLast !== undefined) {
      plainForms.set(node, op.batchLast.lower(node, operands, attributes));
    } else {
      const moved = inputs.map(plain);
      plainForms.set(node, moved.some((t, i) => t !== inputs[i]) ? apply(op, moved, attributes) : node);
    }
  }
  return outputs.map(plain);
};
