/** Statistics of lists of numbers. */
export { rankCorrelation, ranks } from "./ranks.ts";
