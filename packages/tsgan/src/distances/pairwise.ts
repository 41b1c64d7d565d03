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
  let j = from;
  // Four points at a time: their sums do not wait for each other, and x is read once.
  for (; j + 4 <= to; j += 4) {
    const q0 = j * d;
    const q1 = q0 + d;
    const q2 = q1 + d;
    const q3 = q2 + d;
    let sum0 = 0;
    let sum1 = 0;
    let sum2 = 0;
    let sum3 = 0;
    for (let k = 0; k < d; k++) {
      const value = xs[start + k];
      const d0 = value - ys[q0 + k];
      const d1 = value - ys[q1 + k];
      const d2 = value - ys[q2 + k];
      const d3 = value - ys[q3 + k];
      sum0 += d0 * d0;
      sum1 += d1 * d1;
      sum2 += d2 * d2;
      sum3 += d3 * d3;
    }
    out[at + j] = sum0;
    out[at + j + 1] = sum1;
    out[at + j + 2] = sum2;
    out[at + j + 3] = sum3;
  }
  for (; j < to; j++) {
    let sum = 0;
    for (let k = 0; k < d; k++) {
      const difference = xs[start + k] - ys[j * d + k];
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
  let j = 0;
  for (; j + 4 <= y.rows; j += 4) {
    const q0 = j * d;
    const q1 = q0 + d;
    const q2 = q1 + d;
    const q3 = q2 + d;
    let sum0 = 0;
    let sum1 = 0;
    let sum2 = 0;
    let sum3 = 0;
    for (let k = 0; k < d; k++) {
      const value = xs[start + k];
      sum0 += value * ys[q0 + k];
      sum1 += value * ys[q1 + k];
      sum2 += value * ys[q2 + k];
      sum3 += value * ys[q3 + k];
    }
    out[j] = sum0;
    out[j + 1] = sum1;
    out[j + 2] = sum2;
    out[j + 3] = sum3;
  }
  for (; j < y.rows; j++) {
    let sum = 0;
    for (let k = 0; k < d; k++) sum += xs[start + k] * ys[j * d + k];
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
