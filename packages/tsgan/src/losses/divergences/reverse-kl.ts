import { type FunctionFacts, withFacts } from "../../define/index.ts";
import type { Tensor } from "../../graph/index.ts";
import type { DiagonalGaussian } from "./gaussian.ts";
import { discreteKl, gaussianKl } from "./kl.ts";
import { SYMBOLS, textbook, USE } from "./shared-facts.ts";

const facts: FunctionFacts = {
  name: "reverse-kl",
  title: "reverse Kullback–Leibler divergence",
  formulas: [{ of: "both", text: "KL(q ‖ p)", latex: "\\mathrm{KL}(q\\,\\|\\,p)" }],
  symbols: SYMBOLS,
  papers: [textbook],
  approximates: "KL(q ‖ p) itself",
  failure: "forgives missing parts of p: a q of too few modes settles on one of them",
  use: USE,
};

/** KL(q‖p) of distributions given by logits. Range [0, ∞). */
export const discreteReverseKl = withFacts(
  (pLogits: Tensor, qLogits: Tensor): Tensor => discreteKl(qLogits, pLogits),
  facts,
);

/** KL(q‖p) of Gaussians. Range [0, ∞). */
export const gaussianReverseKl = withFacts(
  (p: DiagonalGaussian, q: DiagonalGaussian): Tensor => gaussianKl(q, p),
  facts,
);
