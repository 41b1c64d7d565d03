import { pairOf, pointsOf } from "../distances/check.ts";
import type { MatrixLike } from "../distances/index.ts";
import { findNearest } from "../distances/pairwise.ts";
import { nearOne, scaledBack } from "../distances/scale.ts";
import { checkNumber } from "../options.ts";

export interface Nearest {
  /** Index of the nearest point of the set, the lowest on a tie, for each query. */
  readonly indices: Int32Array;
  /** Its squared Euclidean distance. */
  readonly squaredDistances: Float64Array;
}

/**
 * Nearest point of a finite set for each query, by squared Euclidean distance: nearest training image of a sample,
 * nearest centre of a mode, nearest polygon.
 *
 * @param queries [Q, d]
 * @param set [T, d]
 */
export const nearestInSet = (queries: MatrixLike, set: MatrixLike): Nearest => {
  const where = "nearestInSet";
  const { indices, squares, exponent } = search(where, ["queries", "set"], queries, set);
  return { indices, squaredDistances: squares.map((square) => scaledBack(where, square, 2 * exponent)) };
};

/** The same with distances in place of their squares, which neither over- nor underflow, and the size of the set. */
export const distancesInSet = (
  where: string,
  names: readonly [string, string],
  queries: MatrixLike,
  set: MatrixLike,
): { readonly indices: Int32Array; readonly distances: Float64Array; readonly size: number } => {
  const { indices, squares, exponent, size } = search(where, names, queries, set);
  const distances = squares.map((square) => scaledBack(where, Math.sqrt(square), exponent));
  return { indices, distances, size };
};

/** Nearest points, with squared distances in units of 4^exponent. */
const search = (where: string, names: readonly [string, string], queries: MatrixLike, set: MatrixLike) => {
  const { exponent, scaled } = nearOne(...pairOf(where, names, [queries, set]));
  const [points, others] = scaled;
  const indices = new Int32Array(points.rows);
  const squares = new Float64Array(points.rows);
  for (let i = 0; i < points.rows; i++) {
    const { index, square } = findNearest(where, points, i, others);
    indices[i] = index;
    squares[i] = square;
  }
  return { indices, squares, exponent, size: others.rows };
};

/**
 * Squared distance of each of the first `count` points to the nearest other point of the set. A copy of a point is
 * another point, at distance 0.
 *
 * @param points [T, d], T ≥ 2
 * @param count at most T; all without
 * @throws UsageError for fewer than two points, or a count beyond them
 */
export const nearestOther = (points: MatrixLike, count?: number): Float64Array => {
  const where = "nearestOther";
  const { exponent, scaled } = nearOne(pointsOf(where, "points", points, 2));
  const [own] = scaled;
  if (count !== undefined) checkNumber(where, "count", count, { least: 0, most: own.rows, integer: true });
  return Float64Array.from({ length: count ?? own.rows }, (_, i) =>
    scaledBack(where, findNearest(where, own, i, own, i).square, 2 * exponent),
  );
};
