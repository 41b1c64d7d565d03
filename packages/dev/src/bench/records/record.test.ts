import { describe, expect, it } from "vitest";
import { asked, judge, shown } from "./record.ts";

const goals = {
  quality: { better: "higher", as: "share", mean: 0.97, each: 0.96 },
  FID: { better: "lower", as: "number", mean: 10 },
  seconds: { better: "lower", as: "number" },
} as const;

describe("a record", () => {
  it("is met where the mean and the worst of its seeds reach what is asked for", () => {
    const results = [
      { quality: 0.99, FID: 8, seconds: 3 },
      { quality: 0.961, FID: 11, seconds: 4 },
    ];
    const [quality, fid, seconds] = judge(goals, results);
    expect(quality).toMatchObject({ worst: 0.961, isMet: true });
    expect(quality.mean).toBeCloseTo(0.9755, 12);
    expect(fid).toMatchObject({ mean: 9.5, worst: 11, isMet: true });
    expect(seconds.isMet).toBeUndefined();
  });

  it("is not met by a mean whose worst seed is below, nor by figures that are missing", () => {
    const [quality, fid] = judge(goals, [{ quality: 1 }, { quality: 0.95 }]);
    expect(quality.isMet).toBe(false);
    expect(fid.isMet).toBe(false);
  });

  it("says what it asks for as its figures are shown", () => {
    expect(asked(goals.quality)).toBe("mean ≥ 97 %, each ≥ 96 %");
    expect(asked(goals.FID)).toBe("mean ≤ 10");
    expect([shown(0.97314, "share"), shown(8.27421, "number")]).toEqual(["97.31 %", "8.274"]);
  });
});
