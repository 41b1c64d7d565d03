import { add, mean, relu, sub } from "../graph/index.ts";
import { defineLoss } from "./loss.ts";
import { AVERAGED, relativism, symmetric } from "./relativistic.ts";

/**
 * RaHingeGAN: D minimises E max(0, 1 − (r − f̄)) + E max(0, 1 + (f − r̄)); G the same with r and f changing places.
 *
 * Scores: unbounded, any shape. Jolicoeur-Martineau 2018, arXiv:1807.00734.
 */
export const relativisticAverageHinge = defineLoss({
  name: "relativistic-average-hinge",
  title: "relativistic average hinge GAN (RaHingeGAN)",
  scores: "unbounded",
  usesReal: true,
  options: {},
  formulas: [
    {
      of: "discriminator",
      text: "E max(0, 1 − (r − f̄)) + E max(0, 1 + (f − r̄))",
      latex: "\\mathbb{E}\\max(0, 1 - (r - \\bar f)) + \\mathbb{E}\\max(0, 1 + (f - \\bar r))",
    },
    {
      of: "generator",
      text: "E max(0, 1 − (f − r̄)) + E max(0, 1 + (r − f̄))",
      latex: "\\mathbb{E}\\max(0, 1 - (f - \\bar r)) + \\mathbb{E}\\max(0, 1 + (r - \\bar f))",
    },
  ],
  symbols: AVERAGED,
  papers: [relativism],
  approximates: "the relativistic average form of `hinge`",
  failure:
    "unlike in `hinge` G too stops learning beyond the margin; batch means are noisy for small batches",
  equilibrium: () => ({ discriminatorLoss: 2, scoreGap: 0, text: "2, score gap 0" }),
  create: () =>
    symmetric((real, fake) =>
      add(mean(relu(sub(1, sub(real, mean(fake))))), mean(relu(add(1, sub(fake, mean(real)))))),
    ),
});
