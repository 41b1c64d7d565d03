import { number } from "../define/index.ts";
import { defineTechnique } from "../game/index.ts";
import { add } from "../graph/index.ts";
import { consensus as lengthOf } from "../penalties/index.ts";

/**
 * Consensus optimisation: every player also shortens all players' gradients, ½ w ‖v(θ)‖², v the gradients of the losses that
 * they contest, each by its own player's parameters. Mescheder et al. 2017, arXiv:1705.10461, eq. 13.
 */
export const consensus = defineTechnique({
  name: "consensus",
  title: "players who look for points where all gradients vanish",
  formulas: [
    { of: "objective", text: "L + (w/2)‖v(θ)‖²", latex: "L + \\tfrac w2\\lVert v(\\theta)\\rVert^2" },
  ],
  symbols: "v: the gradients of the players' losses, each by its own parameters",
  papers: [
    {
      authors: "Mescheder, Nowozin, Geiger",
      year: 2017,
      title: "The numerics of GANs",
      arxiv: "1705.10461",
      where: "eq. 13",
    },
  ],
  options: {
    weight: number({
      default: 1,
      least: 0,
      means: "weight of the squared length",
      symbol: "w",
      search: { low: 0.01, high: 10, log: true },
    }),
  },
  create: ({ weight }) => ({
    objective: (objective, { contested }) => add(objective, lengthOf(contested(), weight)),
  }),
});
