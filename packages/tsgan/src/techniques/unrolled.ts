import { integer } from "../define/index.ts";
import { defineTechnique } from "../game/index.ts";

/**
 * Unrolled GAN: whoever does not judge plays against judges that have taken some steps ahead on the same examples, and
 * differentiates through these steps. Metz et al. 2017, arXiv:1611.02163.
 */
export const unrolled = defineTechnique({
  name: "unrolled",
  title: "a generator that looks the discriminator's next steps ahead",
  formulas: [
    {
      of: "generator",
      text: "L_G(θ, ψ_k), ψ_{i+1} = ψ_i − η ∇_ψ L_D(θ, ψ_i)",
      latex: "L_G(\\theta, \\psi_k),\\ \\psi_{i+1} = \\psi_i - \\eta\\nabla_\\psi L_D(\\theta, \\psi_i)",
    },
  ],
  symbols: "θ, ψ: parameters of generator and discriminator; ψ₀: those that the discriminator has",
  papers: [
    {
      authors: "Metz, Poole, Pfau, Sohl-Dickstein",
      year: 2017,
      title: "Unrolled generative adversarial networks",
      arxiv: "1611.02163",
    },
  ],
  options: {
    steps: integer({
      default: 1,
      least: 1,
      most: 100,
      means: "steps of the discriminator that are looked ahead",
      symbol: "k",
    }),
  },
  create: ({ steps }) => ({
    opponents: ({ game, player, trains, state, ahead }) => {
      if (trains.some((name) => game.judges.includes(name))) return undefined;
      const judging = Object.values(game.players).filter(
        (each) => each.name !== player && each.trains.some((name) => game.judges.includes(name)),
      );
      let against = state;
      for (let nth = 0; nth < steps; nth++) {
        for (const each of judging) against = ahead(each.name, against, nth);
      }
      return against;
    },
  }),
});
