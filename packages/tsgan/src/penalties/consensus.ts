import { withFacts } from "../define/index.ts";
import { add, mul, square, sum, type Tensor } from "../graph/index.ts";
import { checkNumber } from "../options.ts";

/**
 * Consensus optimisation: γ/2 Σ v², v all derivatives of both players' losses with respect to their own parameters.
 * It is added to the loss of each player. Mescheder et al. 2017, arXiv:1705.10461.
 */
export const consensus = withFacts(
  (gradients: readonly Tensor[], weight: number): Tensor => {
    checkNumber("consensus", "weight", weight, { least: 0 });
    return mul(gradients.map((g) => sum(square(g))).reduce(add), weight / 2);
  },
  {
    name: "consensus",
    title: "consensus optimisation",
    formulas: [
      {
        of: "both",
        text: "γ/2 ‖(∇_θ L_G, ∇_ψ L_D)‖²",
        latex: "\\tfrac\\gamma2\\lVert(\\nabla_\\theta L_G, \\nabla_\\psi L_D)\\rVert^2",
      },
    ],
    symbols: "L_G, L_D: the players' losses; θ, ψ: their parameters",
    papers: [
      {
        authors: "Mescheder, Nowozin, Geiger",
        year: 2017,
        title: "The numerics of GANs",
        arxiv: "1705.10461",
        where: "§4",
      },
    ],
    approximates: "a game whose players are drawn to a point where neither gradient pulls",
    failure: "such points include unstable ones; costs second derivatives of both networks; γ is delicate",
    use: "`--set consensus=0.1`",
  },
);
