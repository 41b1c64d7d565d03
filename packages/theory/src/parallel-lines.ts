/** Two parallel lines and the distances between them. */
import { integer, number, type ResolvedOptions } from "tsgan/define";
import { exactTransport, jensenShannon, kl, matrix } from "tsgan/distances";
import { defineExperiment } from "./experiment.ts";
import { wassersteinGan } from "./papers.ts";

const options = {
  theta: number({
    default: 1,
    above: 0,
    means: "the lines are compared at distances from −theta to theta",
    symbol: "θ",
  }),
  points: integer({ default: 25, least: 1, most: 1000, means: "distances on each side of 0" }),
  atoms: integer({ default: 16, least: 1, most: 200, means: "points of equal weight that stand for a line" }),
};

export interface ParallelLinesData {
  theta: number[];
  /** KL(P‖Q) in nats; null where it is infinite. */
  kl: (number | null)[];
  /** JS(P‖Q) in nats. */
  jensenShannon: number[];
  /** W₁(P, Q), by exact transport between the points. */
  wasserstein: number[];
  /** Differences quotients between neighbouring θ, at their middle. */
  slopes: { theta: number[]; jensenShannon: number[]; wasserstein: number[] };
}

const title = "Parallel lines: only one distance shows the way";

/** P uniform on {0} × [0, 1], Q uniform on {θ} × [0, 1], each as `atoms` points at the same heights. */
const compare = (
  theta: number,
  atoms: number,
): { kl: number; jensenShannon: number; wasserstein: number } => {
  const weights = new Array<number>(atoms).fill(1 / atoms);
  const points = (x: number) =>
    matrix(
      atoms,
      2,
      weights.flatMap((_, i) => [x, (i + 0.5) / atoms]),
    );
  // As laws over the same outcomes: the points of P, then those of Q that are others.
  const none = new Array<number>(theta === 0 ? 0 : atoms).fill(0);
  const p = [...weights, ...none];
  const q = theta === 0 ? weights : [...none, ...weights];
  const transport = exactTransport(weights, weights, { x: points(0), y: points(theta), cost: "euclidean" });
  return { kl: kl(p, q), jensenShannon: jensenShannon(p, q), wasserstein: transport.cost };
};

const run = ({ theta, points, atoms }: ResolvedOptions<typeof options>): ParallelLinesData => {
  const thetas = Array.from({ length: 2 * points + 1 }, (_, i) => (theta * (i - points)) / points);
  const compared = thetas.map((value) => compare(value, atoms));
  const slope = (values: readonly number[]) =>
    values.slice(1).map((value, i) => (value - values[i]) / (thetas[i + 1] - thetas[i]));
  const js = compared.map((distances) => distances.jensenShannon);
  const wasserstein = compared.map((distances) => distances.wasserstein);
  return {
    theta: thetas,
    kl: compared.map((distances) => (Number.isFinite(distances.kl) ? distances.kl : null)),
    jensenShannon: js,
    wasserstein,
    slopes: {
      theta: thetas.slice(1).map((value, i) => (value + thetas[i]) / 2),
      jensenShannon: slope(js),
      wasserstein: slope(wasserstein),
    },
  };
};

const COLOR = { p: 0, q: 1, wasserstein: 3, jensenShannon: 4, kl: 5 } as const;

/**
 * KL, JS and the Wasserstein distance of two parallel lines as functions of their distance θ (Arjovsky et al. 2017,
 * example 1).
 */
export const parallelLines = defineExperiment({
  name: "parallel-lines",
  title,
  description: "KL, JS and the Wasserstein distance of two parallel lines as functions of their distance θ",
  papers: [{ ...wassersteinGan, where: "example 1 and figure 1" }],
  explanation:
    "P is uniform on a line, Q on a parallel line at distance θ. However near they are, they have no point in common. So KL is " +
    "infinite and JS is log 2 for every θ but 0, where both jump to 0: they do not say whether the lines are near or far, and " +
    "their slope, which a generator would follow, is 0 wherever it exists. The Wasserstein distance is |θ|: each point moves " +
    "straight across. It shrinks as the lines approach, and its slope of ±1 points to the solution from everywhere.",
  options,
  run,
  figure: (data) => {
    const { theta, slopes } = data;
    const furthest = theta.at(-1)!;
    const across = [0.1, 0.3, 0.5, 0.7, 0.9];
    const zero = theta.indexOf(0);
    // The jump at 0 is not a slope: leave a gap there.
    const gap = (values: readonly number[]) =>
      values.flatMap((value, i) => (i === zero ? [Number.NaN, value, Number.NaN] : [value]));
    const gapped = theta.flatMap((value, i) => (i === zero ? [value, value, value] : [value]));
    return {
      title,
      panels: [
        {
          title: "The two lines",
          x: {
            label: "x_{1}",
            ticks: [
              { value: 0, label: "0" },
              { value: furthest / 2, label: "θ" },
            ],
          },
          y: { label: "x_{2}" },
          marks: [
            { type: "line", x: [0, 0], y: [0, 1], label: "P", color: COLOR.p, width: 4 },
            {
              type: "line",
              x: [furthest / 2, furthest / 2],
              y: [0, 1],
              label: "Q",
              color: COLOR.q,
              width: 4,
            },
            {
              type: "arrows",
              x: across.map(() => furthest * 0.47),
              y: across,
              toX: across.map(() => furthest * 0.03),
              toY: across,
              color: "muted",
            },
          ],
        },
        {
          title: "Distances",
          x: { label: "θ" },
          y: { label: "distance", unit: "KL and JS in nats" },
          marks: [
            {
              type: "line",
              x: theta,
              y: data.wasserstein,
              label: "Wasserstein = |θ|",
              color: COLOR.wasserstein,
            },
            {
              type: "line",
              x: gapped,
              y: gap(data.jensenShannon),
              label: "JS = log 2",
              color: COLOR.jensenShannon,
              width: 2.5,
            },
            {
              type: "scatter",
              x: [0],
              y: [0],
              label: "KL = 0 only at θ = 0, else infinite",
              color: COLOR.kl,
              radius: 5,
            },
          ],
        },
        {
          wide: true,
          aspect: 0.3,
          title: "Slope that a generator could follow",
          x: { label: "θ" },
          y: { label: "derivative with respect to θ", domain: [-1.3, 1.3] },
          marks: [
            {
              type: "scatter",
              x: slopes.theta,
              y: slopes.wasserstein,
              label: "slope of Wasserstein",
              color: COLOR.wasserstein,
            },
            {
              type: "scatter",
              x: slopes.theta.filter((_, i) => i !== zero && i !== zero - 1),
              y: slopes.jensenShannon.filter((_, i) => i !== zero && i !== zero - 1),
              label: "slope of JS, but for the jump at 0",
              color: COLOR.jensenShannon,
            },
          ],
        },
      ],
    };
  },
});
