import { number } from "../define/index.ts";
import { UsageError } from "../errors.ts";
import { abs, add, clip, mean, mul, reshape, stopGradient, sub, type Tensor } from "../graph/index.ts";
import { defineLoss } from "./loss.ts";
import { pointModel } from "./preset-parts.ts";
import { SYMBOLS } from "./shared-facts.ts";

/**
 * BEGAN: D minimises E r − k E f, G minimises E f; then k ← clip(k + λ(γ E r − E f), 0, 1). k is a constant in the
 * gradient, and is the loss's state, [1].
 *
 * Scores: reconstruction errors for each example, of an auto-encoding discriminator.
 * Berthelot et al. 2017, arXiv:1703.10717, §3.4.
 */
export const began = defineLoss({
  name: "began",
  title: "boundary equilibrium GAN (BEGAN)",
  scores: "energy",
  // Ranges of the study of Lucic et al. 2018, arXiv:1711.10337.
  options: {
    gamma: number({
      default: 0.5,
      least: 0,
      most: 1,
      means: "E f / E r that is held; lower is sharper and less diverse",
      symbol: "γ",
      search: { low: 0, high: 1 },
    }),
    lambda: number({
      default: 1e-3,
      least: 0,
      means: "gain of the controller",
      symbol: "λ",
      search: { low: 1e-4, high: 1e-2, log: true },
    }),
    k: number({ default: 0, least: 0, most: 1, means: "k before the first step" }),
  },
  formulas: [
    { of: "discriminator", text: "E r − k E f", latex: "\\mathbb{E}\\,r - k\\,\\mathbb{E}\\,f" },
    { of: "generator", text: "E f", latex: "\\mathbb{E}\\,f" },
    {
      of: "state",
      text: "k ← clip(k + λ(γ E r − E f), 0, 1)",
      latex: "k \\leftarrow \\mathrm{clip}(k + \\lambda(\\gamma\\,\\mathbb{E}\\,r - \\mathbb{E}\\,f), 0, 1)",
    },
  ],
  symbols: `${SYMBOLS}; scores are reconstruction errors`,
  papers: [
    {
      authors: "Berthelot, Schumm, Metz",
      year: 2017,
      title: "BEGAN: boundary equilibrium generative adversarial networks",
      arxiv: "1703.10717",
      where: "§3.4",
    },
  ],
  approximates: "a lower bound of W₁ between the distributions of reconstruction errors, not of samples",
  failure:
    "low γ gives sharp but few kinds of samples; does not minimise W₁ of the data, so modes go missing",
  notes: "E r + |γ E r − E f| (`beganMeasure`) measures convergence: lower is better.",
  presets: {
    // A code of one number: an auto-encoder with more copies any point of the plane. It drops modes all the same.
    began: {
      points: {
        penalties: [],
        model: { ...pointModel, discriminatorOutput: "reconstruction", code: 1 },
      },
      source: "tuned on ring and grid",
    },
  },
  create: ({ gamma, lambda, k }) => ({
    discriminator: (real, fake, state) => {
      if (state === undefined)
        throw new UsageError("began: the state k is needed; pass it as the third argument");
      return sub(mean(real), mul(reshape(stopGradient(state), []), mean(fake)));
    },
    generator: (_real, fake) => mean(fake),
    state: {
      initial: [k],
      next: (real, fake, state) =>
        clip(add(state, mul(sub(mul(mean(real), gamma), mean(fake)), lambda)), 0, 1),
    },
  }),
});

/**
 * BEGAN's measure of convergence, E r + |γ E r − E f| (Berthelot et al. 2017, §3.4.1): lower is better.
 *
 * @param real reconstruction errors of the real batch, [N]
 * @param fake those of the generated one, [N]
 * @param gamma γ in (0, 1], the ratio that BEGAN holds E f / E r at
 */
export const beganMeasure = (real: Tensor, fake: Tensor, gamma = 0.5): Tensor =>
  add(mean(real), abs(sub(mul(mean(real), gamma), mean(fake))));
