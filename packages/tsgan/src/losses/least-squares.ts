import { number } from "../define/index.ts";
import { add, mean, mul, square, sub } from "../graph/index.ts";
import { defineLoss } from "./loss.ts";
import { SYMBOLS } from "./shared-facts.ts";

/**
 * Least-squares GAN: D minimises ½ E(r − b)² + ½ E(f − a)², G minimises ½ E(f − c)².
 *
 * Scores: unbounded (not their sigmoid), any shape. With b − c = 1 and b − a = 2 it minimises the Pearson χ² divergence
 * of (P_data + P_G) / 2 and P_G.
 * Mao et al. 2017, arXiv:1611.04076; codes 0, 1, 1 (eq. 9, the default) and −1, 1, 0 (eq. 8).
 */
export const leastSquares = defineLoss({
  name: "least-squares",
  title: "least-squares GAN (LSGAN)",
  scores: "unbounded",
  // The study squares the sigmoid of the score (google/compare_gan at 49495fd, `gans/LSGAN.py`).
  alsoReads: "probability",
  options: {
    a: number({ default: 0, means: "code of generated samples for D" }),
    b: number({ default: 1, means: "code of real samples for D" }),
    c: number({ default: 1, means: "code that G wants for its samples" }),
  },
  formulas: [
    {
      of: "discriminator",
      text: "½ E(r − b)² + ½ E(f − a)²",
      latex: "\\tfrac12\\mathbb{E}(r - b)^2 + \\tfrac12\\mathbb{E}(f - a)^2",
    },
    { of: "generator", text: "½ E(f − c)²", latex: "\\tfrac12\\mathbb{E}(f - c)^2" },
  ],
  symbols: SYMBOLS,
  papers: [
    {
      authors: "Mao et al.",
      year: 2017,
      title: "Least squares generative adversarial networks",
      arxiv: "1611.04076",
      where: "eq. 8–9",
    },
  ],
  approximates:
    "with b − c = 1 and b − a = 2 (codes −1, 1, 0), Pearson's χ² between (P_data + P_G)/2 and P_G",
  failure:
    "scores far beyond their code are punished too, so a very good D gets large gradients of the wrong kind",
  notes: "Some code squares the sigmoid of the score instead; this is the raw score, as in the paper.",
  equilibrium: ({ a, b }) => {
    const loss = (b - a) ** 2 / 4;
    return { discriminatorLoss: loss, scoreGap: 0, text: `(b − a)²/4 = ${loss}, score gap 0` };
  },
  create: ({ a, b, c }) => ({
    discriminator: (real, fake) =>
      add(mul(mean(square(sub(real, b))), 0.5), mul(mean(square(sub(fake, a))), 0.5)),
    generator: (_real, fake) => mul(mean(square(sub(fake, c))), 0.5),
  }),
});
