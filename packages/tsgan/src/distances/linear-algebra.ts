/** The dense linear algebra that Gaussian distances need, in float64. */
import { UsageError } from "../errors.ts";
import { checkFinite } from "./check.ts";
import { type Matrix, type MatrixLike, matrixOf } from "./matrix.ts";
import { nearOne, scaledBack } from "./scale.ts";

/**
 * The matrix product A B, [n, k] · [k, m] → [n, m].
 *
 * @param a A, [n, k]
 * @param b B, [k, m]
 * @throws UsageError where A has not as many columns as B has rows
 */
export const matmul = (a: Matrix, b: Matrix): Matrix => {
  const inner = a.columns;
  if (inner !== b.rows) {
    throw new UsageError(
      `matmul: the columns of a must be as many as the rows of b; got ${inner} and ${b.rows}; transpose one`,
    );
  }
  const columns = b.columns;
  const out = new Float64Array(a.rows * columns);
  const bs = b.data;
  for (let i = 0; i < a.rows; i++) {
    const row = out.subarray(i * columns, (i + 1) * columns);
    let k = 0;
    // Four rows of B at a time: a quarter of the loads and stores of the output.
    for (; k + 4 <= inner; k += 4) {
      const p = i * inner + k;
      const a0 = a.data[p];
      const a1 = a.data[p + 1];
      const a2 = a.data[p + 2];
      const a3 = a.data[p + 3];
      const q0 = k * columns;
      const q1 = q0 + columns;
      const q2 = q1 + columns;
      const q3 = q2 + columns;
      for (let j = 0; j < columns; j++) {
        row[j] += a0 * bs[q0 + j] + a1 * bs[q1 + j] + a2 * bs[q2 + j] + a3 * bs[q3 + j];
      }
    }
    for (; k < inner; k++) {
      const factor = a.data[i * inner + k];
      for (let j = 0; j < columns; j++) row[j] += factor * bs[k * columns + j];
    }
  }
  return { rows: a.rows, columns, data: out };
};

export interface Cholesky {
  /** L, [d, r] with L Lᵀ = A; row pivots[k] has its last entry in column k. */
  readonly factor: Matrix;
  /** The r rows that were pivots, in order. */
  readonly pivots: Int32Array;
}

/**
 * Cholesky factor of a positive semi-definite matrix with diagonal pivoting, which finds the rank r (Higham 2002,
 * §10.3). Pivots are chosen by what is left of each diagonal entry relative to its size, so that the scale of a
 * variable does not decide whether it counts; the factor ends where all that is left is rounding.
 *
 * @returns undefined when the matrix is not positive semi-definite
 */
export const pivotedCholesky = (a: Matrix): Cholesky | undefined => {
  const d = a.rows;
  const tolerance = 16 * d * Number.EPSILON;
  // Variables in units of their own size, a power of two, so that no variance is too small to subtract from.
  const units = Float64Array.from({ length: d }, (_, i) => {
    const variance = a.data[i * d + i];
    return variance > 0 ? 2 ** Math.round(Math.log2(variance) / 2) : 1;
  });
  const data = a.data.map((value, k) => value / units[Math.floor(k / d)] / units[k % d]);
  const diagonal = Float64Array.from({ length: d }, (_, i) => data[i * d + i]);
  const left = Float64Array.from(diagonal);
  const chosen = new Uint8Array(d);
  const pivots: number[] = [];
  const factor = new Float64Array(d * d);
  for (let k = 0; k < d; k++) {
    let pivot = -1;
    let most = tolerance;
    for (let i = 0; i < d; i++) {
      if (chosen[i] === 0 && left[i] > most * diagonal[i]) {
        most = left[i] / diagonal[i];
        pivot = i;
      }
    }
    if (pivot < 0) break;
    chosen[pivot] = 1;
    pivots.push(pivot);
    const root = Math.sqrt(left[pivot]);
    factor[pivot * d + k] = root;
    for (let i = 0; i < d; i++) {
      if (chosen[i] === 1) continue;
      let sum = data[i * d + pivot];
      for (let t = 0, p = i * d, q = pivot * d; t < k; t++) sum -= factor[p + t] * factor[q + t];
      const entry = sum / root;
      factor[i * d + k] = entry;
      left[i] -= entry * entry;
    }
  }
  for (let i = 0; i < d; i++) {
    if (chosen[i] === 0 && !(left[i] >= -1e-6 * Math.abs(diagonal[i]) && diagonal[i] >= 0)) return undefined;
  }
  const rank = pivots.length;
  const narrow = new Float64Array(d * rank);
  for (let i = 0; i < d; i++) {
    for (let k = 0; k < rank; k++) narrow[i * rank + k] = factor[i * d + k] * units[i];
  }
  return { factor: { rows: d, columns: rank, data: narrow }, pivots: Int32Array.from(pivots) };
};

/**
 * Eigenvalues of a symmetric matrix, in no particular order: Householder tridiagonalisation (Golub & Van Loan 2013,
 * §8.3.1), then implicitly shifted QL (§8.3.3). Errors are of the order of rounding times the largest eigenvalue.
 *
 * @param a [n, n]; only its upper triangle is read
 * @throws UsageError for a matrix that is not square, or numbers that are not finite
 */
export const symmetricEigenvalues = (a: MatrixLike): Float64Array => {
  const where = "symmetricEigenvalues";
  const { exponent, scaled } = nearOne(matrixOf(where, "the matrix", a));
  checkFinite(where, "the matrix", scaled[0].data);
  if (scaled[0].rows !== scaled[0].columns) {
    throw new UsageError(`${where}: the matrix must be square; got ${scaled[0].rows} × ${scaled[0].columns}`);
  }
  return eigenvaluesOf(scaled[0]).map((value) => scaledBack(where, value, exponent));
};

/** The same of a matrix that is known to be finite, square and near 1. */
export const eigenvaluesOf = (a: Matrix): Float64Array => {
  const { diagonal, offDiagonal } = tridiagonalise(a);
  return tridiagonalEigenvalues(diagonal, offDiagonal);
};

interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** Entry i couples i and i + 1; the last one is 0. */
  readonly offDiagonal: Float64Array;
}

/** QᵀAQ by reflections, column by column; only the upper triangle of A is read. */
const tridiagonalise = ({ rows: n, data }: Matrix): Tridiagonal => {
  const a = Float64Array.from(data);
  const diagonal = new Float64Array(n);
  const offDiagonal = new Float64Array(n);
  const v = new Float64Array(n);
  const w = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    diagonal[k] = a[k * n + k];
    if (k === n - 1) break;
    const first = k + 1;
    let scale = 0;
    for (let j = first; j < n; j++) scale = Math.max(scale, Math.abs(a[k * n + j]));
    let square = 0; // of what lies beyond the neighbour of the diagonal, scaled against overflow
    for (let j = first; j < n; j++) {
      v[j] = scale === 0 ? 0 : a[k * n + j] / scale;
      if (j > first) square += v[j] * v[j];
    }
    if (square === 0) {
      offDiagonal[k] = a[k * n + first];
      continue;
    }
    const norm = Math.sqrt(v[first] * v[first] + square);
    const image = v[first] > 0 ? -norm : norm;
    offDiagonal[k] = image * scale;
    v[first] -= image;
    const beta = 2 / (v[first] * v[first] + square);

    // With p = βAv and w = p − ½β(pᵀv)v the reflected matrix is A − vwᵀ − wvᵀ.
    w.fill(0, first);
    for (let i = first; i < n; i++) {
      const vi = v[i];
      const row = i * n;
      let sum = a[row + i] * vi;
      for (let j = i + 1; j < n; j++) {
        sum += a[row + j] * v[j];
        w[j] += a[row + j] * vi;
      }
      w[i] += sum;
    }
    let product = 0;
    for (let j = first; j < n; j++) {
      w[j] *= beta;
      product += w[j] * v[j];
    }
    for (let j = first; j < n; j++) w[j] -= 0.5 * beta * product * v[j];
    for (let i = first; i < n; i++) {
      const vi = v[i];
      const wi = w[i];
      const row = i * n;
      for (let j = i; j < n; j++) a[row + j] -= vi * w[j] + wi * v[j];
    }
  }
  return { diagonal, offDiagonal };
};

/** Overwrites both arrays and returns the first. */
const tridiagonalEigenvalues = (d: Float64Array, e: Float64Array): Float64Array => {
  const n = d.length;
  let norm = 0;
  for (let i = 0; i < n; i++) norm = Math.max(norm, Math.abs(d[i]) + Math.abs(e[i]));
  const negligible = Number.EPSILON * norm;
  for (let l = 0; l < n; l++) {
    for (;;) {
      // The block that starts at l ends at the first coupling that is nothing but rounding.
      let m = l;
      while (m < n - 1 && Math.abs(e[m]) > negligible) m++;
      if (m === l) break;

      // Wilkinson's shift: the eigenvalue of the leading 2 × 2 block nearer to d_l.
      const half = (d[l + 1] - d[l]) / (2 * e[l]);
      const radius = Math.hypot(half, 1);
      let bulge = d[m] - d[l] + e[l] / (half + (half >= 0 ? radius : -radius));
      let sine = 1;
      let cosine = 1;
      let shift = 0;
      let i = m - 1;
      for (; i >= l; i--) {
        const f = sine * e[i];
        const b = cosine * e[i];
        const r = Math.hypot(f, bulge);
        e[i + 1] = r;
        if (r === 0) {
          // Underflow: the matrix splits here.
          d[i + 1] -= shift;
          e[m] = 0;
          break;
        }
        sine = f / r;
        cosine = bulge / r;
        const g = d[i + 1] - shift;
        const t = (d[i] - g) * sine + 2 * cosine * b;
        shift = sine * t;
        d[i + 1] = g + shift;
        bulge = cosine * t - b;
      }
      if (i >= l) continue;
      d[l] -= shift;
      e[l] = bulge;
      e[m] = 0;
    }
  }
  return d;
};
