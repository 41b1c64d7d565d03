/** Features and moments of training sets, kept between evaluations. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Dataset } from "../data/index.ts";
import { matrix } from "../distances/index.ts";
import { RunError } from "../errors.ts";
import {
  type FeatureExtractor,
  type Reference,
  type ReferenceOptions,
  referenceOf,
} from "../metrics/index.ts";
import { decodeSafetensors, encodeSafetensors } from "../train/safetensors.ts";
import { cacheFolder } from "./cache.ts";
import { isMissing, readBytes, writeFileAtomic } from "./files.ts";

const FORMAT = "tsgan-statistics-1";
/** Examples that tell a data set from another one of the same name, shape and size. */
const WITNESSES = 64;

/** Everything that the statistics depend on, as a name of a file. */
const keyOf = async (
  dataset: Dataset,
  { name, description, model, features }: FeatureExtractor,
  count: number | undefined,
): Promise<string> => {
  const { examples } = await dataset.draw(0, 0, WITNESSES);
  const hash = createHash("sha256");
  const { shape, size, contents = null } = dataset;
  hash.update(
    JSON.stringify([FORMAT, dataset.name, shape, String(size), contents, name, description, count ?? null]),
  );
  hash.update(new Uint8Array(examples.buffer, examples.byteOffset, examples.byteLength));
  // Without a model, what it gives tells an extractor from another one of the same name.
  hash.update(model ?? Float64Array.from((await features(examples)).features.data));
  return hash.digest("hex").slice(0, 32);
};

/** safetensors knows no float64: two int32 for each number, bit for bit. */
const asPairs = (values: ArrayLike<number>): Int32Array => new Int32Array(Float64Array.from(values).buffer);
const fromPairs = (pairs: ArrayLike<number>): Float64Array => new Float64Array(Int32Array.from(pairs).buffer);

const encode = ({ count, moments, features }: Reference): Uint8Array => {
  const mean = asPairs(moments.mean);
  const covariance = asPairs(moments.covariance.data);
  return encodeSafetensors(
    {
      mean: { shape: [mean.length], data: mean },
      covariance: { shape: [covariance.length], data: covariance },
      // Models and data give float32: nothing is lost.
      features: { shape: [features.rows, features.columns], data: Float32Array.from(features.data) },
    },
    { format: FORMAT, count: String(count) },
  );
};

const decode = (bytes: Uint8Array, file: string): Reference => {
  const { tensors, metadata } = decodeSafetensors(bytes, file);
  const { mean, covariance, features } = tensors;
  const d = mean.data.length / 2;
  return {
    count: Number(metadata.count),
    moments: { mean: fromPairs(mean.data), covariance: matrix(d, d, fromPairs(covariance.data)) },
    features: matrix(features.shape[0], features.shape[1], features.data),
  };
};

/** References that this process has used last, for one that judges run after run: some ten megabytes each. */
const recent = new Map<string, Reference>();
const MOST_RECENT = 3;

const remember = (key: string, reference: Reference): Reference => {
  recent.delete(key);
  recent.set(key, reference);
  for (const oldest of [...recent.keys()].slice(0, -MOST_RECENT)) recent.delete(oldest);
  return reference;
};

/**
 * `referenceOf`, kept in the cache folder. A file that cannot be read is written anew; one that cannot be written costs
 * time only. `cacheFolder` is where the files lie; the other `options` are those of `referenceOf`.
 *
 * @param dataset real examples
 * @param extractor what gives their features
 * @throws UsageError and RunError as `referenceOf` does; no file of the cache is an error
 */
export const cachedReference = async (
  dataset: Dataset,
  extractor: FeatureExtractor,
  { cacheFolder: folder, ...options }: ReferenceOptions & { readonly cacheFolder?: string | undefined } = {},
): Promise<Reference> => {
  const key = await keyOf(dataset, extractor, options.count);
  const file = join(cacheFolder(folder), "statistics", `${key}.safetensors`);
  const known = recent.get(file);
  if (known !== undefined) return remember(file, known);
  try {
    return remember(file, decode(readBytes(file), file));
  } catch (error) {
    if (!(isMissing(error) || error instanceof RunError)) throw error;
  }
  const reference = await referenceOf(dataset, extractor, options);
  try {
    writeFileAtomic(file, encode(reference));
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
  }
  return remember(file, reference);
};
