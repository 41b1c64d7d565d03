import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matrix } from "./matrix.ts";
import { parallelLines } from "./parallel-lines.ts";
import { exactTransport } from "./transport.ts";

describe("parallelLines", () => {
  it("moves the Wasserstein distances with θ and nothing else", () => {
    expect(parallelLines(0.5)).toEqual({ ...parallelLines(-0.125), w1: 0.5, w2: 0.5 });
    expect(Object.values(parallelLines(0))).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it("agrees with transport between sampled lines", () => {
    const line = (theta: number) => matrix(8, 2, Array.from({ length: 8 }, (_, i) => [theta, i / 7]).flat());
    const weights = new Float64Array(8).fill(1 / 8);
    fc.assert(
      fc.property(fc.double({ min: -3, max: 3, noNaN: true }), (theta) => {
        const { cost } = exactTransport(weights, weights, {
          x: line(0),
          y: line(theta),
          cost: "euclidean",
        });
        expect(cost).toBeCloseTo(parallelLines(theta).w1, 12);
      }),
      { numRuns: 20 },
    );
  });

  it("refuses NaN", () => {
    expect(() => parallelLines(Number.NaN)).toThrow("parallelLines: theta must be a finite number; got NaN");
  });
});
