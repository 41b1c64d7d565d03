/** The size that images are made to be. */
import { UsageError } from "../errors.ts";

/** The side of a square, or `WIDTHxHEIGHT` as pictures are measured everywhere: 64, "64x96". */
export type ImageSize = number | `${number}x${number}`;

export interface Sides {
  readonly width: number;
  readonly height: number;
}

const LARGEST = 1024;

/**
 * Width and height of an image size: 32, "64x96" (width first), or both.
 *
 * @param where what errors begin with
 * @param size pixels
 * @throws UsageError where a side is not a whole number in 1 … 1024
 */
export const sidesOf = (where: string, size: ImageSize | string): Sides => {
  const [, width = "", height = width] = /^(\d+)(?:\s*[x×]\s*(\d+))?$/i.exec(String(size).trim()) ?? [];
  const sides = { width: Number(width), height: Number(height) };
  if (width !== "" && Object.values(sides).every((side) => side >= 1 && side <= LARGEST)) return sides;
  throw new UsageError(
    `${where}: size must be a whole number in 1 … ${LARGEST}, or two as in 64x96 (width x height); got ${size}`,
  );
};

/** The same size in the shortest way of writing it. `width` and `height` are in pixels. */
export const sizeOf = ({ width, height }: Sides): ImageSize =>
  width === height ? width : `${width}x${height}`;
