import { number } from "../define/index.ts";
import { defineTechnique } from "../game/index.ts";
import { add, maximum, mul, reshape, sign, stopGradient, sub } from "../graph/index.ts";
import { augmentationPolicy, diffAugment, overfitting } from "../nn/index.ts";

/**
 * Adaptive augmentation: images are changed with a probability p that rises while the discriminator is too sure of real ones,
 * p ← max(0, p + sign(E sign D(real) − target) · batch / images). The controller is part of the step, so that a resumed run has
 * the same p. Karras et al. 2020, arXiv:2006.06676, §3.
 */
export const ada = defineTechnique({
  name: "ada",
  title: "augmentation whose probability follows the discriminator's overfitting",
  formulas: [
    {
      of: "probability",
      text: "p ← max(0, p + sign(E sign D(x) − target) · batch / images)",
      latex: "p \\leftarrow \\max(0, p + \\mathrm{sign}(\\mathbb{E}\\,\\mathrm{sign} D(x) - r)\\,B/N)",
    },
  ],
  symbols: "D(x): scores of the real images of a step; E: batch mean",
  papers: [
    {
      authors: "Karras et al.",
      year: 2020,
      title: "Training generative adversarial networks with limited data",
      arxiv: "2006.06676",
      where: "§3",
    },
  ],
  options: {
    policy: augmentationPolicy,
    target: number({
      default: 0.6,
      means: "mean sign of the scores of real images, in [−1, 1], that p is steered to",
    }),
    images: number({
      default: 500_000,
      above: 0,
      means: "real images that p needs from 0 to 1",
      search: { low: 10_000, high: 1_000_000, log: true },
    }),
  },
  create: ({ policy, target, images }) => ({
    state: () => ({ p: { size: 1 } }),
    sees: (x, { own, random }) => diffAugment(policy, { probability: reshape(own("p"), []) })(x, random),
    after: ({ game, player, own, set, observed }) => {
      const scores = observed("realScores");
      if (scores === undefined) return;
      const direction = sign(sub(overfitting(stopGradient(scores)), target));
      set("p", maximum(add(own("p"), mul(direction, game.players[player].batch / images)), 0));
    },
  }),
});
