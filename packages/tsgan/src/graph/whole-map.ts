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
import { gather } from "./ops/gather.ts";
import { matmul } from "./ops/linear.ts";
import { concat, transpose } from "./ops/movement.ts";
import type { Shape } from "./shapes.ts";
import type { Tensor } from "./tensor.ts";
import { type Algorithm, beside, onBothSides, toomCook, transposed } from "./toom-cook.ts";

const KERNEL = 4;
const STRIDE = 2;
const PADDING = 1;
const PHASES = STRIDE * STRIDE;
const TAPS = KERNEL / STRIDE;

const three = toomCook(3, TAPS, [0, 1, -1]);
const four = toomCook(4, TAPS, [0.5, -0.5, 1.25, -1.25]);

/**
 * By the side of the small map: the algorithm of its columns, and that of its rows. The longer a tile, the larger are the errors, and in
 * two dimensions they multiply: rows are two tiles.
 */
const algorithms: ReadonlyMap<number, readonly [down: Algorithm, across: Algorithm]> = new Map([
  [5, [toomCook(5, TAPS, [0, 0.5, -0.5, 1.25, -1.25]), beside(three, toomCook(2, TAPS, [0, 1]))]],
  [6, [toomCook(6, TAPS, [0.5, -0.5, 1, -1, 2, -2]), beside(three, three)]],
  [7, [toomCook(7, TAPS, [0, 0.5, -0.5, 1, -1, 2, -2]), beside(four, three)]],
  [8, [toomCook(8, TAPS, [0.25, -0.25, 0.625, -0.625, 1, -1, 1.75, -1.75]), beside(four, four)]],
]);

type Part = "input" | "filter" | "output";

/** What transforms maps of that side, images that become them, or filters; and how many multiplications there are. */
const transformOf = (side: number, part: Part, isTransposed = false): Tensor => {
  const matrices = (algorithms.get(side) ?? []).map((each) => each[part]);
  const [down, across] = isTransposed ? matrices.map(transposed) : matrices;
  return onBothSides(down, across);
};

const productsFor = (side: number): number =>
  (algorithms.get(side) ?? []).reduce((count, { products }) => count * products, 1);

type Indices = Operands["indices"];

/** For each place of the tile, channel and phase: the row of the pixel, or the zero row behind the last. */
const phaseIndices = (channels: number, side: number, reach: number): Int32Array => {
  const indices = new Int32Array(reach * reach * channels * PHASES);
  const full = STRIDE * side;
  let at = 0;
  for (let i = 0; i < reach; i++) {
    for (let j = 0; j < reach; j++) {
      for (let c = 0; c < channels; c++) {
        for (let row = STRIDE * i - PADDING; row < STRIDE * (i + 1) - PADDING; row++) {
          for (let column = STRIDE * j - PADDING; column < STRIDE * (j + 1) - PADDING; column++) {
            const inside = row >= 0 && row < full && column >= 0 && column < full;
            indices[at++] = inside ? (c * full + row) * full + column : channels * full * full;
          }
        }
      }
    }
  }
  return indices;
};

/** For each pixel (c, row, column): its row among tiles [reach², channels, phases]. */
const pixelIndices = (channels: number, side: number, reach: number): Int32Array => {
  const full = STRIDE * side;
  const indices = new Int32Array(channels * full * full);
  let at = 0;
  for (let c = 0; c < channels; c++) {
    for (let row = PADDING; row < full + PADDING; row++) {
      for (let column = PADDING; column < full + PADDING; column++) {
        const place = Math.floor(row / STRIDE) * reach + Math.floor(column / STRIDE);
        const phase = (row % STRIDE) * STRIDE + (column % STRIDE);
        indices[at++] = (place * channels + c) * PHASES + phase;
      }
    }
  }
  return indices;
};

/** The image [C, 2h, 2h, N] transformed: [reach², 4C, N]. */
const ofImage = (x: Tensor, indices: Indices): Tensor => {
  const [channels, full, , n] = x.shape;
  const side = full / STRIDE;
  const reach = side + 1;
  const places = indices(`phases ${channels} ${side}`, () => phaseIndices(channels, side, reach));
  const rows = concat([reshape(x, [channels * full * full, n]), zeros([1, n])], 0);
  const columns = reshape(gather(rows, places), [reach * reach, channels * PHASES * n]);
  return reshape(matmul(transformOf(side, "input"), columns), [productsFor(side), channels * PHASES, n]);
};

/** The small map [M, h, h, N] transformed: [reach², M, N]. */
const ofMap = (y: Tensor): Tensor => {
  const [filters, side, , n] = y.shape;
  const places = transpose(reshape(y, [filters, side * side, n]), [1, 0, 2]);
  const columns = reshape(places, [side * side, filters * n]);
  return reshape(matmul(transformOf(side, "output"), columns), [productsFor(side), filters, n]);
};

/** The filter [M, C, 4, 4] transformed: [reach², M, 4C]. */
const ofFilter = (w: Tensor, side: number): Tensor => {
  const [filters, channels] = w.shape;
  const split = reshape(w, [filters * channels, TAPS, STRIDE, TAPS, STRIDE]);
  const taps = reshape(transpose(split, [1, 3, 0, 2, 4]), [TAPS * TAPS, filters * channels * PHASES]);
  return reshape(matmul(transformOf(side, "filter"), taps), [productsFor(side), filters, channels * PHASES]);
};

/** Both sides need so many channels, and as many examples: below, the transforms cost more than they save. */
const FEWEST_CHANNELS = 64;
const FEWEST_EXAMPLES = 64;

/** Whether the algorithm is for a filter [M, C, kh, kw] so used, from images [N, C, H, W] to maps [N, M, h, w]. */
export const isForWholeMap = (
  image: Shape,
  filter: Shape,
  map: Shape,
  {
    stride,
    dilation,
    padding,
  }: {
    readonly stride: readonly number[];
    readonly dilation: readonly number[];
    readonly padding: readonly number[];
  },
): boolean => {
  const [side] = map.slice(2);
  return (
    algorithms.has(side) &&
    map[3] === side &&
    image.slice(2).every((each) => each === STRIDE * side) &&
    filter.slice(2).every((each) => each === KERNEL) &&
    stride.every((each) => each === STRIDE) &&
    dilation.every((each) => each === 1) &&
    padding.every((each) => each === PADDING) &&
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
  const flat = reshape(products, [productsFor(side), filters * n]);
  const places = matmul(transformOf(side, "output", true), flat);
  return reshape(transpose(reshape(places, [side * side, filters, n]), [1, 0, 2]), [filters, side, side, n]);
};

/** The derivative by the filter, [M, C, 4, 4], where dy [M, h, h, N] is that by the output. */
export const wholeMapFilterGradient = (x: Tensor, dy: Tensor, indices: Indices): Tensor => {
  const [[channels], [filters, side]] = [x.shape, dy.shape];
  const products = matmul(ofMap(dy), ofImage(x, indices), { transposeB: true });
  const flat = reshape(products, [productsFor(side), filters * channels * PHASES]);
  const taps = matmul(transformOf(side, "filter", true), flat);
  const split = reshape(taps, [TAPS, TAPS, filters * channels, STRIDE, STRIDE]);
  return reshape(transpose(split, [2, 0, 3, 1, 4]), [filters, channels, KERNEL, KERNEL]);
};

/** The derivative by the input, [C, 2h, 2h, N], where dy [M, h, h, N] is that by the output. */
export const wholeMapInputGradient = (dy: Tensor, w: Tensor, indices: Indices): Tensor => {
  const [, channels] = w.shape;
  const [, side, , n] = dy.shape;
  const reach = side + 1;
  const products = matmul(ofFilter(w, side), ofMap(dy), { transposeA: true });
  const flat = reshape(products, [productsFor(side), channels * PHASES * n]);
  const tiles = matmul(transformOf(side, "input", true), flat);
  const places = indices(`pixels of phases ${channels} ${side}`, () => pixelIndices(channels, side, reach));
  const rows = reshape(tiles, [reach * reach * channels * PHASES, n]);
  return reshape(gather(rows, places), [channels, STRIDE * side, STRIDE * side, n]);
};
