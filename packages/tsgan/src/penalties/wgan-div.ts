import { choice, number } from "../define/index.ts";
import { add, mean, mul, power, type Tensor } from "../graph/index.ts";
import { definePenalty, type PenaltyInputs } from "./penalty.ts";
import { every, INTERPOLATES, type Points, slopes, weightOf } from "./points.ts";

/**
 * WGAN-div: k E nᵖ on interpolates, or k/2 (E nᵖ at real + E nᵖ at fake) at the samples.
 * Wu et al. 2018, arXiv:1712.01026.
 */
export const wganDiv = definePenalty({
  name: "wgan-div",
  title: "Wasserstein divergence (WGAN-div)",
  perExample: true,
  options: {
    weight: weightOf(2, "k"),
    exponent: number({
      default: 6,
      least: 1,
      means: "power of the slope",
      symbol: "p",
      search: { low: 1, high: 8 },
    }),
    at: choice(["interpolates", "real-and-fake"], {
      default: "interpolates",
      means:
        "where the slope is taken: the paper's interpolates, or the samples themselves as popular code does",
    }),
    every: every(),
  },
  formulas: [
    {
      of: "penalty",
      text: "k E n(x̂)^p, or k/2 (E n(x)^p + E n(G(z))^p)",
      latex: "k\\,\\mathbb{E}\\,n(\\hat x)^p",
    },
  ],
  symbols: INTERPOLATES,
  papers: [
    {
      authors: "Wu et al.",
      year: 2018,
      title: "Wasserstein divergence for GANs",
      arxiv: "1712.01026",
    },
  ],
  approximates: "a divergence in place of W₁ that asks for no Lipschitz constant",
  failure: "n^6 explodes for a steep critic: start it flat",
  create: ({ weight, exponent, at }) => {
    const powerAt = (points: Points, inputs: PenaltyInputs): Tensor =>
      mean(power(slopes(points, inputs), exponent));
    return {
      penalty: (inputs) =>
        at === "interpolates"
          ? mul(powerAt("interpolates", inputs), weight)
          : mul(add(powerAt("real", inputs), powerAt("fake", inputs)), weight / 2),
    };
  },
});
