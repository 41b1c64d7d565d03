import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { fromExamples, ring } from "../data/index.ts";
import { trainerOf } from "../train/index.ts";
import { between, walkPicture } from "./walk.ts";

const images = () =>
  trainerOf({
    config: { model: { name: "mlp", hidden: [16] }, batch: 4 },
    dataset: fromExamples({ name: "grey", shape: [1, 8, 8], examples: new Float32Array(8 * 64) }),
  });

describe("a walk", () => {
  it.each(["gif", "webp"] as const)("is a moving picture as %s, which goes on and on", async (format) => {
    const trainer = images();
    const picture = await walkPicture(trainer, 4, { seed: 1, format });
    await trainer.dispose();
    const {
      pages,
      loop,
      format: found,
      delay,
      pageHeight,
      width,
    } = await sharp(Buffer.from(picture), { animated: true }).metadata();
    expect({ pages, loop, found }).toEqual({ pages: 48, loop: 0, found: format });
    expect(delay).toEqual(new Array(48).fill(80));
    expect([width, pageHeight]).toEqual([2 * (64 + 2) + 2, 2 * (64 + 2) + 2]);
  });

  it("of points is refused", async () => {
    const trainer = trainerOf({ config: { model: { name: "mlp", hidden: [4] } }, dataset: ring() });
    await expect(walkPicture(trainer, 4, { seed: 1, format: "gif" })).rejects.toThrow("makes points");
    await trainer.dispose();
  });

  it("begins and ends at the vectors, keeps their law between, and categories all the way", () => {
    const parts = [
      { name: "noise", size: 2, distribution: "normal" },
      { name: "category", size: 2, distribution: "one-hot" },
      { name: "code", size: 1, distribution: "uniform" },
    ] as const;
    const latent = { size: 5, distribution: "normal", parts } as const;
    const [a, b] = [Float32Array.of(1, -2, 1, 0, 1), Float32Array.of(3, 4, 0, 1, -1)];
    expect(between(latent, a, a, b, 0)).toEqual(a);
    expect([...between(latent, a, a, b, 1)]).toEqual([3, 4, 1, 0, -1]);
    const half = between(latent, a, a, b, 0.5);
    expect(half[0]).toBeCloseTo(2 / Math.SQRT1_2, 5);
    expect(half[4]).toBe(0);
  });
});
