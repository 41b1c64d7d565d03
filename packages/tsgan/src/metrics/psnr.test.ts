import { expect, it } from "vitest";
import { psnr } from "./psnr.ts";

it("is ten decibels for each tenfold of the range's square over the mean squared error", () => {
  expect(psnr([0, 0, 0, 0], [1, -1, 1, -1], 10)).toBeCloseTo(20, 12);
  expect(psnr([0, 255], [25.5, 229.5], 255)).toBeCloseTo(20, 12);
  expect(psnr([0, 0], [2, 0], 2)).toBeCloseTo(10 * Math.log10(2), 12);
});

it("is the same whichever of the two is the true one, and at whatever scale", () => {
  const [x, y] = [Float32Array.of(-1, 0.5, 1, 0), Float32Array.of(-0.5, 0.25, 1, 0.75)];
  expect(psnr(y, x, 2)).toBe(psnr(x, y, 2));
  const large = (values: Float32Array) => Array.from(values, (value) => value * 2 ** 600);
  expect(psnr(large(x), large(y), 2 ** 601)).toBe(psnr(x, y, 2));
});

it("is infinite for equal images", () => {
  expect(psnr([1, 2], [1, 2], 1)).toBe(Number.POSITIVE_INFINITY);
});

it("refuses arrays that do not go together, and values that are none", () => {
  expect(() => psnr([1, 2], [1], 1)).toThrow(
    "psnr: x and y must hold as many values, at least one; got 2 and 1",
  );
  expect(() => psnr([], [], 1)).toThrow("got 0 and 0");
  expect(() => psnr([1, Number.NaN], [1, 1], 1)).toThrow(/^psnr: x/);
  expect(() => psnr([1], [1], 0)).toThrow(/^psnr: dataRange must be/);
});
