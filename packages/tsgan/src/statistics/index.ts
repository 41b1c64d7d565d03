/** Statistics of lists of numbers, in float64. */
export { rankCorrelation, ranks } from "./ranks.ts";
export {
  type BootstrapOptions,
  bootstrap,
  expectedMinimum,
  type Interval,
  interquartileRange,
  mean,
  meanAndDeviation,
  median,
  quantile,
} from "./sample.ts";
