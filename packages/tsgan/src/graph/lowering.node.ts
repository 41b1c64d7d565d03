/** A graph as processors compute it, in Node.js. */
import { lower as lowerPlainly } from "./lowering.ts";
import { narrow } from "./narrow.ts";
import { sumsIntoProducts } from "./products.ts";
import { simplify } from "./simplify.ts";
import { rewritten } from "./small-forms.ts";
import type { Tensor } from "./tensor.ts";

/** Graphs of the same values as `outputs`, which are simplified, in the layout and the forms that are fastest on processors. */
export const lower = (outputs: readonly Tensor[]): Tensor[] => {
  const narrowed = simplify(rewritten(simplify(narrow(rewritten(outputs)))));
  return sumsIntoProducts(simplify(rewritten(lowerPlainly(narrowed)), { onCpu: true }));
};
