import { numbersOf } from "../distances/check.ts";
import { UsageError } from "../errors.ts";
import { checkNumber } from "../options.ts";

/**
 * Peak signal-to-noise ratio in decibels:
 *
 *   PSNR = 10 log₁₀(L² / mean((x − y)²)),
 *
 * of all values together: for many images at once, of their mean squared error. Infinity for equal images.
 *
 * @param x image or images, of any shape
 * @param y as many values
 * @param dataRange L: 255 for bytes, 2 for images in [−1, 1]
 * @throws UsageError for a range that is not above 0, no values, or not as many of both
 */
export const psnr = (x: ArrayLike<number>, y: ArrayLike<number>, dataRange: number): number => {
  checkNumber("psnr", "dataRange", dataRange, { above: 0 });
  const [xs, ys] = [numbersOf("psnr", "x", x), numbersOf("psnr", "y", y)];
  if (xs.length === 0 || xs.length !== ys.length) {
    throw new UsageError(
      `psnr: x and y must hold as many values, at least one; got ${xs.length} and ${ys.length}`,
    );
  }
  const error = xs.reduce((sum, value, i) => sum + ((value - ys[i]) / dataRange) ** 2, 0) / xs.length;
  return -10 * Math.log10(error);
};
