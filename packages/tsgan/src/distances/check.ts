/** The checks that distances and metrics share. `where` is the public function, `name` the argument as documented. */
import { UsageError } from "../errors.ts";
import { type Matrix, matrixOf, vectorOf } from "./matrix.ts";
import { largestOf } from "./scale.ts";

/** How far from one the sum of a distribution may lie: the rounding of a float32 softmax over some thousand classes. */
export const SUM_TOLERANCE = 1e-5;

export const checkFinite = (where: string, name: string, values: ArrayLike<number>): void => {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new UsageError(
        `${where}: ${name} must be finite numbers; got ${values[i]} at index ${i}; look for a diverged run or a bad input`,
      );
    }
  }
};

/** A list of finite numbers as float64. */
export const numbersOf = (where: string, name: string, values: unknown): Float64Array => {
  const numbers = vectorOf(where, name, values);
  checkFinite(where, name, numbers);
  return numbers;
};

/** Finite points, at least `minimum` of them, with at least one coordinate. */
export const pointsOf = (where: string, name: string, given: unknown, minimum = 1): Matrix => {
  const points = matrixOf(where, name, given);
  if (points.rows < minimum) {
    throw new UsageError(
      `${where}: ${name} must hold at least ${minimum} sample${minimum === 1 ? "" : "s"}; got ${points.rows}; draw more`,
    );
  }
  if (points.columns < 1) throw new UsageError(`${where}: ${name} must have at least 1 column; got 0`);
  checkFinite(where, name, points.data);
  return points;
};

/** Two sets of finite points in the same space, each with at least `minimum` of them. */
export const pairOf = (
  where: string,
  names: readonly [string, string],
  given: readonly [unknown, unknown],
  minimum = 1,
): [Matrix, Matrix] => {
  const [x, y] = [pointsOf(where, names[0], given[0], minimum), pointsOf(where, names[1], given[1], minimum)];
  if (x.columns !== y.columns) {
    throw new UsageError(
      `${where}: ${names[0]} and ${names[1]} must have the same number of columns; ` +
        `got ${x.columns} and ${y.columns}; use the same features for both`,
    );
  }
  return [x, y];
};

/** Weights ≥ 0, at least one of them positive. */
export interface Weights {
  /** Infinity where it is beyond the largest float. */
  readonly sum: number;
  /** The weights divided by their sum. */
  readonly shares: Float64Array;
}

/** `count` finite weights ≥ 0 with a positive sum. */
export const weightsOf = (where: string, name: string, given: unknown, count: number): Weights => {
  const weights = vectorOf(where, name, given);
  if (weights.length !== count) {
    throw new UsageError(`${where}: ${name} must hold ${count} weights, one each; got ${weights.length}`);
  }
  checkFinite(where, name, weights);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    if (weights[i] < 0) {
      throw new UsageError(`${where}: ${name} must not be negative; got ${weights[i]} at index ${i}`);
    }
    sum += weights[i];
  }
  if (!(sum > 0)) throw new UsageError(`${where}: ${name} must have a positive sum; got ${sum}`);
  if (sum < Number.POSITIVE_INFINITY) return { sum, shares: weights.map((weight) => weight / sum) };
  const largest = largestOf(weights);
  const scaled = weights.map((weight) => weight / largest);
  const scaledSum = scaled.reduce((total, weight) => total + weight, 0);
  return { sum, shares: scaled.map((weight) => weight / scaledSum) };
};

/** Weights ≥ 0 that add to one, but for the rounding of float32, which is divided out. */
export const distributionOf = (where: string, name: string, given: unknown, count: number): Float64Array => {
  const { sum, shares } = weightsOf(where, name, given, count);
  if (Math.abs(sum - 1) > SUM_TOLERANCE) {
    throw new UsageError(`${where}: ${name} must add to 1; got a sum of ${sum}; divide it by its sum`);
  }
  return shares;
};
