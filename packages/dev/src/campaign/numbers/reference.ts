/** Slow and simple computations near 1, which share nothing with the library. */
import type { Matrix } from "tsgan/distances";

export const row = ({ columns, data }: Matrix, i: number): Float64Array =>
  data.subarray(i * columns, (i + 1) * columns);

export const distance = (x: ArrayLike<number>, y: ArrayLike<number>): number => {
  let sum = 0;
  for (let k = 0; k < x.length; k++) sum += (x[k] - y[k]) ** 2;
  return Math.sqrt(sum);
};

export const dot = (x: ArrayLike<number>, y: ArrayLike<number>): number => {
  let sum = 0;
  for (let k = 0; k < x.length; k++) sum += x[k] * y[k];
  return sum;
};

/** Σ_i Σ_j value(x_i, y_j) / (n m), without i = j where `distinct`. */
export const meanOverPairs = (
  x: Matrix,
  y: Matrix,
  value: (x: Float64Array, y: Float64Array) => number,
  distinct = false,
): number => {
  let sum = 0;
  for (let i = 0; i < x.rows; i++) {
    for (let j = 0; j < y.rows; j++) if (!distinct || i !== j) sum += value(row(x, i), row(y, j));
  }
  return sum / (x.rows * (y.rows - (distinct ? 1 : 0)));
};

export const largest = (...lists: readonly ArrayLike<number>[]): number => {
  let most = 0;
  for (const list of lists) for (let k = 0; k < list.length; k++) most = Math.max(most, Math.abs(list[k]));
  return most;
};

/** W_pᵖ of two lists of numbers that each count the same, in whole units of 1/(n m). */
export const uniformOnLine = (x: ArrayLike<number>, y: ArrayLike<number>, p: number): number => {
  const [xs, ys] = [x, y].map((list) => Array.from(list).sort((a, b) => a - b));
  const [n, m] = [xs.length, ys.length];
  let sum = 0;
  for (let unit = 0; unit < n * m; unit++) {
    sum += Math.abs(xs[Math.floor(unit / m)] - ys[Math.floor(unit / n)]) ** p;
  }
  return sum / (n * m);
};

/** Eigenvalues and eigenvectors (columns) of a symmetric matrix by Jacobi rotations. */
export const jacobi = (a: Matrix): { readonly values: Float64Array; readonly vectors: Matrix } => {
  const n = a.rows;
  const data = Float64Array.from(a.data);
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1;
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) off += data[i * n + j] ** 2;
    if (off === 0) break;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const apq = data[p * n + q];
        if (apq === 0) continue;
        const theta = (data[q * n + q] - data[p * n + p]) / (2 * apq);
        const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.hypot(theta, 1));
        const c = 1 / Math.hypot(t, 1);
        const s = t * c;
        for (let k = 0; k < n; k++) {
          const [akp, akq] = [data[k * n + p], data[k * n + q]];
          data[k * n + p] = c * akp - s * akq;
          data[k * n + q] = s * akp + c * akq;
          const [vkp, vkq] = [vectors[k * n + p], vectors[k * n + q]];
          vectors[k * n + p] = c * vkp - s * vkq;
          vectors[k * n + q] = s * vkp + c * vkq;
        }
        for (let k = 0; k < n; k++) {
          const [apk, aqk] = [data[p * n + k], data[q * n + k]];
          data[p * n + k] = c * apk - s * aqk;
          data[q * n + k] = s * apk + c * aqk;
        }
      }
    }
  }
  return {
    values: Float64Array.from({ length: n }, (_, i) => data[i * n + i]),
    vectors: { rows: n, columns: n, data: vectors },
  };
};

export const product = (a: Matrix, b: Matrix): Matrix => {
  const data = new Float64Array(a.rows * b.columns);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < b.columns; j++) {
      for (let k = 0; k < a.columns; k++) {
        data[i * b.columns + j] += a.data[i * a.columns + k] * b.data[k * b.columns + j];
      }
    }
  }
  return { rows: a.rows, columns: b.columns, data };
};

export const transposed = ({ rows, columns, data }: Matrix): Matrix => ({
  rows: columns,
  columns: rows,
  data: Float64Array.from(
    { length: data.length },
    (_, k) => data[(k % rows) * columns + Math.floor(k / rows)],
  ),
});

/** f of a symmetric matrix, by its eigenvalues. */
export const matrixFunction = (a: Matrix, f: (value: number) => number): Matrix => {
  const { values, vectors } = jacobi(a);
  const n = a.rows;
  const left = { ...vectors, data: vectors.data.map((value, k) => value * f(values[k % n])) };
  return product(left, transposed(vectors));
};

/** Mean and covariance with divisor n − 1. */
export const momentsOf = (x: Matrix): { readonly mean: Float64Array; readonly covariance: Matrix } => {
  const { rows: n, columns: d } = x;
  const mean = new Float64Array(d);
  for (let i = 0; i < n; i++) for (let k = 0; k < d; k++) mean[k] += row(x, i)[k] / n;
  const covariance = new Float64Array(d * d);
  for (let i = 0; i < n; i++) {
    const r = row(x, i);
    for (let k = 0; k < d; k++) {
      for (let l = 0; l < d; l++) covariance[k * d + l] += ((r[k] - mean[k]) * (r[l] - mean[l])) / (n - 1);
    }
  }
  return { mean, covariance: { rows: d, columns: d, data: covariance } };
};

/** 0, 1 … count − 1. */
export const indices = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
