/**
 * Pairs of images, for models that translate. An example is a pair stacked along the channels, [2C, H, W]: the image to
 * start from, then the one to arrive at.
 */
import { RunError, UsageError } from "../errors.ts";
import { randomStream } from "../random/index.ts";
import type { Batch, Dataset } from "./dataset.ts";
import { type FiniteDataset, finite } from "./finite.ts";
import { checkStretch } from "./stream.ts";

type Shape = readonly number[];

/** One image [C, H, W] made from another of the same shape. */
export type ImageMap = (image: Float32Array, shape: Shape) => Float32Array;

const elements = (shape: Shape): number => shape.reduce((product, n) => product * n, 1);

const checkImage = (name: string, shape: Shape): void => {
  if (shape.length === 3) return;
  throw new UsageError(
    `data set ${name}: pairs are made of images [channels,height,width]; got [${shape.join(",")}]`,
  );
};

/** `first` and `second`, image by image. */
const interleave = (first: Float32Array, second: Float32Array, stride: number): Float32Array => {
  const out = new Float32Array(first.length + second.length);
  for (let at = 0; at < first.length; at += stride) {
    out.set(first.subarray(at, at + stride), 2 * at);
    out.set(second.subarray(at, at + stride), 2 * at + stride);
  }
  return out;
};

/**
 * Pairs of an image and what a function makes of it.
 *
 * @param options the `source` of images, a `map` from an image to one of the same shape, and which side of a pair the
 * source's image is (`from`)
 * @throws UsageError for a source of points
 */
export const mappedPairs = (options: {
  readonly name: string;
  readonly source: FiniteDataset;
  readonly map: ImageMap;
  /** Which of the pair is the source's image: the one to start from, or the one to arrive at. */
  readonly from: "source" | "mapped";
}): FiniteDataset => {
  const { name, source, map, from } = options;
  const { shape, size } = source;
  checkImage(name, shape);
  const stride = elements(shape);
  const pairs = finite({
    name,
    shape: [2 * shape[0], ...shape.slice(1)],
    size,
    async read(indices) {
      const { examples } = await source.read(indices);
      const mapped = new Float32Array(examples.length);
      for (let at = 0; at < examples.length; at += stride) {
        mapped.set(map(examples.subarray(at, at + stride), shape), at);
      }
      const [first, second] = from === "source" ? [examples, mapped] : [mapped, examples];
      return { examples: interleave(first, second, stride) };
    },
  });
  return { ...pairs, pairs: "aligned" };
};

const checkSameShape = (name: string, { shape: a }: Dataset, { shape: b }: Dataset): void => {
  checkImage(name, a);
  if (a.join() === b.join()) return;
  throw new UsageError(
    `data set ${name}: both kinds of images must have one shape; got [${a.join(",")}] and [${b.join(",")}]`,
  );
};

const paired = async (
  { shape }: Dataset,
  first: Batch | Promise<Batch>,
  second: Batch | Promise<Batch>,
): Promise<Batch> => {
  const [a, b] = [await first, await second];
  return { examples: interleave(a.examples, b.examples, elements(shape)) };
};

/**
 * Pairs of the images of equal index in two data sets of equal size.
 *
 * @param name what the data set and its errors are called
 * @throws UsageError where the two differ in size or in the shape of their images
 */
export const alignedPairs = (name: string, first: FiniteDataset, second: FiniteDataset): FiniteDataset => {
  checkSameShape(name, first, second);
  const { shape, size } = first;
  if (size !== second.size) {
    throw new UsageError(
      `data set ${name}: pairs need as many images of one kind as of the other; got ${size} and ${second.size}`,
    );
  }
  const pairs = finite({
    name,
    shape: [2 * shape[0], ...shape.slice(1)],
    size,
    read: (indices) => paired(first, first.read(indices), second.read(indices)),
  });
  return { ...pairs, pairs: "aligned" };
};

/**
 * Images of two kinds that have nothing to do with each other: each kind comes in an order of its own.
 *
 * @param name what the data set and its errors are called
 * @param first images [C, H, W], the first half of a pair's channels
 * @param second images of the same shape, the other half
 * @throws UsageError where the two differ in the shape of their images
 */
export const independentPairs = (name: string, first: Dataset, second: Dataset): Dataset => {
  checkSameShape(name, first, second);
  return {
    name,
    shape: [2 * first.shape[0], ...first.shape.slice(1)],
    size: Math.max(first.size, second.size),
    pairs: "independent",
    draw(seed, position, count) {
      checkStretch(name, position, count);
      // The same seed would give two data sets of equal size the same order.
      const other = randomStream(seed, "second kind").integer(2 ** 31);
      return paired(first, first.draw(seed, position, count), second.draw(other, position, count));
    },
  };
};

/** Share of the examples that is held out where a data set comes without a test split. */
const HELD_OUT = 0.1;

/**
 * The first nine tenths for training, the last tenth for tests. Not a random tenth: files that follow each other are
 * often variants of one thing, which belong on one side.
 *
 * @param split which part is asked for
 * @throws RunError for fewer than three examples, where those for tests are asked for
 */
export const splitOff = (source: FiniteDataset, split: "train" | "test"): FiniteDataset => {
  // Of two, both are needed for training.
  const border = source.size < 3 ? source.size : Math.floor(source.size * (1 - HELD_OUT));
  if (split === "test" && border === source.size) {
    throw new RunError(`data set ${source.name}: too small to hold any out for tests; got ${source.size}`);
  }
  const start = split === "train" ? 0 : border;
  const { pairs } = source;
  const part = finite({
    ...source,
    size: split === "train" ? border : source.size - border,
    read: (indices) => source.read(indices.map((index) => index + start)),
  });
  return { ...part, ...(pairs && { pairs }) };
};

/**
 * Black for white and a quarter turn clockwise: pixel (y, x) comes from (side − 1 − x, y). For square images.
 *
 * @param image values in [−1, 1], [C, H, W]
 * @throws UsageError for an image that is not square
 */
export const invertAndTurn: ImageMap = (image, [channels, height, width]) => {
  if (height !== width)
    throw new UsageError(`pairs: a quarter turn needs square images; got ${height}×${width}`);
  const out = new Float32Array(image.length);
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        out[(c * height + y) * width + x] = -image[(c * height + (height - 1 - x)) * width + y];
      }
    }
  }
  return out;
};

/** A difference of neighbours, in [−1, 1] units, that counts as an edge. */
const EDGE = 0.4;

/**
 * Black lines on white wherever a pixel differs from its right or lower neighbour in some channel.
 *
 * @param image values in [−1, 1], [C, H, W]
 */
export const outline: ImageMap = (image, [channels, height, width]) => {
  const area = height * width;
  const out = new Float32Array(image.length).fill(1);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      let difference = 0;
      for (let c = 0; c < channels; c++) {
        const value = image[c * area + at];
        if (x + 1 < width) difference = Math.max(difference, Math.abs(value - image[c * area + at + 1]));
        if (y + 1 < height) difference = Math.max(difference, Math.abs(value - image[c * area + at + width]));
      }
      if (difference > EDGE) for (let c = 0; c < channels; c++) out[c * area + at] = -1;
    }
  }
  return out;
};
