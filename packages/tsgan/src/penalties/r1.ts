import { mul } from "../graph/index.ts";
import { definePenalty } from "./penalty.ts";
import { every, meanSquaredSlope, SLOPE, weightOf } from "./points.ts";
import { convergence } from "./shared-facts.ts";

/**
 * R1: γ/2 E Σ g² at real samples. Mescheder et al. 2018, arXiv:1801.04406, eq. 9.
 *
 * @example
 * ```ts
 * import { input, sum } from "tsgan/graph";
 * import { r1 } from "tsgan/penalties";
 *
 * const real = input("real", [64, 2]);
 * const critic = (x: typeof real) => sum(x, 1);
 * const value = r1({ weight: 1 }).penalty?.({
 *   real,
 *   fake: real,
 *   realScores: critic(real),
 *   fakeScores: critic(real),
 *   critic,
 *   weights: [],
 *   random: (_kind, shape) => input("noise", shape),
 * });
 * ```
 */
export const r1 = definePenalty({
  name: "r1",
  title: "R1",
  perExample: true,
  options: { weight: weightOf(10, "γ", { low: 0.01, high: 100 }), every: every() },
  formulas: [{ of: "penalty", text: "γ/2 E Σ g(x)²", latex: "\\tfrac\\gamma2\\,\\mathbb{E}\\sum g(x)^2" }],
  symbols: `${SLOPE}; x: real samples`,
  papers: [{ ...convergence, where: "eq. 9" }],
  approximates: "a discriminator that is flat on the data, where training then converges locally",
  failure: "a γ too large blurs D; γ = 0.0002 · size² / batch is a rule of thumb (Karras et al. 2020)",
  create: ({ weight }) => ({ penalty: (inputs) => mul(meanSquaredSlope("real", inputs), weight / 2) }),
});
