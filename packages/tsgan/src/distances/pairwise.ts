/** Distances and inner products between all rows of two sets of points, one row of the table at a time. */
import { UsageError } from "../errors.ts";
import { checkChoice } from "../options.ts";
import { pairOf } from "./check.ts";
import type { Matrix, MatrixLike } from "./matrix.ts";
import { inRange, nearOne, scaleBy } from "./scale.ts";

/** What it costs to move a unit from x to y: the Euclidean distance |x − y| or its square. */
export type Cost = "euclidean" | "sqeuclidean";

export const checkCost = (where: string, cost: unknown): void =>
  checkChoice(where, "the cost", cost, ["euclidean", "sqeuclidean"]);

/** The power of the scale of the points with which a cost grows. */
export const degreeOf = (cost: Cost): number => (cost === "euclidean" ? 1 : 2);

/** Coordinates after which a sum that is too large already is given up. */
const STRETCH = 8;

/**
 * out[at + j] = |x_i − y_j|² for from ≤ j < to. A sum of squared differences, without the expansion
 * |x|² + |y|² − 2x·y: equal distances stay equal and a point is at distance 0 from itself.
 *
 * @param most a sum beyond it need not be known: it may be given up, and is then some number greater than `most`
 */
export const fillSquaredDistances = (
  x: Matrix,
  i: number,
  y: Matrix,
  out: Float64Array,
  at = 0,
  from = 0,
  to = y.rows,
  most = Number.POSITIVE_INFINITY,
): void => {
  const d = x.columns;
  const xs = x.data;
  const ys = y.data;
  const start = i * d;
  const stretch = most === Number.POSITIVE_INFINITY ? d : STRETCH;
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
    let k = 0;
    while (k < d) {
      const stop = Math.min(d, k + stretch);
      for (; k < stop; k++) {
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
      // Sums of squares only grow.
      if (sum0 > most && sum1 > most && sum2 > most && sum3 > most) break;
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

/** Squared distances below this have lost digits to underflow. */
const TINY = 2 ** -960;

/** The largest |x_ik − y_jk|. */
const largestDifference = (x: Matrix, i: number, y: Matrix, j: number): number => {
  let largest = 0;
  for (let k = 0; k < x.columns; k++) {
    largest = Math.max(largest, Math.abs(x.data[i * x.columns + k] - y.data[j * y.columns + k]));
  }
  return largest;
};

/** |x_i − y_j| where its square underflows. */
const tinyDistance = (x: Matrix, i: number, y: Matrix, j: number): number => {
  const largest = largestDifference(x, i, y, j);
  if (largest === 0) return 0;
  let sum = 0;
  for (let k = 0; k < x.columns; k++) {
    sum += ((x.data[i * x.columns + k] - y.data[j * y.columns + k]) / largest) ** 2;
  }
  return largest * Math.sqrt(sum);
};

/** Throws where the squared distance of two points is lost to underflow, though they differ. */
const checkLost = (where: string, square: number, x: Matrix, i: number, y: Matrix, j: number): void => {
  if (square < TINY && largestDifference(x, i, y, j) > 0) {
    throw new UsageError(
      `${where}: distances must not differ by a factor of more than 1e144; got two points that far closer than the ` +
        "largest coordinate; take the outliers out",
    );
  }
};

/** Points whose distances are compared with one bound. */
const BLOCK = 32;

/**
 * `fillSquaredDistances` of points that `nearOne` has scaled, for comparisons: two that differ must not come out equal.
 * Those of y_from to y_(to − 1), from the start of `out` on.
 *
 * @throws UsageError where points are so close beside the largest that their distance is lost
 */
export const fillComparable = (
  where: string,
  x: Matrix,
  i: number,
  y: Matrix,
  out: Float64Array,
  from = 0,
  to = y.rows,
  most = Number.POSITIVE_INFINITY,
): void => {
  // What is lost to underflow is looked at in any case.
  fillSquaredDistances(x, i, y, out, -from, from, to, Math.max(most, TINY));
  for (let j = from; j < to; j++) checkLost(where, out[j - from], x, i, y, j);
};

/** The nearest of many points, and its squared distance. */
export interface Found {
  readonly index: number;
  readonly square: number;
}

/**
 * Which y_j but y_except is nearest to x_i, the lowest j on a tie, of points that `nearOne` has scaled; and |x_i − y_j|².
 *
 * @throws UsageError where points are so close beside the largest that their distance is lost
 */
export const findNearest = (where: string, x: Matrix, i: number, y: Matrix, except = -1): Found => {
  const squares = new Float64Array(BLOCK);
  let index = -1;
  let square = Number.POSITIVE_INFINITY;
  for (let from = 0; from < y.rows; from += BLOCK) {
    const to = Math.min(y.rows, from + BLOCK);
    fillComparable(where, x, i, y, squares, from, to, square);
    for (let j = from; j < to; j++) {
      if (squares[j - from] >= square || j === except) continue;
      index = j;
      square = squares[j - from];
    }
  }
  return { index, square };
};

/** out[at + j] = cost of (x_i, y_j), for from ≤ j < to; the points as `nearOne` has scaled them. */
export const fillCosts = (
  cost: Cost,
  x: Matrix,
  i: number,
  y: Matrix,
  out: Float64Array,
  at = 0,
  from = 0,
  to = y.rows,
): void => {
  fillSquaredDistances(x, i, y, out, at, from, to);
  if (cost !== "euclidean") return;
  for (let j = from; j < to; j++) {
    out[at + j] = out[at + j] < TINY ? tinyDistance(x, i, y, j) : Math.sqrt(out[at + j]);
  }
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
 *
 * @throws UsageError for costs beyond the largest float
 */
export const costMatrix = (x: MatrixLike, y: MatrixLike, cost: Cost): Matrix => {
  checkCost("costMatrix", cost);
  const { exponent, scaled } = nearOne(...pairOf("costMatrix", ["x", "y"], [x, y]));
  const costs = costsBetween(scaled[0], scaled[1], cost);
  if (exponent !== 0) {
    const back = exponent * degreeOf(cost);
    costs.data.forEach((value, k) => {
      costs.data[k] = inRange("costMatrix", scaleBy(value, back));
    });
  }
  return costs;
};

/** The same of points that have been checked and scaled. */
export const costsBetween = (x: Matrix, y: Matrix, cost: Cost): Matrix => {
  const data = new Float64Array(x.rows * y.rows);
  for (let i = 0; i < x.rows; i++) fillCosts(cost, x, i, y, data, i * y.rows);
  return { rows: x.rows, columns: y.rows, data };
};
