import { describe, expect, it } from "vitest";
import { UsageError } from "../errors.ts";
import { randomStream } from "../random/index.ts";
import { type ImageShape, msSsim, msSsimWeights, pairwiseMsSsim, ssim } from "./ssim.ts";

const shape: ImageShape = [2, 20, 24];
const image = (seed: number, low = -1, high = 1, [c, h, w]: ImageShape = shape) => {
  const out = new Float32Array(c * h * w);
  randomStream(seed, "image").fillUniform(out, low, high);
  return out;
};

/** SSIM at one position by its definition, the window as a matrix. */
const byDefinition = (
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  width: number,
  dataRange: number,
): number => {
  const gauss = (i: number) => Math.exp(-((i - 5) ** 2) / (2 * 1.5 ** 2));
  let total = 0;
  const moments = [0, 0, 0, 0, 0];
  for (let r = 0; r < 11; r++) {
    for (let c = 0; c < 11; c++) {
      const weight = gauss(r) * gauss(c);
      const [a, b] = [x[r * width + c], y[r * width + c]];
      total += weight;
      [a, b, a * a, b * b, a * b].forEach((value, k) => {
        moments[k] += weight * value;
      });
    }
  }
  const [mx, my, xx, yy, xy] = moments.map((moment) => moment / total);
  const [c1, c2] = [(0.01 * dataRange) ** 2, (0.03 * dataRange) ** 2];
  return (
    ((2 * mx * my + c1) * (2 * (xy - mx * my) + c2)) /
    ((mx * mx + my * my + c1) * (xx - mx * mx + yy - my * my + c2))
  );
};

describe("ssim", () => {
  it("is its definition where the window fits once", () => {
    const [x, y] = [image(1, 0, 1, [1, 11, 11]), image(2, 0, 1, [1, 11, 11])];
    expect(ssim(x, y, [1, 11, 11], 1)).toBeCloseTo(byDefinition(x, y, 11, 1), 13);
  });

  it("is 1 for equal images, symmetric, and at most 1", () => {
    const [x, y] = [image(1), image(2)];
    expect(ssim(x, x, shape, 2)).toBeCloseTo(1, 14);
    expect(ssim(x, y, shape, 2)).toBeCloseTo(ssim(y, x, shape, 2), 14);
    expect(ssim(x, y, shape, 2)).toBeLessThan(0.5);
  });

  it("does not change with the unit of the values", () => {
    const [x, y] = [image(1), image(2)];
    const scaled = [x, y].map((values) => Float64Array.from(values, (value) => 100 * value));
    expect(ssim(scaled[0], scaled[1], shape, 200)).toBeCloseTo(ssim(x, y, shape, 2), 12);
  });

  it("refuses images below the window, of another size, or with NaN", () => {
    expect(() => ssim([0], [0], [1, 1, 1], 1)).toThrow(UsageError);
    expect(() => ssim([0], [0], [1, 1, 1], 1)).toThrow("ssim: images must be at least 11 × 11; got 1 × 1");
    expect(() => ssim(image(1), [0], shape, 1)).toThrow("ssim: y must hold 2 × 20 × 24 = 960 values; got 1");
    expect(() => ssim(image(1).fill(Number.NaN), image(1), shape, 1)).toThrow(
      "x must be finite numbers; got NaN",
    );
    expect(() => ssim(image(1), image(1), shape, 0)).toThrow(
      "dataRange must be a finite number above 0; got 0",
    );
  });
});

describe("msSsim", () => {
  it("is 1 for equal images at every scale, and in [0, 1]", () => {
    const x = image(1);
    expect(msSsim(x, x, shape, { dataRange: 2 }).value).toBeCloseTo(1, 13);
    expect(
      msSsim(
        x,
        x.map((value) => -value),
        shape,
        { dataRange: 2 },
      ).value,
    ).toBe(0);
  });

  it("is ssim with one scale, but for its sign", () => {
    const [x, y] = [image(1, 0, 1), image(1, 0, 0.9)];
    expect(msSsim(x, y, shape, { dataRange: 1, scales: 1 }).value).toBeCloseTo(ssim(x, y, shape, 1), 13);
  });

  it("has weights that add to one when scales are left out", () => {
    for (const scales of [1, 2, 3, 4])
      expect(msSsimWeights(scales).reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 14);
    expect(() => msSsimWeights(6)).toThrow("msSsim: scales must be an integer from 1 to 5; got 6");
  });
});

describe("pairwiseMsSsim", () => {
  it("is higher for a collapsed generator than for a diverse one", () => {
    const diverse = [1, 2, 3].flatMap((seed) => [...image(seed)]);
    const collapsed = [1, 1, 1].flatMap((seed) => [...image(seed)]);
    const options = { dataRange: 2 };
    expect(pairwiseMsSsim(collapsed, shape, options).mean).toBeCloseTo(1, 12);
    expect(pairwiseMsSsim(diverse, shape, options).mean).toBeLessThan(0.7);
    expect(pairwiseMsSsim(diverse, shape, options).pairs).toEqual([
      [0, 1],
      [0, 2],
      [1, 2],
    ]);
  });

  it("compares the pairs that it is given", () => {
    const images = [1, 2, 1].flatMap((seed) => [...image(seed)]);
    expect(pairwiseMsSsim(images, shape, { dataRange: 2 }, [[2, 0]]).mean).toBeCloseTo(1, 12);
  });

  it("refuses a single image, part of one, and a pair beyond them", () => {
    expect(() => pairwiseMsSsim(image(1), shape, { dataRange: 2 })).toThrow(
      "must be an integer of at least 2; got 1",
    );
    expect(() => pairwiseMsSsim(new Float32Array(1000), shape, { dataRange: 2 })).toThrow(
      "the number of images",
    );
    const two = [...image(1), ...image(2)];
    expect(() => pairwiseMsSsim(two, shape, { dataRange: 2 }, [[0, 2]])).toThrow(
      "must be from 0 to 1; got 2",
    );
  });
});
