import { UsageError } from "../errors.ts";
import { checkFinite, checkWeights } from "./check.ts";

export interface Wasserstein1dOptions {
  /** Order p ≥ 1 of the distance; 1 without. */
  readonly p?: number;
  /** Weights ≥ 0 of the points, divided by their own sum; without them each point counts the same. */
  readonly xWeights?: ArrayLike<number>;
  readonly yWeights?: ArrayLike<number>;
}

/** Points in ascending order with their masses, which add to one. */
export interface Sorted {
  readonly values: Float64Array;
  readonly masses: Float64Array;
}

export const sortWithMasses = (
  where: string,
  name: string,
  points: ArrayLike<number>,
  weights: ArrayLike<number> | undefined,
): Sorted => {
  if (points.length === 0) throw new UsageError(`${where}: ${name} must hold at least 1 point; got 0`);
  checkFinite(where, name, points);
  if (weights === undefined) {
    const values = Float64Array.from(points).sort();
    return { values, masses: new Float64Array(values.length).fill(1 / values.length) };
  }
  const sum = checkWeights(where, `the weights of ${name}`, weights, points.length);
  const order = Array.from(points, (_, i) => i).sort((i, j) => points[i] - points[j]);
  return {
    values: Float64Array.from(order, (i) => points[i]),
    masses: Float64Array.from(order, (i) => weights[i] / sum),
  };
};

/** ∫₀¹ |F⁻¹ − G⁻¹|ᵖ by merging the steps of the two quantile functions. */
export const quantileIntegral = (x: Sorted, y: Sorted, p: number): number => {
  const power = powerOf(p);
  if (x.values.length === y.values.length && isUniform(x.masses) && isUniform(y.masses)) {
    let sum = 0;
    for (let i = 0; i < x.values.length; i++) sum += power(x.values[i] - y.values[i]);
    return sum / x.values.length;
  }
  let sum = 0;
  let i = 0;
  let j = 0;
  let leftX = x.masses[0];
  let leftY = y.masses[0];
  for (;;) {
    const mass = Math.min(leftX, leftY);
    sum += mass * power(x.values[i] - y.values[j]);
    leftX -= mass;
    leftY -= mass;
    // Rounding may leave a speck of mass on one side when the other is used up.
    if (leftX === 0) {
      if (++i === x.values.length) return sum;
      leftX = x.masses[i];
    }
    if (leftY === 0) {
      if (++j === y.values.length) return sum;
      leftY = y.masses[j];
    }
  }
};

const isUniform = (masses: Float64Array): boolean => masses.every((mass) => mass === masses[0]);

const powerOf = (p: number): ((difference: number) => number) => {
  if (p === 1) return Math.abs;
  if (p === 2) return (difference) => difference * difference;
  return (difference) => Math.abs(difference) ** p;
};

export const checkOrder = (where: string, p: number): void => {
  if (!(p >= 1 && p < Number.POSITIVE_INFINITY)) {
    throw new UsageError(`${where}: the order p must be a finite number of at least 1; got ${p}`);
  }
};

/**
 * W_pᵖ(μ, ν) = ∫₀¹ |F⁻¹(t) − G⁻¹(t)|ᵖ dt of two weighted sets of numbers, F⁻¹ and G⁻¹ their quantile functions
 * (Villani 2003, theorem 2.18; for p = 1 also ∫ |F − G|). The p-th power, without the root: see `wasserstein1d`.
 */
export const wasserstein1dPower = (
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  { p = 1, xWeights, yWeights }: Wasserstein1dOptions = {},
): number => {
  checkOrder("wasserstein1d", p);
  return quantileIntegral(
    sortWithMasses("wasserstein1d", "x", x, xWeights),
    sortWithMasses("wasserstein1d", "y", y, yWeights),
    p,
  );
};

/** Wasserstein distance W_p between two weighted sets of numbers: the p-th root of `wasserstein1dPower`. */
export const wasserstein1d = (
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  options: Wasserstein1dOptions = {},
): number => wasserstein1dPower(x, y, options) ** (1 / (options.p ?? 1));
