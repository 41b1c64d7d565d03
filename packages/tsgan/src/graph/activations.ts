/**
 * A leaky ReLU as the end of the product or convolution before it, on processors: ONNX Runtime makes one node of both where nothing
 * else needs what lies between, and a way through memory less. Its slope is then taken of its result, which is above 0 where x is.
 */
import { convLastOp } from "./convolution-batch-last.ts";
import { leakyReluOp, stepOp } from "./ops/functions.ts";
import { topologicalOrder, usersOf } from "./order.ts";
import { apply, isMadeBy, type Tensor } from "./tensor.ts";

/** Graphs of the same values as `outputs`, in which only its activation needs what a product gives. */
export const activationsOfProducts = (outputs: readonly Tensor[]): Tensor[] => {
  const order = topologicalOrder(outputs);
  const users = usersOf(order);
  /** The only activation of x, where all else that uses x are slopes. */
  const activationOf = (x: Tensor): Tensor | undefined => {
    if (outputs.includes(x)) return undefined;
    const others = (users.get(x) ?? []).filter((user) => !isMadeBy(user, stepOp));
    return others.length === 1 && isMadeBy(others[0], leakyReluOp) ? others[0] : undefined;
  };
  /** By id: to look up an object costs several times as much as a number. */
  const made = new Map<number, Tensor>();
  const make = (node: Tensor): Tensor => {
    const known = made.get(node.id);
    if (known !== undefined) return known;
    const isSlope = isMadeBy(node, stepOp);
    const active = isSlope || isMadeBy(node, leakyReluOp) ? activationOf(node.inputs[0]) : undefined;
    let inputs = isSlope && active !== undefined ? [active] : node.inputs;
    for (let i = 0; i < inputs.length; i++) {
      const t = make(inputs[i]);
      if (t !== inputs[i]) inputs = inputs.with(i, t);
    }
    let result = inputs === node.inputs ? node : apply(node.op, inputs, node.attributes);
    if (active === node && isMadeBy(inputs[0], convLastOp)) {
      const { slope } = node.attributes as { readonly slope: number };
      result = apply(convLastOp, inputs[0].inputs, { ...inputs[0].attributes, slope });
    }
    made.set(node.id, result);
    return result;
  };
  // In topological order the recursion of `make` stays shallow.
  for (const node of order) make(node);
  return outputs.map(make);
};
