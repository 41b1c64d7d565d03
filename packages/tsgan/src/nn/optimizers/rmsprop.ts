import { number } from "../../define/index.ts";
import { add, div, mul, sqrt, square, sub } from "../../graph/index.ts";
import { defineOptimizer } from "../optimizer.ts";
import { scheduled } from "../scheduled.ts";
import { learningRate, weightDecay } from "./learning-rate.ts";

/** v ← αv + (1 − α)g²; θ ← θ − η g / (√v + ε) (Tieleman & Hinton 2012). No momentum, not centred; PyTorch's semantics. */
export const rmsProp = defineOptimizer({
  name: "rmsprop",
  title: "RMSProp (Tieleman & Hinton 2012)",
  formulas: [
    {
      of: "step",
      text: "v ← αv + (1 − α)g²; θ ← θ − ηg / (√v + ε)",
      latex:
        "v \\leftarrow \\alpha v + (1-\\alpha) g^2;\\ \\theta \\leftarrow \\theta - \\eta g / (\\sqrt v + \\epsilon)",
    },
  ],
  symbols: "θ: parameters; g: gradient; v: mean of squared gradients",
  options: {
    learningRate,
    alpha: number({ default: 0.99, least: 0, below: 1, means: "share of v that stays", symbol: "α" }),
    epsilon: number({ default: 1e-8, least: 0, means: "floor of the divisor", symbol: "ε" }),
    weightDecay,
  },
  create: ({ learningRate: rate, alpha, epsilon, weightDecay: decay }) => ({
    slots: [{ name: "v" }],
    scalars: (_, { step, steps }) => [scheduled(rate, step, steps)],
    descend: (gradient, { parameters, slots: [v], scalars: [eta] }) => {
      const g = decay === 0 ? gradient : add(gradient, mul(parameters, decay));
      const next = add(mul(v, alpha), mul(square(g), 1 - alpha));
      return { value: sub(parameters, div(mul(g, eta), add(sqrt(next), epsilon))), slots: [next] };
    },
  }),
});
