import { mean, mul, relu, square, sub } from "../graph/index.ts";
import { definePenalty } from "./penalty.ts";
import { every, INTERPOLATES, slopes, weightOf } from "./points.ts";

/** WGAN-LP: λ E max(0, n − 1)² on interpolates. Petzka et al. 2018, arXiv:1709.08894. */
export const wganLp = definePenalty({
  name: "wgan-lp",
  title: "Lipschitz penalty (WGAN-LP)",
  perExample: true,
  options: { weight: weightOf(10, "λ"), every: every() },
  formulas: [
    {
      of: "penalty",
      text: "λ E max(0, n(x̂) − 1)²",
      latex: "\\lambda\\,\\mathbb{E}\\max(0, n(\\hat x) - 1)^2",
    },
  ],
  symbols: INTERPOLATES,
  papers: [
    {
      authors: "Petzka, Fischer, Lukovnikov",
      year: 2018,
      title: "On the regularization of Wasserstein GANs",
      arxiv: "1709.08894",
    },
  ],
  approximates: "slope of at most 1, which is all that the dual of W₁ asks for",
  failure: "as gradient-penalty: no batch norm in the critic, and slow",
  create: ({ weight }) => ({
    penalty: (inputs) => mul(mean(square(relu(sub(slopes("interpolates", inputs), 1)))), weight),
  }),
});
