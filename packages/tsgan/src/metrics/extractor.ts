/**
 * Feature extractors: what examples are compared by. A distance between features means what the features mean, so each
 * extractor says what it is, and its name is printed beside every figure.
 */
import type { Matrix } from "../distances/index.ts";
import { UsageError } from "../errors.ts";
import { sizeOf } from "../graph/index.ts";
import type { CompileOptions } from "../runtime/index.ts";

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

/** Where the model behind features is run. */
export type ExtractorOptions = Pick<CompileOptions, "device" | "threads">;

/** Number of examples in an array of them. */
export const countOf = (where: string, examples: Float32Array, shape: readonly number[]): number => {
  const count = examples.length / sizeOf(shape);
  if (!Number.isInteger(count)) {
    throw new UsageError(
      `features ${where}: expected examples of [${shape.join(",")}]; got ${examples.length} values, which is not a whole number of them`,
    );
  }
  return count;
};
