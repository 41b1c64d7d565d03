/**
 * Convolutions with 3 × 3 filters, stride 1 and padding 1 of activations [C, H, W, N], with four times fewer multiplications:
 * F(4 × 4, 3 × 3) of Winograd's algorithms, Aᵀ[(G w Gᵀ) ⊙ (Bᵀ x B)]A over tiles of 4 × 4 outputs (Lavin and Gray 2016,
 * arXiv:1509.09308). Of x, tiles of 6 × 6 are gathered; the products ⊙ are one batch of 36 products of matrices.
 *
 * The points are 0, ±1/√2, ±√2 and ∞: the error in float32 is 1.5e-6 of the largest output, a fifth of that of the usual
 * 0, ±1, ±2 and ∞, and three times that of the plain sum.
 */
import type { Operands } from "./batch-last.ts";
import { reshape, zeros } from "./ops/broadcast.ts";
import { gather } from "./ops/gather.ts";
import { matmul } from "./ops/linear.ts";
import { concat } from "./ops/movement.ts";
import { type Shape, sizeOf } from "./shapes.ts";
import type { Tensor } from "./tensor.ts";
import { fromBothSides, onBothSides, type Rows, toomCook, transposed } from "./toom-cook.ts";

const KERNEL = 3;
const PADDING = 1;

/** Sides of a tile of outputs, and of the tile of inputs that they meet. */
const TILE = 4;
const REACH = TILE + KERNEL - 1;

const {
  input: INPUT,
  filter: FILTER,
  output: OUTPUT,
} = toomCook(TILE, KERNEL, [0, Math.SQRT1_2, -Math.SQRT1_2, Math.SQRT2, -Math.SQRT2]);

/** Tiles that an image is cut into: their rows, and how many stand in each. */
const tilesOf = ([, height, width]: Shape): readonly [number, number] => [
  Math.ceil(height / TILE),
  Math.ceil(width / TILE),
];

/** For each place in a tile, channel and tile: the row of the pixel, or the zero row behind the last. */
const tileIndices = (image: Shape, side: number, padding: number): Int32Array => {
  const [channels, height, width] = image;
  const [down, across] = tilesOf(image);
  const indices = new Int32Array(side * side * channels * down * across);
  let at = 0;
  for (let i = 0; i < side; i++) {
    for (let j = 0; j < side; j++) {
      for (let c = 0; c < channels; c++) {
        for (let row = i - padding; row < i - padding + down * TILE; row += TILE) {
          for (let column = j - padding; column < j - padding + across * TILE; column += TILE) {
            const inside = row >= 0 && row < height && column >= 0 && column < width;
            indices[at++] = inside ? (c * height + row) * width + column : channels * height * width;
          }
        }
      }
    }
  }
  return indices;
};

/** For each pixel: its row among tiles [4 · 4, channels, tiles]. */
const pixelIndices = (image: Shape): Int32Array => {
  const [channels, height, width] = image;
  const [down, across] = tilesOf(image);
  const indices = new Int32Array(channels * height * width);
  let at = 0;
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < height; i++) {
      for (let j = 0; j < width; j++) {
        const place = (i % TILE) * TILE + (j % TILE);
        indices[at++] =
          ((place * channels + c) * down + Math.floor(i / TILE)) * across + Math.floor(j / TILE);
      }
    }
  }
  return indices;
};

type Indices = Operands["indices"];

/** M ⊗ M applied to all tiles of x [C, H, W, N]: [36, C, tiles · N]. */
const transformed = (x: Tensor, m: Rows, padding: number, indices: Indices): Tensor => {
  const [channels, height, width, n] = x.shape;
  const image = [channels, height, width];
  const side = m[0].length;
  const [down, across] = tilesOf(image);
  const places = indices(`tiles ${image} ${side} ${padding}`, () => tileIndices(image, side, padding));
  const pixels = reshape(x, [sizeOf(image), n]);
  const isWhole = padding === 0 && height % TILE === 0 && width % TILE === 0;
  const rows = isWhole ? pixels : concat([pixels, zeros([1, n])], 0);
  const columns = reshape(gather(rows, places), [side * side, channels * down * across * n]);
  return reshape(fromBothSides(columns, m), [REACH * REACH, channels, down * across * n]);
};

/** Both sides need so many channels: below, the transformations cost more than they save. */
const FEWEST_CHANNELS = 16;

/** Whether the algorithm is for a filter [M, C, kh, kw] so used. */
export const isForWinograd = (
  filter: Shape,
  stride: readonly number[],
  dilation: readonly number[],
  padding: readonly number[],
): boolean =>
  filter[2] === KERNEL &&
  filter[3] === KERNEL &&
  Math.min(filter[0], filter[1]) >= FEWEST_CHANNELS &&
  stride.every((each) => each === 1) &&
  dilation.every((each) => each === 1) &&
  padding.every((each) => each === PADDING);

/** The convolution of x [C, H, W, N] with w [M, C, 3, 3]: [M, H, W, N]. */
export const winograd = (x: Tensor, w: Tensor, indices: Indices): Tensor => {
  const [, height, width, n] = x.shape;
  const [filters, channels] = w.shape;
  const image = [filters, height, width];
  const taps = reshape(w, [filters * channels, KERNEL * KERNEL]);
  const filter = matmul(onBothSides(FILTER), taps, { transposeB: true });
  const products = matmul(
    reshape(filter, [REACH * REACH, filters, channels]),
    transformed(x, INPUT, PADDING, indices),
  );
  const tiles = fromBothSides(reshape(products, [REACH * REACH, -1]), transposed(OUTPUT));
  const places = indices(`pixels of tiles ${image}`, () => pixelIndices(image));
  return reshape(gather(reshape(tiles, [-1, n]), places), [filters, height, width, n]);
};

/** The derivative by the filter, [M, C, 3, 3], where dy [M, H, W, N] is that by the output. */
export const winogradFilterGradient = (x: Tensor, dy: Tensor, indices: Indices): Tensor => {
  const [[channels], [filters]] = [x.shape, dy.shape];
  const products = matmul(transformed(dy, OUTPUT, 0, indices), transformed(x, INPUT, PADDING, indices), {
    transposeB: true,
  });
  const flat = reshape(products, [REACH * REACH, filters * channels]);
  const taps = matmul(flat, onBothSides(FILTER), { transposeA: true });
  return reshape(taps, [filters, channels, KERNEL, KERNEL]);
};
