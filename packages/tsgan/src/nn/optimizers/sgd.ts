import { flag } from "../../define/index.ts";
import { add, mul, sub } from "../../graph/index.ts";
import { defineOptimizer } from "../optimizer.ts";
import { scheduled, scheduleOption } from "../scheduled.ts";
import { learningRate, weightDecay } from "./learning-rate.ts";

/** b ← μb + g; θ ← θ − η·b (or g + μb with Nesterov's momentum). PyTorch's semantics. */
export const sgd = defineOptimizer({
  name: "sgd",
  title: "stochastic gradient descent, with momentum where it is given",
  formulas: [
    {
      of: "step",
      text: "b ← μb + g; θ ← θ − ηb (Nesterov: θ − η(g + μb))",
      latex: "b \\leftarrow \\mu b + g;\\ \\theta \\leftarrow \\theta - \\eta b",
    },
  ],
  symbols: "θ: parameters; g: gradient; b: velocity",
  options: {
    learningRate,
    momentum: scheduleOption({
      default: 0,
      least: 0,
      below: 1,
      means: "share of the velocity that stays; may change over the run",
      symbol: "μ",
    }),
    nesterov: flag({ default: false, means: "whether the step looks ahead along the velocity" }),
    weightDecay,
  },
  create: ({ learningRate: rate, momentum, nesterov, weightDecay: decay }) => {
    const changes = typeof momentum !== "number";
    return {
      slots: momentum === 0 ? [] : [{ name: "velocity" }],
      scalars: (_, { step, steps }) => [
        scheduled(rate, step, steps),
        ...(changes ? [scheduled(momentum, step, steps)] : []),
      ],
      descend: (gradient, { parameters, slots: [velocity], scalars: [eta, changing] }) => {
        const g = decay === 0 ? gradient : add(gradient, mul(parameters, decay));
        if (momentum === 0) return { value: sub(parameters, mul(g, eta)) };
        const mu = changes ? changing : momentum;
        const next = add(mul(velocity, mu), g);
        const direction = nesterov ? add(g, mul(next, mu)) : next;
        return { value: sub(parameters, mul(direction, eta)), slots: [next] };
      },
    };
  },
});
