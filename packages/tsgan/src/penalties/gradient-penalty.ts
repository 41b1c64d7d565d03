import { choice, number } from "../define/index.ts";
import { mean, mul, relu, square, sub } from "../graph/index.ts";
import { definePenalty } from "./penalty.ts";
import { every, INTERPOLATES, pointKinds, slopes, weightOf } from "./points.ts";

/**
 * WGAN-GP: λ E(n − t)²; one-sided λ E max(0, n − t)², n the slope of the critic at each example.
 * Gulrajani et al. 2017, arXiv:1704.00028, eq. 3 and §4.
 */
export const gradientPenalty = definePenalty({
  name: "gradient-penalty",
  title: "gradient penalty (WGAN-GP)",
  perExample: true,
  options: {
    weight: weightOf(10, "λ"),
    target: number({ default: 1, least: 0, means: "slope that is asked for", symbol: "t" }),
    sided: choice(["two", "one"], { default: "two", means: "one punishes slopes above the target only" }),
    at: choice(pointKinds, {
      default: "interpolates",
      means: "where the slope is taken; perturbed is real points with noise, as dragan has them",
    }),
    every: every(),
  },
  formulas: [
    {
      of: "penalty",
      text: "λ E(n(x̂) − t)²; one-sided: λ E max(0, n(x̂) − t)²",
      latex: "\\lambda\\,\\mathbb{E}(n(\\hat x) - t)^2",
    },
  ],
  symbols: INTERPOLATES,
  papers: [
    {
      authors: "Gulrajani et al.",
      year: 2017,
      title: "Improved training of Wasserstein GANs",
      arxiv: "1704.00028",
      where: "eq. 3, §4",
    },
  ],
  approximates:
    "slope t of the critic on lines between real and generated samples, as the best critic has with t = 1",
  failure:
    "batch norm in the critic mixes the examples whose slopes it measures; slows training by about half",
  notes:
    "With t ≠ 1 this is t² times the (n/t − 1)² of TF-GAN. With `mmd-gan`, g is the slope of its witness, as for every " +
    "penalty of this kind.",
  create: ({ weight, target, sided, at }) => ({
    penalty: (inputs) => {
      const excess = sub(slopes(at, inputs), target);
      return mul(mean(square(sided === "one" ? relu(excess) : excess)), weight);
    },
  }),
});
