import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UsageError } from "../errors.ts";
import {
  chiSquaredNeyman,
  chiSquaredPearson,
  hellingerSquared,
  jensenShannon,
  kl,
  reverseKl,
  totalVariation,
} from "./discrete.ts";
import { distribution } from "./points.test.helpers.ts";

const divergences = {
  kl,
  reverseKl,
  jensenShannon,
  totalVariation,
  hellingerSquared,
  chiSquaredPearson,
  chiSquaredNeyman,
};
const pair = fc.integer({ min: 1, max: 8 }).chain((size) => fc.tuple(distribution(size), distribution(size)));
const slack = 1e-12;

describe.each(Object.entries(divergences))("%s", (name, divergence) => {
  it("is zero for equal distributions and never negative", () => {
    fc.assert(
      fc.property(pair, ([p, q]) => {
        expect(divergence(p, p)).toBe(0);
        expect(divergence(p, q)).toBeGreaterThanOrEqual(-slack);
      }),
    );
  });

  it("does not grow when outcomes are merged", () => {
    const merge = (p: Float64Array) => Float64Array.of(p[0] + p[1], ...p.subarray(2));
    fc.assert(
      fc.property(fc.tuple(distribution(5), distribution(5)), ([p, q]) => {
        const fine = divergence(p, q);
        expect(divergence(merge(p), merge(q))).toBeLessThanOrEqual(fine + slack * (1 + Math.min(fine, 1e9)));
      }),
    );
  });

  it.each([
    ["a sum other than one", [0.5, 0.4], "p must add to 1; got a sum of 0.9; divide it by its sum"],
    ["a negative weight", [1.5, -0.5], "p must not be negative; got -0.5 at index 1"],
    ["NaN", [Number.NaN, 1], "p must be finite numbers; got NaN at index 0"],
    ["no mass at all", [0, 0], "p must have a positive sum; got 0"],
  ])("refuses %s", (_, p, message) => {
    expect(() => divergence(p, [0.5, 0.5])).toThrow(UsageError);
    expect(() => divergence(p, [0.5, 0.5])).toThrow(`${name}: ${message}`);
  });

  it("refuses distributions of different lengths", () => {
    expect(() => divergence([0.5, 0.5], [1])).toThrow("q must hold 2 weights, one each; got 1");
  });
});

describe("pairs of divergences", () => {
  it("exchange their arguments", () => {
    fc.assert(
      fc.property(pair, ([p, q]) => {
        expect(reverseKl(p, q)).toBe(kl(q, p));
        expect(chiSquaredNeyman(p, q)).toBe(chiSquaredPearson(q, p));
        for (const symmetric of [jensenShannon, totalVariation, hellingerSquared]) {
          expect(symmetric(p, q)).toBeCloseTo(symmetric(q, p), 14);
        }
      }),
    );
  });

  it("keep the classical inequalities", () => {
    fc.assert(
      fc.property(pair, ([p, q]) => {
        const tv = totalVariation(p, q);
        const h2 = hellingerSquared(p, q);
        expect(h2).toBeLessThanOrEqual(tv + slack);
        expect(tv).toBeLessThanOrEqual(Math.sqrt(2 * h2) + slack);
        expect(2 * tv * tv).toBeLessThanOrEqual(kl(p, q) + slack); // Pinsker
        expect(kl(p, q)).toBeLessThanOrEqual(Math.log1p(chiSquaredPearson(p, q)) + slack);
        expect(jensenShannon(p, q)).toBeLessThanOrEqual(Math.LN2 * tv + slack);
      }),
    );
  });

  it("are largest, or infinite, for disjoint supports", () => {
    const [p, q] = [
      [0.5, 0.5, 0],
      [0, 0, 1],
    ];
    expect(kl(p, q)).toBe(Number.POSITIVE_INFINITY);
    expect(chiSquaredPearson(p, q)).toBe(Number.POSITIVE_INFINITY);
    expect(jensenShannon(p, q)).toBeCloseTo(Math.LN2, 15);
    expect(totalVariation(p, q)).toBe(1);
    expect(hellingerSquared(p, q)).toBeCloseTo(1, 15);
  });
});
