/** The reference interpreter: float64, no runtime. For tests, for folding constants, and to check what a device says. */
import { topologicalOrder } from "./grad.ts";
import { GraphError, sizeOf, type Tensor } from "./tensor.ts";

/** Values of `outputs`, given a value for each input by name. */
export const evaluate = (
  outputs: readonly Tensor[],
  feeds: { readonly [input: string]: ArrayLike<number> } = {},
): Float64Array[] => {
  const values = new Map<Tensor, Float64Array>();
  for (const node of topologicalOrder(outputs)) {
    if (node.op.name === "input") {
      const name = node.attributes.name as string;
      const fed = feeds[name];
      if (fed === undefined || fed.length !== sizeOf(node.shape)) {
        throw new GraphError(
          `evaluate: input ${name} needs ${sizeOf(node.shape)} values; got ${fed?.length ?? "none"}`,
        );
      }
      values.set(node, Float64Array.from(fed));
    } else {
      const inputs = node.inputs.map((t) => values.get(t) as Float64Array);
      values.set(node, node.op.evaluate(node, inputs, node.attributes));
    }
  }
  return outputs.map((t) => values.get(t) as Float64Array);
};
