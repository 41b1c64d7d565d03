import { mean, neg, sub } from "../graph/index.ts";
import { defineLoss } from "./loss.ts";
import { both, pointOptimizer } from "./preset-parts.ts";
import { SYMBOLS, wassersteinGan } from "./shared-facts.ts";

/**
 * Wasserstein GAN: the critic minimises E f − E r, that is, it maximises E D(x) − E D(G(z)); G minimises −E f.
 *
 * Scores: unbounded, any shape. Minus the critic's loss estimates the Wasserstein-1 distance, up to the Lipschitz
 * constant, only while a constraint holds: add weight clipping, a gradient penalty or spectral normalisation.
 * Arjovsky et al. 2017, arXiv:1701.07875, eq. 2–3.
 */
export const wasserstein = defineLoss({
  name: "wasserstein",
  title: "Wasserstein GAN",
  scores: "unbounded",
  scoresNote: "a sigmoid would bound the critic and break the duality",
  options: {},
  formulas: [
    { of: "discriminator", text: "E f − E r", latex: "\\mathbb{E}\\,f - \\mathbb{E}\\,r" },
    { of: "generator", text: "−E f", latex: "-\\mathbb{E}\\,f" },
  ],
  symbols: SYMBOLS,
  papers: [{ ...wassersteinGan, where: "eq. 2–3, algorithm 1" }],
  approximates:
    "minus the critic's loss is K · W₁(P_data, P_G) from below, for a K-Lipschitz critic near its best",
  failure:
    "without a constraint the critic's loss falls without end; clipped weights make it slow and too simple " +
    "(use `gradient-penalty`)",
  notes:
    "The sign, which tutorials confuse: the critic maximises E[D(x)] − E[D(G(z))], so as a loss it minimises " +
    "E[D(G(z))] − E[D(x)]. That loss is negative in training and rises to 0; minus it estimates the distance. " +
    "G minimises −E[D(G(z))]. Flipping the sign of D flips all of it and is the same game: real samples then score " +
    "low. Both players must use the same convention. For mean(y · score) see `wasserstein-labels`.",
  equilibrium: () => ({
    discriminatorLoss: 0,
    scoreGap: 0,
    text: "0: the score gap, which estimates the distance, goes to 0",
  }),
  // For points WGAN-GP is tuned on ring and grid (docs/losses-matrix.md); the others take over its settings. Modes are narrow,
  // so critics must be steep and penalties small: λ = 0.1 is that of the authors' toy code.
  presets: {
    wgan: {
      images: {
        penalties: [{ name: "weight-clipping", limit: 0.01 }],
        optimizer: both({ name: "rmsprop", learningRate: 5e-5 }),
        criticSteps: 5,
      },
      points: {
        penalties: [{ name: "weight-clipping", limit: 0.1 }],
        optimizer: both({ name: "rmsprop", learningRate: { kind: "linear", from: 5e-4, to: 0 } }),
        criticSteps: 5,
      },
      source:
        "Arjovsky et al. 2017, arXiv:1701.07875, algorithm 1, with the learning rate scaled for short runs",
    },
    "wgan-gp": {
      images: {
        penalties: [{ name: "gradient-penalty", weight: 10 }],
        optimizer: both({ name: "adam", learningRate: 1e-4, beta1: 0, beta2: 0.9 }),
        criticSteps: 5,
      },
      points: {
        penalties: [{ name: "gradient-penalty", weight: 0.1 }],
        optimizer: pointOptimizer,
        criticSteps: 2,
      },
      source: "Gulrajani et al. 2017, arXiv:1704.00028, algorithm 1; for points tuned on ring and grid",
    },
    "wgan-lp": {
      images: {
        penalties: [{ name: "wgan-lp", weight: 10 }],
        optimizer: both({ name: "adam", learningRate: 1e-4, beta1: 0.5, beta2: 0.9 }),
        criticSteps: 5,
      },
      points: { penalties: [{ name: "wgan-lp", weight: 0.1 }], optimizer: pointOptimizer, criticSteps: 2 },
      source:
        "Petzka et al. 2018, arXiv:1709.08894; the rest as the authors' code for CIFAR-10, for points as wgan-gp",
    },
    "wgan-div": {
      images: {
        penalties: [{ name: "wgan-div", weight: 2, exponent: 6 }],
        optimizer: both({ name: "adam", learningRate: 2e-4, beta1: 0.5, beta2: 0.999 }),
        criticSteps: 5,
      },
      points: {
        penalties: [{ name: "wgan-div", weight: 2, exponent: 6 }],
        optimizer: pointOptimizer,
        criticSteps: 2,
      },
      source:
        "Wu et al. 2018, arXiv:1712.01026: k = 2, p = 6; optimiser and critic steps of the popular PyTorch code, for points as wgan-gp",
    },
  },
  create: () => ({
    discriminator: (real, fake) => sub(mean(fake), mean(real)),
    generator: (_real, fake) => neg(mean(fake)),
  }),
});
