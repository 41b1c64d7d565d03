import { describe, expect, it } from "vitest";
import { UsageError } from "../errors.ts";
import { frechetDistance, frechetTerms, frechetTermsAsync, moments } from "./frechet.ts";
import { matmul } from "./linear-algebra.ts";
import { type Matrix, matrix } from "./matrix.ts";
import { normalPoints } from "./points.test.helpers.ts";

/** Points whose last `dead` features are constant. */
const withDeadFeatures = ({ rows, columns, data }: Matrix, dead: number): Matrix =>
  matrix(
    rows,
    columns,
    data.map((value, k) => (k % columns >= columns - dead ? 0.5 : value)),
  );

describe("frechetDistance", () => {
  const [x, y] = [normalPoints(1, 40, 6), normalPoints(2, 50, 6, 0.5, 1.5)];

  it("is zero for equal samples, full rank, rank deficient or constant", () => {
    for (const samples of [x, normalPoints(3, 5, 12), withDeadFeatures(x, 3), withDeadFeatures(x, 6)]) {
      expect(
        frechetDistance(samples, matrix(samples.rows, samples.columns, samples.data.slice())),
      ).toBeLessThan(1e-6);
    }
  });

  it("is symmetric and positive", () => {
    expect(frechetDistance(x, y)).toBeCloseTo(frechetDistance(y, x), 9);
    expect(frechetDistance(x, y)).toBeGreaterThan(1);
  });

  it("is the same from moments as from samples, singular covariances included", () => {
    for (const [p, q] of [
      [x, y],
      [normalPoints(3, 5, 12), normalPoints(4, 7, 12)],
      [normalPoints(3, 5, 12), normalPoints(4, 70, 12)],
      [withDeadFeatures(x, 2), withDeadFeatures(y, 4)],
    ]) {
      const expected = frechetDistance(p, q);
      expect(Math.abs(frechetDistance(moments(p), q) - expected)).toBeLessThan(1e-5);
      expect(Math.abs(frechetDistance(moments(p), moments(q)) - expected)).toBeLessThan(1e-5);
    }
  });

  it("is the sum of the one-dimensional distances for independent features", () => {
    const diagonal = (variances: number[]) => ({
      mean: variances.map(() => 0),
      covariance: matrix(
        3,
        3,
        Array.from({ length: 9 }, (_, k) => (k % 4 === 0 ? variances[k / 4] : 0)),
      ),
    });
    expect(frechetDistance(diagonal([1, 4, 0]), diagonal([9, 4, 0.25]))).toBeCloseTo(4 + 0 + 0.25, 12);
  });

  it("does not clamp the published variant with ε in the root, which is 2dε below zero for equal samples", () => {
    expect(frechetTerms(x, x, { rootEpsilon: 1e-3 }).value).toBeCloseTo(-2 * 6 * 1e-3, 9);
  });

  it("gives the same terms when the products are made elsewhere", async () => {
    const asked: string[] = [];
    const multiply = async (left: Matrix, right: Matrix) => {
      asked.push(`${left.rows}x${left.columns}x${right.columns}`);
      return matmul(left, right);
    };
    expect(await frechetTermsAsync(x, y, multiply)).toEqual(frechetTerms(x, y));
    expect(asked).toEqual(["6x40x6", "6x50x6", "6x6x6", "6x6x6"]);
    asked.length = 0;
    await frechetTermsAsync(normalPoints(3, 5, 12), normalPoints(4, 70, 12), multiply);
    expect(asked).toEqual(["12x70x12", "5x12x12", "5x12x5"]);
  });

  it.each<[string, Matrix, Matrix, string]>([
    ["one sample", normalPoints(1, 1, 6), x, "real must hold at least 2 samples; got 1; draw more"],
    ["NaN features", x, matrix(2, 1, [0, Number.NaN]), "fake must be finite numbers; got NaN at index 1"],
    [
      "different features",
      x,
      normalPoints(1, 9, 5),
      "real and fake must have the same number of features; got 6 and 5",
    ],
  ])("refuses %s", (_, real, fake, message) => {
    expect(() => frechetDistance(real, fake)).toThrow(UsageError);
    expect(() => frechetDistance(real, fake)).toThrow(`frechetDistance: ${message}`);
  });
});

describe("moments", () => {
  it("divides the covariance by n − 1", () => {
    const { mean, covariance } = moments(matrix(3, 2, [1, 0, 2, 0, 3, 6]));
    expect(mean).toEqual(Float64Array.of(2, 2));
    expect(covariance.data[0]).toBeCloseTo(1, 14);
    expect(covariance.data[1]).toBeCloseTo(3, 14);
    expect(covariance.data[3]).toBeCloseTo(12, 14);
  });
});
