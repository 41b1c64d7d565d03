import fc from "fast-check";
import { randomStream } from "tsgan/random";
import { describe, expect, it } from "vitest";
import { cliffsDelta, holm, kruskalWallis, mannWhitney, smallestP, spearman } from "./rank-tests.ts";

/** Few values, so that there are ties. */
const sample = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 7 });

describe("Kruskal–Wallis", () => {
  // scipy 1.10.1: scipy.stats.kruskal(*groups), with 1 to 3 degrees of freedom, with and without ties.
  it.each([
    [
      [
        [1, 3, 5, 7, 9],
        [2, 4, 6, 8, 10],
      ],
      0.2727272727272734,
      0.6015081344405895,
    ],
    [
      [
        [1, 2, 2],
        [3, 3, 4],
      ],
      4.090909090909088,
      0.04311444678307555,
    ],
    [
      [
        [1, 1, 1],
        [2, 2, 2],
        [2, 2],
      ],
      7,
      0.0301973834223185,
    ],
    [
      [
        [27, 2, 4, 18, 7, 9],
        [20, 8, 14, 36, 21, 22],
        [34, 31, 3, 23, 30, 6],
      ],
      2.853801169590639,
      0.240051790590007,
    ],
    [
      [
        [6.4, 6.8, 7.2, 8.3, 8.4, 9.1, 9.4, 9.7],
        [2.5, 3.7, 4.9, 5.4, 5.9, 8.1, 8.2],
        [1.3, 4.1, 4.9, 5.2, 5.5, 8.2],
      ],
      9.849061861415572,
      0.007266133800809759,
    ],
    [
      [
        [2.9, 3.0, 2.5, 2.6, 3.2],
        [3.8, 2.7, 4.0, 2.4],
        [2.8, 3.4, 3.7, 2.2, 2.0],
        [1, 2, 3, 4, 5],
      ],
      0.5798153034300839,
      0.9010372476864654,
    ],
    [
      [Array.from({ length: 20 }, (_, i) => i), Array.from({ length: 20 }, (_, i) => 30 + i)],
      29.26829268292684,
      6.301848221392254e-8,
    ],
  ])("equals SciPy on case %#", (groups, statistic, p) => {
    const found = kruskalWallis(groups);
    expect(found.statistic).toBeCloseTo(statistic, 10);
    expect(found.p / p).toBeCloseTo(1, 10);
  });

  it("sees nothing where all values are equal", () => {
    expect(kruskalWallis([[1, 1], [1]])).toEqual({ statistic: 0, degrees: 1, p: 1 });
  });

  it("does not depend on the unit, nor on the order of the samples", () => {
    fc.assert(
      fc.property(sample, sample, sample, (a, b, c) => {
        const found = kruskalWallis([a, b, c]);
        const other = kruskalWallis([c, a, b].map((group) => group.map((value) => Math.exp(value))));
        expect(other.statistic).toBeCloseTo(found.statistic, 8);
        expect(found.p).toBeGreaterThan(0);
        expect(found.p).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("needs two samples with values", () => {
    expect(() => kruskalWallis([[1]])).toThrow("needs at least two samples; got 1");
    expect(() => kruskalWallis([[1], []])).toThrow("each sample needs a value; sample 1 has none");
    expect(() => kruskalWallis([[1], [Number.NaN]])).toThrow("sample 1 has NaN at index 0");
  });
});

describe("Mann–Whitney", () => {
  it("counts small samples out as SciPy does", () => {
    // scipy 1.10.1: scipy.stats.mannwhitneyu([19, 22, 16, 29, 24], [20, 11, 17, 12], method="exact")
    expect(mannWhitney([19, 22, 16, 29, 24], [20, 11, 17, 12])).toEqual({
      statistic: 17,
      p: 1 / 9,
      method: "exact",
    });
  });

  it("counts small samples with ties out, too", () => {
    // scipy 1.10.1: scipy.stats.permutation_test of U, all 126 partitions; the normal law says 0.099
    const { statistic, p } = mannWhitney([1, 2, 2, 3], [2, 3, 3, 4, 5]);
    expect(statistic).toBe(3);
    expect(p).toBeCloseTo(0.15873015873015872, 14);
  });

  it("takes the normal law for large samples as SciPy does", () => {
    // scipy 1.10.1: scipy.stats.mannwhitneyu(x, y, method="asymptotic"), continuity and ties corrected
    const x = Array.from({ length: 30 }, (_, i) => (i * 7) % 23);
    const y = Array.from({ length: 30 }, (_, i) => ((i * 11) % 29) + 3);
    const { statistic, p, method } = mannWhitney(x, y);
    expect([statistic, method]).toEqual([288.5, "normal"]);
    expect(p).toBeCloseTo(0.017233744343681974, 12);
  });

  it("has U of both sides add up to mn, and one p for both", () => {
    fc.assert(
      fc.property(sample, sample, (x, y) => {
        const [there, back] = [mannWhitney(x, y), mannWhitney(y, x)];
        expect(there.statistic + back.statistic).toBe(x.length * y.length);
        expect(there.p).toBeCloseTo(back.p, 12);
      }),
    );
  });

  it("never gives less than the smallest p, which samples that do not overlap reach", () => {
    fc.assert(
      fc.property(sample, sample, (x, y) => {
        expect(mannWhitney(x, y).p).toBeGreaterThanOrEqual(smallestP(x.length, y.length) * (1 - 1e-12));
      }),
    );
    expect(mannWhitney([1, 2, 3], [4, 5, 6]).p).toBeCloseTo(smallestP(3, 3), 15);
    expect(smallestP(3, 3)).toBeCloseTo(0.1, 15);
  });

  it("puts infinite values last", () => {
    const worst = Number.POSITIVE_INFINITY;
    expect(mannWhitney([1, 2, worst], [3, 4, worst])).toEqual(mannWhitney([1, 2, 9], [3, 4, 9]));
  });
});

describe("Cliff's delta", () => {
  it("is −1, 0 and 1 for below, alike and above", () => {
    expect(cliffsDelta([1, 2], [3, 4])).toBe(-1);
    expect(cliffsDelta([1, 2], [1, 2])).toBe(0);
    expect(cliffsDelta([3, 4], [1, 2])).toBe(1);
  });

  it("is the share of pairs above less that below", () => {
    fc.assert(
      fc.property(sample, sample, (x, y) => {
        const pairs = x.flatMap((a) => y.map((b) => Math.sign(a - b)));
        const expected = pairs.reduce<number>((a, b) => a + b, 0) / pairs.length;
        expect(cliffsDelta(x, y)).toBeCloseTo(expected, 12);
      }),
    );
  });
});

describe("Holm's correction", () => {
  it("is worked out by hand", () => {
    // Sorted 0.005, 0.01, 0.03, 0.04: times 4, 3, 2, 1 is 0.02, 0.03, 0.06, 0.04; the last must not fall below 0.06.
    const expected = [0.03, 0.06, 0.06, 0.02];
    holm([0.01, 0.04, 0.03, 0.005]).forEach((p, i) => {
      expect(p).toBeCloseTo(expected[i], 15);
    });
  });

  it("lowers no p, and raises none above 1 or above Bonferroni's", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (p) => {
        holm(p).forEach((adjusted, i) => {
          expect(adjusted).toBeGreaterThanOrEqual(p[i]);
          expect(adjusted).toBeLessThanOrEqual(Math.min(1, p.length * p[i]));
        });
      }),
    );
  });
});

describe("Spearman's correlation", () => {
  const random = () => randomStream(1, "spearman");

  it("equals SciPy, with a p from shuffles", () => {
    // scipy 1.10.1: spearmanr([1, 2, 3, 4, 5], [5, 6, 7, 8, 7]); of the 120 orders 16 have a |ρ| as large.
    const { correlation, p } = spearman([1, 2, 3, 4, 5], [5, 6, 7, 8, 7], { random: random() });
    expect(correlation).toBeCloseTo(0.8207826816681233, 14);
    expect(Math.abs((p as number) - 16 / 120)).toBeLessThan(0.02);
  });

  it("is 1 for any growing function, −1 for a falling one, absent for a constant", () => {
    const x = [0.1, 5, 2, 9, 3, 7];
    expect(spearman(x, x.map(Math.exp), { random: random() }).correlation).toBeCloseTo(1, 14);
    const falling = spearman(
      x,
      x.map((value) => -value),
      { random: random() },
    );
    expect(falling.correlation).toBeCloseTo(-1, 14);
    // Two of 720 orders are monotone.
    expect(falling.p as number).toBeLessThan(0.01);
    expect(spearman(x, [1, 1, 1, 1, 1, 1], { random: random() })).toEqual({ correlation: null, p: null });
  });

  it("needs two columns of equal length", () => {
    expect(() => spearman([1, 2], [1], { random: random() })).toThrow("got 2 and 1");
  });
});
