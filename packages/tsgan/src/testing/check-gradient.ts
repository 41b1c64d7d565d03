/** For tests: derivatives of the graph against central finite differences, in float64, orders 1 and 2. */

import {
  add,
  grad,
  input,
  inputName,
  interpret,
  mul,
  type Shape,
  sizeOf,
  sum,
  type Tensor,
} from "../graph/index.ts";
import { randomStream } from "../random/index.ts";

/** A point at which a function of tensors is differentiated. */
export interface Point {
  readonly shape: Shape;
  readonly values: Float64Array;
}

/** Random numbers that stay 0.05 away from 0, where functions may have kinks; of one sign where `low` ≥ 0. */
export const randomPoint = (shape: Shape, seed = 1, low = -2, high = 2): Point => {
  const stream = randomStream(seed, "gradient check");
  const values = new Float64Array(sizeOf(shape));
  for (let i = 0; i < values.length; i++) {
    do values[i] = low + (high - low) * stream.uniform();
    while (Math.abs(values[i]) < 0.05);
  }
  return { shape, values };
};

/** Such a point for each input, under its name: each another, and the same at every call. */
export const randomFeeds = (
  inputs: readonly Tensor[],
  low?: number,
  high?: number,
): Record<string, Float64Array> =>
  Object.fromEntries(
    inputs.map((t, i) => [inputName(t) as string, randomPoint(t.shape, i + 1, low, high).values]),
  );

const STEP = 1e-5;

/** Largest difference of the scalar's derivatives from finite differences, relative to the largest of them or to 1. */
const compare = (
  scalar: Tensor,
  inputs: readonly Tensor[],
  feeds: Readonly<Record<string, Float64Array>>,
): number => {
  const analytic = interpret(grad(scalar, inputs), feeds);
  let [worst, scale] = [0, 1];
  inputs.forEach((t, at) => {
    const values = feeds[inputName(t) as string];
    for (let i = 0; i < values.length; i++) {
      const held = values[i];
      const valueAt = (x: number): number => {
        values[i] = x;
        return interpret([scalar], feeds)[0][0];
      };
      const numeric = (valueAt(held + STEP) - valueAt(held - STEP)) / (2 * STEP);
      values[i] = held;
      const error = Math.abs(numeric - analytic[at][i]);
      worst = Number.isNaN(error) ? Number.POSITIVE_INFINITY : Math.max(worst, error);
      scale = Math.max(scale, Math.abs(numeric));
    }
  });
  return worst / scale;
};

/** Σ over tensors of the elements, each with a fixed random weight: a scalar whose gradient misses none of them. */
const weigh = (tensors: readonly Tensor[], feeds: Record<string, Float64Array>, prefix: string): Tensor =>
  tensors
    .map((t, i) => {
      const name = `${prefix}${i}`;
      feeds[name] = randomPoint(t.shape, 100 + i).values;
      return sum(mul(t, input(name, t.shape)));
    })
    .reduce(add);

export interface GradientErrors {
  /** Of the first derivatives. */
  readonly first: number;
  /** Of the derivatives of a weighted sum of the first derivatives. */
  readonly second: number;
}

/** How far the derivatives of f are from finite differences. */
export const gradientErrors = (
  f: (...inputs: Tensor[]) => Tensor,
  points: readonly Point[],
): GradientErrors => {
  const inputs = points.map(({ shape }, i) => input(`x${i}`, shape));
  const feeds = Object.fromEntries(points.map(({ values }, i) => [`x${i}`, values.slice()]));
  const value = weigh([f(...inputs)], feeds, "w");
  const slope = weigh(grad(value, inputs), feeds, "v");
  return { first: compare(value, inputs, feeds), second: compare(slope, inputs, feeds) };
};
