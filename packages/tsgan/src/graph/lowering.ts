/** A graph as processors compute it, in a page: what `lowering.node.ts` does beside that is not worth its kilobytes there. */
import { batchLast } from "./layout.ts";
import { simplify } from "./simplify.ts";
import type { Tensor } from "./tensor.ts";

/** Graphs of the same values as `outputs`, which are simplified, in the layout and the forms that are fastest on processors. */
export const lower = (outputs: readonly Tensor[]): Tensor[] => simplify(batchLast(outputs), { onCpu: true });
