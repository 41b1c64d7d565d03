import { checkKeys } from "../options.ts";
import { checkFinite, pairOf } from "./check.ts";
import { type Matrix, type MatrixLike, matrixOf } from "./matrix.ts";
import { type Cost, checkCost, costsBetween, degreeOf, fillCosts } from "./pairwise.ts";
import { exponentOf, largestOf, nearOne, scaleAll } from "./scale.ts";

/** A table of costs C_ij, read a stretch of a row at a time: held in memory or computed on the fly. */
export interface CostTable {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
  /** Makes C_ij available for from ≤ j < to, as `values[offset + j]`, and returns the offset. */
  load(i: number, from: number, to: number): number;
}

/** Costs given by the points: C_ij = |x_i − y_j| or its square; x is [n, d], y is [m, d]. */
export interface PointCosts {
  readonly x: MatrixLike;
  readonly y: MatrixLike;
  readonly cost: Cost;
}

/** Costs divided by 2ᵉ where they are far from 1: as they are, or by their points. */
export type ScaledCosts = { readonly rows: number; readonly columns: number; readonly exponent: number } & (
  | { readonly held: Matrix }
  | { readonly x: Matrix; readonly y: Matrix; readonly cost: Cost }
);

/** A cost matrix [n, m], or points and how the costs follow from them, checked and scaled. */
export const scaledCosts = (where: string, cost: MatrixLike | PointCosts): ScaledCosts => {
  if (typeof cost === "object" && cost !== null && "x" in cost) {
    checkKeys(where, cost, ["x", "y", "cost"]);
    checkCost(where, cost.cost);
    const { exponent, scaled } = nearOne(...pairOf(where, ["x", "y"], [cost.x, cost.y]));
    const [x, y] = scaled;
    return { rows: x.rows, columns: y.rows, exponent: exponent * degreeOf(cost.cost), x, y, cost: cost.cost };
  }
  const matrix = matrixOf(where, "the cost matrix", cost);
  checkFinite(where, "the cost matrix", matrix.data);
  const exponent = exponentOf(largestOf(matrix.data));
  const held = { ...matrix, data: scaleAll(matrix.data, -exponent) };
  return { rows: held.rows, columns: held.columns, exponent, held };
};

/** All of them as a matrix. */
export const heldMatrix = (costs: ScaledCosts): Matrix =>
  "held" in costs ? costs.held : costsBetween(costs.x, costs.y, costs.cost);

export const heldCosts = ({ rows, columns, data }: Matrix): CostTable => ({
  rows,
  columns,
  values: data,
  load: (i) => i * columns,
});

export const computedCosts = (x: Matrix, y: Matrix, cost: Cost): CostTable => {
  const values = new Float64Array(y.rows);
  return {
    rows: x.rows,
    columns: y.rows,
    values,
    load: (i, from, to) => {
      fillCosts(cost, x, i, y, values, 0, from, to);
      return 0;
    },
  };
};
