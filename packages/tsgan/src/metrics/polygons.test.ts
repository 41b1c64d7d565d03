import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UsageError } from "../errors.ts";
import { precisionRecallF1, rasterise } from "./polygons.ts";

const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((total, x) => total + x, 0);

const triangleArea = ([ax, ay, bx, by, cx, cy]: readonly number[]): number =>
  Math.abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2;

const coordinate = fc.double({ min: 0, max: 9, noNaN: true });
const triangle = fc.array(coordinate, { minLength: 6, maxLength: 6 });

describe("rasterise", () => {
  it("covers the polygon's area, each pixel between 0 and 1", () => {
    fc.assert(
      fc.property(triangle, (vertices) => {
        const image = rasterise(vertices, 9);
        expect(sum(image)).toBeCloseTo(triangleArea(vertices), 9);
        for (const value of image) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1 + 1e-12);
        }
      }),
    );
  });

  it("does not see the direction or the first vertex", () => {
    fc.assert(
      fc.property(triangle, ([ax, ay, bx, by, cx, cy]) => {
        const image = rasterise([ax, ay, bx, by, cx, cy], 9);
        for (const other of [
          [bx, by, cx, cy, ax, ay],
          [cx, cy, bx, by, ax, ay],
        ]) {
          rasterise(other, 9).forEach((value, k) => {
            expect(value).toBeCloseTo(image[k], 11);
          });
        }
      }),
    );
  });

  it("agrees with counting points inside", () => {
    const [ax, ay, bx, by, cx, cy] = [0.7, 1.2, 7.3, 2.1, 3.9, 6.8];
    const image = rasterise([ax, ay, bx, by, cx, cy], 8);
    const side = (px: number, py: number, qx: number, qy: number, x: number, y: number) =>
      (qx - px) * (y - py) - (qy - py) * (x - px) > 0;
    const steps = 100;
    image.forEach((value, k) => {
      let inside = 0;
      for (let s = 0; s < steps * steps; s++) {
        const x = (k % 8) + ((s % steps) + 0.5) / steps;
        const y = Math.floor(k / 8) + (Math.floor(s / steps) + 0.5) / steps;
        if (side(ax, ay, bx, by, x, y) && side(bx, by, cx, cy, x, y) && side(cx, cy, ax, ay, x, y)) inside++;
      }
      expect(Math.abs(value - inside / steps ** 2)).toBeLessThan(0.01);
    });
  });

  it("cuts off what lies outside the image", () => {
    expect([...rasterise([-5, -5, 20, -5, 20, 20, -5, 20], 2)]).toEqual([1, 1, 1, 1]);
    expect(sum(rasterise([10, 10, 12, 10, 11, 12], 4))).toBe(0);
  });

  it.each<[string, number[], string]>([
    ["a polygon that is not convex", [0, 0, 4, 0, 1, 1, 0, 4], "the polygon must be convex"],
    ["a star", [0, 3, 6, 3, 1, 6, 3, 0, 5, 6], "the polygon must be convex"],
    ["two vertices", [0, 0, 1, 1], "the number of vertices must be an integer of at least 3; got 2"],
    ["NaN", [0, 0, 1, Number.NaN, 1, 1], "the vertices must be finite numbers; got NaN at index 3"],
  ])("refuses %s", (_, vertices, message) => {
    expect(() => rasterise(vertices, 6)).toThrow(UsageError);
    expect(() => rasterise(vertices, 6)).toThrow(`rasterise: ${message}`);
  });
});

describe("precisionRecallF1", () => {
  it("is 1 for a perfect generator and 0 for one that is never near", () => {
    expect(precisionRecallF1([0, 0], [0])).toEqual({ precision: 1, recall: 1, f1: 1 });
    expect(precisionRecallF1([9, 9], [9])).toEqual({ precision: 0, recall: 0, f1: 0 });
  });

  it("counts a distance of exactly δ unless told to be strict", () => {
    expect(precisionRecallF1([0.75], [0.75], 0.75).f1).toBe(1);
    expect(precisionRecallF1([0.75], [0.75], 0.75, "strict").f1).toBe(0);
  });

  it("refuses no distances, and NaN", () => {
    expect(() => precisionRecallF1([], [1])).toThrow(
      "generatedToManifold must hold at least 1 distance; got 0",
    );
    expect(() => precisionRecallF1([1], [Number.NaN])).toThrow(
      "testToGenerator must be finite numbers; got NaN",
    );
  });
});
