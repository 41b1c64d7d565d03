/** Normal densities on a grid, and integrals over it. */
import { UsageError } from "tsgan";

export interface Normal {
  mean: number;
  deviation: number;
}

/** log of the density of N(μ, σ²) at x. */
export const logDensity = (x: number, { mean, deviation }: Normal): number =>
  -0.5 * ((x - mean) / deviation) ** 2 - Math.log(deviation) - 0.5 * Math.log(2 * Math.PI);

/** log(1 + eᵗ) without overflow. */
export const softplus = (t: number): number => Math.max(t, 0) + Math.log1p(Math.exp(-Math.abs(t)));

/** Beyond ten standard deviations lies 1e-23 of the mass. */
const REACH = 10;

/** The trapezoidal rule integrates a normal density to 1e-16 when its step is at most σ/2; log ratios need a little more. */
const STEPS_PER_DEVIATION = 4;

/**
 * `points` equidistant values that hold both laws.
 *
 * @throws UsageError when there are too few of them for the narrower law
 */
export const gridOver = (where: string, p: Normal, q: Normal, points: number): number[] => {
  const low = Math.min(p.mean - REACH * p.deviation, q.mean - REACH * q.deviation);
  const high = Math.max(p.mean + REACH * p.deviation, q.mean + REACH * q.deviation);
  const needed = Math.ceil(((high - low) / Math.min(p.deviation, q.deviation)) * STEPS_PER_DEVIATION) + 1;
  if (points < needed) {
    throw new UsageError(
      `${where}: points must be at least ${needed} to resolve the narrower density; got ${points}; ` +
        "take more points, or laws that are closer to each other",
    );
  }
  return Array.from({ length: points }, (_, i) => low + ((high - low) * i) / (points - 1));
};

/** ∫ y dx by the trapezoidal rule: as exact as doubles allow for smooth functions that vanish at both ends. */
export const integral = (x: readonly number[], y: readonly number[]): number => {
  let sum = 0;
  for (let i = 1; i < x.length; i++) sum += ((y[i] + y[i - 1]) / 2) * (x[i] - x[i - 1]);
  return sum;
};
