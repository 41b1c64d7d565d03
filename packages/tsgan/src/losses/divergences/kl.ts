import { type FunctionFacts, withFacts } from "../../define/index.ts";
import {
  add,
  div,
  log,
  logSoftmax,
  mean,
  mul,
  softmax,
  square,
  sub,
  sum,
  type Tensor,
} from "../../graph/index.ts";
import type { DiagonalGaussian } from "./gaussian.ts";
import { SYMBOLS, textbook, USE } from "./shared-facts.ts";

const facts: FunctionFacts = {
  name: "kl",
  title: "Kullback–Leibler divergence",
  formulas: [
    { of: "discrete", text: "Σ p (log p − log q)", latex: "\\sum p (\\log p - \\log q)" },
    {
      of: "Gaussian",
      text: "Σ log(σ_q/σ_p) + (σ_p² + (μ_p − μ_q)²) / 2σ_q² − ½",
      latex:
        "\\sum\\log\\frac{\\sigma_q}{\\sigma_p} + \\frac{\\sigma_p^2 + (\\mu_p - \\mu_q)^2}{2\\sigma_q^2} - \\tfrac12",
    },
  ],
  symbols: SYMBOLS,
  papers: [textbook],
  approximates: "KL(p ‖ q) itself: maximum likelihood of q where p is the data",
  failure: "infinite where q misses a part of p: a q of too few modes is spread over all of them",
  use: USE,
};

/** KL(p‖q) = Σ p (log p − log q), p and q the softmaxes of the logits. Range [0, ∞). */
export const discreteKl = withFacts(
  (pLogits: Tensor, qLogits: Tensor): Tensor =>
    mean(sum(mul(softmax(pLogits), sub(logSoftmax(pLogits), logSoftmax(qLogits))), -1)),
  facts,
);

/** KL(p‖q) = Σ over dimensions of log(σ_q/σ_p) + (σ_p² + (μ_p − μ_q)²) / 2σ_q² − ½. Range [0, ∞). */
export const gaussianKl = withFacts((p: DiagonalGaussian, q: DiagonalGaussian): Tensor => {
  const spread = add(square(div(p.std, q.std)), square(div(sub(p.mean, q.mean), q.std)));
  return sum(sub(add(log(div(q.std, p.std)), mul(spread, 0.5)), 0.5));
}, facts);
