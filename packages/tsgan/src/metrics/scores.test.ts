/** Inception Score, KID, FID and PRD: scores of features and class probabilities. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { moments } from "../distances/frechet.ts";
import { matrix } from "../distances/matrix.ts";
import { distribution, normalPoints } from "../distances/points.test.helpers.ts";
import { UsageError } from "../errors.ts";
import { randomStream } from "../random/index.ts";
import { fid } from "./fid.ts";
import { inceptionScore } from "./inception-score.ts";
import { kid, kidSubsets } from "./kid.ts";
import { prdCurve, prdFScore } from "./prd.ts";

const oneHot = (labels: number[], classes: number) =>
  matrix(
    labels.length,
    classes,
    labels.flatMap((label) => Array.from({ length: classes }, (_, c) => (c === label ? 1 : 0))),
  );

describe("inceptionScore", () => {
  it("is the number of classes for sure and even predictions, and 1 for one class or for none", () => {
    expect(inceptionScore(oneHot([0, 1, 2, 0, 1, 2], 3), 2).mean).toBeCloseTo(3, 12);
    expect(inceptionScore(oneHot([1, 1, 1, 1], 3), 2)).toMatchObject({ mean: 1, std: 0 });
    expect(inceptionScore(matrix(4, 2, new Float64Array(8).fill(0.5)), 1).mean).toBeCloseTo(1, 14);
  });

  it("lies between 1 and the number of classes", () => {
    fc.assert(
      fc.property(fc.array(distribution(4), { minLength: 3, maxLength: 12 }), (rows) => {
        const { scores } = inceptionScore(
          matrix(
            rows.length,
            4,
            rows.flatMap((row) => [...row]),
          ),
          3,
        );
        for (const score of scores) {
          expect(score).toBeGreaterThan(1 - 1e-12);
          expect(score).toBeLessThan(4 + 1e-12);
        }
      }),
    );
  });

  it("takes the probabilities of a float32 softmax", () => {
    const logits = new Float32Array(1000);
    randomStream(1, "logits").fillNormal(logits, 0, 3);
    const powers = logits.map(Math.exp);
    const sum = powers.reduce((total, x) => Math.fround(total + x), 0);
    expect(
      inceptionScore(
        matrix(
          1,
          1000,
          powers.map((x) => x / sum),
        ),
        1,
      ).mean,
    ).toBeCloseTo(1, 4);
  });

  it.each<[string, number[], number, string]>([
    [
      "rows that do not add to one",
      [0.5, 0.5, 0.5, 0.6],
      1,
      "row 1 of the probabilities must add to 1; got a sum of 1.1",
    ],
    [
      "negative probabilities",
      [0.5, 0.5, 1.5, -0.5],
      1,
      "row 1 of the probabilities must not be negative; got -0.5",
    ],
    ["NaN", [Number.NaN, 1, 0.5, 0.5], 1, "the probabilities must be finite numbers; got NaN at index 0"],
    [
      "fewer samples than splits",
      [0.5, 0.5, 0.5, 0.5],
      3,
      "needs at least one sample a split, 3; got 2; draw more samples",
    ],
  ])("refuses %s", (_, probabilities, splits, message) => {
    const call = () => inceptionScore(matrix(2, 2, probabilities), splits);
    expect(call).toThrow(UsageError);
    expect(call).toThrow(`inceptionScore: ${message}`);
  });
});

describe("kid", () => {
  const [real, fake] = [normalPoints(1, 60, 8), normalPoints(2, 50, 8, 0.5)];

  it("averages to zero over samples of one law, and is positive between two", () => {
    const same = Array.from(
      { length: 200 },
      (_, k) => kid(normalPoints(2 * k, 20, 8), normalPoints(2 * k + 1, 20, 8)).mean,
    );
    const mean = same.reduce((sum, x) => sum + x, 0) / same.length;
    const standardError = Math.sqrt(same.reduce((sum, x) => sum + (x - mean) ** 2, 0)) / same.length;
    expect(Math.abs(mean)).toBeLessThan(3 * standardError);
    expect(kid(real, fake).mean).toBeGreaterThan(20 * standardError);
  });

  it("over subsets is near that over all rows, with a spread", () => {
    const subsets = kidSubsets(randomStream(1, "kid"), 60, 50, { count: 40, size: 30 });
    const got = kid(real, fake, { subsets });
    expect(got.perSubset).toHaveLength(40);
    expect(Math.abs(got.mean - kid(real, fake).mean)).toBeLessThan(3 * got.std);
    expect(got.std).toBeGreaterThan(0);
  });

  it("draws subsets without replacement", () => {
    for (const { real: rows, fake: others } of kidSubsets(randomStream(2, "kid"), 12, 10, {
      count: 20,
      size: 10,
    })) {
      expect(new Set(Array.from(rows)).size).toBe(10);
      expect(new Set(Array.from(others)).size).toBe(10);
    }
  });

  it("refuses a subset larger than the samples, rows that are not there, too few, and NaN", () => {
    expect(() => kidSubsets(randomStream(1, "kid"), 100, 50, { size: 51 })).toThrow(
      "kidSubsets: subsets of 51 need as many samples of each set; got 50; draw more or lower the size",
    );
    expect(() => kid(real, fake, { subsets: [{ real: [0, 60], fake: [0, 1] }] })).toThrow(
      "kid: a subset's real rows must be from 0 to 59; got 60",
    );
    expect(() => kid(real, fake, { subsets: [{ real: [0, 1], fake: [0] }] })).toThrow(
      "a subset needs at least 2 fake samples; got 1",
    );
    expect(() => kid(normalPoints(1, 1, 8), fake)).toThrow(
      "kid: real must hold at least 2 samples; got 1; draw more",
    );
    expect(() => kid(real, matrix(2, 8, new Float64Array(16).fill(Number.NaN)))).toThrow(
      "kid: fake must be finite numbers; got NaN at index 0",
    );
  });
});

describe("fid", () => {
  const [real, fake] = [normalPoints(1, 60, 8), normalPoints(2, 50, 8, 0.5)];

  it("is the same from the cached moments of the training set", () => {
    expect(fid(moments(real), fake).value).toBeCloseTo(fid(real, fake).value, 8);
  });

  it("reports the sample counts that it depends on", () => {
    expect(fid(real, fake)).toMatchObject({ realCount: 60, fakeCount: 50 });
    expect(fid(moments(real), fake)).not.toHaveProperty("realCount");
    const more = fid(normalPoints(3, 600, 8), normalPoints(4, 600, 8)).value;
    expect(more).toBeLessThan(fid(normalPoints(3, 60, 8), normalPoints(4, 60, 8)).value);
  });

  it("refuses a single sample and NaN features", () => {
    expect(() => fid(real, normalPoints(1, 1, 8))).toThrow(
      "fake must hold at least 2 samples; got 1; draw more",
    );
    expect(() => fid(matrix(2, 8, new Float64Array(16).fill(Number.NaN)), fake)).toThrow(
      "real must be finite numbers; got NaN at index 0",
    );
  });
});

describe("prdCurve", () => {
  it("is perfect in the middle for equal histograms, and 0 for disjoint ones", () => {
    const { precision, recall } = prdCurve([0.25, 0.75], [0.25, 0.75], 11);
    expect(precision[5]).toBeCloseTo(1, 9);
    expect(recall[5]).toBeCloseTo(1, 9);
    expect(prdFScore(prdCurve([1, 0], [0, 1]), 8)).toBe(0);
  });

  it("exchanges precision and recall with the histograms", () => {
    fc.assert(
      fc.property(distribution(5), distribution(5), (p, q) => {
        const [forth, back] = [prdCurve(p, q, 21), prdCurve(q, p, 21)];
        forth.precision.forEach((value, a) => {
          expect(back.recall[20 - a]).toBeCloseTo(value, 6);
        });
      }),
    );
  });

  it("weighs recall with β = 8 and precision with β = 1/8", () => {
    const dropped = prdCurve([1, 0], [0.5, 0.5]);
    expect(prdFScore(dropped, 1 / 8)).toBeGreaterThan(0.9);
    expect(prdFScore(dropped, 8)).toBeLessThan(0.6);
  });

  it("refuses histograms that do not add to one or do not match", () => {
    expect(() => prdCurve([1, 1], [0.5, 0.5])).toThrow("prdCurve: evaluated must add to 1; got a sum of 2");
    expect(() => prdCurve([0.5, 0.5], [1])).toThrow("reference must hold 2 weights, one each; got 1");
  });
});
