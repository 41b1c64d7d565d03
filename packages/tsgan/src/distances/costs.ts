import type { Matrix } from "./matrix.ts";
import { fillCosts, type Metric } from "./pairwise.ts";

/** A table of costs C_ij, read a stretch of a row at a time: held in memory or computed on the fly. */
export interface Costs {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
  /** Makes C_ij available for from ≤ j < to, as `values[offset + j]`, and returns the offset. */
  load(i: number, from: number, to: number): number;
}

/** Costs given by the points: C_ij = |x_i − y_j| or its square; x is [n, d], y is [m, d]. */
export interface PointCosts {
  readonly x: Matrix;
  readonly y: Matrix;
  readonly metric: Metric;
}

export const heldCosts = ({ rows, columns, data }: Matrix): Costs => ({
  rows,
  columns,
  values: data,
  load: (i) => i * columns,
});

export const computedCosts = ({ x, y, metric }: PointCosts): Costs => {
  const values = new Float64Array(y.rows);
  return {
    rows: x.rows,
    columns: y.rows,
    values,
    load: (i, from, to) => {
      fillCosts(metric, x, i, y, values, 0, from, to);
      return 0;
    },
  };
};
