import { describe, expect, it } from "vitest";
import { scaleOf, sharesOf } from "./bins.ts";

const numbers = (...values: number[]) =>
  ({ name: "x", kind: "number", values: Float64Array.from(values) }) as const;
const words = (...values: (string | undefined)[]) => ({ name: "x", kind: "category", values }) as const;

describe("bins of a column", () => {
  it("are one for each of few whole numbers, whatever the steps in which they come", () => {
    expect(scaleOf(numbers(1, 5, 3, 2))).toEqual({ kind: "number", low: 0.5, high: 5.5, bins: 5 });
    expect(scaleOf(numbers(0, 5, 20))).toEqual({ kind: "number", low: -2.5, high: 22.5, bins: 5 });
    const day = 86_400;
    expect(scaleOf(numbers(7 * day, 9 * day, 8 * day))).toMatchObject({ low: 6.5 * day, bins: 3 });
  });

  it("hold as many steps each where whole numbers are many, so that none is fuller for its width", () => {
    const column = numbers(...Array.from({ length: 60 }, (_, i) => 18 + i));
    expect(scaleOf(column)).toEqual({ kind: "number", low: 17.5, high: 77.5, bins: 20 });
    expect(new Set(sharesOf(scaleOf(column), column).shares)).toEqual(new Set([1 / 20]));
  });

  it("are 24 from the least to the greatest of other numbers", () => {
    expect(scaleOf(numbers(0, 0.5, 9))).toEqual({ kind: "number", low: 0, high: 9, bins: 24 });
  });

  it("count shares of what is there, the greatest value in the last, and what is missing apart", () => {
    const column = numbers(1, 2, 2, Number.NaN);
    expect(sharesOf(scaleOf(column), column)).toEqual({ shares: [1 / 3, 2 / 3], missing: 0.25 });
    const wide = numbers(0, 0.5, 24);
    const { shares } = sharesOf(scaleOf(wide), wide);
    expect([shares[0], shares[23]]).toEqual([2 / 3, 1 / 3]);
  });

  it("take synthetic values by the scale of the real ones", () => {
    const scale = scaleOf(numbers(0, 10.5));
    const { shares } = sharesOf(scale, numbers(-3, 99));
    expect([shares[0], shares[23]]).toEqual([0.5, 0.5]);
  });

  it("are none to divide where all is missing, or all is the same", () => {
    const gone = numbers(Number.NaN, Number.NaN);
    expect(sharesOf(scaleOf(gone), gone)).toEqual({ shares: [0], missing: 1 });
    const same = numbers(0.5, 0.5);
    expect(sharesOf(scaleOf(same), same).shares[0]).toBe(1);
  });
});

describe("words of a column", () => {
  it("are the most frequent first, and the others together", () => {
    const column = words(..."aaaabbbccdefghi", undefined);
    const scale = scaleOf(column);
    expect(scale).toEqual({ kind: "category", words: ["a", "b", "c", "d", "e", "f"], others: 3 });
    const { shares, missing } = sharesOf(scale, column);
    expect(shares.at(0)).toBe(4 / 15);
    expect(shares.at(-1)).toBeCloseTo(3 / 15);
    expect(missing).toBeCloseTo(1 / 16);
  });

  it("have no bar of others for a single one", () => {
    expect(scaleOf(words(..."abcdefg"))).toMatchObject({ others: 0 });
  });
});
