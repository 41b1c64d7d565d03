/** Data sets with a fixed number of examples: epochs, shuffling and batches that straddle two epochs. */
import { UsageError } from "../errors.ts";
import { randomStream } from "../random/index.ts";
import type { Batch, Dataset } from "./dataset.ts";
import { checkIndices, checkStretch } from "./stream.ts";

/** What a finite data set has to supply: everything but the order of the examples. */
export interface FiniteSource extends Pick<Dataset, "name" | "shape" | "size" | "classes"> {
  /** The examples of the given indices, all below `size`. */
  read(indices: Uint32Array): Batch | Promise<Batch>;
}

/** A data set with a finite `size`, whose examples can be read by index. */
export interface FiniteDataset extends Dataset {
  read(indices: Uint32Array): Batch | Promise<Batch>;
}

/** Orders kept: a batch may need two epochs, and evaluation may read under another seed than training. */
const KEPT_ORDERS = 4;

/**
 * The endless stream over a finite source: epoch e visits all examples once, in the order
 * `randomStream(seed, "shuffle", e).permutation(size)`.
 *
 * @throws UsageError for a source without examples; when it is read, for positions that are no whole numbers of at least
 * 0, and for indices from the size on
 */
export const finite = (source: FiniteSource): FiniteDataset => {
  const { name, shape, size, classes } = source;
  if (!(Number.isInteger(size) && size >= 1)) {
    throw new UsageError(`data set ${name}: needs at least one example; got ${size}`);
  }
  const orders = new Map<string, Uint32Array>();
  const order = (seed: number, epoch: number): Uint32Array => {
    const key = `${seed}:${epoch}`;
    const known = orders.get(key);
    if (known !== undefined) return known;
    const shuffled = randomStream(seed, "shuffle", epoch).permutation(size);
    if (orders.size === KEPT_ORDERS) orders.delete(orders.keys().next().value!);
    orders.set(key, shuffled);
    return shuffled;
  };
  return {
    name,
    shape,
    size,
    ...(classes && { classes }),
    draw(seed, position, count) {
      checkStretch(name, position, count);
      const indices = new Uint32Array(count);
      for (let filled = 0; filled < count; ) {
        const epoch = Math.floor((position + filled) / size);
        const start = (position + filled) % size;
        const part = order(seed, epoch).subarray(start, start + count - filled);
        indices.set(part, filled);
        filled += part.length;
      }
      return source.read(indices);
    },
    read(indices) {
      checkIndices(name, indices, size);
      return source.read(indices);
    },
  };
};

const elements = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);

/** Refuses a shape, labels or classes that do not fit `values` numbers; returns how many examples there are. */
const countExamples = (
  name: string,
  shape: readonly number[],
  values: number,
  labels?: Int32Array,
  classes?: readonly string[],
): number => {
  const stride = elements(shape);
  if (!(Number.isInteger(stride) && stride > 0 && values % stride === 0)) {
    throw new UsageError(
      `data set ${name}: the number of values must be a multiple of an example's ${stride} ([${shape.join(",")}]); got ${values}`,
    );
  }
  const count = values / stride;
  if ((labels === undefined) !== (classes === undefined)) {
    throw new UsageError(`data set ${name}: labels and classes come together; got only one of them`);
  }
  if (labels !== undefined && classes !== undefined) {
    if (labels.length !== count) {
      throw new UsageError(
        `data set ${name}: expected one label an example, ${count} in all; got ${labels.length}`,
      );
    }
    const stray = labels.findIndex((label) => !(label >= 0 && label < classes.length));
    if (stray !== -1) {
      throw new UsageError(
        `data set ${name}: labels must lie in 0 … ${classes.length - 1}; got ${labels[stray]} at example ${stray}`,
      );
    }
  }
  return count;
};

const pick = (labels: Int32Array | undefined, indices: Uint32Array): { labels?: Int32Array } =>
  labels === undefined ? {} : { labels: Int32Array.from(indices, (index) => labels[index]) };

/**
 * A data set from numbers in memory.
 *
 * @param options.shape shape of one example
 * @param options.examples the examples one after the other, float32; images in [−1, 1]
 * @param options.labels one index into `classes` an example
 * @example
 * ```ts
 * import { data, gan } from "tsgan";
 *
 * // Eight points on a circle: any numbers that are in memory.
 * const examples = Float32Array.from({ length: 16 }, (_, i) =>
 *   (i % 2 === 0 ? Math.cos : Math.sin)((2 * Math.PI * (i >> 1)) / 8),
 * );
 * const run = gan({ data: data.fromExamples({ name: "circle", shape: [2], examples }), batch: 8 });
 * await run.train({ steps: 20 });
 * await run.dispose();
 * ```
 */
export const fromExamples = (options: {
  name: string;
  shape: readonly number[];
  examples: Float32Array;
  labels?: Int32Array;
  classes?: readonly string[];
}): FiniteDataset => {
  const { name, shape, examples, labels, classes } = options;
  const stride = elements(shape);
  return finite({
    name,
    shape,
    size: countExamples(name, shape, examples.length, labels, classes),
    ...(classes && { classes }),
    read(indices) {
      const out = new Float32Array(indices.length * stride);
      indices.forEach((index, i) => {
        out.set(examples.subarray(index * stride, (index + 1) * stride), i * stride);
      });
      return { examples: out, ...pick(labels, indices) };
    },
  });
};

/** The float of each byte: 0 … 255 to [−1, 1]. */
const SCALED = Float32Array.from({ length: 256 }, (_, byte) => byte / 127.5 - 1);

/**
 * Writes bytes 0 … 255 as floats in [−1, 1] to `out` from `offset` on.
 *
 * @param pixels 0 … 255: x becomes x / 127.5 − 1
 */
export const scalePixels = (pixels: Uint8Array, out: Float32Array, offset = 0): void => {
  for (let i = 0; i < pixels.length; i++) out[offset + i] = SCALED[pixels[i]];
};

/**
 * A data set from images as bytes, NCHW. They stay bytes in memory and become floats in [−1, 1] when read.
 *
 * @param options `pixels` [N, C, H, W] of `shape` [C, H, W], 0 … 255; `labels` [N], whole numbers from 0, and the names
 * of their `classes`
 */
export const fromPixels = (options: {
  name: string;
  shape: readonly [channels: number, height: number, width: number];
  pixels: Uint8Array;
  labels?: Int32Array;
  classes?: readonly string[];
}): FiniteDataset => {
  const { name, shape, pixels, labels, classes } = options;
  const stride = elements(shape);
  return finite({
    name,
    shape,
    size: countExamples(name, shape, pixels.length, labels, classes),
    ...(classes && { classes }),
    read(indices) {
      const examples = new Float32Array(indices.length * stride);
      indices.forEach((index, i) => {
        scalePixels(pixels.subarray(index * stride, (index + 1) * stride), examples, i * stride);
      });
      return { examples, ...pick(labels, indices) };
    },
  });
};
