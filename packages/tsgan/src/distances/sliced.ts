import { UsageError } from "../errors.ts";
import { checkInteger } from "../options.ts";
import type { RandomStream } from "../random/index.ts";
import { pairOf, pointsOf } from "./check.ts";
import { type Matrix, type MatrixLike, matrix } from "./matrix.ts";
import { inRange, nearOne, scaledBack } from "./scale.ts";
import { checkOrder, lineDistance } from "./wasserstein-1d.ts";

export interface SlicedWasserstein {
  /** ((1/L) Σ_l W_pᵖ(x·θ_l, y·θ_l))^{1/p}: the root is taken after the mean. */
  readonly distance: number;
  /** (max_l W_pᵖ)^{1/p} over the given directions. */
  readonly maximum: number;
  /** W_pᵖ along each direction. */
  readonly perDirection: Float64Array;
}

/**
 * `count` directions uniform on the unit sphere of `dimension` dimensions: normalised normal vectors, [count, dimension].
 *
 * @throws UsageError for a count or a dimension that is no whole number of at least 1
 */
export const randomDirections = (stream: RandomStream, count: number, dimension: number): Matrix => {
  checkInteger("randomDirections", "count", count, 1);
  checkInteger("randomDirections", "dimension", dimension, 1);
  const data = new Float64Array(count * dimension);
  stream.fillNormal(data);
  for (let l = 0; l < count; l++) {
    const direction = data.subarray(l * dimension, (l + 1) * dimension);
    const norm = Math.sqrt(direction.reduce((sum, value) => sum + value * value, 0));
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
 * @throws UsageError for a result beyond the largest float
 */
export const slicedWasserstein = (
  x: MatrixLike,
  y: MatrixLike,
  directions: MatrixLike,
  p = 2,
): SlicedWasserstein => {
  const where = "slicedWasserstein";
  checkOrder(where, p);
  const points = nearOne(...pairOf(where, ["x", "y"], [x, y]));
  const [xs, ys] = points.scaled;
  const slopes = nearOne(pointsOf(where, "directions", directions));
  const [thetas] = slopes.scaled;
  if (thetas.columns !== xs.columns) {
    throw new UsageError(
      `${where}: the directions must have the ${xs.columns} dimensions of the points; got ${thetas.columns}`,
    );
  }
  const exponent = points.exponent + slopes.exponent;
  const xMasses = new Float64Array(xs.rows).fill(1 / xs.rows);
  const yMasses = new Float64Array(ys.rows).fill(1 / ys.rows);
  const distances = new Float64Array(thetas.rows);
  const perDirection = new Float64Array(thetas.rows);
  for (let l = 0; l < thetas.rows; l++) {
    const { distance, power } = lineDistance(
      { values: project(xs, thetas, l).sort(), masses: xMasses },
      { values: project(ys, thetas, l).sort(), masses: yMasses },
      p,
    );
    distances[l] = distance;
    perDirection[l] = exponent === 0 ? power : scaledBack(where, distance, exponent) ** p;
    inRange(where, perDirection[l]);
  }
  // In units of the largest, whose powers cannot overflow.
  const largest = distances.reduce((most, value) => Math.max(most, value), 0);
  const mean =
    distances.reduce((sum, value) => sum + (largest === 0 ? 0 : (value / largest) ** p), 0) / thetas.rows;
  return {
    distance: scaledBack(where, largest * mean ** (1 / p), exponent),
    maximum: scaledBack(where, largest, exponent),
    perDirection,
  };
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
