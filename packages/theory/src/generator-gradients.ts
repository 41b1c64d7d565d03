/** The generator's costs and the gradients that they send back. */
import { integer, number, type ResolvedOptions } from "tsgan/define";
import type { Mark } from "tsgan/figure";
import { defineExperiment } from "./experiment.ts";
import { softplus } from "./normal.ts";
import { generativeAdversarialNets } from "./papers.ts";

const options = {
  score: number({
    default: 10,
    above: 0,
    // From 36 on, 1 − σ(s) is zero in doubles, and from 700 on eˢ overflows.
    most: 36,
    means: "scores of a generated sample run from −score to score",
    symbol: "s",
  }),
  points: integer({ default: 401, least: 2, most: 100_000, means: "scores at which costs are computed" }),
};

/** A cost of the generator and its derivative with respect to the score. */
export interface CostCurve {
  cost: number[];
  gradient: number[];
}

export interface GeneratorGradientsData {
  /** s, what the discriminator's last layer gives for G(z). */
  score: number[];
  /** D(G(z)) = σ(s), where the discriminator is a probability. */
  discriminator: number[];
  /** log(1 − D) */
  saturating: CostCurve;
  /** −log D */
  nonSaturating: CostCurve;
  /** ½ (s − 1)² */
  leastSquares: CostCurve;
  /** −s */
  hinge: CostCurve;
}

const title = "Saturating and non-saturating generator costs";

const sigmoid = (s: number): number => 1 / (1 + Math.exp(-s));

/** Each cost beside its derivative. */
const COSTS: Record<
  "saturating" | "nonSaturating" | "leastSquares" | "hinge",
  { cost: (s: number) => number; gradient: (s: number) => number }
> = {
  saturating: { cost: (s) => -softplus(s), gradient: (s) => -sigmoid(s) },
  nonSaturating: { cost: (s) => softplus(-s), gradient: (s) => -sigmoid(-s) },
  leastSquares: { cost: (s) => 0.5 * (s - 1) ** 2, gradient: (s) => s - 1 },
  // Subtracted from 0, as JSON has no negative zero.
  hinge: { cost: (s) => 0 - s, gradient: () => -1 },
};

const run = ({ score, points }: ResolvedOptions<typeof options>): GeneratorGradientsData => {
  const scores = Array.from({ length: points }, (_, i) => score * ((2 * i) / (points - 1) - 1));
  const curve = (kind: keyof typeof COSTS): CostCurve => ({
    cost: scores.map(COSTS[kind].cost),
    gradient: scores.map(COSTS[kind].gradient),
  });
  return {
    score: scores,
    discriminator: scores.map(sigmoid),
    saturating: curve("saturating"),
    nonSaturating: curve("nonSaturating"),
    leastSquares: curve("leastSquares"),
    hinge: curve("hinge"),
  };
};

const LABELS = {
  saturating: "saturating, log(1 − D)",
  nonSaturating: "non-saturating, −log D",
  leastSquares: "least squares, ½(s − 1)^{2}",
  hinge: "hinge, −s",
} as const;

/** Scores shown side by side for all four: beyond, least squares dwarfs the others. */
const SIDE = 4;

/**
 * Cost and gradient of the generator as functions of D(G(z)), saturating and not, least squares and hinge (Goodfellow et
 * al. 2014, §3).
 */
export const generatorGradients = defineExperiment({
  name: "generator-gradients",
  title,
  description:
    "Cost and gradient of the generator as functions of D(G(z)); least squares and hinge beside them",
  papers: [
    { ...generativeAdversarialNets, where: "§3" },
    {
      authors: "Goodfellow",
      year: 2016,
      title: "NIPS 2016 tutorial: generative adversarial networks",
      arxiv: "1701.00160",
      where: "figure 16",
    },
    {
      authors: "Mao et al.",
      year: 2017,
      title: "Least squares generative adversarial networks",
      arxiv: "1611.04076",
      where: "eq. 2",
    },
    { authors: "Lim & Ye", year: 2017, title: "Geometric GAN", arxiv: "1705.02894" },
  ],
  explanation:
    "Early in training the discriminator is sure that a sample is generated: D(G(z)) is near 0. The cost of the minimax game, " +
    "log(1 − D), is flat there: its gradient with respect to the score s, D = σ(s), is D itself, and the generator learns " +
    "nothing just when it has most to learn. The non-saturating cost −log D has the same direction and the gradient 1 − D: full " +
    "strength when the sample is refused, none when it is accepted. Least squares pulls the score to 1 with a force that grows " +
    "with the distance, and pulls it back when it overshoots; the hinge cost pushes with the same force wherever the sample is.",
  options,
  run,
  figure: (data) => {
    const all = ["saturating", "nonSaturating", "leastSquares", "hinge"] as const;
    const near = data.score.map((_, i) => i).filter((i) => Math.abs(data.score[i]) <= SIDE);
    const pick = (values: readonly number[]) => near.map((i) => values[i]);
    const size = (values: readonly number[]) => values.map(Math.abs);
    const crossEntropy = (of: (curve: CostCurve) => number[]) =>
      all
        .slice(0, 2)
        .map(
          (kind): Mark => ({ type: "line", x: data.discriminator, y: of(data[kind]), label: LABELS[kind] }),
        );
    const sideBySide = (of: (curve: CostCurve) => number[]) =>
      all.map(
        (kind): Mark => ({
          type: "line",
          x: pick(data.score),
          y: pick(of(data[kind])),
          label: LABELS[kind],
          // The saturating and the non-saturating cost run along that of hinge.
          ...(kind === "hinge" && { dash: "dashed" }),
        }),
      );
    return {
      title,
      panels: [
        {
          title: "Cost: flat at the left, or steep",
          x: { label: "D(G(z))", domain: [0, 1] },
          y: { label: "cost of the generator", unit: "nats", domain: [-5, 5] },
          marks: crossEntropy((curve) => curve.cost),
        },
        {
          title: "Gradient: vanishing, or full",
          x: { label: "D(G(z))", scale: "log", domain: [data.discriminator[0], 1] },
          y: { label: "|∂ cost / ∂ s|", scale: "log" },
          marks: crossEntropy((curve) => size(curve.gradient)),
        },
        {
          title: "The four costs of a score",
          x: { label: "score s of a generated sample" },
          y: { label: "cost of the generator" },
          marks: sideBySide((curve) => curve.cost),
        },
        {
          title: "Their gradients",
          x: { label: "score s of a generated sample" },
          y: { label: "∂ cost / ∂ s" },
          marks: [{ type: "rule", y: 0 }, ...sideBySide((curve) => curve.gradient)],
        },
      ],
    };
  },
});
