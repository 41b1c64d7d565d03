import { describe, expect, it } from "vitest";
import { conv2d, grad, input, interpret, square, sum } from "../graph/index.ts";
import { compile } from "../runtime/index.ts";
import { randomPoint } from "../testing/check-gradient.ts";
import { diffAugment } from "./index.ts";

describe("diffAugment on the CPU", () => {
  it("gives the reference's images and gradients in front of a convolution", async () => {
    const feeds: Record<string, Float32Array> = {};
    const feed = (name: string, shape: readonly number[], low: number, high: number) => {
      feeds[name] = Float32Array.from(randomPoint(shape, Object.keys(feeds).length + 1, low, high).values);
      return input(name, shape);
    };
    let drawn = 0;
    const x = feed("x", [8, 3, 16, 16], -1, 1);
    const w = feed("w", [4, 3, 4, 4], -1, 1);
    const images = diffAugment()(x, (_kind, shape) => feed(`u${drawn++}`, shape, 0, 1));
    const score = sum(square(conv2d(images, w, { stride: 2, padding: 1 })));
    const outputs = { images, score, slope: grad(score, [x])[0] };
    const program = await compile(outputs, { device: "cpu", threads: 1 });
    const results = await program.run(feeds);
    await program.dispose();
    for (const [i, expected] of interpret(Object.values(outputs), feeds).entries()) {
      const got = Object.values(results)[i];
      const scale = expected.reduce((most, v) => Math.max(most, Math.abs(v)), 1);
      const worst = expected.reduce((most, v, j) => Math.max(most, Math.abs(v - got[j])), 0);
      expect(worst / scale).toBeLessThan(1e-5);
    }
  });
});
