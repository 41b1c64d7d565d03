import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomStream } from "../random/index.ts";
import { bootstrap, expectedMinimum, interquartileRange, mean, median, quantile } from "./sample.ts";

/** Without −0, which is no other result than 0. */
const value = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((found) => found + 0);
const sample = fc.array(value, { minLength: 1, maxLength: 9 });

/** All subsets of `k` of the values. */
const subsets = (values: readonly number[], k: number): number[][] => {
  if (k === 0) return [[]];
  return values.flatMap((value, i) => subsets(values.slice(i + 1), k - 1).map((rest) => [value, ...rest]));
};

describe("quantiles", () => {
  it("are those of NumPy", () => {
    // numpy 1.24.2: np.quantile([3, 1, 4, 1, 5, 9, 2, 6], [0.1, 0.25, 0.5, 0.75])
    const values = [3, 1, 4, 1, 5, 9, 2, 6];
    expect([0.1, 0.25, 0.5, 0.75].map((share) => quantile(values, share))).toEqual([1, 1.75, 3.5, 5.25]);
    expect(interquartileRange(values)).toBe(3.5);
  });

  it("order numbers by value, not as text", () => {
    expect(median([10, 9, 100])).toBe(10);
  });

  it("lie between the smallest and the largest value, which are those of 0 and 1", () => {
    fc.assert(
      fc.property(sample, fc.double({ min: 0, max: 1, noNaN: true }), (values, share) => {
        const [low, high] = [Math.min(...values), Math.max(...values)];
        expect(quantile(values, 0)).toBe(low);
        expect(quantile(values, 1)).toBe(high);
        expect(quantile(values, share)).toBeGreaterThanOrEqual(low);
        expect(quantile(values, share)).toBeLessThanOrEqual(high);
      }),
    );
  });

  it("need finite values", () => {
    expect(() => median([])).toThrow("quantile: needs at least one value; got none");
    expect(() => median([1, Number.POSITIVE_INFINITY])).toThrow(
      "values must be finite numbers; got Infinity at index 1",
    );
    expect(() => quantile([1], 1.5)).toThrow("quantile: the share must lie in [0, 1]; got 1.5");
  });
});

describe("the expected minimum", () => {
  it("is that over all subsets of k", () => {
    const values = [3, 1, 4, 1, 5, 9, 2];
    const expected = values.map((_, i) => mean(subsets(values, i + 1).map((subset) => Math.min(...subset))));
    expectedMinimum(values).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 12);
    });
  });

  it("is worked out by hand for three values", () => {
    // k = 2: {1, 2}, {1, 6}, {2, 6} have the minima 1, 1, 2.
    const [one, two, three] = expectedMinimum([6, 1, 2]);
    expect([one, three]).toEqual([3, 1]);
    expect(two).toBeCloseTo(4 / 3, 15);
  });

  it("falls with k from the mean to the minimum", () => {
    fc.assert(
      fc.property(sample, (values) => {
        const curve = expectedMinimum(values);
        const scale = Math.max(1, ...values.map(Math.abs));
        expect(Math.abs(curve[0] - mean(values))).toBeLessThan(1e-12 * scale);
        expect(curve.at(-1)).toBe(Math.min(...values));
        for (let k = 1; k < curve.length; k++)
          expect(curve[k]).toBeLessThanOrEqual(curve[k - 1] + 1e-12 * scale);
      }),
    );
  });

  it("holds for samples whose binomials overflow", () => {
    // Of 0 … n − 1 the smallest of k is expected at (n − k) / (k + 1).
    const n = 2000;
    const curve = expectedMinimum(Array.from({ length: n }, (_, i) => i));
    for (const k of [1, 2, 700, 1000, 1999]) expect(curve[k - 1]).toBeCloseTo((n - k) / (k + 1), 8);
  });
});

describe("the bootstrap", () => {
  const values = Array.from({ length: 40 }, (_, i) => (i * 7) % 40);

  it("gives the same intervals for the same seed", () => {
    const of = (seed: number) => bootstrap(values, (s) => [mean(s)], { random: randomStream(seed, "b") });
    expect(of(1)).toEqual(of(1));
    expect(of(1)).not.toEqual(of(2));
  });

  it("gives a mean an interval of about two standard errors each way", () => {
    const [{ low, high }] = bootstrap(values, (s) => [mean(s)], {
      random: randomStream(3, "bootstrap"),
      resamples: 4000,
    });
    const error = Math.sqrt((40 ** 2 - 1) / 12 / 40);
    for (const reach of [mean(values) - low, high - mean(values)]) {
      expect(Math.abs(reach / error - 1.96)).toBeLessThan(0.15);
    }
  });

  it("gives an interval to each component, wider at a higher level", () => {
    const at = (level: number) =>
      bootstrap(values, expectedMinimum, { random: randomStream(1, "b"), resamples: 300, level });
    expect(at(0.5)).toHaveLength(40);
    at(0.5).forEach((inner, k) => {
      expect(at(0.9)[k].low).toBeLessThanOrEqual(inner.low);
      expect(at(0.9)[k].high).toBeGreaterThanOrEqual(inner.high);
    });
  });

  it("leaves no doubt where there is no spread", () => {
    expect(bootstrap([2, 2, 2], (s) => [median(s)], { random: randomStream(1, "b") })).toEqual([
      { low: 2, high: 2 },
    ]);
  });

  it("refuses impossible settings", () => {
    const random = randomStream(1, "b");
    expect(() => bootstrap([1], () => [0], { random, resamples: 0 })).toThrow("resamples must be");
    expect(() => bootstrap([1], () => [0], { random, level: 1 })).toThrow("level must lie in (0, 1)");
  });
});
