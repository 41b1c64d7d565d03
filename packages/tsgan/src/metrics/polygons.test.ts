import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UsageError } from "../errors.ts";
import { randomStream } from "../random/index.ts";
import { fillPolygons, type PolygonOptions, precisionRecallF1, rasterise } from "./polygons.ts";

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

describe("fillPolygons", () => {
  const draw = (count: number, options: PolygonOptions = {}, seed = 1) => {
    const size = options.size ?? 28;
    const out = new Float32Array(count * size * size);
    fillPolygons(randomStream(seed, "polygons"), out, options);
    return out;
  };

  it("fills the share of the image that the published set fills", () => {
    const share = (vertices: number) => 1 - sum(draw(1500, { vertices })) / (1500 * 784);
    expect(share(3)).toBeCloseTo(0.133, 2);
    expect(share(4)).toBeCloseTo(0.24, 2);
  });

  it("has greys in steps of 1/64, at the edges only", () => {
    const images = draw(200);
    expect(images.every((value) => Number.isInteger(64 * value))).toBe(true);
    const greys = images.filter((value) => value > 0 && value < 1).length / images.length;
    expect(greys).toBeGreaterThan(0.05);
    expect(greys).toBeLessThan(0.1);
  });

  it("draws the same polygons whatever the sub-pixels", () => {
    const [coarse, fine] = [draw(20), draw(20, { subpixels: 64 })];
    coarse.forEach((value, k) => {
      expect(Math.abs(value - fine[k])).toBeLessThan(0.15);
    });
  });

  it("turns polygons any way with uniform rotation, and hardly as published", () => {
    // With one vertex in [60°, 120°] of each third, triangles that do not turn all point the same way: the mass
    // of their columns leans. The third moment about the centre is odd, so that any rotation brings it to 0.
    const lean = (rotation: "as-published" | "uniform") => {
      const images = draw(400, { minimumAngle: 120, rotation });
      let moment = 0;
      let mass = 0;
      images.forEach((value, k) => {
        mass += 1 - value;
        moment += (1 - value) * (((k % 28) - 13.5) / 10) ** 3;
      });
      return Math.abs(moment / mass);
    };
    expect(lean("uniform")).toBeLessThan(0.005);
    expect(lean("as-published")).toBeGreaterThan(0.02);
  });

  it("is a pure function of the stream", () => {
    expect(draw(10)).toEqual(draw(10));
    expect(draw(10)).not.toEqual(draw(10, {}, 2));
  });

  it.each<[string, PolygonOptions, string]>([
    ["two vertices", { vertices: 2 }, "vertices must be an integer of at least 3; got 2"],
    [
      "an angle that does not fit",
      { minimumAngle: 130 },
      "minimumAngle must be from 0 to 360 / vertices = 120 degrees; got 130",
    ],
    ["a scale beyond the image", { scale: 1.5 }, "scale must be at most 1; got 1.5"],
  ])("refuses %s", (_, options, message) => {
    expect(() => draw(1, options)).toThrow(`fillPolygons: ${message}`);
  });

  it("refuses an array that holds no whole number of images", () => {
    expect(() => fillPolygons(randomStream(1, "x"), new Float32Array(785))).toThrow(
      "out must hold whole images of 784 values; got 785",
    );
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
