/** KL and JS divergence between two normal laws. */

import type { ResolvedOptions } from "tsgan/define";
import { gaussianJensenShannon1d, gaussianKl, matrix } from "tsgan/distances";
import { formatFixed } from "tsgan/figure";
import { deviation, gridPoints, mean } from "./common-options.ts";
import { defineExperiment } from "./experiment.ts";
import { gridOver, integral, logDensity, type Normal, softplus } from "./normal.ts";
import { generativeAdversarialNets } from "./papers.ts";

const options = {
  meanP: mean(0, "P"),
  deviationP: deviation(1, "P"),
  meanQ: mean(1, "Q"),
  deviationQ: deviation(1, "Q"),
  points: gridPoints,
};

export interface DivergencesData {
  x: number[];
  p: number[];
  q: number[];
  /** p log(p/q), q log(q/p) and ½ [p log(p/m) + q log(q/m)] with m = ½ (p + q). */
  integrands: { kl: number[]; reverseKl: number[]; jensenShannon: number[] };
  /** Their integrals over the grid, in nats. */
  integrals: { kl: number; reverseKl: number; jensenShannon: number };
  /** Closed form of KL; adaptive quadrature of JS, which has none. */
  exact: { kl: number; reverseKl: number; jensenShannon: number };
  /** The divergences as Q grows from narrow to wide, its mean kept; `ratio` is its deviation over that of P. */
  widths: { ratio: number[]; kl: number[]; reverseKl: number[]; jensenShannon: number[] };
}

const name = "divergences";
const title = "KL and JS divergence between two normal laws";

const exactly = (p: Normal, q: Normal) => {
  const gaussian = (law: Normal) => ({ mean: [law.mean], covariance: matrix(1, 1, [law.deviation ** 2]) });
  return {
    kl: gaussianKl(gaussian(p), gaussian(q)),
    reverseKl: gaussianKl(gaussian(q), gaussian(p)),
    jensenShannon: gaussianJensenShannon1d(p.mean, p.deviation, q.mean, q.deviation),
  };
};

const WIDTHS = 61;

const run = ({
  meanP,
  deviationP,
  meanQ,
  deviationQ,
  points,
}: ResolvedOptions<typeof options>): DivergencesData => {
  const p = { mean: meanP, deviation: deviationP };
  const q = { mean: meanQ, deviation: deviationQ };
  const x = gridOver(name, p, q, points);
  const logP = x.map((value) => logDensity(value, p));
  const logQ = x.map((value) => logDensity(value, q));
  const integrands = {
    kl: x.map((_, i) => Math.exp(logP[i]) * (logP[i] - logQ[i])),
    reverseKl: x.map((_, i) => Math.exp(logQ[i]) * (logQ[i] - logP[i])),
    // log(p/m) = log 2 − log(1 + q/p)
    jensenShannon: x.map(
      (_, i) =>
        0.5 *
        (Math.exp(logP[i]) * (Math.LN2 - softplus(logQ[i] - logP[i])) +
          Math.exp(logQ[i]) * (Math.LN2 - softplus(logP[i] - logQ[i]))),
    ),
  };
  const ratio = Array.from({ length: WIDTHS }, (_, i) => 3 ** ((2 * i) / (WIDTHS - 1) - 1));
  const swept = ratio.map((factor) => exactly(p, { mean: q.mean, deviation: factor * p.deviation }));
  return {
    x,
    p: logP.map(Math.exp),
    q: logQ.map(Math.exp),
    integrands,
    integrals: {
      kl: integral(x, integrands.kl),
      reverseKl: integral(x, integrands.reverseKl),
      jensenShannon: integral(x, integrands.jensenShannon),
    },
    exact: exactly(p, q),
    widths: {
      ratio,
      kl: swept.map((point) => point.kl),
      reverseKl: swept.map((point) => point.reverseKl),
      jensenShannon: swept.map((point) => point.jensenShannon),
    },
  };
};

/** The part of the axis where a density reaches a thousandth of its peak. */
const shown = ({ x, p, q }: DivergencesData): [number, number] => {
  const bulk = (density: number[]) => {
    const peak = density.reduce((a, b) => Math.max(a, b));
    const held = x.filter((_, i) => density[i] > peak / 1000);
    return [held[0], held.at(-1)!];
  };
  const [p0, p1] = bulk(p);
  const [q0, q1] = bulk(q);
  return [Math.min(p0, q0), Math.max(p1, q1)];
};

/** Divergence between the laws of a GAN, as the three compare. */
export const divergences = defineExperiment({
  name,
  title,
  description: "KL(P‖Q), KL(Q‖P) and JS of N(0, 1) and N(1, 1): densities, integrands, asymmetry",
  papers: [
    { ...generativeAdversarialNets, where: "§4.1" },
    { authors: "Lin", year: 1991, title: "Divergence measures based on the Shannon entropy" },
  ],
  explanation:
    "A divergence is the area under its integrand. p log(p/q) is positive where P has more mass and negative where Q has " +
    "more; the negative part never outweighs the positive one. KL weighs the logarithm by the first law alone, so each " +
    "direction looks at another region. For N(0, 1) and N(1, 1) the two directions are mirror images and both are ½; as " +
    "soon as the widths differ they part. KL(P‖Q) punishes a Q that is too narrow, which misses what P has; KL(Q‖P) " +
    "punishes a Q that is too wide, which makes what P does not have. JS compares both laws with their mixture: it is " +
    "symmetric, its integrand is never negative, and it never exceeds log 2.",
  options,
  run,
  figure: (data) => {
    const { x, integrands, integrals, widths } = data;
    const xAxis = { label: "x", domain: shown(data) };
    return {
      title,
      panels: [
        {
          title: "The two laws",
          x: xAxis,
          y: { label: "density" },
          marks: [
            { type: "area", x, y: data.p, color: 0 },
            { type: "area", x, y: data.q, color: 1 },
            { type: "line", x, y: data.p, label: "P", color: 0 },
            { type: "line", x, y: data.q, label: "Q", color: 1 },
          ],
        },
        {
          title: `KL: areas ${formatFixed(integrals.kl, 4)} and ${formatFixed(integrals.reverseKl, 4)}`,
          x: xAxis,
          y: { label: "p log(p/q), q log(q/p)", unit: "nats per unit of x" },
          marks: [
            { type: "rule", y: 0 },
            { type: "line", x, y: integrands.kl, label: "KL(P‖Q)", color: 3 },
            { type: "line", x, y: integrands.reverseKl, label: "KL(Q‖P)", color: 4 },
          ],
        },
        {
          title: `JS: area ${formatFixed(integrals.jensenShannon, 4)}`,
          x: xAxis,
          y: { label: "½ [p log(p/m) + q log(q/m)]", unit: "nats per unit of x" },
          marks: [
            { type: "area", x, y: integrands.jensenShannon, color: 5 },
            { type: "line", x, y: integrands.jensenShannon, label: "JS", color: 5 },
          ],
        },
        {
          title: "The direction matters when the widths differ",
          x: { label: "standard deviation of Q / that of P", scale: "log" },
          y: { label: "divergence", unit: "nats" },
          marks: [
            { type: "line", x: widths.ratio, y: widths.kl, label: "KL(P‖Q)", color: 3 },
            { type: "line", x: widths.ratio, y: widths.reverseKl, label: "KL(Q‖P)", color: 4 },
            { type: "line", x: widths.ratio, y: widths.jensenShannon, label: "JS", color: 5 },
            { type: "rule", y: Math.LN2, label: "log 2" },
          ],
        },
      ],
    };
  },
});
