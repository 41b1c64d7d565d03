import { type Matrix, matrix } from "../distances/index.ts";

/** The first rows of a matrix, at most `count`; a view, not a copy. */
export const firstRows = ({ columns, data, rows }: Matrix, count: number): Matrix =>
  rows <= count ? matrix(rows, columns, data) : matrix(count, columns, data.subarray(0, count * columns));
