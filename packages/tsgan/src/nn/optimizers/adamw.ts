import { defineOptimizer } from "../optimizer.ts";
import { adamOptions, adamStep } from "./adam-step.ts";

/** AdamW (Loshchilov & Hutter 2019, arXiv:1711.05101): Adam on weights that first shrink by η · weightDecay. */
export const adamW = defineOptimizer({
  name: "adamw",
  title: "Adam with weight decay on the weights themselves",
  formulas: [
    {
      of: "step",
      text: "θ ← (1 − ηλ)θ − η m̂ / (√v̂ + ε)",
      latex: "\\theta \\leftarrow (1-\\eta\\lambda)\\theta - \\eta\\,\\hat m / (\\sqrt{\\hat v} + \\epsilon)",
    },
  ],
  symbols: "θ: parameters; m̂, v̂: as in Adam; λ: weight decay",
  papers: [
    {
      authors: "Loshchilov, Hutter",
      year: 2019,
      title: "Decoupled weight decay regularization",
      arxiv: "1711.05101",
      where: "algorithm 2",
    },
  ],
  options: adamOptions(0.01, "share of the weights, times the learning rate, that is taken off in each step"),
  create: (options) => adamStep(options, true),
});
