import { checkChoice, checkKeys } from "../options.ts";
import { pairOf } from "./check.ts";
import type { Matrix, MatrixLike } from "./matrix.ts";
import { fillCosts } from "./pairwise.ts";
import { nearOne, scaledBack } from "./scale.ts";
import { sortedNearOne, sortWithMasses, type Wasserstein1dOptions } from "./wasserstein-1d.ts";

/** All pairs, i = j included ("biased", the V-statistic, never negative), or pairs of distinct points ("unbiased"). */
export type Estimator = "biased" | "unbiased";

export const checkEstimator = (where: string, estimator: unknown): void =>
  checkChoice(where, "the estimator", estimator, ["biased", "unbiased"]);

/** Σ_i Σ_j |x_i − y_j|. */
const sumOfDistances = (x: Matrix, y: Matrix): number => {
  const row = new Float64Array(y.rows);
  let sum = 0;
  for (let i = 0; i < x.rows; i++) {
    fillCosts("euclidean", x, i, y, row);
    for (let j = 0; j < y.rows; j++) sum += row[j];
  }
  return sum;
};

/**
 * Squared energy distance 2 E|X − Y| − E|X − X′| − E|Y − Y′| with the Euclidean norm (Székely & Rizzo 2013, eq. 1).
 *
 * @param x [n, d]
 * @param y [m, d]
 * @param estimator "biased": divisors nm, n², m²; "unbiased": nm, n(n−1), m(m−1), which may come out negative and
 *   needs two samples of each
 * @throws UsageError for points of different dimensions, numbers that are not finite, or too few points for the
 * estimator
 */
export const energyDistanceSquared = (
  x: MatrixLike,
  y: MatrixLike,
  estimator: Estimator = "biased",
): number => {
  const where = "energyDistanceSquared";
  checkEstimator(where, estimator);
  const excluded = estimator === "unbiased" ? 1 : 0;
  const {
    exponent,
    scaled: [xs, ys],
  } = nearOne(...pairOf(where, ["x", "y"], [x, y], 1 + excluded));
  const n = xs.rows;
  const m = ys.rows;
  const value =
    (2 * sumOfDistances(xs, ys)) / (n * m) -
    sumOfDistances(xs, xs) / (n * (n - excluded)) -
    sumOfDistances(ys, ys) / (m * (m - excluded));
  return scaledBack(where, estimator === "biased" ? Math.max(0, value) : value, exponent);
};

/**
 * Squared energy distance of two weighted sets of numbers, 2 ∫ (F − G)², equal to 2 E|X − Y| − E|X − X′| − E|Y − Y′|
 * over all pairs (Székely 2003). Its root is what `scipy.stats.energy_distance` returns. Sorts instead of forming
 * all pairs.
 *
 * @param x n numbers
 * @param y m numbers
 * @param options `xWeights` and `yWeights`: one weight of at least 0 for each number, divided by their sum; equal ones
 * without
 * @throws UsageError for no numbers, numbers that are not finite, or weights that do not go with them
 */
export const energyDistanceSquared1d = (
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  options: Omit<Wasserstein1dOptions, "p"> = {},
): number => {
  const where = "energyDistanceSquared1d";
  checkKeys(where, options, ["xWeights", "yWeights"]);
  const {
    exponent,
    x: p,
    y: q,
  } = sortedNearOne(
    sortWithMasses(where, "x", x, options.xWeights),
    sortWithMasses(where, "y", y, options.yWeights),
  );
  let sum = 0;
  let difference = 0; // F − G at the point reached
  let previous = Math.min(p.values[0], q.values[0]);
  for (let i = 0, j = 0; i < p.values.length || j < q.values.length; ) {
    const fromX = j === q.values.length || (i < p.values.length && p.values[i] <= q.values[j]);
    const value = fromX ? p.values[i] : q.values[j];
    sum += difference * difference * (value - previous);
    previous = value;
    difference += fromX ? p.masses[i++] : -q.masses[j++];
  }
  return scaledBack(where, 2 * sum, exponent);
};
