/**
 * Convolutions with 4 × 4 filters, stride 2 and padding 1 of activations [C, 2h, 2h, N] to small maps [M, h, h, N]: the whole map is
 * computed at once. A filter is four of 2 × 2 taps, each for every other row and column of the image (its phases), and of them
 * F(7 × 7, 2 × 2), with 4 + 3 across, takes 72 multiplications where there were 196.
 *
 * The convolution and its gradients need three transforms: of the image, of the small map, of the filter; each serves two of them.
 * The error in float32 is some 3e-6 of the largest output.
 */
import type { Operands } from "./batch-last.ts";
import { reshape, zeros } from "./ops/broadcast.ts";
import type { Geometry } from "./ops/convolution.ts";
import { gather } from "./ops/gather.ts";
import { matmul } from "./ops/linear.ts";
import { concat, transpose } from "./ops/movement.ts";
import type { Shape } from "./shapes.ts";
import type { Tensor } from "./tensor.ts";
import {
  type Algorithm,
  beside,
  fromBothSides,
  onBothSides,
  type Rows,
  toomCook,
  transposed,
} from "./toom-cook.ts";

const KERNEL = 4;
const STRIDE = 2;
const PADDING = 1;
const PHASES = STRIDE * STRIDE;
const TAPS = KERNEL / STRIDE;

const four = toomCook(4, TAPS, [0.5, -0.5, 1.25, -1.25]);

/**
 * By the side of the small map: the algorithm of its columns, and that of its rows. The longer a tile, the larger are the errors, and in
 * two dimensions they multiply: rows are two tiles.
 */
const algorithms: ReadonlyMap<number, readonly [down: Algorithm, across: Algorithm]> = new Map([
  [7, [toomCook(7, TAPS, [0, 0.5, -0.5, 1, -1, 2, -2]), beside(four, toomCook(3, TAPS, [0, 1, -1]))]],
  [8, [toomCook(8, TAPS, [0.25, -0.25, 0.625, -0.625, 1, -1, 1.75, -1.75]), beside(four, four)]],
]);

type Part = "input" | "filter" | "output";

/** The matrices of what transforms maps of that side, images that become them, or filters. */
const matricesOf = (side: number, part: Part, isTransposed = false): Rows[] => {
  const matrices = (algorithms.get(side) ?? []).map((each) => each[part]);
  return isTransposed ? matrices.map(transposed) : matrices;
};

const transform = (x: Tensor, side: number, part: Part, isTransposed = false): Tensor => {
  const [down, across] = matricesOf(side, part, isTransposed);
  return part === "filter" ? matmul(onBothSides(down, across), x) : fromBothSides(x, down, across);
};

type Indices = Operands["indices"];

/** For each place of the tile, channel and phase: the row of the pixel, or the zero row behind the last. */
const phaseIndices = (channels: number, side: number): Int32Array => {
  const full = STRIDE * side;
  const zeroRow = channels * full * full;
  const indices = new Int32Array((side + 1) ** 2 * channels * PHASES);
  let at = 0;
  for (let i = 0; i <= side; i++) {
    for (let j = 0; j <= side; j++) {
      for (let c = 0; c < channels; c++) {
        for (let phase = 0; phase < PHASES; phase++) {
          const row = STRIDE * i - PADDING + (phase >> 1);
          const column = STRIDE * j - PADDING + (phase & 1);
          const inside = row >= 0 && row < full && column >= 0 && column < full;
          indices[at++] = inside ? (c * full + row) * full + column : zeroRow;
        }
      }
    }
  }
  return indices;
};

/** For each pixel (c, row, column): where it is among those. */
const pixelIndices = (channels: number, side: number): Int32Array => {
  const full = STRIDE * side;
  const places = new Int32Array(channels * full * full);
  let at = 0;
  for (let c = 0; c < channels; c++) {
    for (let row = PADDING; row < full + PADDING; row++) {
      for (let column = PADDING; column < full + PADDING; column++) {
        const place = (row >> 1) * (side + 1) + (column >> 1);
        places[at++] = (place * channels + c) * PHASES + (row & 1) * STRIDE + (column & 1);
      }
    }
  }
  return places;
};

/** The image [C, 2h, 2h, N] transformed: [reach², 4C, N]. */
const ofImage = (x: Tensor, indices: Indices): Tensor => {
  const [channels, full, , n] = x.shape;
  const side = full / STRIDE;
  const places = indices(`phases ${channels} ${side}`, () => phaseIndices(channels, side));
  const rows = concat([reshape(x, [channels * full * full, n]), zeros([1, n])], 0);
  const columns = reshape(gather(rows, places), [(side + 1) ** 2, channels * PHASES * n]);
  return reshape(transform(columns, side, "input"), [-1, channels * PHASES, n]);
};

/** The small map [M, h, h, N] transformed: [reach², M, N]. */
const ofMap = (y: Tensor): Tensor => {
  const [filters, side, , n] = y.shape;
  const places = transpose(reshape(y, [filters, side * side, n]), [1, 0, 2]);
  const columns = reshape(places, [side * side, filters * n]);
  return reshape(transform(columns, side, "output"), [-1, filters, n]);
};

/** The filter [M, C, 4, 4] transformed: [reach², M, 4C], or [reach², 4C, M], which is faster than to turn that within a product. */
const ofFilter = (w: Tensor, side: number, isTurned = false): Tensor => {
  const [filters, channels] = w.shape;
  const split = reshape(w, [filters, channels, TAPS, STRIDE, TAPS, STRIDE]);
  const taps = transpose(split, isTurned ? [2, 4, 1, 3, 5, 0] : [2, 4, 0, 1, 3, 5]);
  const flat = reshape(taps, [TAPS * TAPS, filters * channels * PHASES]);
  const [rows, columns] = [filters, channels * PHASES];
  return reshape(transform(flat, side, "filter"), [-1, ...(isTurned ? [columns, rows] : [rows, columns])]);
};

/** Both sides need so many channels, and as many examples: below, the transforms cost more than they save. */
const FEWEST_CHANNELS = 64;
const FEWEST_EXAMPLES = 64;

/** Whether the algorithm is for a filter [M, C, kh, kw] so used, from images [N, C, H, W] to maps [N, M, h, w]. */
export const isForWholeMap = (
  image: Shape,
  filter: Shape,
  map: Shape,
  { stride, dilation, padding }: Geometry,
): boolean => {
  const [h, w] = map.slice(2);
  if (!algorithms.has(h)) return false;
  const given = [...image.slice(2), w, ...filter.slice(2), ...stride, ...padding, ...dilation];
  return (
    String(given) === String([2 * h, 2 * h, h, KERNEL, KERNEL, 2, 2, PADDING, PADDING, 1, 1]) &&
    Math.min(filter[0], filter[1]) >= FEWEST_CHANNELS &&
    image[0] >= FEWEST_EXAMPLES
  );
};

/** The convolution of x [C, 2h, 2h, N] with w [M, C, 4, 4]: [M, h, h, N]. */
export const wholeMap = (x: Tensor, w: Tensor, indices: Indices): Tensor => {
  const [filters] = w.shape;
  const [, full, , n] = x.shape;
  const side = full / STRIDE;
  const products = matmul(ofFilter(w, side), ofImage(x, indices));
  const flat = reshape(products, [-1, filters * n]);
  const places = transform(flat, side, "output", true);
  return reshape(transpose(reshape(places, [side * side, filters, n]), [1, 0, 2]), [filters, side, side, n]);
};

/** The derivative by the filter, [M, C, 4, 4], where dy [M, h, h, N] is that by the output. */
export const wholeMapFilterGradient = (x: Tensor, dy: Tensor, indices: Indices): Tensor => {
  const [[channels], [filters, side]] = [x.shape, dy.shape];
  const products = matmul(ofMap(dy), ofImage(x, indices), { transposeB: true });
  const flat = reshape(products, [-1, filters * channels * PHASES]);
  const taps = transform(flat, side, "filter", true);
  const split = reshape(taps, [TAPS, TAPS, filters * channels, STRIDE, STRIDE]);
  return reshape(transpose(split, [2, 0, 3, 1, 4]), [filters, channels, KERNEL, KERNEL]);
};

/** The derivative by the input, [C, 2h, 2h, N], where dy [M, h, h, N] is that by the output. */
export const wholeMapInputGradient = (dy: Tensor, w: Tensor, indices: Indices): Tensor => {
  const [, channels] = w.shape;
  const [, side, , n] = dy.shape;
  const products = matmul(ofFilter(w, side, true), ofMap(dy));
  const flat = reshape(products, [-1, channels * PHASES * n]);
  const tiles = transform(flat, side, "input", true);
  const places = indices(`pixels of phases ${channels} ${side}`, () => pixelIndices(channels, side));
  return reshape(gather(reshape(tiles, [-1, n]), places), [channels, STRIDE * side, STRIDE * side, n]);
};
