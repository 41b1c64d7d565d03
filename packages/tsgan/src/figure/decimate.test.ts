import { describe, expect, it } from "vitest";
import { decimate } from "./decimate.ts";

describe("decimation", () => {
  const n = 20_000;
  const x = Float64Array.from({ length: n }, (_, i) => (i / n) * 300);
  const y = Float64Array.from({ length: n }, (_, i) => 50 * Math.sin(i / 700) + ((i * 7919) % 13));
  const kept = decimate(x, y);

  it("keeps at most four points a pixel column, in order, the ends among them", () => {
    expect(kept.length).toBeLessThanOrEqual(4 * 300);
    expect(kept).toEqual([...kept].sort((a, b) => a - b));
    expect([kept[0], kept.at(-1)]).toEqual([0, n - 1]);
  });

  it("keeps the extremes of every column", () => {
    const range = (indices: Iterable<number>) => {
      const columns = new Map<number, [number, number]>();
      for (const i of indices) {
        const [low, high] = columns.get(Math.floor(x[i])) ?? [y[i], y[i]];
        columns.set(Math.floor(x[i]), [Math.min(low, y[i]), Math.max(high, y[i])]);
      }
      return columns;
    };
    expect(range(kept)).toEqual(range(x.keys()));
  });

  it("keeps a lone spike", () => {
    const flat = new Float64Array(n);
    flat[12_345] = 1;
    expect(decimate(x, flat)).toContain(12_345);
  });
});
