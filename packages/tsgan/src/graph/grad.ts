/** Symbolic reverse-mode differentiation. The derivative is again a graph, so it can be differentiated again. */

import { fill, like } from "./constant.ts";
import { add } from "./elementwise.ts";
import { fail, type Tensor } from "./tensor.ts";

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

/**
 * Derivatives ∂y/∂x of a scalar y with respect to each of `wrt`, any nodes of its graph. Zero where y does not depend
 * on x. For a y that is no scalar, `upstream` weighs its elements.
 */
export const grad = (y: Tensor, wrt: readonly Tensor[], upstream?: Tensor): Tensor[] => {
  if (upstream === undefined && y.shape.some((n) => n !== 1)) {
    fail(
      "grad",
      "the differentiated tensor must be a scalar",
      [y],
      "take its sum or mean, or give an upstream",
    );
  }
  const order = topologicalOrder([y]);
  const targets = new Set(wrt);
  const onPath = new Set<Tensor>();
  for (const node of order) {
    if (targets.has(node) || node.inputs.some((t) => onPath.has(t))) onPath.add(node);
  }
  const derivatives = new Map<Tensor, Tensor>([[y, upstream ?? like(y, 1)]]);
  for (const node of order.reverse()) {
    const dy = derivatives.get(node);
    if (dy === undefined || !onPath.has(node) || !node.inputs.some((t) => onPath.has(t))) continue;
    const contributions = node.op.gradient(node, dy, node.attributes);
    node.inputs.forEach((x, i) => {
      const dx = contributions[i];
      if (dx === undefined || !onPath.has(x)) return;
      const sum = derivatives.get(x);
      derivatives.set(x, sum === undefined ? dx : add(sum, dx));
    });
  }
  return wrt.map((x) => (onPath.has(x) ? derivatives.get(x) : undefined) ?? fill(x.shape, 0));
};
