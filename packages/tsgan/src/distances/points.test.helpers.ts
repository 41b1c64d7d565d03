/** Random inputs for the tests of distances and metrics. */
import fc from "fast-check";
import { randomStream } from "../random/index.ts";
import { type Matrix, matrix } from "./matrix.ts";

/** `rows` standard normal points. */
export const normalPoints = (
  seed: number,
  rows: number,
  columns: number,
  mean = 0,
  deviation = 1,
): Matrix => {
  const data = new Float64Array(rows * columns);
  randomStream(seed, "test points").fillNormal(data, mean, deviation);
  return matrix(rows, columns, data);
};

/** Points with small integer coordinates: plenty of ties, and exact sums. */
export const latticePoints = (columns: number, maxRows: number, minRows = 1): fc.Arbitrary<Matrix> =>
  fc
    .array(fc.array(fc.integer({ min: -4, max: 4 }), { minLength: columns, maxLength: columns }), {
      minLength: minRows,
      maxLength: maxRows,
    })
    .map((rows) => matrix(rows.length, columns, rows.flat()));

/** Weights that add to one, some of them zero. */
export const distribution = (size: number): fc.Arbitrary<Float64Array> =>
  fc
    .array(fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1000 })), { minLength: size, maxLength: size })
    .filter((weights) => weights.some((weight) => weight > 0))
    .map((weights) => {
      const sum = weights.reduce((total, weight) => total + weight, 0);
      return Float64Array.from(weights, (weight) => weight / sum);
    });

/** Every order of 0 … n − 1. */
export const permutations = (n: number): number[][] =>
  n === 0
    ? [[]]
    : permutations(n - 1).flatMap((rest) =>
        Array.from({ length: n }, (_, place) => [...rest.slice(0, place), n - 1, ...rest.slice(place)]),
      );
