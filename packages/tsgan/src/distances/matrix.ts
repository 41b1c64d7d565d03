import { UsageError } from "../errors.ts";

/** A dense float64 matrix, row-major. A set of points or features is a matrix with one point a row. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** Entry (i, j) is `data[i * columns + j]`. */
  readonly data: Float64Array;
}

/**
 * A matrix as people have it: rows of numbers, a flat array (typed or not) with its shape, or a `Matrix`. A shape of
 * more than two sides, such as that of images, gives rows of all sides but the first; a shape of one side gives one
 * number a row.
 */
export type MatrixLike =
  | Matrix
  | readonly ArrayLike<number>[]
  | { readonly data: ArrayLike<number>; readonly shape: readonly number[] };

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

const isList = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));

const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** What was got, in a word or two. */
const spell = (value: unknown): string => {
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return "an array";
  if (typeof value !== "object" || value === null) return String(value);
  return ArrayBuffer.isView(value) ? `a ${value.constructor.name}` : "an object";
};

/** A flat list of numbers as float64; one that is so already is not copied. @throws UsageError for anything else */
export const vectorOf = (where: string, name: string, value: unknown): Float64Array => {
  if (value instanceof Float64Array) return value;
  if (!isList(value)) {
    throw new UsageError(`${where}: ${name} must be a list of numbers; got ${spell(value)}`);
  }
  const out = new Float64Array(value.length);
  for (let i = 0; i < out.length; i++) {
    const entry = value[i];
    if (typeof entry !== "number") {
      throw new UsageError(
        `${where}: ${name} must be finite numbers; got ${spell(entry)} at index ${i}; look for a missing or unread value`,
      );
    }
    out[i] = entry;
  }
  return out;
};

const sized = (where: string, name: string, rows: unknown, columns: unknown, data: unknown): Matrix => {
  const values = vectorOf(where, name, data);
  if (!isSize(rows) || !isSize(columns) || values.length !== rows * columns) {
    throw new UsageError(
      `${where}: ${name} of ${rows} × ${columns} must hold as many numbers; got ${values.length}; check its shape`,
    );
  }
  return { rows, columns, data: values };
};

/** Any of the forms of `MatrixLike` as a matrix. @throws UsageError that says what the argument `name` must be */
export const matrixOf = (where: string, name: string, value: unknown): Matrix => {
  if (typeof value === "object" && value !== null && "data" in value) {
    if ("rows" in value && "columns" in value) {
      return sized(where, name, value.rows, value.columns, value.data);
    }
    if ("shape" in value && isList(value.shape) && value.shape.length > 0) {
      const [rows, ...rest] = Array.from(value.shape) as number[];
      const columns = rest.reduce((product, side) => product * side, 1);
      return sized(where, name, rows, columns, value.data);
    }
  }
  if (!Array.isArray(value) || (value.length > 0 && !isList(value[0]))) {
    const got = Array.isArray(value) ? `a flat list of ${value.length} numbers` : spell(value);
    throw new UsageError(
      `${where}: ${name} must be rows of numbers, [[…], …], or numbers with their shape, { data, shape: [n, d] }; got ${got}`,
    );
  }
  const columns = value.length === 0 ? 0 : (value[0] as ArrayLike<number>).length;
  const data = new Float64Array(value.length * columns);
  value.forEach((entry: unknown, i) => {
    const row = vectorOf(where, `row ${i} of ${name}`, entry);
    if (row.length !== columns) {
      throw new UsageError(
        `${where}: ${name} must have rows of the same length; got ${columns} numbers in row 0 and ${row.length} in row ${i}`,
      );
    }
    data.set(row, i * columns);
  });
  return { rows: value.length, columns, data };
};

/** The transposed matrix Aᵀ, copied: [rows, columns] → [columns, rows], `data` row by row. */
export const transpose = ({ rows, columns, data }: Matrix): Matrix => {
  const out = new Float64Array(data.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = data[i * columns + j];
  return { rows: columns, columns: rows, data: out };
};

/**
 * The rows of the given indices, in their order.
 *
 * @param source [n, d]
 * @throws UsageError for an index of no row
 */
export const takeRows = (source: Matrix, indices: ArrayLike<number>): Matrix => {
  const { rows, columns, data } = source;
  const out = new Float64Array(indices.length * columns);
  for (let k = 0; k < indices.length; k++) {
    if (!(Number.isInteger(indices[k]) && indices[k] >= 0 && indices[k] < rows)) {
      throw new UsageError(`takeRows: an index must be from 0 to ${rows - 1}; got ${indices[k]}`);
    }
    out.set(data.subarray(indices[k] * columns, (indices[k] + 1) * columns), k * columns);
  }
  return { rows: indices.length, columns, data: out };
};
