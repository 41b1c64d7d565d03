import { describe, expect, it } from "vitest";
import { fromExamples } from "./finite.ts";
import { labelledSubset } from "./labelled-subset.ts";
import { moons } from "./sets/moons.ts";

const SIZE = 2500;

/** Example i is the number i; class b has 100 examples, far apart. */
const numbers = () => {
  const examples = Float32Array.from({ length: SIZE }, (_, i) => i);
  const labels = Int32Array.from({ length: SIZE }, (_, i) => (i % 25 === 0 ? 1 : 0));
  return fromExamples({ name: "numbers", shape: [1], examples, labels, classes: ["a", "b"] });
};

const all = async (perClass: number, seed: number) => {
  const subset = labelledSubset(numbers(), perClass, seed);
  return subset.read(Uint32Array.from({ length: subset.size }, (_, i) => i));
};

describe("labelledSubset", () => {
  it("has as many different examples of each class as asked for, with their labels", async () => {
    const { examples, labels } = await all(100, 1);
    expect(new Set(examples).size).toBe(200);
    expect([...labels!]).toEqual([...new Array(100).fill(0), ...new Array(100).fill(1)]);
    examples.forEach((value, i) => {
      expect(value % 25 === 0).toBe(labels![i] === 1);
    });
  });

  it("chooses the same examples for the same seed, and others for another", async () => {
    expect(await all(20, 1)).toEqual(await all(20, 1));
    expect(await all(20, 1)).not.toEqual(await all(20, 2));
  });

  it("grows with the number asked for: fewer labels are among more", async () => {
    const few = new Set((await all(5, 1)).examples);
    expect((await all(20, 1)).examples.filter((value) => few.has(value))).toHaveLength(10);
  });

  it("names the class that has too few examples", async () => {
    await expect(all(101, 1)).rejects.toThrow(
      "data set numbers: class b has 100 examples; labelsPerClass is 101; lower it",
    );
  });

  it("is refused for data without labels or without end, and for no labels", () => {
    const unlabelled = fromExamples({ name: "bare", shape: [1], examples: new Float32Array(4) });
    expect(() => labelledSubset(unlabelled, 1, 1)).toThrow(
      "data set bare: labelled examples can be taken from",
    );
    expect(() => labelledSubset(moons(), 1, 1)).toThrow("from a finite, labelled one only");
    expect(() => labelledSubset(numbers(), 0, 1)).toThrow(
      "labelsPerClass must be a whole number of at least 1; got 0",
    );
  });
});
