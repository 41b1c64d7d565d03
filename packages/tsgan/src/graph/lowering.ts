/** A graph as processors compute it, in a page: what `lowering.node.ts` does beside that is not worth its kilobytes there. */
import { batchLast } from "./layout.ts";
import { simplify } from "./simplify.ts";
import type { Tensor } from "./tensor.ts";

/** A graph in the form for processors. */
export interface Lowered {
  readonly outputs: readonly Tensor[];
  /** Whether its convolutions are stored batch-last. */
  readonly isLaidOut: boolean;
}

/** Graphs of the same values as `outputs`, which are simplified, in the layout and the forms that are fastest on processors. */
export const lower = (outputs: readonly Tensor[]): Lowered => {
  const laidOut = batchLast(outputs);
  return {
    outputs: simplify(laidOut, { onCpu: true }),
    isLaidOut: laidOut.some((t, i) => t !== outputs[i]),
  };
};
