/**
 * Feature extractors: what examples are compared by. A distance between features means what the features mean, so each
 * extractor says what it is, and its name is printed beside every figure.
 */
import type { Matrix } from "../distances/index.ts";
import { matrix } from "../distances/index.ts";
import { RunError, UsageError } from "../errors.ts";
import {
  describeOnnx,
  elementTypes,
  exposeTensor,
  largestTensor,
  type OnnxInput,
  sizeOf,
} from "../graph/index.ts";
import { type CompileOptions, type LoadedModel, loadModel } from "../runtime/index.ts";
import { resizeImages, toBytes } from "./resize.ts";

export interface Features {
  /** [n, d] */
  readonly features: Matrix;
  /** p(class | example), [n, K]; classifiers only. */
  readonly probabilities?: Matrix;
}

export interface FeatureExtractor {
  /** Printed beside figures: "mnist", "pixels", "inception.onnx:pool3". */
  readonly name: string;
  /** What the features are, in a sentence. */
  readonly description: string;
  /** Shape of one example. */
  readonly inputShape: readonly number[];
  /** Number of classes whose probabilities it gives; classifiers only. */
  readonly classes?: number;
  /** The ONNX model behind it, whose bytes tell it from another one of the same name. */
  readonly model?: Uint8Array;
  /** Features of examples [n, …inputShape], images in [−1, 1]. */
  features(examples: Float32Array): Promise<Features>;
  dispose(): Promise<void>;
}

export type ExtractorOptions = Pick<CompileOptions, "device" | "threads">;

/** Examples that go through a model at a time, at most: fewer where they are large. */
const BATCH = 128;
/** Numbers of a batch, in or out: 128 MiB of float32. */
const BATCH_NUMBERS = 2 ** 25;
/** Numbers of one image, or of a batch whose size a model fixes, at most: 1 GiB of float32. */
const MOST_NUMBERS = 2 ** 28;
/** Features of an image, at most: a covariance of as many is 512 MiB. */
const MOST_FEATURES = 8192;
/** Features of all images together, at most: 4 GiB of float64. */
const MOST_IN_ALL = 2 ** 29;

const gibibytes = (numbers: number, bytes: number): string =>
  `${Number(((numbers * bytes) / 2 ** 30).toPrecision(2))} GiB`;

/** Number of examples in an array of them. */
const countOf = (where: string, examples: Float32Array, shape: readonly number[]): number => {
  const count = examples.length / sizeOf(shape);
  if (!Number.isInteger(count)) {
    throw new UsageError(
      `features ${where}: expected examples of [${shape.join(",")}]; got ${examples.length} values, which is not a whole number of them`,
    );
  }
  return count;
};

/** Most features that are taken of raw pixels: a covariance has their square. */
const MOST_PIXELS = 1024;

/**
 * The examples themselves: coordinates of points, or pixels, averaged down to at most 1,024 values. Pixels know nothing
 * of what an image shows: good enough to tell collapse and noise, not to rank good generators.
 */
export const rawExtractor = (shape: readonly number[]): FeatureExtractor => {
  const [channels, height, width] = shape.length === 3 ? shape : [1, 1, sizeOf(shape)];
  let side = Math.max(height, width);
  const isImage = shape.length === 3;
  while (isImage && channels * side * side > MOST_PIXELS) side--;
  const reduced = isImage && side < Math.max(height, width);
  const to = reduced ? ([side, side] as const) : ([height, width] as const);
  const dimension = channels * to[0] * to[1];
  return {
    name: isImage ? "pixels" : "coordinates",
    description: isImage
      ? `raw pixels${reduced ? `, averaged down to ${side} × ${side}` : ""}: they know nothing of what an image shows`
      : "the coordinates themselves",
    inputShape: shape,
    features: async (examples) => {
      const count = countOf("pixels", examples, shape);
      const values = reduced ? resizeImages(examples, [channels, height, width], to, "area") : examples;
      return { features: matrix(count, dimension, values) };
    },
    dispose: async () => {},
  };
};

/**
 * Runs a model over examples in batches and joins an output's rows. The last batch is filled up where sizes are fixed.
 *
 * @throws RunError for outputs that are not rows of float32 numbers, or too many of them to hold
 */
const runBatches = async (
  model: LoadedModel,
  examples: Float32Array,
  count: number,
  batch: number,
  isFixed: boolean,
  feed: (values: Float32Array, count: number) => Parameters<LoadedModel["run"]>[0],
  outputs: readonly string[],
  where: string,
): Promise<Matrix[]> => {
  const size = examples.length / count;
  const parts: Float64Array[] = [];
  const widths: number[] = [];
  for (let start = 0; start < count; start += batch) {
    const now = Math.min(batch, count - start);
    const fed = isFixed ? batch : now;
    const values = new Float32Array(fed * size);
    values.set(examples.subarray(start * size, (start + now) * size));
    const results = await model.run(feed(values, fed));
    outputs.forEach((name, k) => {
      const { data, shape } = results[name];
      if (shape[0] !== fed || !(data instanceof Float32Array)) {
        const type = data.constructor.name.replace("Array", "").toLowerCase();
        throw new RunError(
          `${where}: layer ${name} must give float32 numbers, a row for each of ${fed} image${fed === 1 ? "" : "s"}; ` +
            `got ${type} of shape [${shape.join(",")}]; choose another layer`,
        );
      }
      widths[k] = data.length / fed;
      if (count * widths[k] > MOST_IN_ALL) {
        throw new RunError(
          `${where}: ${count} images of ${widths[k]} features each need ${gibibytes(count * widths[k], 8)}; ` +
            "take fewer samples, or a layer with fewer features",
        );
      }
      parts[k] ??= new Float64Array(count * widths[k]);
      parts[k].set(data.subarray(0, now * widths[k]), start * widths[k]);
    });
  }
  return parts.map((part, k) => matrix(count, widths[k], part));
};

/**
 * A classifier written by `trainClassifier`: the activations of its last hidden layer, and its class probabilities.
 *
 * @param file what errors call the model
 */
export const classifierExtractor = async (
  model: Uint8Array,
  file: string,
  options: ExtractorOptions = {},
): Promise<FeatureExtractor> => {
  const { inputs, outputs, metadata } = describeOnnx(model, file);
  const names = ["features", "probabilities"];
  if (inputs.length !== 1 || names.some((name) => !outputs.includes(name))) {
    throw new RunError(
      `${file}: expected a classifier with one input and the outputs features and probabilities; ` +
        `got ${inputs.length} inputs and the outputs ${outputs.join(", ")}`,
    );
  }
  const [{ name: input, shape }] = inputs;
  const inputShape = shape.slice(1) as number[];
  const loaded = await loadModel(model, file, options);
  const accuracy = (100 * Number(metadata.testAccuracy)).toFixed(2);
  const probe = await loaded.run({
    [input]: { data: new Float32Array(sizeOf(inputShape)), shape: [1, ...inputShape] },
  });
  return {
    name: `${metadata.dataset} classifier`,
    description: `the last hidden layer of a small classifier trained on ${metadata.dataset} (${accuracy} % of its test set right), not Inception`,
    inputShape,
    classes: probe.probabilities.data.length,
    model,
    features: async (examples) => {
      const count = countOf(file, examples, inputShape);
      const feed = (data: Float32Array, n: number) => ({ [input]: { data, shape: [n, ...inputShape] } });
      const [features, probabilities] = await runBatches(
        loaded,
        examples,
        count,
        BATCH,
        false,
        feed,
        names,
        file,
      );
      return { features, probabilities };
    },
    dispose: () => loaded.dispose(),
  };
};

/**
 * The features of each channel of a stacked image side by side, and the probabilities of all combinations of their
 * classes: p(abc) = p(a) p(b) p(c).
 */
export const stackedExtractor = (inner: FeatureExtractor, channels: number): FeatureExtractor => ({
  name: `${inner.name} of each channel`,
  description: `${inner.description}; of each channel`,
  inputShape: [channels, ...inner.inputShape.slice(1)],
  ...(inner.classes && { classes: inner.classes ** channels }),
  ...(inner.model && { model: inner.model }),
  features: async (examples) => {
    // A channel is an image to `inner`, so that [n, channels, H, W] are n · channels of them.
    const { features, probabilities } = await inner.features(examples);
    const count = features.rows / channels;
    const joined = matrix(count, features.columns * channels, features.data);
    if (probabilities === undefined) return { features: joined };
    return { features: joined, probabilities: jointProbabilities(probabilities, channels) };
  },
  dispose: () => inner.dispose(),
});

/** p(c₁) p(c₂) … for all combinations of classes, the last channel fastest; rows of one example follow each other. */
const jointProbabilities = ({ rows, columns, data }: Matrix, channels: number): Matrix => {
  const count = rows / channels;
  const combinations = columns ** channels;
  const joint = new Float64Array(count * combinations);
  for (let i = 0; i < count; i++) {
    let row = Float64Array.of(1);
    for (let c = 0; c < channels; c++) {
      const own = data.subarray((i * channels + c) * columns, (i * channels + c + 1) * columns);
      row = Float64Array.from({ length: row.length * columns }, (_, k) => {
        return row[Math.floor(k / columns)] * own[k % columns];
      });
    }
    joint.set(row, i * combinations);
  }
  return matrix(count, combinations, joint);
};

export interface OnnxExtractorOptions extends ExtractorOptions {
  /** What errors and figures call the model. */
  readonly file: string;
  /** Tensor (or node) whose values are the features; the model's first output without. */
  readonly layer?: string | undefined;
  /** Shape of the images that will be given: [channels, height, width]. */
  readonly shape: readonly number[];
}

/**
 * Any ONNX model that takes images as [batch, channels, height, width]: float32 in [−1, 1] or uint8 in 0 … 255. Images
 * are resized bilinearly (half-pixel centres, no antialiasing) to the model's sides where it has fixed ones, and grey is
 * repeated where it wants three channels. A layer with positions, [batch, C, H, W], gives C·H·W features, up to 8,192.
 * One image is tried at once, so that what does not work is known before anything is trained or judged.
 *
 * @throws UsageError for a layer that the model does not have, or that has too many features, or a model that does not
 *   take images, or too large ones
 * @throws RunError for a model that cannot be run, or a layer that gives no rows of float32 numbers
 */
export const onnxExtractor = async (
  bytes: Uint8Array,
  { file, layer, shape, ...options }: OnnxExtractorOptions,
): Promise<FeatureExtractor> => {
  const { inputs, outputs } = describeOnnx(bytes, file);
  const input = checkImageInput(file, inputs, shape);
  const { model, output } = exposeTensor(bytes, layer ?? outputs[0], file);
  const [channels, height, width] = shape;
  const wanted = [input.shape[1] ?? channels, input.shape[2] ?? height, input.shape[3] ?? width] as const;
  const fixed = input.shape[0];
  checkSize(file, fixed, wanted);
  const largest = largestTensor(bytes, file);
  if (largest.numbers > MOST_NUMBERS) {
    throw new UsageError(
      `${file}: its tensor ${largest.name} has ${largest.numbers} numbers, more than ${gibibytes(MOST_NUMBERS, 4)}; ` +
        "use a smaller model",
    );
  }
  const isBytes = input.type === elementTypes.uint8;
  const loaded = await loadModel(model, file, options);
  const feed = (values: Float32Array, count: number) => {
    const sized = resizeImages(values, [channels, height, width], [wanted[1], wanted[2]], "bilinear");
    const coloured = wanted[0] === channels ? sized : repeatChannel(sized, count, wanted[0]);
    return {
      [input.name]: { data: isBytes ? toBytes(coloured) : coloured, shape: [count, ...wanted] },
    };
  };
  const run = (examples: Float32Array, count: number, batch: number): Promise<Matrix[]> =>
    runBatches(loaded, examples, count, fixed ?? batch, fixed !== undefined, feed, [output], file);
  const columnCount = await tried(loaded, async () => {
    const [{ columns }] = await run(new Float32Array(sizeOf(shape)), 1, 1);
    if (columns <= MOST_FEATURES) return columns;
    throw new UsageError(
      `${file}: layer ${output} gives ${columns} features of an image, at most ${MOST_FEATURES} can be compared: a ` +
        `covariance of so many needs ${gibibytes(columns ** 2, 8)}; choose a layer behind a pooling`,
    );
  });
  const batch = Math.max(
    1,
    Math.min(BATCH, Math.floor(BATCH_NUMBERS / Math.max(sizeOf(wanted), columnCount))),
  );
  return {
    name: `${file}${layer === undefined ? "" : `:${layer}`}`,
    description:
      `${layer === undefined ? "the first output" : `layer ${layer}`} of ${file}, which takes ` +
      `[${wanted.join(",")}] ${isBytes ? "bytes" : "in [−1, 1]"}; it means what the model has learnt`,
    inputShape: shape,
    model,
    features: async (examples) => {
      const [features] = await run(examples, countOf(file, examples, shape), batch);
      return { features };
    },
    dispose: () => loaded.dispose(),
  };
};

/** The result of a first try; a model that fails it is released. */
const tried = async <T>(model: LoadedModel, attempt: () => Promise<T>): Promise<T> => {
  try {
    return await attempt();
  } catch (error) {
    await model.dispose();
    throw error;
  }
};

/** Refuses images, or fixed batches of them, that would not fit into memory. @throws UsageError */
const checkSize = (file: string, batch: number | undefined, wanted: readonly number[]): void => {
  const numbers = (batch ?? 1) * sizeOf(wanted);
  if (numbers <= MOST_NUMBERS) return;
  throw new UsageError(
    `${file}: it takes ${(batch ?? 1) === 1 ? "an image" : `${batch} images`} of [${wanted.join(",")}] at a time, which need ` +
      `${gibibytes(numbers, 4)}, more than ${gibibytes(MOST_NUMBERS, 4)}; use a model of smaller images`,
  );
};

const checkImageInput = (file: string, inputs: readonly OnnxInput[], shape: readonly number[]): OnnxInput => {
  const spell = ({ name, type, shape: sides }: OnnxInput): string =>
    `${name} ${typeNames[type] ?? `of type ${type}`} [${sides.map((side) => side ?? "?").join(",")}]`;
  if (shape.length !== 3) {
    throw new UsageError(
      `${file}: a feature model takes images; the data have examples of [${shape.join(",")}], which are compared by their ` +
        "own coordinates; do without it",
    );
  }
  const [input] = inputs;
  const { uint8, float32 } = elementTypes;
  const fits =
    inputs.length === 1 &&
    input.shape.length === 4 &&
    [1, 3, undefined].includes(input.shape[1]) &&
    (input.type === float32 || input.type === uint8);
  if (!fits) {
    throw new UsageError(
      `${file}: expected one input of images [batch,1 or 3,height,width], float32 in [−1, 1] or uint8; ` +
        `got ${inputs.map(spell).join(", ") || "none"}${isTurned(inputs) ? "; put a transpose in front of it" : ""}`,
    );
  }
  if (input.shape[1] === 1 && shape[0] !== 1) {
    throw new UsageError(
      `${file}: it takes grey images; the data have ${shape[0]} channels; use a model for colour`,
    );
  }
  return input;
};

/** Names of ONNX's element types, as its papers have them. */
const typeNames: Readonly<Record<number, string>> = {
  1: "float32",
  2: "uint8",
  3: "int8",
  6: "int32",
  7: "int64",
  9: "bool",
  10: "float16",
  11: "float64",
  16: "bfloat16",
};

/** Whether the channels come last. */
const isTurned = ([input, ...others]: readonly OnnxInput[]): boolean =>
  others.length === 0 && input?.shape.length === 4 && (input.shape[3] === 1 || input.shape[3] === 3);

const repeatChannel = (images: Float32Array, count: number, channels: number): Float32Array => {
  const area = images.length / count;
  const out = new Float32Array(images.length * channels);
  for (let i = 0; i < count; i++) {
    const image = images.subarray(i * area, (i + 1) * area);
    for (let c = 0; c < channels; c++) out.set(image, (i * channels + c) * area);
  }
  return out;
};
