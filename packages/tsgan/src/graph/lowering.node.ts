/** A graph as processors compute it, in Node.js. */
import { activationsOfProducts } from "./activations.ts";
import { batchLast } from "./layout.ts";
import type { Lowered } from "./lowering.ts";
import { narrow } from "./narrow.ts";
import { sumsIntoProducts } from "./products.ts";
import { sharedRows } from "./shared-rows.ts";
import { simplify } from "./simplify.ts";
import { rewritten } from "./small-forms.ts";
import type { Tensor } from "./tensor.ts";

/**
 * Graphs of the same values as `outputs`, which are simplified, in the layout and the forms that are fastest on processors. Beside
 * convolutions, what spares a small node or a copy is worth one look, and no more.
 */
export const lower = (outputs: readonly Tensor[]): Lowered => {
  const small = rewritten(outputs);
  const laidOut = batchLast(small);
  if (laidOut.some((t, i) => t !== small[i])) {
    return { outputs: activationsOfProducts(simplify(laidOut, { onCpu: true })), isLaidOut: true };
  }
  const narrowed = simplify(narrow(sharedRows(small)));
  const smaller = simplify(rewritten(narrowed), { onCpu: true });
  const products = sumsIntoProducts(simplify(rewritten(smaller), { onCpu: true }));
  return { outputs: activationsOfProducts(products), isLaidOut: false };
};
