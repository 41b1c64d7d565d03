import { mean, neg, softplus } from "../graph/index.ts";
import { labelled, labelledEquilibrium, labelledFormula, labels } from "./cross-entropy.ts";
import { defineLoss } from "./loss.ts";
import { goodfellow, SYMBOLS } from "./shared-facts.ts";

/**
 * Minimax GAN: D minimises −E log σ(r) − E log(1 − σ(f)), G minimises E log(1 − σ(f)).
 *
 * Scores: logits, any shape; natural logarithms. At the best D, G's loss is 2 JS(P_data ‖ P_G) − log 4 but for a
 * constant. G's gradient vanishes where D is sure that a sample is fake.
 * Goodfellow et al. 2014, arXiv:1406.2661, eq. 1.
 */
export const minimax = defineLoss({
  name: "minimax",
  title: "minimax GAN",
  scores: "logit",
  options: labels,
  formulas: [
    labelledFormula,
    { of: "generator", text: "E log(1 − σ(f))", latex: "\\mathbb{E}\\log(1 - \\sigma(f))" },
  ],
  symbols: SYMBOLS,
  papers: [{ ...goodfellow, where: "eq. 1" }],
  approximates: "at the best D, 2 JS(P_data, P_G) − log 4",
  failure:
    "the generator's gradient vanishes where D is sure that a sample is generated, so early training stalls",
  notes: "Zero-sum. Label smoothing changes the discriminator's targets only.",
  equilibrium: labelledEquilibrium,
  create: (options) => ({
    discriminator: labelled(options),
    generator: (_real, fake) => neg(mean(softplus(fake))),
  }),
});
