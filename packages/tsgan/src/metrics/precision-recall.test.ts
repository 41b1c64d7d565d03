import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matrix, takeRows } from "../distances/matrix.ts";
import { latticePoints, normalPoints } from "../distances/points.test.helpers.ts";
import { UsageError } from "../errors.ts";
import { randomStream } from "../random/index.ts";
import { precisionRecall } from "./precision-recall.ts";

describe("precisionRecall", () => {
  it("is 1 and 1 for equal samples, and coverage too", () => {
    const x = normalPoints(1, 60, 4);
    expect(precisionRecall(x, x)).toMatchObject({ precision: 1, recall: 1, coverage: 1 });
  });

  it("exchanges precision and recall with the samples", () => {
    fc.assert(
      fc.property(latticePoints(2, 15, 4), latticePoints(2, 15, 4), (real, fake) => {
        const [forth, back] = [precisionRecall(real, fake, { k: 3 }), precisionRecall(fake, real, { k: 3 })];
        expect(forth.precision).toBe(back.recall);
        expect(forth.recall).toBe(back.precision);
      }),
    );
  });

  it("does not see the order of the samples", () => {
    const [real, fake] = [normalPoints(1, 40, 3), normalPoints(2, 30, 3, 0.5)];
    const shuffled = takeRows(real, randomStream(1, "order").permutation(40));
    expect(precisionRecall(shuffled, fake)).toEqual(precisionRecall(real, fake));
  });

  it("tells collapse (precision without recall) from noise (recall without precision)", () => {
    const real = normalPoints(1, 200, 3);
    const collapsed = precisionRecall(real, normalPoints(2, 200, 3, 0, 0.01));
    expect(collapsed.precision).toBe(1);
    expect(collapsed.recall).toBeLessThan(0.02);
    expect(collapsed.coverage).toBeLessThan(0.2);
    const noise = precisionRecall(real, normalPoints(3, 200, 3, 0, 20));
    expect(noise.precision).toBeLessThan(0.1);
    expect(noise.recall).toBeGreaterThan(0.9);
    expect(noise.density).toBeLessThan(0.1);
  });

  it("takes ties as published: inclusive for precision and recall, strict for density and coverage", () => {
    fc.assert(
      fc.property(latticePoints(2, 12, 4), latticePoints(2, 12, 4), (real, fake) => {
        const [published, inclusive, strict] = (["published", "inclusive", "strict"] as const).map(
          (boundary) => precisionRecall(real, fake, { k: 3, boundary }),
        );
        expect(published.precision).toBe(inclusive.precision);
        expect(published.recall).toBe(inclusive.recall);
        expect(published.density).toBe(strict.density);
        expect(published.coverage).toBe(strict.coverage);
        expect(strict.precision).toBeLessThanOrEqual(inclusive.precision);
        expect(strict.coverage).toBeLessThanOrEqual(inclusive.coverage);
      }),
    );
  });

  it("counts a duplicate as a neighbour at distance 0", () => {
    const doubled = matrix(4, 1, [0, 0, 5, 5]);
    expect(precisionRecall(doubled, matrix(2, 1, [1, 4]), { k: 1 }).precision).toBe(0);
  });

  it("refuses no more samples than neighbours, and NaN", () => {
    const x = normalPoints(1, 5, 2);
    expect(() => precisionRecall(x, x)).toThrow(UsageError);
    expect(() => precisionRecall(x, x)).toThrow(
      "precisionRecall: real must hold at least 6 samples; got 5; draw more",
    );
    expect(() => precisionRecall(x, matrix(5, 2, [...x.data.subarray(1), Number.NaN]), { k: 3 })).toThrow(
      "precisionRecall: fake must be finite numbers; got NaN at index 9",
    );
    expect(() => precisionRecall(x, x, { k: 0 })).toThrow("k must be an integer of at least 1; got 0");
  });
});
