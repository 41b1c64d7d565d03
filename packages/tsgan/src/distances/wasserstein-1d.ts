import { UsageError } from "../errors.ts";
import { checkKeys, checkNumber } from "../options.ts";
import { numbersOf, weightsOf } from "./check.ts";
import { exponentOf, inRange, largestOf, scaleAll, scaleBy } from "./scale.ts";

export interface Wasserstein1dOptions {
  /** Order p ≥ 1 of the distance; 1 without. */
  readonly p?: number | undefined;
  /** Weights ≥ 0 of the points, divided by their own sum; without them each point counts the same. */
  readonly xWeights?: ArrayLike<number> | undefined;
  readonly yWeights?: ArrayLike<number> | undefined;
}

/** Points in ascending order with their masses, which are positive and add to one. */
export interface Sorted {
  readonly values: Float64Array;
  readonly masses: Float64Array;
}

export const sortWithMasses = (
  where: string,
  name: string,
  given: ArrayLike<number>,
  weights: ArrayLike<number> | undefined,
): Sorted => {
  const points = numbersOf(where, name, given);
  if (points.length === 0) throw new UsageError(`${where}: ${name} must hold at least 1 point; got 0`);
  if (weights === undefined) {
    return { values: points.slice().sort(), masses: new Float64Array(points.length).fill(1 / points.length) };
  }
  const { shares } = weightsOf(where, `the weights of ${name}`, weights, points.length);
  const order = Array.from(points.keys())
    .filter((i) => shares[i] > 0)
    .sort((i, j) => points[i] - points[j]);
  return {
    values: Float64Array.from(order, (i) => points[i]),
    masses: Float64Array.from(order, (i) => shares[i]),
  };
};

/** Both sets divided by one power of two, 2ᵉ, where they are far from 1. */
export const sortedNearOne = (x: Sorted, y: Sorted): { exponent: number; x: Sorted; y: Sorted } => {
  const exponent = exponentOf(Math.max(largestOf(x.values), largestOf(y.values)));
  const scaled = ({ values, masses }: Sorted): Sorted => ({ values: scaleAll(values, -exponent), masses });
  return { exponent, x: scaled(x), y: scaled(y) };
};

/** Σ mass · cost(x − y) over the monotone coupling, by merging the steps of the two quantile functions. */
const overCoupling = (x: Sorted, y: Sorted, cost: (difference: number) => number): number => {
  let sum = 0;
  if (x.values.length === y.values.length && isUniform(x.masses) && isUniform(y.masses)) {
    for (let i = 0; i < x.values.length; i++) sum += cost(x.values[i] - y.values[i]);
    return sum / x.values.length;
  }
  let i = 0;
  let j = 0;
  let leftX = x.masses[0];
  let leftY = y.masses[0];
  for (;;) {
    const mass = Math.min(leftX, leftY);
    sum += mass * cost(x.values[i] - y.values[j]);
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

/** W_p and W_pᵖ; the power may be Infinity where the distance is not. */
export interface LineDistance {
  readonly distance: number;
  readonly power: number;
}

/** Sums of powers within these bounds have lost nothing that counts. */
const [LEAST, MOST] = [1e-250, 1e250];

/** W_p of two weighted sets of numbers. */
export const lineDistance = (given: Sorted, other: Sorted, p: number): LineDistance => {
  const { exponent, x, y } = sortedNearOne(given, other);
  const plain = overCoupling(x, y, powerOf(p));
  if (plain > LEAST && plain < MOST) {
    const distance = scaleBy(plain ** (1 / p), exponent);
    return { distance, power: exponent === 0 ? plain : distance ** p };
  }
  // Powers of differences in units of the largest one, which cannot overflow.
  let largest = 0;
  overCoupling(x, y, (difference) => {
    largest = Math.max(largest, Math.abs(difference));
    return 0;
  });
  if (largest === 0) return { distance: 0, power: 0 };
  const mean = overCoupling(x, y, (difference) => Math.abs(difference / largest) ** p);
  const distance = scaleBy(largest * mean ** (1 / p), exponent);
  return { distance, power: distance ** p };
};

export const checkOrder = (where: string, p: number): void =>
  checkNumber(where, "the order p", p, { least: 1 });

const distanceOf = (
  where: string,
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  options: Wasserstein1dOptions,
): LineDistance => {
  checkKeys(where, options, ["p", "xWeights", "yWeights"]);
  const { p = 1, xWeights, yWeights } = options;
  checkOrder(where, p);
  return lineDistance(sortWithMasses(where, "x", x, xWeights), sortWithMasses(where, "y", y, yWeights), p);
};

/**
 * W_pᵖ(μ, ν) = ∫₀¹ |F⁻¹(t) − G⁻¹(t)|ᵖ dt of two weighted sets of numbers, F⁻¹ and G⁻¹ their quantile functions
 * (Villani 2003, theorem 2.18; for p = 1 also ∫ |F − G|). The p-th power, without the root: see `wasserstein1d`.
 *
 * @param x n numbers
 * @param y m numbers
 * @param options `p` ≥ 1, 1 without; `xWeights`, `yWeights`: one weight of at least 0 for each number
 * @throws UsageError for a result beyond the largest float
 */
export const wasserstein1dPower = (
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  options: Wasserstein1dOptions = {},
): number => inRange("wasserstein1dPower", distanceOf("wasserstein1dPower", x, y, options).power);

/**
 * Wasserstein distance W_p between two weighted sets of numbers: the p-th root of `wasserstein1dPower`.
 *
 * @param x n numbers
 * @param y m numbers
 * @param options `p` ≥ 1, 1 without; `xWeights`, `yWeights`: one weight of at least 0 for each number
 * @example
 * ```ts
 * import { wasserstein1d } from "tsgan/distances";
 *
 * console.log(wasserstein1d([0, 1, 3], [5, 6, 8])); // 5: each number moves by 5
 * ```
 */
export const wasserstein1d = (
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  options: Wasserstein1dOptions = {},
): number => inRange("wasserstein1d", distanceOf("wasserstein1d", x, y, options).distance);
