import { UsageError } from "../errors.ts";

/** A dense float64 matrix, row-major. A set of points or features is a matrix with one point a row. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** Entry (i, j) is `data[i * columns + j]`. */
  readonly data: Float64Array;
}

/**
 * A matrix of the given size over `data`, row-major. A Float64Array is used as it is, anything else is copied.
 *
 * @throws UsageError when `data` does not hold rows × columns numbers
 */
export const matrix = (rows: number, columns: number, data: ArrayLike<number>): Matrix => {
  if (data.length !== rows * columns) {
    throw new UsageError(
      `matrix: ${rows} × ${columns} needs ${rows * columns} numbers; got ${data.length}; check rows and columns`,
    );
  }
  return { rows, columns, data: data instanceof Float64Array ? data : Float64Array.from(data) };
};

export const transpose = ({ rows, columns, data }: Matrix): Matrix => {
  const out = new Float64Array(data.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = data[i * columns + j];
  return { rows: columns, columns: rows, data: out };
};

/** The rows of the given indices, in their order. */
export const takeRows = (source: Matrix, indices: ArrayLike<number>): Matrix => {
  const { columns, data } = source;
  const out = new Float64Array(indices.length * columns);
  for (let k = 0; k < indices.length; k++) {
    out.set(data.subarray(indices[k] * columns, (indices[k] + 1) * columns), k * columns);
  }
  return { rows: indices.length, columns, data: out };
};
