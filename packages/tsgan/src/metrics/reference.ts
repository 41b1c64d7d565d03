/** What is kept of a training set to judge samples against: computed once, cached by whoever has files. */
import type { Dataset } from "../data/index.ts";
import { type Gaussian, type Matrix, matmul, matrix, transpose } from "../distances/index.ts";
import { RunError } from "../errors.ts";
import { checkInteger, checkKeys } from "../options.ts";
import type { FeatureExtractor } from "./extractor.ts";

export interface Reference {
  /** Number of examples that `moments` are of. */
  readonly count: number;
  /** Mean and covariance (divisor n − 1) of all features. */
  readonly moments: Gaussian;
  /** Features of the first examples of a shuffle, [n, d]: all of them where that is not too much. */
  readonly features: Matrix;
}

/** A product of float64 matrices: the one here, or ONNX Runtime's where there are many columns. */
export type Multiply = (left: Matrix, right: Matrix) => Matrix | Promise<Matrix>;

/** Below this number of columns the overhead of a device eats what its product gains. */
const WIDE = 256;

/** The product to use for features of so many columns. */
export const productFor = (columns: number, multiply: Multiply | undefined): Multiply =>
  columns >= WIDE ? (multiply ?? matmul) : matmul;

/**
 * What stands for the statistics of a training set where no metric looks at them.
 *
 * @param count number of its examples
 */
export const noReference = (count: number): Reference => ({
  count,
  moments: { mean: new Float64Array(0), covariance: matrix(0, 0, new Float64Array(0)) },
  features: matrix(0, 0, new Float64Array(0)),
});

export interface ReferenceOptions {
  /** Examples of a distribution that is sampled afresh; a finite data set is taken whole. 10,000 without. */
  readonly count?: number;
  readonly multiply?: Multiply;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Examples of a finite data set that are looked at, at most. */
const MOST_EXAMPLES = 100_000;
/** Numbers of features that are kept, at most: 32 MB of float64. */
const MOST_KEPT = 4_000_000;
const LEAST_KEPT = 5000;
/** Whole batches of an extractor, so that the last of a stretch is no shorter than the others. */
const STRETCH = 1024;
/** Not a training seed: what a generator saw in training should not be what it is judged by, where data are endless. */
export const REFERENCE_SEED = 990_017;

/**
 * Features and their moments of a data set, read a stretch at a time, in the order of `REFERENCE_SEED`.
 *
 * @param dataset real examples
 * @param extractor what gives their features
 * @param options how many examples of data that are sampled afresh (`count`; 10,000 without), what multiplies matrices, and who is
 * told of the progress
 * @returns the features, their mean and covariance
 * @throws UsageError for a count below 2, RunError for data of fewer than two examples
 */
export const referenceOf = async (
  dataset: Dataset,
  extractor: FeatureExtractor,
  options: ReferenceOptions = {},
): Promise<Reference> => {
  checkKeys("referenceOf", options, ["count", "multiply", "onProgress"]);
  const { count = 10_000, multiply, onProgress } = options;
  checkInteger("referenceOf", "count", count, 2);
  const total = Math.min(MOST_EXAMPLES, Number.isFinite(dataset.size) ? dataset.size : count);
  if (total < 2)
    throw new RunError(`data set ${dataset.name}: metrics need at least 2 examples; got ${total}`);
  let sums: RunningMoments | undefined;
  let kept: Float64Array | undefined;
  let keep = 0;
  for (let start = 0; start < total; start += STRETCH) {
    const now = Math.min(STRETCH, total - start);
    const { examples } = await dataset.draw(REFERENCE_SEED, start, now);
    const { features } = await extractor.features(examples);
    const d = features.columns;
    keep = Math.min(total, Math.max(LEAST_KEPT, Math.floor(MOST_KEPT / d)));
    kept ??= new Float64Array(keep * d);
    kept.set(
      features.data.subarray(0, Math.max(0, Math.min(now, keep - start)) * d),
      start < keep ? start * d : 0,
    );
    sums ??= runningMoments(d, productFor(d, multiply));
    await sums.add(features);
    onProgress?.(start + now, total);
  }
  const moments = (sums as RunningMoments).moments();
  return { count: total, moments, features: matrix(keep, moments.mean.length, kept as Float64Array) };
};

interface RunningMoments {
  add(rows: Matrix): Promise<void>;
  moments(): Gaussian;
}

/**
 * Mean and covariance of rows that come in parts. Sums are taken about the first row: little cancels, and a feature that
 * never changes, such as a pixel of the margin, has a variance of exactly 0.
 */
const runningMoments = (d: number, multiply: Multiply): RunningMoments => {
  let count = 0;
  let shift: Float64Array | undefined;
  const sum = new Float64Array(d);
  const products = new Float64Array(d * d);
  return {
    async add({ rows, data }) {
      shift ??= data.slice(0, d);
      const shifted = new Float64Array(data.length);
      for (let i = 0; i < rows; i++) {
        for (let k = 0; k < d; k++) {
          const value = data[i * d + k] - shift[k];
          shifted[i * d + k] = value;
          sum[k] += value;
        }
      }
      const part = matrix(rows, d, shifted);
      const gram = await multiply(transpose(part), part);
      for (let k = 0; k < products.length; k++) products[k] += gram.data[k];
      count += rows;
    },
    moments() {
      const covariance = new Float64Array(d * d);
      for (let j = 0; j < d; j++) {
        for (let k = 0; k < d; k++) {
          covariance[j * d + k] = (products[j * d + k] - (sum[j] * sum[k]) / count) / (count - 1);
        }
      }
      const mean = sum.map((total, k) => total / count + (shift as Float64Array)[k]);
      return { mean, covariance: matrix(d, d, covariance) };
    },
  };
};

/** Moments of all rows, with the product given: those of `referenceOf`, to the bit, for the same features in its order. */
export const momentsOf = async (rows: Matrix, multiply: Multiply): Promise<Gaussian> => {
  const { columns, data } = rows;
  const sums = runningMoments(columns, multiply);
  for (let start = 0; start < rows.rows; start += STRETCH) {
    const count = Math.min(STRETCH, rows.rows - start);
    await sums.add(matrix(count, columns, data.subarray(start * columns, (start + count) * columns)));
  }
  return sums.moments();
};
