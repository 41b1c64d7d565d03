/** Images at another size, as feature extractors need them. */
import { areaWeights, type Weights } from "../data/area.ts";

type Sides = readonly [height: number, width: number];

/** Linear interpolation between the centres of cells; beyond the outer centres the outer cells. No antialiasing. */
const bilinear = (from: number, to: number): Weights =>
  Array.from({ length: to }, (_, target) => {
    const at = Math.min(from - 1, Math.max(0, ((target + 0.5) * from) / to - 0.5));
    const low = Math.floor(at);
    const share = at - low;
    if (share === 0) return [[low, 1]];
    return [
      [low, 1 - share],
      [low + 1, share],
    ];
  });

const methods = { bilinear, area: areaWeights } as const;

/** Images [n, C, H, W] with other sides. */
export const resizeImages = (
  images: Float32Array,
  [, height, width]: readonly [number, number, number],
  [toHeight, toWidth]: Sides,
  method: keyof typeof methods,
): Float32Array => {
  if (height === toHeight && width === toWidth) return images;
  const rows = methods[method](height, toHeight);
  const columns = methods[method](width, toWidth);
  const planes = images.length / (height * width);
  const out = new Float32Array(planes * toHeight * toWidth);
  const narrow = new Float32Array(height * toWidth);
  for (let plane = 0; plane < planes; plane++) {
    const from = plane * height * width;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < toWidth; x++) {
        let sum = 0;
        for (const [cell, share] of columns[x]) sum += share * images[from + y * width + cell];
        narrow[y * toWidth + x] = sum;
      }
    }
    const to = plane * toHeight * toWidth;
    for (let y = 0; y < toHeight; y++) {
      for (const [cell, share] of rows[y]) {
        for (let x = 0; x < toWidth; x++) out[to + y * toWidth + x] += share * narrow[cell * toWidth + x];
      }
    }
  }
  return out;
};

/** [−1, 1] to 0 … 255, rounded. */
export const toBytes = (values: Float32Array): Uint8Array =>
  Uint8Array.from(values, (value) => Math.round(Math.min(255, Math.max(0, (value + 1) * 127.5))));
