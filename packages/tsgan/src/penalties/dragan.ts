import { number } from "../define/index.ts";
import { mean, mul, square, sub } from "../graph/index.ts";
import { definePenalty } from "./penalty.ts";
import { every, SLOPE, slopes, weightOf } from "./points.ts";

/**
 * DRAGAN: λ E(n − t)² at real points with noise, x + ½ std(x) · U[0, 1). Kodali et al. 2017, arXiv:1705.07215.
 */
export const dragan = definePenalty({
  name: "dragan",
  title: "DRAGAN",
  perExample: true,
  options: {
    weight: weightOf(10, "λ"),
    target: number({ default: 1, least: 0, means: "slope that is asked for", symbol: "t" }),
    every: every(),
  },
  formulas: [
    {
      of: "penalty",
      text: "λ E(n(x + δ) − t)², δ = ½ std(x) · U[0, 1)",
      latex:
        "\\lambda\\,\\mathbb{E}(n(x + \\delta) - t)^2,\\; \\delta = \\tfrac12\\,\\mathrm{std}(x)\\,U[0, 1)",
    },
  ],
  symbols: `${SLOPE}; x: real samples; std over all elements of the batch`,
  papers: [
    {
      authors: "Kodali et al.",
      year: 2017,
      title: "On convergence and stability of GANs",
      arxiv: "1705.07215",
    },
  ],
  approximates: "a discriminator without sharp slopes around the data",
  failure: "slope t around every real sample is more than convergence asks for (compare r1)",
  notes: "The authors' code then draws a point on the segment from x to x + δ; implementations differ.",
  create: ({ weight, target }) => ({
    penalty: (inputs) => mul(mean(square(sub(slopes("perturbed", inputs), target))), weight),
  }),
});
