/**
 * Numbers of any size, brought near 1 by a power of two before they are squared or multiplied, and back afterwards: what
 * a distance is at 1e-300 or 1e300, it is at 1 but for the factor. Powers of two do not round.
 */
import { UsageError } from "../errors.ts";
import type { Matrix } from "./matrix.ts";

/** Numbers up to 2^±120 stay as they are: their eighth powers are far from the ends of float64. */
const SAFE = 2 ** 120;

/** x · 2ᵉ, in steps, as 2ᵉ itself may be out of range. */
export const scaleBy = (x: number, exponent: number): number => {
  while (exponent > 1000) {
    x *= 2 ** 1000;
    exponent -= 1000;
  }
  while (exponent < -1000) {
    x *= 2 ** -1000;
    exponent += 1000;
  }
  return x * 2 ** exponent;
};

export const largestOf = (values: ArrayLike<number>): number => {
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]);
    if (size > largest) largest = size;
  }
  return largest;
};

/** e with |largest| near 2ᵉ where that is out of the safe range; 0 within it. */
export const exponentOf = (largest: number): number =>
  largest === 0 || (largest <= SAFE && largest >= 1 / SAFE) ? 0 : Math.round(Math.log2(largest));

export const scaleAll = (values: Float64Array, exponent: number): Float64Array =>
  exponent === 0 ? values : values.map((value) => scaleBy(value, exponent));

/** Matrices divided by one common power of two, 2ᵉ, where the largest entry is out of the safe range. */
export const nearOne = (
  ...matrices: readonly Matrix[]
): { readonly exponent: number; readonly scaled: readonly Matrix[] } => {
  const exponent = exponentOf(Math.max(...matrices.map(({ data }) => largestOf(data))));
  const scaled =
    exponent === 0 ? matrices : matrices.map((each) => ({ ...each, data: scaleAll(each.data, -exponent) }));
  return { exponent, scaled };
};

/** The finite number that a result is. @throws UsageError where it is beyond the largest float */
export const inRange = (where: string, result: number): number => {
  if (Number.isFinite(result)) return result;
  throw new UsageError(
    `${where}: the result is beyond the largest number (1.8e308); divide the points or costs by their size`,
  );
};

/** result · 2ᵉ. @throws UsageError where it is beyond the largest float */
export const scaledBack = (where: string, result: number, exponent: number): number =>
  inRange(where, scaleBy(result, exponent));
