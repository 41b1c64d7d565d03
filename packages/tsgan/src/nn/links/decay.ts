import { number } from "../../define/index.ts";
import { mul, sub } from "../../graph/index.ts";
import { defineLink } from "../optimizer.ts";

/** θ ← θ' − λθ: weights shrink by a share of themselves in each step, whatever the learning rate. */
export const decay = defineLink({
  name: "decay",
  title: "weights that shrink by a share of themselves",
  formulas: [
    { of: "parameters", text: "θ ← θ′ − λθ", latex: "\\theta \\leftarrow \\theta' - \\lambda\\theta" },
  ],
  symbols: "θ, θ′: parameters before and after the optimiser's step",
  options: {
    rate: number({ default: 1e-4, least: 0, below: 1, means: "share of the weights", symbol: "λ" }),
  },
  create: ({ rate }) => ({
    parameters: (next, { parameters }) => ({ value: sub(next, mul(parameters, rate)) }),
  }),
});
