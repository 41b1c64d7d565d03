import { describe, expect, it } from "vitest";
import { randomStream } from "../random/index.ts";
import { fillPolygons, type PolygonOptions, polygons } from "./polygons.ts";

const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((total, x) => total + x, 0);

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
    ["a scale beyond the image", { scale: 1.5 }, "scale must be a finite number of at most 1; got 1.5"],
  ])("refuses %s", (_, options, message) => {
    expect(() => draw(1, options)).toThrow(`fillPolygons: ${message}`);
  });

  it("refuses an array that holds no whole number of images", () => {
    expect(() => fillPolygons(randomStream(1, "x"), new Float32Array(785))).toThrow(
      "out must hold whole images of 784 values; got 785",
    );
  });
});

describe("the data set polygons", () => {
  it("gives the i-th image whatever is read beside it, and others to test on", async () => {
    const read = async (split: "train" | "test", ...indices: number[]) =>
      (await polygons({ split }).read(Uint32Array.from(indices))).examples;
    const both = await read("train", 5, 59_999);
    expect(both.subarray(784)).toEqual(await read("train", 59_999));
    expect(await read("test", 5)).not.toEqual(await read("train", 5));
    expect(Math.min(...both)).toBe(-1);
    expect(Math.max(...both)).toBe(1);
  });
});
