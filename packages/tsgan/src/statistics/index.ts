/** Statistics of lists of numbers, in float64. */
export { epsilonOf, type NoisySteps, noiseFor, orders, renyiOfStep } from "./accountant.ts";
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
