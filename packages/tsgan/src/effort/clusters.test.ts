import { describe, expect, it } from "vitest";
import type { FiniteDataset } from "../data/index.ts";
import { fromExamples, ring } from "../data/index.ts";
import { randomStream } from "../random/index.ts";
import { clusterCount, clustered, halve } from "./clusters.ts";

const SIDE = 8;

/** Pictures of four kinds, bright in one quarter each, with noise; the kind of picture n is n mod 4. */
const quarters = (count: number): FiniteDataset => {
  const examples = new Float32Array(count * SIDE * SIDE);
  randomStream(1, "noise").fillUniform(examples, -0.2, 0.2);
  for (let n = 0; n < count; n++) {
    for (let i = 0; i < SIDE * SIDE; i++) {
      const quarter = 2 * Number(i >= (SIDE * SIDE) / 2) + Number(i % SIDE >= SIDE / 2);
      examples[n * SIDE * SIDE + i] += quarter === n % 4 ? 0.8 : -0.8;
    }
  }
  return fromExamples({ name: "quarters", shape: [1, SIDE, SIDE], examples });
};

describe("groups of pictures", () => {
  it("are those that look alike", async () => {
    const { classes, read } = await clustered(quarters(400));
    const { labels } = await read(Uint32Array.from({ length: 400 }, (_, i) => i));
    expect(classes).toEqual(["group 1", "group 2", "group 3", "group 4"]);
    const kinds = new Set([...labels!].map((label, i) => `${label} ${i % 4}`));
    expect(kinds.size).toBe(4);
  });

  it("are of one size, and the same each time", () => {
    const points = new Float32Array(1003 * 3);
    randomStream(2, "points").fillNormal(points);
    const labels = halve(points, 3, 3);
    const counts = Array.from({ length: 8 }, (_, n) => labels.filter((label) => label === n).length);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    expect(halve(points, 3, 3)).toEqual(labels);
  });

  it("are of equal pictures, too", () => {
    expect([...halve(new Float32Array(8), 2, 1)].sort()).toEqual([0, 0, 1, 1]);
  });

  it("are as many as there is something to learn of", () => {
    expect([150, 200, 400, 60_000].map(clusterCount)).toEqual([1, 2, 4, 64]);
  });

  it("are refused where there are none to be found", async () => {
    await expect(clustered(quarters(120))).rejects.toThrow("need 200 pictures; got 120");
    await expect(clustered(ring() as FiniteDataset)).rejects.toThrow("labels by clusters are for pictures");
  });
});
