import { describe, expect, it } from "vitest";
import { UsageError } from "../errors.ts";
import { constant, evaluate, grad, input, mean, square, sum, type Tensor } from "../graph/index.ts";
import { gradientErrors, randomPoint } from "../testing/check-gradient.ts";
import {
  adaProbability,
  brightness,
  contrast,
  cutout,
  diffAugment,
  overfitting,
  type Random,
  saturation,
  translation,
} from "./index.ts";

const valuesOf = (t: Tensor): number[] => [...evaluate([t])[0]];
const u = (...values: number[]): Tensor => constant(values, [values.length, 1, 1, 1]);
const image = (size: number, channels = 1): Tensor => {
  const pixels = Float32Array.from({ length: channels * size * size }, (_, i) => i + 1);
  return constant(pixels, [1, channels, size, size]);
};
/** A stand-in for fresh random numbers: always the same. */
const always =
  (value: number): Random =>
  (_kind, shape) =>
    constant(new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value), shape);

describe("augmentations", () => {
  it("leave the image alone at the middle of their range", () => {
    const x = image(8, 3);
    for (const transform of [brightness, saturation, contrast]) {
      expect(valuesOf(transform(x, u(0.5)))).toEqual(valuesOf(x).map((v) => expect.closeTo(v, 4)));
    }
    expect(valuesOf(translation(x, u(0.5), u(0.5)))).toEqual(valuesOf(x));
  });

  it("shift by whole pixels of up to an eighth of the side, zeros moving in", () => {
    const x = image(8);
    const down = valuesOf(translation(x, u(0.99), u(0.5)));
    expect(down).toEqual([...new Array(8).fill(0), ...valuesOf(x).slice(0, 56)]);
    const left = valuesOf(translation(x, u(0.5), u(0)));
    expect(left.slice(0, 8)).toEqual([2, 3, 4, 5, 6, 7, 8, 0]);
  });

  it("cut a square of half the side, whole inside and clipped at the border", () => {
    const kept = (rows: number, columns: number): number =>
      valuesOf(cutout(image(8), u(rows), u(columns))).filter((v) => v !== 0).length;
    expect(kept(0.5, 0.5)).toBe(64 - 16);
    expect(kept(0, 0)).toBe(64 - 4);
    // The rows of the square are those around its centre.
    const rows = valuesOf(mean(cutout(image(8), u(0.5), u(0.5)), [0, 1, 3]));
    const whole = valuesOf(mean(image(8), [0, 1, 3]));
    expect(rows.map((v, i) => v === whole[i])).toEqual([true, true, false, false, false, false, true, true]);
  });

  it("treat each image by its own numbers", () => {
    const x = constant(new Float32Array(128).fill(1), [2, 1, 8, 8]);
    const y = valuesOf(brightness(x, u(0, 0.75)));
    expect([y[0], y[64]]).toEqual([0.5, 1.25]);
  });

  it("let gradients pass, which agree with finite differences", () => {
    const augment = diffAugment();
    const { first, second } = gradientErrors((x) => augment(x, always(0.3)), [randomPoint([2, 3, 8, 8], 1)]);
    expect(first).toBeLessThan(1e-7);
    expect(second).toBeLessThan(1e-7);
  });

  it("have no derivative by the random numbers of where to shift and cut", () => {
    const random = input("u", [1, 1, 1, 1]);
    const value = sum(square(cutout(translation(image(8), random, random), random, random)));
    expect(evaluate(grad(value, [random]), { u: [0.4] })[0][0]).toBe(0);
  });

  it("are chosen by a policy, and applied with ADA's probability", () => {
    const x = image(8);
    expect(valuesOf(diffAugment("color")(x, always(0.5)))).toEqual(
      valuesOf(x).map((v) => expect.closeTo(v, 4)),
    );
    const adaptive = (p: number): number[] =>
      valuesOf(diffAugment("translation, cutout", { probability: constant([p], []) })(x, always(0.4)));
    expect(adaptive(0)).toEqual(valuesOf(x));
    expect(adaptive(1)).toEqual(valuesOf(diffAugment("translation,cutout")(x, always(0.4))));
  });

  it("refuse what they do not know", () => {
    expect(() => diffAugment("rotation")).toThrow(
      new UsageError('diffAugment: the policy must be made of color, translation, cutout; got "rotation"'),
    );
    expect(() => diffAugment()(input("x", [2, 3]), always(0))).toThrow(
      "diffAugment: images must be [N,C,H,W]; got [2,3]",
    );
  });
});

describe("ADA", () => {
  it("measures overfitting by the signs of real scores", () => {
    expect(valuesOf(overfitting(constant([3, 0.1, -2, 5], [4])))[0]).toBe(0.5);
  });

  it("raises p while D knows its data, lowers it else, never below 0", () => {
    expect(adaProbability(0.1, 0.9, 256)).toBeCloseTo(0.1 + 256 / 500_000, 12);
    expect(adaProbability(0.1, 0.2, 256)).toBeCloseTo(0.1 - 256 / 500_000, 12);
    expect(adaProbability(0, 0.2, 256)).toBe(0);
    expect(adaProbability(0.1, 0.5, 64, { target: 0.3, speed: 100_000 })).toBeCloseTo(0.1 + 64e-5, 12);
  });
});
