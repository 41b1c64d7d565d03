/** What weight clipping makes of a critic, and a gradient penalty. */
import { grid, ring } from "tsgan/data";
import { integer, number, numbers, type ResolvedOptions } from "tsgan/define";
import type { Mark, Panel } from "tsgan/figure";
import { formatFixed } from "tsgan/figure";
import { count, rate, seed } from "./common-options.ts";
import { type Claim, defineExperiment, type RunContext } from "./experiment.ts";
import { constraintColor, constraintName } from "./panels.ts";
import { improvedWasserstein } from "./papers.ts";
import {
  type CountedWeights,
  gradientsThroughDepth,
  type Size,
  surfaceUnder,
  type ValueSurface,
  weightsUnder,
} from "./weight-clipping-critics.ts";

const table = {
  limits: numbers({
    default: [0.001, 0.01, 0.1],
    above: 0,
    length: { least: 1 },
    means: "bounds of the weights",
    symbol: "c",
  }),
  penalty: number({ default: 10, least: 0, means: "weight of the gradient penalty", symbol: "λ" }),
  surfaceLimit: number({
    default: 0.1,
    above: 0,
    means: "bound of the weights of the critics whose value surfaces are drawn",
  }),
  surfacePenalty: number({
    default: 0.1,
    least: 0,
    means: "weight of the gradient penalty of the critics whose value surfaces are drawn",
  }),
  depth: count(12, "hidden layers of the deep critics, whose gradients are followed through depth"),
  deepWidth: count(64, "units of each of them"),
  deepSteps: count(1500, "steps of the deep critics"),
  shallowDepth: count(3, "hidden layers of the critics whose weights are counted and whose values are drawn"),
  shallowWidth: count(128, "units of each of them"),
  shallowSteps: count(3000, "steps of the shallow critics"),
  clippedRate: rate(
    0.005,
    "learning rate under clipping, as a share of c: 0.005 is WGAN's 5e-5 for c = 0.01",
  ),
  penalizedRate: rate(0.001, "learning rate under the gradient penalty"),
  noise: number({
    default: 0.5,
    above: 0,
    means: "standard deviation of the noise that makes generated points of real ones",
  }),
  batch: count(256, "points of each kind a step"),
  bins: integer({ default: 41, least: 2, most: 1000, means: "bars of a histogram of weights" }),
  resolution: integer({
    default: 64,
    least: 2,
    most: 500,
    means: "cells of a value surface along each side",
  }),
  seed,
};

/** One critic of Gulrajani et al.'s figure 1 b: trained to its end on the ring with one of the constraints. */
export interface ConstrainedCritic extends CountedWeights {
  /** c, or null for the gradient penalty. */
  limit: number | null;
  /**
   * Mean over real points of |∂D(x)/∂h_l| for the input (l = 0) and the output of each hidden layer of the deep critic.
   */
  gradientNorms: number[];
}

export interface WeightClippingData {
  critics: ConstrainedCritic[];
  surfaces: ValueSurface[];
}

const title = "Weight clipping against gradient penalty";

const run = async (
  options: ResolvedOptions<typeof table>,
  { progress }: RunContext,
): Promise<WeightClippingData> => {
  const { limits, depth, deepWidth, deepSteps, shallowDepth, shallowWidth, shallowSteps } = options;
  const deep: Size = { depth, width: deepWidth, steps: deepSteps };
  const shallow: Size = { depth: shallowDepth, width: shallowWidth, steps: shallowSteps };
  const onRing = ring({ radius: 1 });
  const onGrid = grid({ spacing: 0.5, deviation: 0.02 });
  const constraints = [...limits, null];
  const work = 2 * constraints.length + 4;
  let index = 0;
  const part = (message: string): ((share: number) => void) => {
    const start = index++;
    return (share) => progress?.((start + share) / work, message);
  };
  const critics: ConstrainedCritic[] = [];
  for (const limit of constraints) {
    const named = constraintName(limit);
    const follow = part(`${named}, deep critic`);
    const gradientNorms = await gradientsThroughDepth(onRing, limit, deep, options, follow);
    const counting = part(`${named}, weights`);
    const counted = await weightsUnder(onRing, limit, shallow, options, options.bins, counting);
    critics.push({ limit, gradientNorms, ...counted });
  }
  const surfaces: ValueSurface[] = [];
  const onSurfaces = { ...options, penalty: options.surfacePenalty };
  for (const dataset of [onRing, onGrid]) {
    for (const limit of [options.surfaceLimit, null]) {
      const drawing = part(`values on the ${dataset.name}`);
      surfaces.push(await surfaceUnder(dataset, limit, shallow, onSurfaces, options.resolution, drawing));
    }
  }
  return { critics, surfaces };
};

/** Logarithms of gradients that are 0 in single precision have no place. */
const positive = (value: number): number | null => (value > 0 ? value : null);

/**
 * Critics under weight clipping and gradient penalty: weights, gradients through depth, value surfaces (Gulrajani et al.
 * 2017, figure 1).
 */
export const weightClipping = defineExperiment({
  name: "weight-clipping",
  title,
  description:
    "Critics under weight clipping and gradient penalty: weights, gradients through depth, value surfaces",
  papers: [{ ...improvedWasserstein, where: "figure 1" }],
  explanation:
    "A WGAN's critic must have a bounded slope. Clipping its weights to [−c, c] is the blunt way. The generator is fixed here: it makes " +
    "real points with noise. In a deep critic, the gradient of the score with respect to each layer vanishes towards the input " +
    "when c is small and grows when c is large; between the two there is hardly a c that suits all depths. With a gradient " +
    "penalty it stays near 1 from the last layer to the input. In a shallow critic, training drives the clipped weights to " +
    "their bounds, where they say nothing but plus or minus; those under the penalty spread out. And the clipped critic's " +
    "values are a single hill that ignores the modes, where the penalised one's have peaks at them. (For these values the " +
    "penalty's weight is 0.1, which lets the critic bend more than 10 does.)",
  options: table,
  minutes: 0.75,
  run,
  claims: ({ critics }) => {
    const penalized = critics.filter(({ limit }) => limit === null);
    return [
      ...critics
        .filter(({ limit }) => limit !== null)
        .flatMap(({ limit, gradientNorms, atLimit }): Claim[] => [
          {
            text: `c = ${limit}: orders of magnitude that the gradient changes by through depth`,
            value: Math.abs(Math.log10(gradientNorms[0] / gradientNorms.at(-1)!)),
            atLeast: 2,
          },
          { text: `c = ${limit}: share of the weights at ±c`, value: atLimit.after, atLeast: 0.25 },
        ]),
      ...penalized.flatMap(({ gradientNorms }): Claim[] => [
        {
          text: "gradient penalty: smallest gradient of a layer",
          value: Math.min(...gradientNorms),
          atLeast: 0.2,
        },
        {
          text: "gradient penalty: largest gradient of a layer",
          value: Math.max(...gradientNorms),
          atMost: 5,
        },
      ]),
    ];
  },
  figure: ({ critics, surfaces }) => {
    return {
      title,
      panels: [
        {
          wide: true,
          aspect: 0.36,
          title: "Deep critics: gradient of the score, layer by layer",
          x: {
            label: "layer: input is 0, last hidden layer on the right",
            // Every second one, for which there is room on a telephone.
            ticks: critics[0].gradientNorms.map((_, layer) => ({
              value: layer,
              label: layer % 2 === 0 ? String(layer) : "",
            })),
          },
          y: { label: "mean |∂D/∂h_{l}|", scale: "log" },
          marks: critics.map(
            ({ limit, gradientNorms }, i): Mark => ({
              type: "line",
              x: gradientNorms.map((_, layer) => layer),
              y: gradientNorms.map(positive),
              label: constraintName(limit),
              color: constraintColor(limit, i),
            }),
          ),
        },
        ...critics.map(({ limit, weights, atLimit }, i): Panel => {
          const total = weights.heights.reduce((sum, height) => sum + height, 0);
          return {
            title:
              limit === null
                ? "Weights under a gradient penalty"
                : `Weights, c = ${limit}: ${formatFixed(100 * atLimit.after, 0)} % at ±c`,
            x: { label: "weight" },
            y: { label: "share of the weights", unit: "%" },
            marks: [
              {
                type: "histogram",
                edges: weights.edges,
                heights: weights.heights.map((height) => (100 * height) / total),
                label: constraintName(limit),
                color: constraintColor(limit, i),
              },
            ],
          };
        }),
        ...surfaces.map(
          ({ data, limit, reach, values }): Panel => ({
            title: `Critic's values on the ${data}, ${constraintName(limit)}`,
            aspect: "equal",
            x: { label: "x_{1}" },
            y: { label: "x_{2}" },
            marks: [{ type: "heatmap", x: [-reach, reach], y: [-reach, reach], values, label: "D(x)" }],
          }),
        ),
      ],
    };
  },
});
