import { number, withFacts } from "../../define/index.ts";
import { div, minimum, mul, type Tensor } from "../../graph/index.ts";
import { defineLink, gradientNorm } from "../optimizer.ts";

const facts = {
  title: "gradient-norm clipping",
  formulas: [
    {
      of: "gradient",
      text: "g ← g · min(1, c / ‖g‖)",
      latex: "g \\leftarrow g\\,\\min(1, c / \\lVert g\\rVert)",
    },
  ],
  symbols: "g: gradient of all parameters of a player; c: its greatest length",
  papers: [
    {
      authors: "Pascanu, Mikolov, Bengio",
      year: 2013,
      title: "On the difficulty of training recurrent neural networks",
      arxiv: "1211.5063",
      where: "algorithm 1",
    },
  ],
  approximates: "steps of bounded length",
  failure: "hides a diverging loss; Adam undoes a scale that is the same in every step",
};

/** g · min(1, limit / ‖g‖): the gradient, no longer than `limit`. */
export const clipByNorm = withFacts(
  (gradient: Tensor, limit: number, norm: Tensor = gradientNorm([gradient])): Tensor =>
    mul(gradient, minimum(div(limit, norm), 1)),
  {
    name: "clip",
    ...facts,
    use: '`--set \'optimizer.generator.links=[{"name":"clip","limit":1}]\' --set \'optimizer.discriminator.links=[{"name":"clip","limit":1}]\'`',
  },
);

/** Scales gradients that are longer than `limit` down to it. The length is that of all that the player trains. */
export const clip = defineLink({
  name: "clip",
  ...facts,
  options: { limit: number({ default: 1, above: 0, means: "longest gradient", symbol: "c" }) },
  create: ({ limit }) => ({
    gradient: (gradient, { norm }) => ({ value: clipByNorm(gradient, limit, norm()) }),
  }),
});
