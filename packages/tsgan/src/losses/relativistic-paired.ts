import { mean, neg, softplus, sub } from "../graph/index.ts";
import { defineLoss } from "./loss.ts";
import { both, pointOptimizer } from "./preset-parts.ts";
import { relativism, symmetric } from "./relativistic.ts";
import { SYMBOLS } from "./shared-facts.ts";

const smallPenalties = [
  { name: "r1", weight: 0.05 },
  { name: "r2", weight: 0.05 },
];

/**
 * RpGAN: D minimises E softplus(−(r − f)) over pairs of a real and a generated sample, G minimises E softplus(r − f).
 *
 * Scores: logits, any shape. With R1 and R2 it is the loss of R3GAN.
 * Jolicoeur-Martineau 2018, arXiv:1807.00734; Huang et al. 2024, arXiv:2501.05441.
 */
export const relativisticPaired = defineLoss({
  name: "relativistic-paired",
  title: "relativistic paired GAN (RpGAN)",
  scores: "logit",
  scoresNote: 'as differences: "more real than its partner"',
  usesReal: true,
  options: {},
  formulas: [
    {
      of: "discriminator",
      text: "E softplus(−(r − f))",
      latex: "\\mathbb{E}\\,\\mathrm{softplus}(-(r - f))",
    },
    { of: "generator", text: "E softplus(r − f)", latex: "\\mathbb{E}\\,\\mathrm{softplus}(r - f)" },
  ],
  symbols: `${SYMBOLS}, paired by their place in the batch`,
  papers: [
    relativism,
    {
      authors: "Huang et al.",
      year: 2024,
      title: "The GAN is dead; long live the GAN! A modern GAN baseline",
      arxiv: "2501.05441",
    },
  ],
  approximates: "a relativistic divergence, whose landscape does not reward dropped modes (Sun et al. 2020)",
  failure: "does not converge without a gradient penalty: use `r1` and `r2`",
  equilibrium: () => ({ discriminatorLoss: Math.LN2, scoreGap: 0, text: "log 2 = 0.693, score gap 0" }),
  presets: {
    "rpgan-r1-r2": {
      images: {
        penalties: smallPenalties,
        optimizer: both({ name: "adam", learningRate: 2e-4, beta1: 0, beta2: 0.9 }),
        criticSteps: 1,
      },
      points: { penalties: smallPenalties, optimizer: pointOptimizer, criticSteps: 1 },
      source:
        "Huang et al. 2024, arXiv:2501.05441 (R3GAN): γ and optimiser that the authors' code starts with for CIFAR-10; for points tuned on ring and grid",
    },
  },
  create: () => symmetric((real, fake) => mean(softplus(neg(sub(real, fake))))),
});
