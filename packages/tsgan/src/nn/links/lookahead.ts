import { integer, number } from "../../define/index.ts";
import { add, mul, sub } from "../../graph/index.ts";
import { defineLink } from "../optimizer.ts";

/**
 * Look-ahead (Zhang et al. 2019; for games Chavdarova et al. 2021): every k steps the parameters go back to slow ones, which
 * have moved α of the way: s ← s + α(θ − s), θ ← s.
 */
export const lookahead = defineLink({
  name: "lookahead",
  title: "every few steps back to slow weights that follow",
  formulas: [
    {
      of: "every k-th step",
      text: "s ← s + α(θ − s); θ ← s",
      latex: "s \\leftarrow s + \\alpha(\\theta - s);\\ \\theta \\leftarrow s",
    },
  ],
  symbols: "s: slow weights, equal to θ in the beginning",
  papers: [
    {
      authors: "Chavdarova et al.",
      year: 2021,
      title: "Taming GANs with Lookahead-Minmax",
      arxiv: "2006.14567",
      where: "algorithm 1",
    },
    {
      authors: "Zhang et al.",
      year: 2019,
      title: "Lookahead optimizer: k steps forward, 1 step back",
      arxiv: "1907.08610",
    },
  ],
  options: {
    every: integer({ default: 5, least: 1, means: "steps from one return to the next", symbol: "k" }),
    share: number({
      default: 0.5,
      above: 0,
      most: 1,
      means: "part of the way that slow weights go",
      symbol: "α",
    }),
  },
  create: ({ every, share }) => ({
    slots: [{ name: "slow", initial: "parameters" }],
    // 1 in every k-th step, 0 in the others.
    scalars: (t) => [t % every === 0 ? 1 : 0],
    parameters: (fast, { slots: [slow], scalars: [returns] }) => {
      const moved = add(slow, mul(sub(fast, slow), mul(returns, share)));
      return { value: add(fast, mul(sub(moved, fast), returns)), slots: [moved] };
    },
  }),
});
