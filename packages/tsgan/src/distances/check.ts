/** The checks that distances and metrics share. `where` is the public function, `name` the argument as documented. */
import { UsageError } from "../errors.ts";
import type { Matrix } from "./matrix.ts";

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

export const checkPositive = (where: string, name: string, value: number): void => {
  if (!(value > 0 && value < Number.POSITIVE_INFINITY)) {
    throw new UsageError(`${where}: ${name} must be a positive number; got ${value}`);
  }
};

/** Finite points, at least `minimum` of them. */
export const checkPoints = (where: string, name: string, points: Matrix, minimum = 1): void => {
  if (points.rows < minimum) {
    throw new UsageError(
      `${where}: ${name} must hold at least ${minimum} sample${minimum === 1 ? "" : "s"}; got ${points.rows}; draw more`,
    );
  }
  checkFinite(where, name, points.data);
};

/** Two sets of finite points in the same space, each with at least `minimum` of them. */
export const checkPair = (
  where: string,
  names: [string, string],
  x: Matrix,
  y: Matrix,
  minimum = 1,
): void => {
  if (x.columns !== y.columns) {
    throw new UsageError(
      `${where}: ${names[0]} and ${names[1]} must have the same number of columns; ` +
        `got ${x.columns} and ${y.columns}; use the same features for both`,
    );
  }
  checkPoints(where, names[0], x, minimum);
  checkPoints(where, names[1], y, minimum);
};

/** `count` finite weights ≥ 0 with a positive sum, which is returned. */
export const checkWeights = (
  where: string,
  name: string,
  weights: ArrayLike<number>,
  count: number,
): number => {
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
  return sum;
};

/** Weights ≥ 0 that add to one. */
export const checkDistribution = (
  where: string,
  name: string,
  weights: ArrayLike<number>,
  count: number,
): void => {
  const sum = checkWeights(where, name, weights, count);
  if (Math.abs(sum - 1) > SUM_TOLERANCE) {
    throw new UsageError(`${where}: ${name} must add to 1; got a sum of ${sum}; divide it by its sum`);
  }
};

/** The integer at least `minimum` that an option must be. */
export const checkInteger = (where: string, name: string, value: number, minimum: number): void => {
  if (!(Number.isInteger(value) && value >= minimum)) {
    throw new UsageError(`${where}: ${name} must be an integer of at least ${minimum}; got ${value}`);
  }
};
