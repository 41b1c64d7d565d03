import { type FunctionFacts, withFacts } from "../../define/index.ts";
import { abs, add, mul, reshape, sqrt, square, sub, sum, type Tensor } from "../../graph/index.ts";
import { type DiagonalGaussian, normalGrid } from "./gaussian.ts";
import { USE } from "./shared-facts.ts";

const facts: FunctionFacts = {
  name: "gaussian-wasserstein",
  title: "Wasserstein distances between Gaussians",
  formulas: [
    {
      of: "W₂",
      text: "√(‖μ_p − μ_q‖² + ‖σ_p − σ_q‖²)",
      latex: "\\sqrt{\\lVert\\mu_p - \\mu_q\\rVert^2 + \\lVert\\sigma_p - \\sigma_q\\rVert^2}",
    },
    {
      of: "W₁, d = 1",
      text: "E|μ_p − μ_q + (σ_p − σ_q) t|, t ~ N(0, 1)",
      latex: "\\mathbb{E}|\\mu_p - \\mu_q + (\\sigma_p - \\sigma_q)t|,\\; t \\sim \\mathcal{N}(0, 1)",
    },
  ],
  symbols: "Gaussians N(μ, diag σ²)",
  papers: [
    {
      authors: "Peyré, Cuturi",
      year: 2019,
      title: "Computational optimal transport",
      arxiv: "1803.00567",
      where: "remark 2.31",
    },
  ],
  approximates: "itself; has a gradient wherever the two differ, overlap or not",
  failure: "W₂ has no derivative where the two are equal",
  use: USE,
};

/** Wasserstein-2 distance √(‖μ_p − μ_q‖² + ‖σ_p − σ_q‖²). Its derivative is not defined where p = q. */
export const gaussianW2 = withFacts(
  (p: DiagonalGaussian, q: DiagonalGaussian): Tensor =>
    sqrt(add(sum(square(sub(p.mean, q.mean))), sum(square(sub(p.std, q.std))))),
  facts,
);

/** Wasserstein-1 distance in one dimension, E|μ_p − μ_q + (σ_p − σ_q) t|, t standard normal. By a rule. */
export const gaussianW1 = withFacts((p: DiagonalGaussian, q: DiagonalGaussian): Tensor => {
  const { points, weights } = normalGrid();
  const gap = add(sub(p.mean, q.mean), mul(sub(p.std, q.std), points));
  return sum(mul(weights, abs(reshape(gap, weights.shape))));
}, facts);
