/** Sizes of images, and how often networks can halve them. */
import { UsageError } from "../errors.ts";

/** [channels, height, width] */
export type ImageShape = readonly [channels: number, height: number, width: number];

export type Sides = readonly [height: number, width: number];

/** How often both sides can be halved evenly while the shorter one is above `enough`: 28 → 14 → 7, 32 → 16 → 8 for 8. */
export const halvings = ([height, width]: Sides, enough: number): number => {
  let count = 0;
  for (let [h, w] = [height, width]; h % 2 === 0 && w % 2 === 0 && Math.min(h, w) > enough; h /= 2, w /= 2) {
    count++;
  }
  return count;
};

/** Both sides divided by 2 as often as `levels` says. */
export const halved = ([height, width]: Sides, levels: number): Sides => [height >> levels, width >> levels];

/**
 * The sides of an image that a network can make: multiples of `unit`, at least `least`.
 *
 * @throws UsageError with the nearest ones for any other
 */
export const sidesOf = (
  model: string,
  [, height, width]: ImageShape,
  unit: number,
  least: number = unit,
): Sides => {
  const fits = (side: number): boolean => side % unit === 0 && side >= least;
  if (fits(height) && fits(width)) return [height, width];
  const round = (side: number, to: (x: number) => number): number =>
    fits(side) ? side : Math.max(least, unit * to(side / unit));
  const below = `${round(width, Math.floor)}×${round(height, Math.floor)}`;
  const above = `${round(width, Math.ceil)}×${round(height, Math.ceil)}`;
  const nearest = below === above ? below : `${below} or ${above}`;
  throw new UsageError(
    `${model}: sides of images must be multiples of ${unit}${least > unit ? `, at least ${least}` : ""}; ` +
      `got ${width}×${height} (width × height); resize them to ${nearest}`,
  );
};
