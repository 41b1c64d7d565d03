import type { Matrix } from "../../distances/index.ts";
import { UsageError } from "../../errors.ts";
import {
  describeOnnx,
  elementTypeName,
  elementTypes,
  exposeTensor,
  largestTensor,
  type OnnxInput,
  sizeOf,
} from "../../graph/index.ts";
import { checkChoice, checkKeys } from "../../options.ts";
import { type LoadedModel, loadModel } from "../../runtime/index.ts";
import { countOf, type ExtractorOptions, type FeatureExtractor } from "../extractor.ts";
import { resizeImages, toBytes } from "../resize.ts";
import {
  type FeaturePreset,
  type FeaturePresetName,
  featurePresetNames,
  featurePresets,
  preparedFor,
} from "./presets.ts";
import { BATCH, gibibytes, runBatches } from "./run-batches.ts";

/** Numbers of a batch, in or out: 128 MiB of float32. */
const BATCH_NUMBERS = 2 ** 25;
/** Numbers of one image, or of a batch whose size a model fixes, at most: 1 GiB of float32. */
const MOST_NUMBERS = 2 ** 28;
/** Features of an image, at most: a covariance of as many is 512 MiB. */
const MOST_FEATURES = 8192;

export interface OnnxExtractorOptions extends ExtractorOptions {
  /** What errors and figures call the model. */
  readonly file: string;
  /** Tensor (or node) whose values are the features; the model's first output without. */
  readonly layer?: string | undefined;
  /** A network whose range, sides and layer are known; [−1, 1], the model's sides and its first output without. */
  readonly preset?: FeaturePresetName | undefined;
  /** Shape of the images that will be given: [channels, height, width]. */
  readonly shape: readonly number[];
}

/**
 * Any ONNX model that takes images as [batch, channels, height, width]: float32 in [−1, 1] or uint8 in 0 … 255. Images
 * are resized bilinearly (half-pixel centres, no antialiasing) to the model's sides where it has fixed ones, and grey is
 * repeated where it wants three channels. A layer with positions, [batch, C, H, W], gives C·H·W features, up to 8,192.
 * A layer of tokens, [batch, T, C], gives its first one with the preset of a network that has a class token. A `preset` knows the range.
 * One image is tried at once, so that what does not work is known before anything is trained or judged.
 *
 * @param bytes the ONNX file
 * @param given the file's name for errors, the shape of the data, the `layer`, the `preset`, the device
 * @throws UsageError for a layer that the model does not have, or that has too many features, or a model that does not
 *   take images, or too large ones
 * @throws RunError for a model that cannot be run, or a layer that gives no rows of float32 numbers
 */
export const onnxExtractor = async (
  bytes: Uint8Array,
  given: OnnxExtractorOptions,
): Promise<FeatureExtractor> => {
  checkKeys("onnxExtractor", given, ["file", "layer", "preset", "shape", "device", "threads"]);
  const { file, layer: asked, preset: name, shape, ...options } = given;
  if (name !== undefined) checkChoice("onnxExtractor", "preset", name, featurePresetNames);
  const preset: FeaturePreset | undefined = name && featurePresets[name];
  const { inputs, outputs } = describeOnnx(bytes, file);
  const input = checkImageInput(file, inputs, shape);
  const layer = asked ?? preset?.layers.find((each) => outputs.includes(each));
  const { model, output } = exposeTensor(bytes, layer ?? outputs[0], file);
  const [channels, height, width] = shape;
  const usual = preset === undefined ? [channels, height, width] : [3, preset.side, preset.side];
  const wanted = [0, 1, 2].map((i) => input.shape[i + 1] ?? usual[i]) as [number, number, number];
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
  const prepared = (images: Float32Array, count: number): Float32Array | Uint8Array => {
    if (isBytes) return toBytes(images);
    return preset === undefined || wanted[0] !== 3 ? images : preparedFor(preset, images, count);
  };
  const feed = (values: Float32Array, count: number) => {
    const sized = resizeImages(values, [channels, height, width], [wanted[1], wanted[2]], "bilinear");
    const coloured = wanted[0] === channels ? sized : repeatChannel(sized, count, wanted[0]);
    return {
      [input.name]: { data: prepared(coloured, count), shape: [count, ...wanted] },
    };
  };
  const run = (examples: Float32Array, count: number, batch: number): Promise<Matrix[]> =>
    runBatches(loaded, examples, count, fixed ?? batch, fixed !== undefined, feed, [output], file, {
      firstToken: preset !== undefined,
    });
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
      `[${wanted.join(",")}] ${isBytes ? "bytes" : name === undefined ? "in [−1, 1]" : `as ${name} does`}; it means what the model has learnt`,
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
    `${name} ${elementTypeName(type)} [${sides.map((side) => side ?? "?").join(",")}]`;
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
