import { mul } from "../graph/index.ts";
import { definePenalty } from "./penalty.ts";
import { every, meanSquaredSlope, SLOPE, weightOf } from "./points.ts";

/**
 * Lazy R1: n γ/2 E Σ g² at real samples in every n-th step, the same on average as R1 for a fraction of the time: `r1` with
 * another `every`. Karras et al. 2020, arXiv:1912.04958, §3.1.
 */
export const lazyR1 = definePenalty({
  name: "lazy-r1",
  title: "lazy R1",
  perExample: true,
  options: { weight: weightOf(10, "γ", { low: 0.01, high: 100 }), every: every(16) },
  formulas: [
    {
      of: "penalty",
      text: "every n-th step: n γ/2 E Σ g(x)²",
      latex: "n\\,\\tfrac\\gamma2\\,\\mathbb{E}\\sum g(x)^2 \\;\\text{every n-th step}",
    },
  ],
  symbols: `${SLOPE}; x: real samples`,
  papers: [
    {
      authors: "Karras et al.",
      year: 2020,
      title: "Analyzing and improving the image quality of StyleGAN",
      arxiv: "1912.04958",
      where: "§3.1",
    },
  ],
  approximates: "r1, for a fraction of the time",
  failure: "Adam sees rare large gradients: large n needs smaller learning rates and betas",
  create: ({ weight }) => ({ penalty: (inputs) => mul(meanSquaredSlope("real", inputs), weight / 2) }),
});
