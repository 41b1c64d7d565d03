/** The built-in schedules: one row each. */
export { cosine } from "./cosine.ts";
export { exponential } from "./exponential.ts";
export { linear } from "./linear.ts";
