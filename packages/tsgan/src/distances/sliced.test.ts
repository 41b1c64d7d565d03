import { describe, expect, it } from "vitest";
import { randomStream } from "../random/index.ts";
import { matrix, takeRows } from "./matrix.ts";
import { normalPoints } from "./points.test.helpers.ts";
import { randomDirections, slicedWasserstein } from "./sliced.ts";
import { exactTransport } from "./transport.ts";
import { wasserstein1d } from "./wasserstein-1d.ts";

const directions = randomDirections(randomStream(1, "directions"), 50, 3);

describe("slicedWasserstein", () => {
  it("is the exact distance in one dimension", () => {
    const [x, y] = [normalPoints(1, 30, 1), normalPoints(2, 45, 1, 0.3)];
    const got = slicedWasserstein(x, y, matrix(2, 1, [1, -1]), 2);
    const exact = wasserstein1d(x.data, y.data, { p: 2 });
    expect(got.distance).toBeCloseTo(exact, 12);
    expect(got.maximum).toBeCloseTo(exact, 12);
  });

  it("is below the exact distance, and its maximum over directions between the two", () => {
    const [x, y] = [normalPoints(3, 40, 3), normalPoints(4, 40, 3, 1)];
    const weights = new Float64Array(40).fill(1 / 40);
    const exact = Math.sqrt(exactTransport(weights, weights, { x, y, cost: "sqeuclidean" }).cost);
    const got = slicedWasserstein(x, y, directions, 2);
    expect(got.distance).toBeLessThanOrEqual(got.maximum);
    expect(got.maximum).toBeLessThanOrEqual(exact);
  });

  it("is |shift|/√d on average over directions between a cloud and its translate", () => {
    const x = normalPoints(5, 20, 3);
    const y = matrix(
      20,
      3,
      x.data.map((value) => value + 1),
    );
    const many = randomDirections(randomStream(2, "directions"), 4000, 3);
    expect(slicedWasserstein(x, y, many, 2).distance).toBeCloseTo(1, 1);
  });

  it("does not see the order of the points", () => {
    const x = normalPoints(6, 10, 3);
    const shuffled = takeRows(x, randomStream(3, "order").permutation(10));
    expect(slicedWasserstein(x, shuffled, directions, 1).distance).toBe(0);
  });

  it("refuses directions of another dimension, and points of two", () => {
    const x = normalPoints(1, 5, 2);
    expect(() => slicedWasserstein(x, x, directions)).toThrow(
      "must have the 2 dimensions of the points; got 3",
    );
    expect(() => slicedWasserstein(x, normalPoints(1, 5, 3), directions)).toThrow(
      "slicedWasserstein: x and y must have the same number of columns; got 2 and 3",
    );
  });
});

describe("randomDirections", () => {
  it("gives unit vectors in all directions", () => {
    for (let l = 0; l < directions.rows; l++) {
      expect(Math.hypot(...directions.data.subarray(3 * l, 3 * l + 3))).toBeCloseTo(1, 14);
    }
    const mean = directions.data.reduce((sum, value) => sum + value, 0) / directions.data.length;
    expect(Math.abs(mean)).toBeLessThan(0.2);
  });
});
