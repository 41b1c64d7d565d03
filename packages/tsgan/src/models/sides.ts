/** Sides of square images, and how often networks can halve them. */
import { GraphError } from "../graph/index.ts";

/** [channels, height, width] */
export type ImageShape = readonly [channels: number, height: number, width: number];

/** How often `side` can be halved evenly while it is above `enough`: 28 → 14 → 7 and 32 → 16 → 8 for 8. */
export const halvings = (side: number, enough: number): number => {
  let count = 0;
  for (let left = side; left % 2 === 0 && left > enough; left /= 2) count++;
  return count;
};

/** The side of a square image that halves at least `least` times; throws a `GraphError` for any other. */
export const squareSide = (model: string, [, height, width]: ImageShape, least: number): number => {
  if (height === width && halvings(height, 1) >= least) return height;
  const unit = 2 ** least;
  throw new GraphError(
    `${model}: images must be square with a side divisible by ${unit}; got ${height}×${width}; resize them`,
  );
};
