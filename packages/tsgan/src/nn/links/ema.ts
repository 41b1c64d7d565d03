import { number } from "../../define/index.ts";
import { add, mul, sub } from "../../graph/index.ts";
import { defineLink } from "../optimizer.ts";

/**
 * Keeps an average of the parameters in its state, a ← d·a + (1 − d)·θ, and leaves the step as it is. For loops of one's own;
 * the technique `ema` averages a network with its running statistics and is sampled from.
 */
export const ema = defineLink({
  name: "ema",
  title: "an average of the parameters, kept beside them",
  formulas: [{ of: "state", text: "a ← da + (1 − d)θ", latex: "a \\leftarrow d a + (1-d)\\theta" }],
  options: {
    decay: number({
      default: 0.999,
      least: 0,
      below: 1,
      means: "share of the average that stays",
      symbol: "d",
    }),
  },
  create: ({ decay }) => ({
    slots: [{ name: "average", initial: "parameters" }],
    parameters: (next, { slots: [average] }) => ({
      value: next,
      slots: [add(next, mul(sub(average, next), decay))],
    }),
  }),
});
