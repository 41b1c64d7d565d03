import { defineOptimizer } from "../optimizer.ts";
import { adamOptions, adamStep } from "./adam-step.ts";

/** Adam (Kingma & Ba 2015, arXiv:1412.6980, algorithm 1): θ ← θ − η · m̂ / (√v̂ + ε). PyTorch's semantics. */
export const adam = defineOptimizer({
  name: "adam",
  title: "Adam: steps scaled by running means of gradients and of their squares",
  formulas: [
    {
      of: "step",
      text: "m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; θ ← θ − η m̂ / (√v̂ + ε)",
      latex: "\\theta \\leftarrow \\theta - \\eta\\,\\hat m / (\\sqrt{\\hat v} + \\epsilon)",
    },
  ],
  symbols: "θ: parameters; g: gradient; m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ) in step t",
  papers: [
    {
      authors: "Kingma, Ba",
      year: 2015,
      title: "Adam: a method for stochastic optimization",
      arxiv: "1412.6980",
      where: "algorithm 1",
    },
  ],
  options: adamOptions(0, "weight of the L2 term that is added to the gradient"),
  create: (options) => adamStep(options, false),
});
