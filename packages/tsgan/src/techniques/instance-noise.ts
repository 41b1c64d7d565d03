import { integer, number } from "../define/index.ts";
import { defineTechnique } from "../game/index.ts";
import { add, mul } from "../graph/index.ts";
import { instanceNoiseSigma } from "../nn/index.ts";
import { networkNames } from "./ema.ts";

/**
 * Normal noise on all that the discriminator sees, real and generated, whose deviation falls linearly from σ to 0: the two
 * distributions then always overlap. Sønderby et al. 2017, arXiv:1610.04490, §3; Arjovsky & Bottou 2017, arXiv:1701.04862.
 */
export const instanceNoise = defineTechnique({
  name: "instance-noise",
  title: "noise on all that the discriminator sees, which fades",
  formulas: [
    { of: "input", text: "x + σ(1 − t/T) ε, ε ~ N(0, 1)", latex: "x + \\sigma(1 - t/T)\\varepsilon" },
  ],
  symbols: "x: real and generated examples; t: iteration; T: `steps`",
  papers: [
    {
      authors: "Sønderby et al.",
      year: 2017,
      title: "Amortised MAP inference for image super-resolution",
      arxiv: "1610.04490",
      where: "§3",
    },
  ],
  options: {
    sigma: number({
      default: 0.1,
      least: 0,
      means: "deviation of the noise in the beginning",
      symbol: "σ",
      search: { low: 0.01, high: 1, log: true },
    }),
    steps: integer({ default: 1000, least: 1, means: "iterations until it is gone", symbol: "T" }),
    networks: networkNames("networks that see it", "those that judge"),
  },
  create: ({ sigma, steps, networks }) => ({
    networks,
    sees: (x, { random, scalar }) =>
      add(
        x,
        mul(
          random("normal", x.shape),
          scalar("sigma", ({ step }) => instanceNoiseSigma(step, sigma, steps)),
        ),
      ),
  }),
});
