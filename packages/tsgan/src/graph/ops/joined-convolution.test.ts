import { describe, expect, it } from "vitest";
import { randomPoint } from "../../testing/check-gradient.ts";
import { input, interpret, print, simplify, type Tensor, upsampleNearest } from "../index.ts";
import { conv2d as plainConv2d } from "./convolution.ts";
import { avgPool2d, conv2d } from "./joined-convolution.ts";
import { avgPool2d as plainAvgPool2d } from "./resample.ts";

const bias = input("bias", [4]);
const filter = (side: number): Tensor => input("w", [4, 3, side, side]);
const image = (height: number, width: number): Tensor => input("x", [2, 3, height, width]);

const valuesOf = (y: Tensor, inputs: readonly Tensor[]): readonly number[] => {
  const feeds = inputs.map((t, i) => [
    String(t.attributes.name),
    Float32Array.from(randomPoint(t.shape, i + 1, -1, 1).values),
  ]);
  return [...interpret([y], Object.fromEntries(feeds))[0]];
};

const expectEqual = (joined: Tensor, plain: Tensor, inputs: readonly Tensor[]): void => {
  expect(print(simplify([joined]))).not.toBe(print(simplify([plain])));
  const expected = valuesOf(plain, inputs);
  valuesOf(joined, inputs).forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i], 6);
  });
};

describe("a convolution beside a change of size", () => {
  it.each([
    [3, 1],
    [1, 0],
  ])("of side %i and padding %i gives of a doubled image what it gives as it is", (side, padding) => {
    const [x, w] = [image(3, 4), filter(side)];
    const y = upsampleNearest(x, 2);
    expectEqual(conv2d(y, w, { padding, bias }), plainConv2d(y, w, { padding, bias }), [x, w, bias]);
  });

  it.each([
    [3, 1, 6, 4],
    [3, 1, 7, 5],
    [1, 0, 6, 4],
  ])("of side %i and padding %i is halved by means as it is: %i × %i", (side, padding, height, width) => {
    const [x, w] = [image(height, width), filter(side)];
    const y = plainConv2d(x, w, { padding, bias });
    expectEqual(avgPool2d(y, 2), plainAvgPool2d(y, 2), [x, w, bias]);
  });
});
