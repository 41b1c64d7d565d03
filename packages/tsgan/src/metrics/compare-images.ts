/** One call for two sets of images in memory. */
import { type Dataset, fromExamples } from "../data/index.ts";
import { checkFinite } from "../distances/check.ts";
import { UsageError } from "../errors.ts";
import { checkInteger, checkKeys } from "../options.ts";
import type { MetricChoice } from "./catalogue.ts";
import { checkMetrics, evaluate, type Judgement } from "./evaluate.ts";
import type { FeatureExtractor } from "./extractor.ts";
import { rawExtractor } from "./features/raw.ts";
import { type Multiply, REFERENCE_SEED, referenceOf } from "./reference.ts";

/** Images [n, channels, height, width]: numbers in [−1, 1], or bytes 0 … 255 in a Uint8Array or Uint8ClampedArray. */
export interface Images {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
}

export interface CompareImagesOptions {
  /** What images are compared by: of `onnxExtractor`, say; raw pixels without. It is not disposed of. */
  readonly features?: FeatureExtractor | undefined;
  /** Metrics by name, with options, or themselves; without, all that apply. */
  readonly metrics?: readonly MetricChoice[] | undefined;
  /** Chooses subsets, pairs and directions; 0 without. */
  readonly seed?: number | undefined;
  /** The product for features of hundreds of columns (`openProduct`); plain code without. */
  readonly multiply?: Multiply | undefined;
}

interface Checked {
  readonly count: number;
  /** [channels, height, width] */
  readonly shape: readonly number[];
  /** In [−1, 1]. */
  readonly values: Float32Array;
}

/** Room for the rounding of a resized or augmented image. */
const MOST = 1.01;

const checked = (name: string, images: Images): Checked => {
  const where = "compareImages";
  const { data, shape } = images ?? {};
  const isShape =
    Array.isArray(shape) && shape.length === 4 && shape.every((side) => Number.isInteger(side) && side >= 1);
  if (!isShape) {
    throw new UsageError(
      `${where}: ${name} must be { data, shape: [n, channels, height, width] }; got a shape of ${JSON.stringify(shape)}`,
    );
  }
  const [count, ...rest] = shape;
  const size = rest.reduce((product, side) => product * side, 1);
  if (data?.length !== count * size) {
    throw new UsageError(
      `${where}: ${name} of [${shape.join(",")}] must hold ${count * size} numbers; got ${data?.length ?? "none"}`,
    );
  }
  if (count < 2) throw new UsageError(`${where}: ${name} must hold at least 2 images; got ${count}`);
  if (data instanceof Uint8Array || data instanceof Uint8ClampedArray) {
    return { count, shape: rest, values: Float32Array.from(data, (byte) => byte / 127.5 - 1) };
  }
  checkFinite(where, name, data);
  const values = data instanceof Float32Array ? data : Float32Array.from(data);
  const outside = values.find((value) => Math.abs(value) > MOST);
  if (outside !== undefined) {
    throw new UsageError(
      `${where}: ${name} must be numbers in [−1, 1], or bytes in a Uint8Array; got ${outside}; divide by 127.5 and take 1 off`,
    );
  }
  return { count, shape: rest, values };
};

const datasetOf = ({ shape, values }: Checked): Dataset =>
  fromExamples({ name: "images", shape, examples: values });

/**
 * Compares two sets of images by every metric that applies: FID, KID, precision and recall, density and coverage, MS-SSIM
 * of pairs, nearest neighbours; with a classifier's features the Inception score and modes, too. A set compared with
 * itself has FID 0.
 *
 * @param real the images to compare with, [n, channels, height, width], n ≥ 2
 * @param fake the images that are judged, of the same channels and sides
 * @returns figures, and what could not be computed with the reason
 * @throws UsageError for images that do not fit, and for a metric that does not exist or does not suit them
 * @example
 * ```ts
 * import { compareImages } from "tsgan/metrics";
 *
 * const images = { data: Uint8Array.from({ length: 40 * 784 }, (_, i) => (7 * i) % 256), shape: [40, 1, 28, 28] };
 * const { figures, leftOut } = await compareImages(images, images, { metrics: ["fid", "kid"] });
 * for (const { label, value, note } of figures) console.log(label, value, note); // FID 0 …
 * ```
 */
export const compareImages = async (
  real: Images,
  fake: Images,
  options: CompareImagesOptions = {},
): Promise<Judgement> => {
  const where = "compareImages";
  checkKeys(where, options, ["features", "metrics", "seed", "multiply"]);
  const { metrics, seed = 0, multiply } = options;
  checkInteger(where, "seed", seed, 0);
  const [reals, fakes] = [checked("real", real), checked("fake", fake)];
  const { features: extractor = rawExtractor(reals.shape) } = options;
  for (const [name, shape] of [
    ["fake", fakes.shape],
    ["features", extractor.inputShape],
  ] as const) {
    if (shape.join() === reals.shape.join()) continue;
    throw new UsageError(
      `${where}: ${name} must be of the same channels and sides as real, [${reals.shape.join(",")}]; got [${shape.join(",")}]`,
    );
  }
  const dataset = datasetOf(reals);
  checkMetrics({ dataset, extractor }, metrics ?? []);
  const reference = await referenceOf(dataset, extractor, { ...(multiply && { multiply }) });
  // Both are looked at in the same order: a set and itself have the same moments to the bit.
  const { examples: samples } = await datasetOf(fakes).draw(REFERENCE_SEED, 0, fakes.count);
  return evaluate({ samples, dataset, extractor, reference, seed, multiply }, { metrics });
};
