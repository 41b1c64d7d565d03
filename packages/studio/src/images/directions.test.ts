import { randomStream } from "tsgan";
import { describe, expect, it } from "vitest";
import { principalDirections, probesAround, symmetricEigenvectors } from "./directions.ts";

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, value, i) => sum + value * b[i], 0);

describe("eigenvectors of a symmetric matrix", () => {
  const n = 12;
  const factor = new Float64Array(n * n);
  randomStream(1, "matrix").fillNormal(factor);
  const matrix = Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return factor[i * n + j] + factor[j * n + i];
  });
  const vectors = symmetricEigenvectors(matrix, n);
  const rows = Array.from({ length: n }, (_, i) => matrix.subarray(i * n, (i + 1) * n));
  const values = vectors.map((v) =>
    dot(
      rows.map((row) => dot(row, v)),
      v,
    ),
  );

  it("are orthonormal, and solve A v = λ v", () => {
    vectors.forEach((v, i) => {
      vectors.forEach((w, j) => {
        expect(dot(v, w)).toBeCloseTo(i === j ? 1 : 0, 10);
      });
      rows.forEach((row, k) => {
        expect(dot(row, v)).toBeCloseTo(values[i] * v[k], 9);
      });
    });
  });

  it("come with the largest eigenvalue first", () => {
    expect(values).toEqual([...values].sort((a, b) => b - a));
  });
});

it("principal directions of a linear generator are its right singular vectors, by singular value", () => {
  // G(z) = Σ σᵢ uᵢ (vᵢ·z): u the unit vectors of 8 pixels, v a rotated basis of 3 latent numbers.
  const [c, s] = [Math.cos(0.4), Math.sin(0.4)];
  const basis = [
    [c, s, 0],
    [-s, c, 0],
    [0, 0, 1],
  ];
  const singular = [1, 5, 3];
  const z = Float32Array.of(0.2, -1, 0.7);
  const probes = probesAround(z);
  const images = new Float32Array(4 * 8);
  for (let i = 0; i < 4; i++) {
    basis.forEach((v, k) => {
      images[i * 8 + k] = singular[k] * dot(v, probes.subarray(i * 3, i * 3 + 3));
    });
  }
  const found = principalDirections(images, 3, 2);
  expect(found).toHaveLength(2);
  expect(Math.abs(dot(found[0], basis[1]))).toBeCloseTo(1, 5);
  expect(Math.abs(dot(found[1], basis[2]))).toBeCloseTo(1, 5);
});
