/** What is added to a product of matrices is where it begins, on processors: one node, and one way through memory less. */
import { add } from "./ops/arithmetic.ts";
import { matmulOp } from "./ops/linear.ts";
import { topologicalOrder } from "./order.ts";
import { isDividedByColumns } from "./rewrites.ts";
import { sameShape } from "./shapes.ts";
import { apply, isMadeBy, type Tensor } from "./tensor.ts";

/** Graphs of the same values as `outputs`, in which sums of products that nothing else uses are products with a bias. */
export const sumsIntoProducts = (outputs: readonly Tensor[]): Tensor[] => {
  const order = topologicalOrder(outputs);
  const uses = new Map<Tensor, number>();
  for (const t of [...outputs, ...order.flatMap(({ inputs }) => inputs)]) uses.set(t, (uses.get(t) ?? 0) + 1);
  const isFree = (t: Tensor): boolean =>
    isMadeBy(t, matmulOp) &&
    t.inputs.length === 2 &&
    t.shape.length === 2 &&
    uses.get(t) === 1 &&
    !isDividedByColumns(t);
  const made = new Map<Tensor, Tensor>();
  for (const node of order) {
    const inputs = node.inputs.map((t) => made.get(t) as Tensor);
    const isWhole = node.op === add.op && node.inputs.every((t) => sameShape(t.shape, node.shape));
    const at = isWhole ? node.inputs.findLastIndex(isFree) : -1;
    if (at >= 0) {
      const product = inputs[at];
      made.set(node, apply(product.op, [...product.inputs, inputs[1 - at]], product.attributes));
    } else {
      const isOld = inputs.every((t, i) => t === node.inputs[i]);
      made.set(node, isOld ? node : apply(node.op, inputs, node.attributes));
    }
  }
  return outputs.map((t) => made.get(t) as Tensor);
};
