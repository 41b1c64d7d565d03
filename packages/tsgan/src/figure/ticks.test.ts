import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linearTicks, logTicks } from "./ticks.ts";

const labels = (ticks: { label: string }[]) => ticks.map((tick) => tick.label);
const values = (ticks: { value: number }[]) => ticks.map((tick) => tick.value);

describe("linear ticks", () => {
  it("are round numbers free of rounding errors", () => {
    expect(values(linearTicks(0, 1, 10))).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
  });

  it("are written with the decimals of their step", () => {
    expect(labels(linearTicks(-1, 1, 4))).toEqual(["−1.0", "−0.5", "0.0", "0.5", "1.0"]);
    expect(labels(linearTicks(0, 20000, 4))).toEqual(["0", "5000", "10,000", "15,000", "20,000"]);
  });

  it("use powers of ten for very large and very small numbers", () => {
    expect(labels(linearTicks(0, 3e6, 3))).toEqual(["0", "10^{6}", "2×10^{6}", "3×10^{6}"]);
    expect(labels(linearTicks(-1e-5, 2e-5, 3))).toEqual(["−10^{−5}", "0", "10^{−5}", "2×10^{−5}"]);
    expect(labels(linearTicks(1e6, 2e6, 2))).toEqual(["10^{6}", "1.5×10^{6}", "2×10^{6}"]);
  });

  it("lie in the domain, ascend, differ in label and are about as many as asked for", () => {
    const bound = fc.double({ min: -1e8, max: 1e8, noNaN: true });
    fc.assert(
      fc.property(
        bound,
        fc.double({ min: 1e-6, max: 1e8, noNaN: true }),
        fc.integer({ min: 1, max: 12 }),
        (low, length, count) => {
          // A domain a few last bits long has no room for ticks.
          fc.pre(length > Math.abs(low) * 1e-6);
          const ticks = linearTicks(low, low + length, count);
          // Steps are a factor of 2.5 apart, so the nearest is wrong by its root at most.
          expect(ticks.length).toBeLessThanOrEqual(count * Math.sqrt(2.5) + 1 + 1e-6);
          expect(ticks.length).toBeGreaterThanOrEqual(count / Math.sqrt(2.5) - 1 - 1e-6);
          expect(new Set(labels(ticks)).size).toBe(ticks.length);
          for (let i = 0; i < ticks.length; i++) {
            expect(ticks[i].value).toBeGreaterThanOrEqual(low - 1e-6 * length);
            expect(ticks[i].value).toBeLessThanOrEqual(low + length * (1 + 1e-6));
            if (i > 0) expect(ticks[i].value).toBeGreaterThan(ticks[i - 1].value);
          }
        },
      ),
    );
  });
});

describe("log ticks", () => {
  const named = (low: number, high: number, count: number) =>
    labels(logTicks(low, high, count)).filter((label) => label !== "");

  it("are powers of ten, with the steps between unlabelled", () => {
    expect(named(0.01, 100, 6)).toEqual(["0.01", "0.1", "1", "10", "100"]);
    expect(logTicks(0.01, 100, 6)).toHaveLength(4 * 9 + 1);
  });

  it("are written as powers when the numbers become long", () => {
    expect(named(1e-6, 1, 7)).toEqual([
      "10^{−6}",
      "10^{−5}",
      "10^{−4}",
      "10^{−3}",
      "10^{−2}",
      "10^{−1}",
      "10^{0}",
    ]);
  });

  it("skip powers when there are too many", () => {
    expect(named(1e-12, 1, 4)).toEqual(["10^{−12}", "10^{−8}", "10^{−4}", "10^{0}"]);
  });

  it("label 2 and 5 too over few decades", () => {
    expect(named(1, 100, 8)).toEqual(["1", "2", "5", "10", "20", "50", "100"]);
  });

  it("are 1, 2 and 5 within a decade, and linear within a factor of 5", () => {
    expect(named(0.3, 3, 5)).toEqual(["0.5", "1", "2"]);
    expect(values(logTicks(2, 8, 3))).toEqual([2, 4, 6, 8]);
  });
});

it("is without ticks where there are none between numbers, or none that a step could reach", () => {
  for (const [low, high] of [
    [1e-310, 5e-310],
    [-1.7e308, 1.7e308],
    [1e17, 1e17 + 16],
    [0, 0],
  ]) {
    expect(linearTicks(low, high, 5)).toEqual([]);
  }
});
