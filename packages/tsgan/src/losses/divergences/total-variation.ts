import { type FunctionFacts, withFacts } from "../../define/index.ts";
import { abs, exp, mean, minimum, mul, relu, softmax, sub, sum, type Tensor } from "../../graph/index.ts";
import { type DiagonalGaussian, expectation, type NormalRule, normalGrid } from "./gaussian.ts";
import { SYMBOLS, USE } from "./shared-facts.ts";

const facts: FunctionFacts = {
  name: "total-variation",
  title: "total variation",
  formulas: [
    { of: "discrete", text: "½ Σ |p − q|", latex: "\\tfrac12\\sum|p - q|" },
    { of: "Gaussian", text: "E_p max(0, 1 − q/p)", latex: "\\mathbb{E}_p\\max(0, 1 - q/p)" },
  ],
  symbols: SYMBOLS,
  papers: [
    { authors: "Levin, Peres, Wilmer", year: 2009, title: "Markov chains and mixing times", where: "§4.1" },
  ],
  approximates: "itself, in [0, 1]; between Gaussians by a quadrature rule",
  failure:
    "1 with no gradient where the two do not overlap; its gradient does not see by how much they differ",
  use: USE,
};

/** ½ Σ |p − q| of distributions given by logits. Range [0, 1]. */
export const discreteTotalVariation = withFacts(
  (pLogits: Tensor, qLogits: Tensor): Tensor =>
    mul(mean(sum(abs(sub(softmax(pLogits), softmax(qLogits))), -1)), 0.5),
  facts,
);

/** ½ ∫|p − q| = E_p max(0, 1 − q/p) of Gaussians. By a rule. Range [0, 1]. */
export const gaussianTotalVariation = withFacts(
  (p: DiagonalGaussian, q: DiagonalGaussian, rule: NormalRule = normalGrid()): Tensor =>
    expectation(p, q, rule, (logRatio) => relu(sub(1, exp(minimum(logRatio, 0))))),
  facts,
);
