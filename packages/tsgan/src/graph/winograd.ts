/**
 * Convolutions of activations [C, H, W, N] with fewer multiplications, by Winograd's algorithms Aᵀ[(G w) ⊙ (Bᵀ x)] over tiles of the map
 * (Lavin and Gray 2016, arXiv:1509.09308): of x, the tiles of pixels that they meet are gathered, and the products ⊙ are one batch of
 * products of matrices.
 *
 * - 3 × 3 filters, stride 1, padding 1: F(4 × 4, 3 × 3), 36 multiplications where there were 144.
 * - 4 × 4 filters, stride 2, padding 1: a filter is four of 2 × 2 taps, each for every other row and column of the image (its phases). Of
 *   each F(4 × 4, 2 × 2), 25 multiplications where there were 64; of maps of 7 × 7, which are one tile, 72 where there were 196.
 *
 * The convolution and its gradients need three transforms: of the image, of the map, of the filter. Errors in float32 are 4e-7 to 2e-6 of
 * the largest output, of maps of 7 × 7 up to 7e-6.
 */
import { type Operands, withZeroRow } from "./batch-last.ts";
import { reshape, zeros } from "./ops/broadcast.ts";
import type { Geometry } from "./ops/convolution.ts";
import { gather } from "./ops/gather.ts";
import { matmul } from "./ops/linear.ts";
import { flip, transpose } from "./ops/movement.ts";
import { type Shape, sizeOf } from "./shapes.ts";
import type { Tensor } from "./tensor.ts";
import {
  type Algorithm,
  beside,
  fromBothSides,
  onBothSides,
  once,
  toomCook,
  transposed,
} from "./toom-cook.ts";

type Indices = Operands["indices"];

/** By its points: of these the error in float32 is a fifth of that of the usual 0, ±1, ±2. */
const four3 = toomCook(4, 3, [0, Math.SQRT1_2, -Math.SQRT1_2, Math.SQRT2, -Math.SQRT2]);
const four2 = toomCook(4, 2, [0.5, -0.5, 1.25, -1.25]);
const three2 = toomCook(3, 2, [0, 1, -1]);
const seven2 = toomCook(7, 2, [0, 0.5, -0.5, 1, -1, 2, -2]);

/** A filter's size and stride, and the algorithms of a map's columns and of its rows. */
interface Form {
  readonly kernel: number;
  readonly stride: number;
  readonly down: Algorithm;
  readonly across: Algorithm;
}

const PADDING = 1;

const stride1: Form = { kernel: 3, stride: 1, down: four3, across: four3 };
const stride2: Form = { kernel: 4, stride: 2, down: four2, across: four2 };
/** The longer a tile, the larger are the errors, and in two dimensions they multiply: rows are two tiles as one. */
const stride2Of7: Form = { kernel: 4, stride: 2, down: seven2, across: beside(four2, three2) };

const tileOf = ({ output }: Algorithm): number => output[0].length;
const reachOf = ({ input }: Algorithm): number => input[0].length;

/** How many tiles a map [M, h, w] is cut into. */
const tilesOf = ({ down, across }: Form, [, height, width]: Shape): readonly [number, number] => [
  Math.ceil(height / tileOf(down)),
  Math.ceil(width / tileOf(across)),
];

/** Tiles that reach beyond the map may leave so much of the multiplications. */
const MOST_MULTIPLICATIONS = 0.65;

/**
 * The form for a filter [M, C, kh, kw] so used, from images of n examples to maps [M, h, w], if one is worth it: transforms cost what
 * channels and filters are together, where products cost what they are times each other. `docs/performance.md` has figures.
 *
 * @param isOfImage whether it is for the gradient to the image
 */
export const winogradForm = (
  filter: Shape,
  map: Shape,
  n: number,
  { stride, dilation, padding }: Omit<Geometry, "groups">,
  isOfImage = false,
): Form | undefined => {
  const form = filter[3] === stride1.kernel ? stride1 : map[1] === 7 && map[2] === 7 ? stride2Of7 : stride2;
  const { kernel: k, stride: s } = form;
  const expected = [k, k, s, s, 1, 1, PADDING, PADDING];
  const given = [...filter.slice(2), ...stride, ...dilation, ...padding];
  if (given.some((value, i) => value !== expected[i])) return undefined;
  const [filters, channels] = filter;
  const fewest = Math.min(filters, channels);
  const pixels = map[1] * map[2];
  const isLarge = s === 1 ? fewest >= 16 : fewest >= 32 && n * pixels >= 512;
  const [rows, columns] = tilesOf(form, map);
  const products = rows * form.down.input.length * columns * form.across.input.length;
  if (!isLarge || products > MOST_MULTIPLICATIONS * pixels * (k / s) ** 2) return undefined;
  // What adds up the tiles of an image grows with their number.
  const adds = isOfImage && s > 1 ? 128 * Math.max(rows, columns) ** 2 : 0;
  return filters * channels >= adds ? form : undefined;
};

/** Tiles of an image: of `reach` rows or columns, each `step` further, those of every `stride`-th pixel from −padding on. */
interface Window {
  readonly tiles: readonly [number, number];
  readonly reach: readonly [number, number];
  readonly step: readonly [number, number];
  readonly stride: number;
  readonly padding: number;
}

/** For each place in a tile, phase, channel and tile: the row of the pixel, or the zero row behind the last. */
const tileIndices = (image: Shape, { tiles, reach, step, stride, padding }: Window): Int32Array => {
  const [channels, height, width] = image;
  const zeroRow = channels * height * width;
  const indices = new Int32Array(reach[0] * reach[1] * stride * stride * channels * tiles[0] * tiles[1]);
  let at = 0;
  for (let place = 0; place < reach[0] * reach[1]; place++) {
    for (let phase = 0; phase < stride * stride; phase++) {
      const top = Math.floor(place / reach[1]) * stride + Math.floor(phase / stride) - padding;
      const left = (place % reach[1]) * stride + (phase % stride) - padding;
      for (let c = 0; c < zeroRow; c += height * width) {
        for (let i = 0; i < tiles[0]; i++) {
          const row = top + i * step[0] * stride;
          for (let j = 0; j < tiles[1]; j++) {
            const column = left + j * step[1] * stride;
            const inside = row >= 0 && row < height && column >= 0 && column < width;
            indices[at++] = inside ? c + row * width + column : zeroRow;
          }
        }
      }
    }
  }
  return indices;
};

/** All places of all tiles of x [C, H, W, N]: [reach², stride² · C · tiles · N]. */
const gathered = (x: Tensor, window: Window, indices: Indices): Tensor => {
  const { tiles, reach, step, padding } = window;
  const [n, image] = [x.shape[3], x.shape.slice(0, 3)];
  const places = indices(`tiles ${image} ${JSON.stringify(window)}`, () => tileIndices(image, window));
  const pixels = reshape(x, [sizeOf(image), n]);
  const isWhole = padding === 0 && image[1] === tiles[0] * step[0] && image[2] === tiles[1] * step[1];
  const rows = isWhole ? pixels : withZeroRow(pixels);
  return reshape(gather(rows, places), [reach[0] * reach[1], -1]);
};

/** The image, and N, of which the places of all tiles are given, each pixel in one of them. */
const scattered = (places: Tensor, image: Shape, window: Window, n: number, indices: Indices): Tensor => {
  const pixels = indices(`pixels ${image} ${JSON.stringify(window)}`, () => {
    const rows = new Int32Array(sizeOf(image));
    const pixelOf = tileIndices(image, window);
    // What is outside is written beyond the end, that is nowhere.
    for (let at = 0; at < pixelOf.length; at++) rows[pixelOf[at]] = at;
    return rows;
  });
  return reshape(gather(reshape(places, [-1, n]), pixels), [...image, n]);
};

/** Tiles that a map [M, h, w] is cut into. */
const windowOfMap = (form: Form, map: Shape): Window => {
  const tile = [tileOf(form.down), tileOf(form.across)] as const;
  return { tiles: tilesOf(form, map), reach: tile, step: tile, stride: 1, padding: 0 };
};

const transforms = once((_: Tensor) => new Map<string, Tensor>());

/** What is made of t under that name, made once: a layer's image, map and filter serve it and its gradients. */
const onceOf = (t: Tensor, name: string, make: () => Tensor): Tensor => {
  const known = transforms(t);
  const made = known.get(name) ?? make();
  known.set(name, made);
  return made;
};

/** The image [C, H, W, N] transformed, for a map of that shape: [points, stride² · C, tiles · N]. */
const ofImage = (x: Tensor, map: Shape, form: Form, indices: Indices): Tensor =>
  onceOf(x, `image of ${map} ${form.stride}`, () => {
    const { down, across, stride } = form;
    const reach = [reachOf(down), reachOf(across)] as const;
    const window = { ...windowOfMap(form, map), reach, stride, padding: PADDING };
    const columns = fromBothSides(gathered(x, window, indices), down.input, across.input);
    return reshape(columns, [columns.shape[0], stride ** 2 * x.shape[0], -1]);
  });

/** The map [M, h, w, N] transformed: [points, M, tiles · N]. */
const ofMap = (y: Tensor, form: Form, indices: Indices): Tensor =>
  onceOf(y, `map ${form.stride}`, () => {
    const places = gathered(y, windowOfMap(form, y.shape), indices);
    const columns = fromBothSides(places, form.down.output, form.across.output);
    return reshape(columns, [columns.shape[0], y.shape[0], -1]);
  });

/** All of t as a matrix of so many rows, turned. */
const turned = (t: Tensor, rows: number): Tensor =>
  transpose(reshape(t, [rows, sizeOf(t.shape) / rows]), [1, 0]);

/**
 * The filter [M, C, k, k] transformed: [points, M, stride² · C], or [points, stride² · C, M], which is faster than to turn that within a
 * product. What is to be innermost is put there first: then whole rows are moved.
 */
const ofFilter = (w: Tensor, { kernel, stride, down, across }: Form, isTurned = false): Tensor => {
  const [filters, channels] = w.shape;
  const matrix = onBothSides(down.filter, across.filter);
  return onceOf(w, `filter ${matrix.id} ${isTurned}`, () => {
    const taps = kernel / stride;
    const split = [taps, stride, taps, stride];
    const phases = isTurned
      ? transpose(reshape(turned(w, filters), [channels, ...split, filters]), [1, 3, 2, 4, 0, 5])
      : transpose(reshape(turned(w, filters * channels), [...split, filters, channels]), [0, 2, 4, 1, 3, 5]);
    const inner = stride ** 2 * channels;
    const product = matmul(matrix, reshape(phases, [taps ** 2, filters * inner]));
    return reshape(product, [-1, ...(isTurned ? [inner, filters] : [filters, inner])]);
  });
};

/** The convolution of x [C, H, W, N] with w [M, C, k, k]: of the shape `map`, and N. */
export const winograd = (x: Tensor, w: Tensor, map: Shape, form: Form, indices: Indices): Tensor => {
  const { down, across } = form;
  const products = matmul(ofFilter(w, form), ofImage(x, map, form, indices));
  const places = fromBothSides(products, transposed(down.output), transposed(across.output));
  return scattered(places, map, windowOfMap(form, map), x.shape[3], indices);
};

/** The derivative by the filter, [M, C, k, k], where dy [M, h, w, N] is that by the output. */
export const winogradFilterGradient = (x: Tensor, dy: Tensor, form: Form, indices: Indices): Tensor => {
  const [[channels], [filters]] = [x.shape, dy.shape];
  const { kernel, stride, down, across } = form;
  const matrix = onBothSides(down.filter, across.filter);
  const seen = ofImage(x, dy.shape.slice(0, 3), form, indices);
  const products = matmul(ofMap(dy, form, indices), seen, { transposeB: true });
  const columns = reshape(products, [products.shape[0], -1]);
  const phases = matmul(matrix, columns, { transposeA: true });
  const taps = kernel / stride;
  const split = reshape(phases, [taps, taps, filters, stride, stride, channels]);
  return reshape(turned(transpose(split, [0, 3, 1, 4, 2, 5]), kernel ** 2), [
    filters,
    channels,
    kernel,
    kernel,
  ]);
};

/** Where the rows of a tensor of that shape are when its axes are in another order: what transposes faster than a transposition. */
const rowsInOrder = (shape: Shape, order: readonly number[]): Int32Array => {
  const rows = Float64Array.from({ length: sizeOf(shape) }, (_, row) => row);
  const t = transpose(zeros(shape), order);
  return Int32Array.from(t.op.value(t, [rows], t.attributes));
};

/** The filter [M, C, kh, kw] with which a convolution of stride 1 is the gradient to the image of that with w, and the other way round. */
export const backwards = (w: Tensor): Tensor => flip(transpose(w, [1, 0, 2, 3]), [2, 3]);

const repetitions = once((algorithm: Algorithm): Algorithm[] => [algorithm]);

/** So many tiles side by side as one. */
const repeated = (algorithm: Algorithm, times: number): Algorithm => {
  const known = repetitions(algorithm);
  while (known.length < times) known.push(beside(algorithm, known[known.length - 1]));
  return known[times - 1];
};

/** The derivative by the input, of the shape `image` and N, where dy [M, h, w, N] is that by the output. */
export const winogradInputGradient = (
  dy: Tensor,
  w: Tensor,
  image: Shape,
  form: Form,
  indices: Indices,
): Tensor => {
  const { stride } = form;
  const n = dy.shape[3];
  if (stride === 1) return winograd(dy, backwards(w), image, form, indices);
  const products = matmul(ofFilter(w, form, true), ofMap(dy, form, indices));
  const [rows, columns] = tilesOf(form, dy.shape);
  const [points, inner] = [form.down.input.length, form.across.input.length];
  const phases = stride ** 2 * image[0];
  const split = [points, inner, phases, rows, columns];
  // One tile is all of them.
  const places =
    rows * columns === 1
      ? products
      : gather(
          reshape(products, [-1, n]),
          indices(`beside ${split}`, () => rowsInOrder(split, [3, 0, 4, 1, 2])),
        );
  // Neighbouring tiles overlap: what adds them up is the transform of all as one.
  const [down, across] = [repeated(form.down, rows), repeated(form.across, columns)];
  const whole = fromBothSides(places, transposed(down.input), transposed(across.input));
  const reach = [reachOf(down), reachOf(across)] as const;
  return scattered(whole, image, { tiles: [1, 1], reach, step: reach, stride, padding: PADDING }, n, indices);
};
