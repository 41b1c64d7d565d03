import { add, mul, sub } from "../../graph/index.ts";
import { defineLink } from "../optimizer.ts";

/**
 * Extra-gradient (Korpelevich 1976; Gidel et al. 2019, algorithm 1): an odd step is a look ahead, θ½ = θ + Δ(θ); the even one
 * that follows takes its step from where the odd one began, θ ← θ + Δ(θ½). All players must have it, and move in turn.
 */
export const extragradient = defineLink({
  name: "extragradient",
  title: "a step ahead, then the step from where it began",
  formulas: [
    {
      of: "two steps",
      text: "θ½ = θ + Δ(θ); θ ← θ + Δ(θ½)",
      latex:
        "\\theta_{1/2} = \\theta + \\Delta(\\theta);\\ \\theta \\leftarrow \\theta + \\Delta(\\theta_{1/2})",
    },
  ],
  symbols: "Δ: the change that the optimiser makes",
  papers: [
    {
      authors: "Gidel et al.",
      year: 2019,
      title: "A variational inequality perspective on generative adversarial networks",
      arxiv: "1802.10551",
      where: "algorithm 1",
    },
  ],
  options: {},
  create: () => ({
    slots: [{ name: "start", initial: "parameters" }],
    // 1 in odd steps, which look ahead.
    scalars: (t) => [t % 2],
    parameters: (next, { parameters, slots: [start], scalars: [ahead] }) => {
      const from = add(start, mul(sub(parameters, start), ahead));
      return { value: add(from, sub(next, parameters)), slots: [from] };
    },
  }),
});
