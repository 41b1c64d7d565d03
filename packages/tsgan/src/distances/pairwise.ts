/** Distances and inner products between all rows of two sets of points, one row of the table at a time. */
import { UsageError } from "../errors.ts";
import { checkPair } from "./check.ts";
import type { Matrix } from "./matrix.ts";

/** Euclidean distance |x − y| or its square. */
export type Metric = "euclidean" | "sqeuclidean";

export const checkMetric = (where: string, metric: Metric): void => {
  if (metric !== "euclidean" && metric !== "sqeuclidean") {
    throw new UsageError(
      `${where}: the metric must be "euclidean" or "sqeuclidean"; got ${JSON.stringify(metric)}`,
    );
  }
};

/**
 * out[at + j] = |x_i − y_j|² for from ≤ j < to. A sum of squared differences, without the expansion
 * |x|² + |y|² − 2x·y: equal distances stay equal and a point is at distance 0 from itself.
 */
export const fillSquaredDistances = (
  x: Matrix,
  i: number,
  y: Matrix,
  out: Float64Array,
  at = 0,
  from = 0,
  to = y.rows,
): void => {
  const d = x.columns;
  const xs = x.data;
  const ys = y.data;
  const start = i * d;
  for (let j = from; j < to; j++) {
    let sum = 0;
    for (let k = 0, q = j * d; k < d; k++, q++) {
      const difference = xs[start + k] - ys[q];
      sum += difference * difference;
    }
    out[at + j] = sum;
  }
};

/** out[at + j] = cost of (x_i, y_j) under the metric, for from ≤ j < to. */
export const fillCosts = (
  metric: Metric,
  x: Matrix,
  i: number,
  y: Matrix,
  out: Float64Array,
  at = 0,
  from = 0,
  to = y.rows,
): void => {
  fillSquaredDistances(x, i, y, out, at, from, to);
  if (metric === "euclidean") for (let k = at + from; k < at + to; k++) out[k] = Math.sqrt(out[k]);
};

/** out[j] = x_i · y_j. */
export const fillInnerProducts = (x: Matrix, i: number, y: Matrix, out: Float64Array): void => {
  const d = x.columns;
  const xs = x.data;
  const ys = y.data;
  const start = i * d;
  for (let j = 0; j < y.rows; j++) {
    let sum = 0;
    for (let k = 0, q = j * d; k < d; k++, q++) sum += xs[start + k] * ys[q];
    out[j] = sum;
  }
};

/**
 * The cost matrix C_ij = |x_i − y_j| ("euclidean") or |x_i − y_j|² ("sqeuclidean"); x is [n, d], y is [m, d].
 */
export const costMatrix = (x: Matrix, y: Matrix, metric: Metric): Matrix => {
  checkMetric("costMatrix", metric);
  checkPair("costMatrix", ["x", "y"], x, y);
  const data = new Float64Array(x.rows * y.rows);
  for (let i = 0; i < x.rows; i++) fillCosts(metric, x, i, y, data, i * y.rows);
  return { rows: x.rows, columns: y.rows, data };
};
