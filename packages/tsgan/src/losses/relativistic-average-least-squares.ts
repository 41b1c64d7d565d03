import { add, mean, square, sub } from "../graph/index.ts";
import { defineLoss } from "./loss.ts";
import { AVERAGED, relativism, symmetric } from "./relativistic.ts";

/**
 * RaLSGAN: D minimises E(r − f̄ − 1)² + E(f − r̄ + 1)²; G the same with r and f changing places. No factor ½.
 *
 * Scores: unbounded, any shape. Jolicoeur-Martineau 2018, arXiv:1807.00734.
 */
export const relativisticAverageLeastSquares = defineLoss({
  name: "relativistic-average-least-squares",
  title: "relativistic average least-squares GAN (RaLSGAN)",
  scores: "unbounded",
  usesReal: true,
  options: {},
  formulas: [
    {
      of: "discriminator",
      text: "E(r − f̄ − 1)² + E(f − r̄ + 1)²",
      latex: "\\mathbb{E}(r - \\bar f - 1)^2 + \\mathbb{E}(f - \\bar r + 1)^2",
    },
    {
      of: "generator",
      text: "E(f − r̄ − 1)² + E(r − f̄ + 1)²",
      latex: "\\mathbb{E}(f - \\bar r - 1)^2 + \\mathbb{E}(r - \\bar f + 1)^2",
    },
  ],
  symbols: AVERAGED,
  papers: [relativism],
  approximates: "the relativistic average form of `least-squares`",
  failure: "batch means are noisy for small batches; scores beyond their code are punished too",
  notes: "No factor ½, unlike `least-squares`.",
  equilibrium: () => ({ discriminatorLoss: 2, scoreGap: 0, text: "2, score gap 0" }),
  create: () =>
    symmetric((real, fake) =>
      add(mean(square(sub(sub(real, mean(fake)), 1))), mean(square(add(sub(fake, mean(real)), 1)))),
    ),
});
