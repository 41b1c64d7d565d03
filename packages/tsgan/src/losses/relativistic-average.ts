import { add, mean, neg, softplus, sub } from "../graph/index.ts";
import { defineLoss } from "./loss.ts";
import { AVERAGED, relativism, symmetric } from "./relativistic.ts";

/**
 * RaSGAN: D minimises −E log σ(r − f̄) − E log(1 − σ(f − r̄)); G the same with r and f changing places.
 *
 * Scores: logits, any shape. Jolicoeur-Martineau 2018, arXiv:1807.00734.
 */
export const relativisticAverage = defineLoss({
  name: "relativistic-average",
  title: "relativistic average GAN (RaSGAN)",
  scores: "logit",
  scoresNote: "as differences",
  usesReal: true,
  options: {},
  formulas: [
    {
      of: "discriminator",
      text: "−E log σ(r − f̄) − E log(1 − σ(f − r̄))",
      latex: "-\\mathbb{E}\\log\\sigma(r - \\bar f) - \\mathbb{E}\\log(1 - \\sigma(f - \\bar r))",
    },
    {
      of: "generator",
      text: "−E log σ(f − r̄) − E log(1 − σ(r − f̄))",
      latex: "-\\mathbb{E}\\log\\sigma(f - \\bar r) - \\mathbb{E}\\log(1 - \\sigma(r - \\bar f))",
    },
  ],
  symbols: AVERAGED,
  papers: [relativism],
  approximates:
    "the average version of a relativistic divergence; not a divergence in general on small batches",
  failure: "batch means are noisy and biased for small batches",
  notes: "The sum of both halves; the author's code halves it.",
  equilibrium: () => ({
    discriminatorLoss: 2 * Math.LN2,
    scoreGap: 0,
    text: "2 log 2 = 1.386, score gap 0",
  }),
  create: () =>
    symmetric((real, fake) =>
      add(mean(softplus(neg(sub(real, mean(fake))))), mean(softplus(sub(fake, mean(real))))),
    ),
});
