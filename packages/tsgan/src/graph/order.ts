/** The order in which a graph is computed, and who uses what. */
import type { Tensor } from "./tensor.ts";

/** The nodes that `outputs` are made of, inputs before users. Iterative: training graphs are thousands of nodes deep. */
export const topologicalOrder = (outputs: readonly Tensor[]): Tensor[] => {
  const order: Tensor[] = [];
  // By id: to put an object into a set costs several times as much as a number.
  const met = new Set<number>();
  const stack: Tensor[] = [];
  /** How many inputs of each on the stack have been looked at. */
  const looked: number[] = [];
  const meet = (node: Tensor): void => {
    if (met.has(node.id)) return;
    met.add(node.id);
    stack.push(node);
    looked.push(0);
  };
  for (const output of outputs) {
    meet(output);
    while (stack.length > 0) {
      const top = stack[stack.length - 1];
      const next = looked[looked.length - 1]++;
      if (next < top.inputs.length) {
        meet(top.inputs[next]);
      } else {
        order.push(top);
        stack.pop();
        looked.pop();
      }
    }
  }
  return order;
};

/** The nodes that use each tensor as an input: each once, in their order. */
export const usersOf = (order: readonly Tensor[]): ReadonlyMap<Tensor, readonly Tensor[]> => {
  const users = new Map<Tensor, Tensor[]>();
  for (const node of order) {
    for (const t of node.inputs) {
      const using = users.get(t);
      if (using === undefined) users.set(t, [node]);
      else if (using[using.length - 1] !== node) using.push(node);
    }
  }
  return users;
};
