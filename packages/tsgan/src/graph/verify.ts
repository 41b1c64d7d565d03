/**
 * What holds for every graph, checked between the stages that it goes through. `apply` checks each node when it is made,
 * `grad` each derivative, `simplify` each replacement; `verify` goes over a whole graph before it becomes ONNX.
 */
import { inputName } from "./ops/leaves.ts";
import { topologicalOrder } from "./order.ts";
import { formatNode } from "./print.ts";
import { sameShape } from "./shapes.ts";
import { formatTensor, GraphError, type Tensor } from "./tensor.ts";

/** Throws where two of the nodes are inputs of one name. `where`: what the error begins with. */
export const checkInputNames = (nodes: Iterable<Tensor>, where: string): void => {
  const inputs = new Map<string, Tensor>();
  for (const node of nodes) {
    const name = inputName(node);
    if (name === undefined) continue;
    const first = inputs.get(name);
    if (first !== undefined && first !== node) {
      throw new GraphError(
        `${where}: expected one input of a name; got two called "${name}", ${formatTensor(first)} and ` +
          `${formatTensor(node)}; make it once and use that tensor again, or give one another name`,
      );
    }
    inputs.set(name, node);
  }
};

/** Whether a tensor can stand in the place of another: same shape, same type. */
export const isLike = (a: Tensor, b: Pick<Tensor, "shape" | "dtype">): boolean =>
  a.dtype === b.dtype && sameShape(a.shape, b.shape);

/**
 * Checks a graph: each node has the shape and the type that its op's rule gives for its inputs, and no two inputs have
 * one name. `toOnnx` and `compile` call it; call it yourself after rewriting a graph by hand.
 *
 * @param outputs the graph is they and all that they need
 * @param where what errors begin with
 * @returns the nodes of the graph, inputs before users
 * @throws GraphError that names the node, what was expected and what it has
 */
export const verify = (outputs: readonly Tensor[], where = "verify"): readonly Tensor[] => {
  const order = topologicalOrder(outputs);
  checkInputNames(order, where);
  for (const node of order) {
    const { shape, dtype = "float32" } = node.op.shape(node.inputs, node.attributes);
    if (!isLike(node, { shape, dtype })) {
      throw new GraphError(
        `${where}: node ${formatNode(node)} must be ${formatTensor({ shape, dtype })}; got ${formatTensor(node)}; ` +
          "make nodes with apply, and leave them as they are",
      );
    }
  }
  return order;
};
