import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gaussianW2Squared, moments } from "./frechet.ts";
import { type Gaussian, type GaussianLike, gaussianJensenShannon1d, gaussianKl } from "./gaussian.ts";
import { matmul } from "./linear-algebra.ts";
import { type Matrix, matrix, transpose } from "./matrix.ts";
import { normalPoints } from "./points.test.helpers.ts";

const normal1d = (mean: number, deviation: number): Gaussian => ({
  mean: Float64Array.of(mean),
  covariance: matrix(1, 1, [deviation ** 2]),
});

const kl1d = (m1: number, s1: number, m2: number, s2: number) =>
  Math.log(s2 / s1) + (s1 ** 2 + (m1 - m2) ** 2) / (2 * s2 ** 2) - 0.5;

/** The law of A x for x of the given law. */
const image = (a: Matrix, { mean, covariance }: Gaussian): Gaussian => ({
  mean: matmul(a, matrix(mean.length, 1, mean)).data,
  covariance: matmul(matmul(a, covariance), transpose(a)),
});

const mean = fc.double({ min: -3, max: 3, noNaN: true });
const deviation = fc.double({ min: 0.05, max: 3, noNaN: true });

describe("gaussianKl", () => {
  it("agrees with the scalar formula in one dimension", () => {
    fc.assert(
      fc.property(mean, deviation, mean, deviation, (m1, s1, m2, s2) => {
        const expected = kl1d(m1, s1, m2, s2);
        expect(Math.abs(gaussianKl(normal1d(m1, s1), normal1d(m2, s2)) - expected)).toBeLessThan(
          1e-10 * (1 + expected),
        );
      }),
    );
  });

  it("does not change under an invertible linear map", () => {
    const [p, q] = [moments(normalPoints(1, 30, 4)), moments(normalPoints(2, 30, 4, 0.5, 2))];
    const a = normalPoints(3, 4, 4);
    expect(gaussianKl(image(a, p), image(a, q))).toBeCloseTo(gaussianKl(p, q), 9);
  });

  it("is taken within the common subspace of singular laws, whatever the scale of its axes", () => {
    const line = matrix(3, 1, [1e-4, 2, -300]);
    const [p, q] = [image(line, normal1d(0, 1)), image(line, normal1d(1, 2))];
    expect(gaussianKl(p, q)).toBeCloseTo(kl1d(0, 1, 1, 2), 6);
  });

  it("is infinite when p leaves the subspace of q, or fills less of it", () => {
    const flat: GaussianLike = { mean: [0, 0], covariance: matrix(2, 2, [1, 0, 0, 0]) };
    const full: GaussianLike = { mean: [0, 0], covariance: matrix(2, 2, [1, 0, 0, 1]) };
    const lifted: GaussianLike = { mean: [0, 1], covariance: flat.covariance };
    expect(gaussianKl(full, flat)).toBe(Number.POSITIVE_INFINITY);
    expect(gaussianKl(flat, full)).toBe(Number.POSITIVE_INFINITY);
    expect(gaussianKl(lifted, flat)).toBe(Number.POSITIVE_INFINITY);
    expect(gaussianKl(flat, flat)).toBeCloseTo(0, 12);
  });

  it.each([
    ["a covariance with a negative eigenvalue", [1, 2, 2, 1], "must be positive semi-definite"],
    ["a covariance without variances", [0, 1, 1, 0], "must be positive semi-definite"],
    ["a negative variance", [-1, 0, 0, 1], "must be positive semi-definite"],
    [
      "a covariance that is not symmetric",
      [1, 0.5, 0, 1],
      "must be symmetric; got 0 at [1,0] and 0.5 at [0,1]",
    ],
    ["NaN", [1, 0, 0, Number.NaN], "must be finite numbers; got NaN at index 3"],
  ])("refuses %s", (_, covariance, message) => {
    const p = { mean: [0, 0], covariance: matrix(2, 2, covariance) };
    expect(() => gaussianKl(p, p)).toThrow(`gaussianKl: the covariance of p ${message}`);
  });

  it("refuses a covariance that does not fit its mean", () => {
    const p = { mean: [0, 0, 0], covariance: matrix(2, 2, [1, 0, 0, 1]) };
    expect(() => gaussianKl(p, p)).toThrow("must be [3,3] as its mean is [3]; got [2,2]");
  });
});

describe("gaussianW2Squared", () => {
  it("is |μ₁ − μ₂|² + (σ₁ − σ₂)² in one dimension, deviations of 0 included", () => {
    fc.assert(
      fc.property(mean, fc.constantFrom(0, 0.5, 2), mean, deviation, (m1, s1, m2, s2) => {
        const expected = (m1 - m2) ** 2 + (s1 - s2) ** 2;
        expect(gaussianW2Squared(normal1d(m1, s1), normal1d(m2, s2))).toBeCloseTo(expected, 10);
      }),
    );
  });

  it("is the squared shift for equal covariances, singular ones included", () => {
    const { mean: m, covariance } = moments(normalPoints(4, 3, 6));
    const shifted = { mean: Float64Array.from(m, (x) => x + 0.5), covariance };
    expect(gaussianW2Squared({ mean: m, covariance }, shifted)).toBeCloseTo(6 * 0.25, 6);
  });
});

describe("gaussianJensenShannon1d", () => {
  it("is symmetric, and depends on the difference in units of the deviations only", () => {
    fc.assert(
      fc.property(mean, deviation, mean, deviation, (m1, s1, m2, s2) => {
        const js = gaussianJensenShannon1d(m1, s1, m2, s2);
        expect(js).toBeGreaterThanOrEqual(-1e-12);
        expect(js).toBeLessThanOrEqual(Math.LN2 + 1e-11);
        expect(gaussianJensenShannon1d(m2, s2, m1, s1)).toBeCloseTo(js, 11);
        expect(gaussianJensenShannon1d(7 - 100 * m1, 100 * s1, 7 - 100 * m2, 100 * s2)).toBeCloseTo(js, 10);
      }),
      { numRuns: 30 },
    );
  });

  it("finds both laws however different their widths", () => {
    // A law that is a spike beside the other overlaps it nowhere: JS → log 2.
    expect(gaussianJensenShannon1d(0, 1, 0.3, 1e-9)).toBeCloseTo(Math.LN2, 7);
    expect(gaussianJensenShannon1d(0, 1e-6, 0, 1e6)).toBeCloseTo(Math.LN2, 7);
  });

  it("refuses a deviation of zero", () => {
    expect(() => gaussianJensenShannon1d(0, 0, 0, 1)).toThrow(
      "a standard deviation must be a finite number above 0; got 0",
    );
  });
});
