/**
 * Batch-last layout for CPU devices. ONNX Runtime's convolution runs one small matrix product per image unless the
 * filter is a constant; with activations stored as [C, H, W, N] and a [k, k, 1] kernel it runs one large one, which
 * makes a whole DCGAN step about twice as fast. Layers and losses are written for NCHW; this pass moves the graph over.
 *
 * A tensor of shape [N, …] is "batch-last" when stored as […, N]. First every node is given a layout, so that none is
 * computed twice; then the graph is rebuilt, with a transposition where the two worlds meet.
 */
import { type BatchLastForm, forms, type Permutation, permutations, rotated } from "./batch-last.ts";
import { convolutionForms } from "./convolution-batch-last.ts";
import { reshape } from "./ops/broadcast.ts";
import { constant } from "./ops/leaves.ts";
import { transpose } from "./ops/movement.ts";
import { topologicalOrder, usersOf } from "./order.ts";
import { type Shape, sizeOf } from "./shapes.ts";
import { apply, type Op, type Tensor } from "./tensor.ts";

const formOf: ReadonlyMap<Op, BatchLastForm> = new Map([...forms, ...convolutionForms]);

const sameAttributes: Permutation = (attributes) => attributes;

/** How the attributes of an op follow a permutation of the axes, where the op allows one. */
const permutationOf = (op: Op): Permutation | undefined =>
  op.elementwise === true ? sameAttributes : permutations.get(op);

/** [N, …] → […, N], as a transposition of two axes. */
const toLast = (x: Tensor): Tensor => {
  if (x.shape.length < 2) return x;
  const n = x.shape[0];
  if (n === 1) return reshape(x, rotated(x.shape));
  return reshape(transpose(reshape(x, [n, sizeOf(x.shape) / n])), rotated(x.shape));
};

/** […, N] → [N, …] of the given shape. */
const toPlain = (x: Tensor, shape: Shape): Tensor => {
  const n = shape[0];
  if (n === 1) return reshape(x, shape);
  return reshape(transpose(reshape(x, [sizeOf(shape) / n, n])), shape);
};

/** The nodes whose result is to be stored batch-last. */
const decide = (order: readonly Tensor[]): ReadonlySet<Tensor> => {
  const last = new Set<Tensor>();
  const users = usersOf(order);
  for (const node of order) {
    const { op, attributes, shape, inputs } = node;
    if (shape.length < 2) continue;
    const form = formOf.get(op);
    if (form !== undefined) {
      const starts = form.when === "always" || (form.when === "follow" && last.has(inputs[0]));
      if (starts && form.layout(node, attributes) === "last") last.add(node);
    } else if (permutationOf(op) !== undefined) {
      if (inputs.some((t) => t.shape.length === shape.length && last.has(t))) last.add(node);
    }
  }
  // What only batch-last nodes use is made batch-last, where that costs nothing.
  for (const node of [...order].reverse()) {
    const { op, attributes, shape, inputs } = node;
    const using = users.get(node) ?? [];
    if (last.has(node) || shape.length < 2 || inputs.length === 0 || using.length === 0) continue;
    const isWanted = using.every(
      (user) =>
        last.has(user) && (permutationOf(user.op) !== undefined || formOf.get(user.op)?.when === "follow"),
    );
    if (!isWanted) continue;
    const form = formOf.get(op);
    const isAble =
      form === undefined ? permutationOf(op) !== undefined : form.layout(node, attributes) === "last";
    if (isAble) last.add(node);
  }
  return last;
};

/**
 * The same graph with convolutions, and what stands between them, in batch-last storage: for devices that are processors.
 * Inputs and outputs keep their shapes. A graph without convolutions of at least 8 examples stays as it is.
 */
export const batchLast = (outputs: readonly Tensor[]): Tensor[] => {
  const order = topologicalOrder(outputs);
  const last = decide(order);
  if (last.size === 0) return [...outputs];
  const plainTensors = new Map<Tensor, Tensor>();
  const lastTensors = new Map<Tensor, Tensor>();

  const plain = (node: Tensor): Tensor => {
    let t = plainTensors.get(node);
    if (t === undefined) {
      t = toPlain(lastTensors.get(node) as Tensor, node.shape);
      plainTensors.set(node, t);
    }
    return t;
  };

  /** A node as […, N] of at least `rank` axes; scalars stay scalars. */
  const stored = (node: Tensor, rank: number): Tensor => {
    if (node.shape.length === 0) return plain(node);
    if (node.shape.length < rank) {
      const padded = [...new Array<number>(rank - node.shape.length).fill(1), ...node.shape];
      return reshape(plain(node), rotated(padded));
    }
    let t = lastTensors.get(node);
    if (t === undefined) {
      t = toLast(plain(node));
      lastTensors.set(node, t);
    }
    return t;
  };

  const tables = new Map<string, Tensor>();
  const indices = (key: string, make: () => Int32Array): Tensor => {
    let table = tables.get(key);
    if (table === undefined) {
      const data = make();
      table = constant(data, [data.length]);
      tables.set(key, table);
    }
    return table;
  };

  for (const node of order) {
    const { op, attributes, inputs, shape } = node;
    const form = formOf.get(op);
    const permute = permutationOf(op);
    const operands = {
      last: (i: number, rank = 0) => stored(inputs[i], rank),
      plain: (i: number) => plain(inputs[i]),
      indices,
    };
    if (last.has(node)) {
      if (form !== undefined) {
        lastTensors.set(node, form.lower(node, operands, attributes));
      } else if (permute !== undefined) {
        const rank = shape.length;
        const rotation = shape.map((_, i) => (i + 1) % rank);
        const moved = inputs.map((t) => stored(t, rank));
        lastTensors.set(node, apply(op, moved, permute(attributes, rotation)));
      }
      continue;
    }
    const isAbsorbed =
      form?.layout(node, attributes) === "plain" &&
      (form.when === "always" || (inputs.length > 0 && last.has(inputs[0])));
    if (form !== undefined && isAbsorbed) {
      plainTensors.set(node, form.lower(node, operands, attributes));
    } else {
      const moved = inputs.map(plain);
      plainTensors.set(node, moved.some((t, i) => t !== inputs[i]) ? apply(op, moved, attributes) : node);
    }
  }
  return outputs.map(plain);
};
