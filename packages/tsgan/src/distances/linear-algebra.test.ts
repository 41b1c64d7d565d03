import { describe, expect, it } from "vitest";
import { matmul, pivotedCholesky, symmetricEigenvalues } from "./linear-algebra.ts";
import { type Matrix, matrix, transpose } from "./matrix.ts";
import { normalPoints } from "./points.test.helpers.ts";

const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  expect(a.length).toBe(b.length);
  let most = 0;
  for (let k = 0; k < a.length; k++) most = Math.max(most, Math.abs(a[k] - b[k]));
  return most;
};

const gram = (a: Matrix): Matrix => matmul(a, transpose(a));

describe("matmul", () => {
  it.each([1, 3, 4, 7, 10])("is the sum over the inner index, of length %i", (inner) => {
    const [a, b] = [normalPoints(1, 5, inner), normalPoints(2, inner, 6)];
    const expected = Array.from({ length: 30 }, (_, k) => {
      let sum = 0;
      for (let t = 0; t < inner; t++) sum += a.data[Math.floor(k / 6) * inner + t] * b.data[t * 6 + (k % 6)];
      return sum;
    });
    expect(largestDifference(matmul(a, b).data, expected)).toBeLessThan(1e-14);
  });
});

describe("symmetricEigenvalues", () => {
  it("finds those of the second difference, 2 − 2 cos(kπ/(n + 1))", () => {
    const n = 40;
    const a = matrix(n, n, new Float64Array(n * n));
    for (let i = 0; i < n; i++) {
      a.data[i * n + i] = 2;
      if (i > 0) a.data[i * n + i - 1] = a.data[(i - 1) * n + i] = -1;
    }
    const expected = Array.from({ length: n }, (_, k) => 2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1)));
    expect(largestDifference(symmetricEigenvalues(a).sort(), expected)).toBeLessThan(1e-13);
  });

  it("finds those of a full matrix that was made from them, repeated, negative and zero ones included", () => {
    const values = [-3, -1e-3, 0, 0, 0, 1, 1, 2, 50, 1000];
    // A reflection I − 2uuᵀ/|u|² applied on both sides leaves the eigenvalues as they are.
    const u = normalPoints(1, 10, 1).data;
    const square = u.reduce((sum, x) => sum + x * x, 0);
    const reflection = matrix(
      10,
      10,
      Array.from(
        { length: 100 },
        (_, k) => (k % 11 === 0 ? 1 : 0) - (2 * u[Math.floor(k / 10)] * u[k % 10]) / square,
      ),
    );
    const diagonal = matrix(
      10,
      10,
      Array.from({ length: 100 }, (_, k) => (k % 11 === 0 ? values[k / 11] : 0)),
    );
    const full = matmul(matmul(reflection, diagonal), reflection);
    expect(largestDifference(symmetricEigenvalues(full).sort(), values)).toBeLessThan(1e-11);
  });

  it("keeps the trace and the sum of squares", () => {
    const a = gram(normalPoints(2, 60, 30));
    const values = symmetricEigenvalues(a);
    const trace = Array.from({ length: 60 }, (_, i) => a.data[i * 61]).reduce((sum, x) => sum + x, 0);
    expect(values.reduce((sum, x) => sum + x, 0)).toBeCloseTo(trace, 9);
    expect(values.reduce((sum, x) => sum + x * x, 0)).toBeCloseTo(
      a.data.reduce((sum, x) => sum + x * x, 0),
      7,
    );
  });

  it("takes sizes 0, 1 and 2, and the zero matrix", () => {
    expect([...symmetricEigenvalues(matrix(0, 0, []))]).toEqual([]);
    expect([...symmetricEigenvalues(matrix(1, 1, [7]))]).toEqual([7]);
    expect(largestDifference(symmetricEigenvalues(matrix(2, 2, [0, 1, 1, 0])).sort(), [-1, 1])).toBeLessThan(
      1e-15,
    );
    expect([...symmetricEigenvalues(matrix(3, 3, new Float64Array(9)))]).toEqual([0, 0, 0]);
  });
});

describe("pivotedCholesky", () => {
  it.each([0, 1, 4, 9])("factorises a matrix of rank %i, and finds the rank", (rank) => {
    const a = gram(normalPoints(3, 9, rank));
    const got = pivotedCholesky(a);
    expect(got?.pivots.length).toBe(rank);
    expect(got?.factor.columns).toBe(rank);
    expect(largestDifference(gram(got?.factor ?? a).data, a.data)).toBeLessThan(1e-13);
  });

  it("does not lose a variable for its scale", () => {
    const got = pivotedCholesky(matrix(2, 2, [1e12, 0, 0, 1e-12]));
    expect(got?.pivots.length).toBe(2);
  });

  it("finds nothing for a matrix with a negative eigenvalue", () => {
    expect(pivotedCholesky(matrix(2, 2, [1, 2, 2, 1]))).toBeUndefined();
    expect(pivotedCholesky(matrix(1, 1, [-1]))).toBeUndefined();
  });
});
