/** A graph as processors compute it, in Node.js. */
import { batchLast } from "./layout.ts";
import { narrow } from "./narrow.ts";
import { sumsIntoProducts } from "./products.ts";
import { simplify } from "./simplify.ts";
import { rewritten } from "./small-forms.ts";
import type { Tensor } from "./tensor.ts";

/**
 * Graphs of the same values as `outputs`, which are simplified, in the layout and the forms that are fastest on processors. Beside
 * convolutions, what spares a small node or a copy is not worth the time to find it.
 */
export const lower = (outputs: readonly Tensor[]): Tensor[] => {
  const laidOut = batchLast(outputs);
  if (laidOut.some((t, i) => t !== outputs[i])) return simplify(laidOut, { onCpu: true });
  const narrowed = simplify(narrow(rewritten(outputs)));
  const small = simplify(rewritten(narrowed), { onCpu: true });
  return sumsIntoProducts(simplify(rewritten(small), { onCpu: true }));
};
