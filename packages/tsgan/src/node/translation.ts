/** What models that translate make of pairs of images: pictures of before and after, and distances from the truth. */
import type { Dataset } from "../data/index.ts";
import { UsageError } from "../errors.ts";
import type { GanTrainer } from "../train/index.ts";
import { imageGridPng } from "./png.ts";

/** Small images are enlarged to about this side. */
const READABLE = 64;
/** Images in a row of a picture, about. */
const ROW = 12;

/** Half `place` of each of the pairs, one after the other. */
const halves = (pairs: Float32Array, stride: number, place: 0 | 1): Float32Array => {
  const out = new Float32Array(pairs.length / 2);
  for (let at = 0; at < out.length; at += stride) {
    out.set(pairs.subarray(2 * at + place * stride, 2 * at + (place + 1) * stride), at);
  }
  return out;
};

const strideOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1) / 2;

/** Whether the model changes first images too, as CycleGAN does, or hands them through, as pix2pix does. */
const changesFirst = (sources: Float32Array, outputs: Float32Array, stride: number): boolean => {
  const before = halves(sources, stride, 0);
  return halves(outputs, stride, 0).some((value, i) => value !== before[i]);
};

/**
 * A PNG file of translations, side by side for each pair [a, b]: a, G(a), b, and F(b) of a model that translates both
 * ways.
 *
 * @param sources pairs [n, 2C, H, W] in [−1, 1]
 * @param outputs what the generator gave for them, in the same shape: [a or F(b), G(a)]
 * @param shape of one pair
 */
export const translationPng = (
  sources: Float32Array,
  outputs: Float32Array,
  shape: readonly number[],
): Promise<Uint8Array> => {
  const stride = strideOf(shape);
  const columns = [halves(sources, stride, 0), halves(outputs, stride, 1), halves(sources, stride, 1)];
  if (changesFirst(sources, outputs, stride)) columns.push(halves(outputs, stride, 0));
  const count = sources.length / (2 * stride);
  const tiles = new Float32Array(count * columns.length * stride);
  for (let n = 0; n < count; n++) {
    columns.forEach((images, i) => {
      tiles.set(images.subarray(n * stride, (n + 1) * stride), (n * columns.length + i) * stride);
    });
  }
  return imageGridPng(tiles, [shape[0] / 2, shape[1], shape[2]], {
    columns: columns.length * Math.max(1, Math.floor(ROW / columns.length)),
    scale: Math.max(1, Math.round(READABLE / shape[1])),
  });
};

/** Mean absolute differences from the truth, in units of pixels in [−1, 1]. */
export interface TranslationError {
  readonly direction: "first to second" | "second to first";
  /** E|G(a) − b|. */
  readonly l1: number;
  /** E|a − b|: of a model that changes nothing. */
  readonly identity: number;
}

const l1 = (x: Float32Array, y: Float32Array): number =>
  x.reduce((sum, value, i) => sum + Math.abs(value - y[i]), 0) / x.length;

export interface Translations {
  /** Pairs and what became of them, [count, 2C, H, W]. */
  readonly sources: Float32Array;
  readonly outputs: Float32Array;
  readonly errors: readonly TranslationError[];
}

/** Pairs translated at a time. */
const CHUNK = 256;

/**
 * Translates the first `count` pairs of the data's stream, all if there are fewer.
 *
 * @param trainer a trainer of a model that translates
 * @param dataset pairs of images
 * @param seed that of the stream
 * @throws UsageError for data whose pairs do not belong together: they have no truth
 */
export const translatePairs = async (
  trainer: GanTrainer,
  dataset: Dataset,
  count: number,
  seed: number,
): Promise<Translations> => {
  if (dataset.pairs !== "aligned") {
    throw new UsageError(
      `data set ${dataset.name}: translations are compared with the truth, which only pairs that belong together have; ` +
        "use tsgan sample for pictures",
    );
  }
  const { shape } = dataset;
  const stride = strideOf(shape);
  const wanted = Math.min(count, dataset.size);
  const { examples: sources } = await dataset.draw(seed, 0, wanted);
  const outputs = new Float32Array(sources.length);
  for (let start = 0; start < wanted; start += CHUNK) {
    const some = sources.subarray(2 * stride * start, 2 * stride * Math.min(start + CHUNK, wanted));
    outputs.set(await trainer.sample(some.length / (2 * stride), { sources: some }), 2 * stride * start);
  }
  const [before, after] = [halves(sources, stride, 0), halves(sources, stride, 1)];
  const identity = l1(before, after);
  const errors: TranslationError[] = [
    { direction: "first to second", l1: l1(halves(outputs, stride, 1), after), identity },
  ];
  if (changesFirst(sources, outputs, stride)) {
    errors.push({ direction: "second to first", l1: l1(halves(outputs, stride, 0), before), identity });
  }
  return { sources, outputs, errors };
};
