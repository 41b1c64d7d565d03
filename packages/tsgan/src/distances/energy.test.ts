import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { energyDistanceSquared, energyDistanceSquared1d } from "./energy.ts";
import { matrix } from "./matrix.ts";
import { latticePoints, normalPoints } from "./points.test.helpers.ts";

describe("energyDistanceSquared", () => {
  it("agrees with 2 ∫ (F − G)² in one dimension", () => {
    fc.assert(
      fc.property(latticePoints(1, 10), latticePoints(1, 10), (x, y) => {
        expect(energyDistanceSquared(x, y)).toBeCloseTo(energyDistanceSquared1d(x.data, y.data), 12);
      }),
    );
  });

  it("is zero for equal sets, symmetric, and never negative when biased", () => {
    fc.assert(
      fc.property(latticePoints(3, 8), latticePoints(3, 8), (x, y) => {
        expect(energyDistanceSquared(x, x)).toBeCloseTo(0, 12);
        expect(energyDistanceSquared(x, y)).toBeGreaterThan(-1e-12);
        expect(energyDistanceSquared(x, y)).toBeCloseTo(energyDistanceSquared(y, x), 12);
      }),
    );
  });

  it("averages to zero over samples of one law when unbiased", () => {
    let sum = 0;
    for (let k = 0; k < 200; k++) {
      sum += energyDistanceSquared(normalPoints(2 * k, 10, 2), normalPoints(2 * k + 1, 10, 2), "unbiased");
    }
    expect(Math.abs(sum / 200)).toBeLessThan(0.03);
  });

  it("refuses too few samples, and sets of different dimensions", () => {
    expect(() => energyDistanceSquared(normalPoints(1, 1, 2), normalPoints(1, 5, 2), "unbiased")).toThrow(
      "energyDistanceSquared: x must hold at least 2 samples; got 1; draw more",
    );
    expect(() => energyDistanceSquared(normalPoints(1, 5, 2), normalPoints(1, 5, 3))).toThrow(
      "x and y must have the same number of columns; got 2 and 3",
    );
    expect(() => energyDistanceSquared(matrix(1, 1, [Number.NaN]), matrix(1, 1, [0]))).toThrow(
      "x must be finite numbers; got NaN at index 0",
    );
  });
});

describe("energyDistanceSquared1d", () => {
  it("takes a repeated point for a weight", () => {
    const [x, y] = [
      [0, 1, 1, 5],
      [2, 3],
    ];
    expect(energyDistanceSquared1d([5, 0, 1], y, { xWeights: [1, 1, 2] })).toBeCloseTo(
      energyDistanceSquared1d(x, y),
      14,
    );
  });
});
