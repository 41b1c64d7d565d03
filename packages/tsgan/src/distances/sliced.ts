import { UsageError } from "../errors.ts";
import type { RandomStream } from "../random/index.ts";
import { checkInteger, checkPair, checkPoints } from "./check.ts";
import { type Matrix, matrix } from "./matrix.ts";
import { checkOrder, quantileIntegral } from "./wasserstein-1d.ts";

export interface SlicedWasserstein {
  /** ((1/L) Σ_l W_pᵖ(x·θ_l, y·θ_l))^{1/p}: the root is taken after the mean. */
  readonly distance: number;
  /** (max_l W_pᵖ)^{1/p} over the given directions. */
  readonly maximum: number;
  /** W_pᵖ along each direction. */
  readonly perDirection: Float64Array;
}

/** `count` directions uniform on the unit sphere of `dimension` dimensions: normalised normal vectors, [count, dimension]. */
export const randomDirections = (stream: RandomStream, count: number, dimension: number): Matrix => {
  checkInteger("randomDirections", "count", count, 1);
  checkInteger("randomDirections", "dimension", dimension, 1);
  const data = new Float64Array(count * dimension);
  stream.fillNormal(data);
  for (let l = 0; l < count; l++) {
    const direction = data.subarray(l * dimension, (l + 1) * dimension);
    const norm = Math.hypot(...direction);
    for (let k = 0; k < dimension; k++) direction[k] /= norm;
  }
  return matrix(count, dimension, data);
};

/**
 * Sliced Wasserstein distance (Rabin et al. 2011; Bonneel et al. 2015):
 *
 *   SW_p(x, y) = ((1/L) Σ_l W_pᵖ(x·θ_l, y·θ_l))^{1/p},
 *
 * uniform weights on the points, whose numbers may differ.
 *
 * @param x [n, d]
 * @param y [m, d]
 * @param directions θ, [L, d], used as given (`randomDirections` makes them)
 * @param p order, at least 1
 */
export const slicedWasserstein = (x: Matrix, y: Matrix, directions: Matrix, p = 2): SlicedWasserstein => {
  const where = "slicedWasserstein";
  checkOrder(where, p);
  checkPair(where, ["x", "y"], x, y);
  checkPoints(where, "directions", directions);
  if (directions.columns !== x.columns) {
    throw new UsageError(
      `${where}: the directions must have the ${x.columns} dimensions of the points; got ${directions.columns}`,
    );
  }
  const xMasses = new Float64Array(x.rows).fill(1 / x.rows);
  const yMasses = new Float64Array(y.rows).fill(1 / y.rows);
  const perDirection = new Float64Array(directions.rows);
  for (let l = 0; l < directions.rows; l++) {
    perDirection[l] = quantileIntegral(
      { values: project(x, directions, l).sort(), masses: xMasses },
      { values: project(y, directions, l).sort(), masses: yMasses },
      p,
    );
  }
  const sum = perDirection.reduce((total, value) => total + value, 0);
  const largest = perDirection.reduce((most, value) => Math.max(most, value), 0);
  return { distance: (sum / directions.rows) ** (1 / p), maximum: largest ** (1 / p), perDirection };
};

/** The coordinate of each point along direction l. */
const project = (points: Matrix, directions: Matrix, l: number): Float64Array => {
  const d = points.columns;
  const out = new Float64Array(points.rows);
  for (let i = 0; i < points.rows; i++) {
    let sum = 0;
    for (let k = 0; k < d; k++) sum += points.data[i * d + k] * directions.data[l * d + k];
    out[i] = sum;
  }
  return out;
};
