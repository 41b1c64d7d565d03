import { checkPair, checkPoints } from "../distances/check.ts";
import type { Matrix } from "../distances/index.ts";
import { fillSquaredDistances } from "../distances/pairwise.ts";

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
export const nearestInSet = (queries: Matrix, set: Matrix): Nearest => {
  checkPair("nearestInSet", ["queries", "set"], queries, set);
  const row = new Float64Array(set.rows);
  const indices = new Int32Array(queries.rows);
  const squaredDistances = new Float64Array(queries.rows);
  for (let i = 0; i < queries.rows; i++) {
    fillSquaredDistances(queries, i, set, row);
    let best = 0;
    for (let j = 1; j < set.rows; j++) if (row[j] < row[best]) best = j;
    indices[i] = best;
    squaredDistances[i] = row[best];
  }
  return { indices, squaredDistances };
};

/**
 * Squared distance of each of the first `count` points to the nearest other point of the set. A copy of a point is
 * another point, at distance 0.
 *
 * @param points [T, d], T ≥ 2
 */
export const nearestOther = (points: Matrix, count = points.rows): Float64Array => {
  checkPoints("nearestOther", "points", points, 2);
  const row = new Float64Array(points.rows);
  return Float64Array.from({ length: count }, (_, i) => {
    fillSquaredDistances(points, i, points, row);
    row[i] = Number.POSITIVE_INFINITY;
    return row.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  });
};
