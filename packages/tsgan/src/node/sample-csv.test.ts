import { describe, expect, it } from "vitest";
import { pointsFromCsv } from "../tables/index.ts";
import { pointsCsv } from "./sample-csv.ts";

describe("points as CSV", () => {
  it("read back as the same numbers to the last bit", async () => {
    const points = Float32Array.from({ length: 300 }, (_, i) => Math.sin(i) * 10 ** ((i % 13) - 6));
    const again = pointsFromCsv(pointsCsv(points, 3), "points.csv");
    expect(again.shape).toEqual([3]);
    const { examples } = await again.read!(Uint32Array.from({ length: 100 }, (_, i) => i));
    expect(examples).toEqual(points);
  });

  it("have no more digits than they need, and the names of their columns", () => {
    expect(pointsCsv(Float32Array.of(0.1, -2, 1 / 3, 1e-7), 2, ["width, cm", "height"])).toBe(
      '"width, cm",height\n0.1,-2\n0.33333334,1e-7\n',
    );
    expect(pointsCsv(Float32Array.of(1, 2), 2).split("\n")[0]).toBe("x,y");
    expect(pointsCsv(Float32Array.of(1, 2, 3, 4), 4).split("\n")[0]).toBe("x1,x2,x3,x4");
  });
});
