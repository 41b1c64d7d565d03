import { describe, expect, it } from "vitest";
import { type Matrix, matrix } from "../distances/matrix.ts";
import { randomStream } from "../random/index.ts";
import { countLabelModes, countModes, klToUniform } from "./modes.ts";
import { nearestInSet, nearestOther } from "./nearest.ts";

const centres = matrix(3, 2, [0, 0, 1, 0, 0, 1]);

describe("countModes", () => {
  it("finds every mode, evenly, in the centres themselves", () => {
    expect(countModes(centres, centres, 0.01)).toMatchObject({
      highQuality: 3,
      highQualityFraction: 1,
      modesCovered: 3,
      klToUniform: 0,
    });
  });

  it("is log K from uniform when one mode has all", () => {
    const collapsed = countModes(matrix(2, 2, [0, 0, 0.01, 0]), centres, 0.01);
    expect(collapsed.modesCovered).toBe(1);
    expect(collapsed.klToUniform).toBeCloseTo(Math.log(3), 14);
  });

  it("gives null and not a number when no sample is of high quality", () => {
    const noise = countModes(matrix(2, 2, [0.5, 0.5, 9, 9]), centres, 0.01);
    expect(noise).toMatchObject({ highQuality: 0, modesCovered: 0, klToUniform: null });
    expect(noise.countsAll.reduce((sum, x) => sum + x)).toBe(2);
  });

  it("counts a sample at exactly the limit, and gives a tie to the lowest index", () => {
    const got = countModes(matrix(2, 2, [0.75, 0, 0.5, 0]), matrix(2, 2, [0, 0, 1, 0]), 0.25, 1);
    expect([...got.counts]).toEqual([0, 1]);
    expect([...got.countsAll]).toEqual([1, 1]);
  });

  it("refuses a deviation of 0, NaN samples, no samples and centres of another dimension", () => {
    expect(() => countModes(centres, centres, 0)).toThrow(
      "countModes: std must be a finite number above 0; got 0",
    );
    expect(() => countModes(matrix(1, 2, [0, Number.NaN]), centres, 1)).toThrow(
      "samples must be finite numbers; got NaN",
    );
    expect(() => countModes(matrix(0, 2, []), centres, 1)).toThrow(
      "samples must hold at least 1 sample; got 0",
    );
    expect(() => countModes(matrix(1, 1, [0]), centres, 1)).toThrow(
      "must have the same number of columns; got 1 and 2",
    );
  });
});

describe("countLabelModes", () => {
  it("covers a mode by one sample", () => {
    const got = countLabelModes([0, 0, 999, 5], 1000);
    expect(got.modesCovered).toBe(3);
    expect(got.klToUniform).toBeCloseTo(0.5 * Math.log(500) + 0.5 * Math.log(250), 12);
  });

  it("refuses a label beyond the modes", () => {
    expect(() => countLabelModes([3], 3)).toThrow("a label must be an integer from 0 to 2; got 3");
  });
});

describe("klToUniform", () => {
  it("is 0 for equal counts and null for none", () => {
    expect(klToUniform([7, 7, 7, 7])).toBe(0);
    expect(klToUniform([0, 0])).toBeNull();
  });
});

describe("nearestInSet", () => {
  it("finds a point of the set itself at distance 0, and the lowest index on a tie", () => {
    const got = nearestInSet(matrix(2, 2, [0, 1, 0.5, 0]), centres);
    expect([...got.indices]).toEqual([2, 0]);
    expect([...got.squaredDistances]).toEqual([0, 0.25]);
  });

  it("and nearestOther look at no more of a point than they need, and find what all of it says, to the last bit", () => {
    const random = randomStream(1, "nearest");
    for (const [rows, columns] of [
      [1, 1],
      [6, 3],
      [41, 8],
      [50, 19],
    ]) {
      // Few values, so that there are copies and ties; or any.
      for (const draw of [() => random.integer(2), () => random.normal()]) {
        const make = () => matrix(rows, columns, Float64Array.from({ length: rows * columns }, draw));
        const [queries, set] = [make(), make()];
        const squares = (x: Matrix, i: number, y: Matrix): number[] =>
          Array.from({ length: rows }, (_, j) => {
            let sum = 0;
            for (let k = 0; k < columns; k++) sum += (x.data[i * columns + k] - y.data[j * columns + k]) ** 2;
            return sum;
          });
        const got = nearestInSet(queries, set);
        const others = rows > 1 ? nearestOther(set) : [];
        for (let i = 0; i < rows; i++) {
          const all = squares(queries, i, set);
          expect([got.indices[i], got.squaredDistances[i]]).toEqual([
            all.indexOf(Math.min(...all)),
            Math.min(...all),
          ]);
          if (rows > 1) expect(others[i]).toBe(Math.min(...squares(set, i, set).toSpliced(i, 1)));
        }
      }
    }
  });
});
