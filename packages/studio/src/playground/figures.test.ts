import { ring } from "tsgan/data";
import { describe, expect, it } from "vitest";
import { figuresOf, histogram, referenceOf } from "./figures.ts";

const COUNT = 2048;
const data = ring({ deviation: 0.05 });
const draw = async (seed: number): Promise<Float32Array> => (await data.draw(seed, 0, COUNT)).examples;

describe("the figures of the playground", () => {
  it("of two samples of the data are near the best there is", async () => {
    const figures = figuresOf(referenceOf(await draw(1), data), await draw(2));
    expect(figures.modes).toBe(8);
    expect(figures.quality).toBeGreaterThan(0.97);
    expect(figures.precision).toBeGreaterThan(0.9);
    expect(figures.recall).toBeGreaterThan(0.9);
    expect(figures.wasserstein).toBeLessThan(0.4);
    expect(figures.js).toBeLessThan(0.02);
    expect(figures.kl).toBeLessThan(0.05);
  });

  it("of samples at one mode show that the others are missing", async () => {
    const one = (await draw(2)).map((_, i) => data.centres[0][i % 2] + 0.01 * Math.sin(i));
    const figures = figuresOf(referenceOf(await draw(1), data), one);
    expect(figures.modes).toBe(1);
    expect(figures.recall).toBeLessThan(0.1);
    // Of the 8 modes on a circle of radius 2, the mean distance to one is 2 · 2 · mean of sin(πk/8).
    const expected =
      (4 / 8) * Array.from({ length: 8 }, (_, k) => Math.sin((Math.PI * k) / 8)).reduce((a, b) => a + b);
    expect(Math.abs(figures.wasserstein! - expected)).toBeLessThan(0.2);
    expect(figures.js).toBeGreaterThan(0.4);
  });

  it("do not count a mode that a single sample hits", async () => {
    const samples = (await draw(2)).map((_, i) => data.centres[i < 2 ? 1 : 0][i % 2]);
    expect(figuresOf(referenceOf(await draw(1), data), samples).modes).toBe(1);
  });

  it("count no modes of data that have none", async () => {
    expect(figuresOf(referenceOf(await draw(1), undefined), await draw(2)).modes).toBeUndefined();
  });

  it("rest on a histogram that sums to one, points outside included", () => {
    const shares = histogram(Float32Array.of(0, 0, 100, 0, -3, -3, Number.NaN, 0));
    expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    expect(shares[shares.length - 1]).toBeCloseTo(2.5 / (4 + 401 / 2), 12);
    expect(shares[0]).toBeCloseTo(1.5 / (4 + 401 / 2), 12);
  });
});
