/** The order in which a graph is computed. */
import type { Tensor } from "./tensor.ts";

/** The nodes that `outputs` are made of, inputs before users. Iterative: training graphs are thousands of nodes deep. */
export const topologicalOrder = (outputs: readonly Tensor[]): Tensor[] => {
  const order: Tensor[] = [];
  const done = new Set<Tensor>();
  const stack: { readonly node: Tensor; next: number }[] = [];
  for (const output of outputs) {
    if (!done.has(output)) stack.push({ node: output, next: 0 });
    while (stack.length > 0) {
      const top = stack[stack.length - 1];
      if (done.has(top.node)) {
        stack.pop();
      } else if (top.next < top.node.inputs.length) {
        const child = top.node.inputs[top.next++];
        if (!done.has(child)) stack.push({ node: child, next: 0 });
      } else {
        done.add(top.node);
        order.push(top.node);
        stack.pop();
      }
    }
  }
  return order;
};
