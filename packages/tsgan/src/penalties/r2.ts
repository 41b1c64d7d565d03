import { mul } from "../graph/index.ts";
import { definePenalty } from "./penalty.ts";
import { every, meanSquaredSlope, SLOPE, weightOf } from "./points.ts";
import { convergence } from "./shared-facts.ts";

/** R2: γ/2 E Σ g² at generated samples. Mescheder et al. 2018, arXiv:1801.04406, eq. 10. */
export const r2 = definePenalty({
  name: "r2",
  title: "R2",
  perExample: true,
  options: { weight: weightOf(10, "γ", { low: 0.01, high: 100 }), every: every() },
  formulas: [
    { of: "penalty", text: "γ/2 E Σ g(G(z))²", latex: "\\tfrac\\gamma2\\,\\mathbb{E}\\sum g(G(z))^2" },
  ],
  symbols: SLOPE,
  papers: [{ ...convergence, where: "eq. 10" }],
  approximates: "a discriminator that is flat on generated samples",
  failure: "alone it leaves the slope at the data free; goes with r1 in R3GAN",
  create: ({ weight }) => ({ penalty: (inputs) => mul(meanSquaredSlope("fake", inputs), weight / 2) }),
});
