import { mean, neg, softplus } from "../graph/index.ts";
import { labelled, labelledEquilibrium, labelledFormula, labels } from "./cross-entropy.ts";
import { defineLoss } from "./loss.ts";
import { both, pointOptimizer } from "./preset-parts.ts";
import { goodfellow, SYMBOLS } from "./shared-facts.ts";

/**
 * Non-saturating GAN: D as in `minimax`, G minimises −E log σ(f).
 *
 * Scores: logits, any shape; natural logarithms.
 * Goodfellow et al. 2014, arXiv:1406.2661, §3.
 */
export const nonSaturating = defineLoss({
  name: "non-saturating",
  title: "non-saturating GAN",
  scores: "logit",
  options: labels,
  formulas: [labelledFormula, { of: "generator", text: "−E log σ(f)", latex: "-\\mathbb{E}\\log\\sigma(f)" }],
  symbols: SYMBOLS,
  papers: [{ ...goodfellow, where: "§3" }],
  approximates:
    "at the best D, the gradient of KL(P_G ‖ P_data) − 2 JS(P_data, P_G) (Arjovsky & Bottou 2017)",
  failure: "mode dropping; unstable gradients where D is nearly perfect. R1 (`r1`) repairs much of it",
  notes: "Not zero-sum. Label smoothing changes the discriminator's targets only.",
  equilibrium: labelledEquilibrium,
  presets: {
    dragan: {
      images: {
        penalties: [{ name: "dragan", weight: 10 }],
        optimizer: both({ name: "adam", learningRate: 1e-4, beta1: 0.5, beta2: 0.9 }),
        criticSteps: 1,
      },
      points: { penalties: [{ name: "dragan", weight: 0.1 }], optimizer: pointOptimizer, criticSteps: 1 },
      source: "Kodali et al. 2017, arXiv:1705.07215, and the authors' code; for points as wgan-gp",
    },
    "non-saturating-r1": {
      images: { penalties: [{ name: "r1", weight: 10 }], criticSteps: 1 },
      points: { penalties: [{ name: "r1", weight: 0.05 }], optimizer: pointOptimizer, criticSteps: 1 },
      source:
        "Mescheder et al. 2018, arXiv:1801.04406: γ = 10, one step each; for points tuned on ring and grid",
    },
  },
  create: (options) => ({
    discriminator: labelled(options),
    generator: (_real, fake) => mean(softplus(neg(fake))),
  }),
});
