/** The built-in optimisers: one row each. */
export { adam } from "./adam.ts";
export { adamW } from "./adamw.ts";
export { rmsProp } from "./rmsprop.ts";
export { sgd } from "./sgd.ts";
