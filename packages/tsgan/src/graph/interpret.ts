/** The reference interpreter: float64, no runtime. For tests, for folding constants, and to check what a device says. */
import { inputName } from "./ops/leaves.ts";
import { topologicalOrder } from "./order.ts";
import { formatNode } from "./print.ts";
import { sizeOf } from "./shapes.ts";
import { GraphError, type Tensor } from "./tensor.ts";
import { checkInputNames } from "./verify.ts";

/**
 * Values of `outputs` in float64, flat and row-major, given a value for each input by name.
 *
 * @param feeds a value for each input by name, flat and row-major
 * @throws GraphError where an input has no value or one of another length, where two inputs have one name, and where an
 *   op's value does not fit its shape
 */
export const interpret = (
  outputs: readonly Tensor[],
  feeds: { readonly [input: string]: ArrayLike<number> } = {},
): Float64Array[] => {
  const values = new Map<Tensor, Float64Array>();
  const order = topologicalOrder(outputs);
  checkInputNames(order, "interpret");
  for (const node of order) {
    const size = sizeOf(node.shape);
    const name = inputName(node);
    if (name !== undefined) {
      const fed = feeds[name];
      if (fed === undefined || fed.length !== size) {
        throw new GraphError(`interpret: input ${name} needs ${size} values; got ${fed?.length ?? "none"}`);
      }
      values.set(node, Float64Array.from(fed));
      continue;
    }
    const inputs = node.inputs.map((t) => values.get(t) as Float64Array);
    const value = node.op.value(node, inputs, node.attributes);
    if (value.length !== size) {
      throw new GraphError(`interpret: ${formatNode(node)} must have ${size} values; got ${value.length}`);
    }
    values.set(node, value);
  }
  return outputs.map((t) => values.get(t) as Float64Array);
};
