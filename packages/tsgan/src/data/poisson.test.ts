import { describe, expect, it } from "vitest";
import { expectedBatch, poissonBatch } from "./poisson.ts";

describe("a Poisson batch", () => {
  const [size, rate, most] = [400, 0.1, 90];
  const batches = Array.from({ length: 3000 }, (_, i) => poissonBatch(7, i, { size, rate, most }));

  it("has each example with the same probability, independently of the others", () => {
    const times = new Float64Array(size);
    let [pairs, lengths, squares] = [0, 0, 0];
    for (const batch of batches) {
      const chosen = new Set(batch);
      expect(chosen.size).toBe(batch.length);
      for (const row of batch) times[row]++;
      if (chosen.has(3) && chosen.has(4)) pairs++;
      lengths += batch.length / batches.length;
      squares += batch.length ** 2 / batches.length;
    }
    // Four standard errors each.
    const error = 4 * Math.sqrt((rate * (1 - rate)) / batches.length);
    const worst = Math.max(...times.map((count) => Math.abs(count / batches.length - rate)));
    expect(worst).toBeLessThan(1.2 * error);
    expect(Math.abs(lengths - size * rate)).toBeLessThan(0.5);
    expect(Math.abs(squares - lengths ** 2 - size * rate * (1 - rate))).toBeLessThan(4);
    expect(Math.abs(pairs / batches.length - rate * rate)).toBeLessThan(0.008);
  });

  it("is the same for the same seed and place, and has all of a rate of 1", () => {
    expect(poissonBatch(7, 5, { size, rate, most })).toEqual(batches[5]);
    expect(poissonBatch(8, 5, { size, rate, most })).not.toEqual(batches[5]);
    expect([...poissonBatch(1, 0, { size: 4, rate: 1, most: 9 })]).toEqual([0, 1, 2, 3]);
    expect([...poissonBatch(1, 0, { size: 9, rate: 1, most: 2 })]).toEqual([0, 1]);
  });

  it("has room for all but one of 10¹² of the batches of the expected length", () => {
    const mean = expectedBatch(500);
    expect(mean).toBeGreaterThan(340);
    expect(mean).toBeLessThan(370);
    expect(expectedBatch(50)).toBeGreaterThan(10);
  });
});
