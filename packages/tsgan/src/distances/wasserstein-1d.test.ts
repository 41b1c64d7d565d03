import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UsageError } from "../errors.ts";
import { distribution } from "./points.test.helpers.ts";
import { wasserstein1d, wasserstein1dPower } from "./wasserstein-1d.ts";

const points = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 12 });
const order = fc.constantFrom(1, 1.5, 2, 3);

describe("wasserstein1d", () => {
  it("is a metric", () => {
    fc.assert(
      fc.property(points, points, points, order, (x, y, z, p) => {
        const xy = wasserstein1d(x, y, { p });
        expect(wasserstein1d(x, x, { p })).toBe(0);
        expect(wasserstein1d(y, x, { p })).toBeCloseTo(xy, 10);
        expect(xy).toBeLessThanOrEqual(wasserstein1d(x, z, { p }) + wasserstein1d(z, y, { p }) + 1e-9);
      }),
    );
  });

  it("is the distance of the shift between a set and its translate", () => {
    fc.assert(
      fc.property(points, fc.integer({ min: -9, max: 9 }), order, (x, shift, p) => {
        expect(
          wasserstein1d(
            x,
            x.map((value) => value + shift),
            { p },
          ),
        ).toBeCloseTo(Math.abs(shift), 10);
      }),
    );
  });

  it("takes a repeated point for a weight, and ignores a point without weight", () => {
    expect(wasserstein1d([0, 0, 1], [2], { p: 2 })).toBeCloseTo(
      wasserstein1d([0, 1], [2], { p: 2, xWeights: [2, 1] }),
      14,
    );
    expect(wasserstein1d([0, 99], [1], { xWeights: [1, 0] })).toBe(1);
  });

  it("is ∫|F − G| for p = 1", () => {
    const x = [0, 1, 2, 3, 4];
    fc.assert(
      fc.property(distribution(5), distribution(5), (p, q) => {
        let difference = 0;
        let integral = 0;
        for (let i = 0; i < 4; i++) {
          difference += p[i] - q[i];
          integral += Math.abs(difference);
        }
        expect(wasserstein1dPower(x, x, { xWeights: p, yWeights: q })).toBeCloseTo(integral, 12);
      }),
    );
  });

  it.each<[string, () => number, string]>([
    ["no points", () => wasserstein1d([], [1]), "x must hold at least 1 point; got 0"],
    ["NaN", () => wasserstein1d([1], [Number.NaN]), "y must be finite numbers; got NaN at index 0"],
    [
      "an order below 1",
      () => wasserstein1d([1], [1], { p: 0.5 }),
      "the order p must be a finite number of at least 1; got 0.5",
    ],
    [
      "negative weights",
      () => wasserstein1d([1], [1], { xWeights: [-1] }),
      "the weights of x must not be negative; got -1",
    ],
    [
      "too few weights",
      () => wasserstein1d([1, 2], [1], { xWeights: [1] }),
      "the weights of x must hold 2 weights",
    ],
  ])("refuses %s", (_, call, message) => {
    expect(call).toThrow(UsageError);
    expect(call).toThrow(`wasserstein1d: ${message}`);
  });
});
