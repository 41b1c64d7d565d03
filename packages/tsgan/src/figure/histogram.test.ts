import { describe, expect, it } from "vitest";
import { UsageError } from "../errors.ts";
import { histogram } from "./histogram.ts";

describe("histogram", () => {
  it("counts every value of the range once, the last edge included", () => {
    expect(histogram([0, 0.5, 1, 1.5, 2], { bins: 2 })).toEqual({ edges: [0, 1, 2], heights: [2, 3] });
  });

  it("leaves out values beyond the range, or not finite", () => {
    expect(histogram([-1, 0.5, 3, Number.NaN], { bins: 2, range: [0, 2] }).heights).toEqual([1, 0]);
  });

  it("as a density has area one", () => {
    const { edges, heights } = histogram([1, 2, 2.5, 7, 9], { bins: 4, density: true });
    expect(heights.reduce((sum, height, i) => sum + height * (edges[i + 1] - edges[i]), 0)).toBeCloseTo(
      1,
      12,
    );
  });

  it("refuses a number of bins that is not a positive integer, and an empty range", () => {
    expect(() => histogram([1], { bins: 0 })).toThrow("histogram: bins must be a positive integer; got 0");
    expect(() => histogram([1], { range: [1, 1] })).toThrow(UsageError);
  });
});
