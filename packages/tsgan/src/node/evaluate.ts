/** Runs and files judged: the extractor that suits the data, cached statistics, samples of the run's generator. */
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Dataset } from "../data/index.ts";
import { UsageError } from "../errors.ts";
import {
  checkMetrics,
  classifierExtractor,
  type EvaluateOptions,
  type ExtractorOptions,
  evaluate,
  type FeatureExtractor,
  invertGenerator,
  type Judgement,
  onnxExtractor,
  type Reference,
  rawExtractor,
  stackedExtractor,
} from "../metrics/index.ts";
import { openProduct, type Product } from "../runtime/index.ts";
import type { GanTrainer } from "../train/index.ts";
import { readBytes } from "./files.ts";
import type { OpenedRun } from "./open-run.ts";
import { cachedReference } from "./statistics-cache.ts";

export interface FeatureChoice extends ExtractorOptions {
  /** An ONNX file, or "pixels"; by default what suits the data. */
  readonly features?: string | undefined;
  /** Tensor or node of the file whose values are taken; default: its first output. */
  readonly layer?: string | undefined;
}

const asset = (name: string): string =>
  fileURLToPath(new URL(join("../../assets", `${name}.onnx`), import.meta.url));

/** Data sets with a classifier of their own, for grey images of 28 × 28. */
const CLASSIFIERS: Readonly<Record<string, string>> = {
  mnist: "mnist",
  "stacked-mnist": "mnist",
  "fashion-mnist": "fashion-mnist",
};

/**
 * The features that a data set is judged by: the file given, or the classifier made for it, or raw values.
 *
 * @throws UsageError for a file that does not take images, or has no such layer
 */
export const extractorFor = async (
  { name, shape }: Pick<Dataset, "name" | "shape">,
  { features, layer, ...options }: FeatureChoice = {},
): Promise<FeatureExtractor> => {
  if (layer !== undefined && (features === undefined || features === "pixels")) {
    throw new UsageError("--layer names a layer of an ONNX file: give --features FILE, too");
  }
  if (features === "pixels") return rawExtractor(shape);
  if (features !== undefined) {
    return onnxExtractor(readBytes(features), { file: basename(features), layer, shape, ...options });
  }
  const classifier = Object.hasOwn(CLASSIFIERS, name) ? CLASSIFIERS[name] : undefined;
  const [channels, height, width] = shape;
  if (
    classifier === undefined ||
    height !== 28 ||
    width !== 28 ||
    (name !== "stacked-mnist" && channels !== 1)
  ) {
    return rawExtractor(shape);
  }
  const file = asset(classifier);
  const inner = await classifierExtractor(readBytes(file), basename(file), options);
  return name === "stacked-mnist" ? stackedExtractor(inner, channels) : inner;
};

export interface JudgeOptions extends FeatureChoice {
  readonly cacheFolder?: string | undefined;
  /** Called while the training set goes through the extractor for the first time. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** A data set made ready to judge samples against. */
export interface Judge {
  readonly extractor: FeatureExtractor;
  readonly reference: Reference;
  /** Figures of samples [n, …shape]. With a trainer, those too that need its generator. */
  judge(
    samples: Float32Array,
    options?: EvaluateOptions & { readonly seed?: number; readonly trainer?: GanTrainer },
  ): Promise<Judgement>;
  dispose(): Promise<void>;
}

/** Opens extractor and statistics of a data set. */
export const openJudge = async (dataset: Dataset, options: JudgeOptions = {}): Promise<Judge> => {
  const extractor = await extractorFor(dataset, options);
  let product: Product | undefined;
  const multiply: Product["multiply"] = async (left, right) => {
    product ??= await openProduct({ threads: options.threads });
    return product.multiply(left, right);
  };
  const { cacheFolder, onProgress } = options;
  const reference = await cachedReference(dataset, extractor, {
    multiply,
    ...(onProgress && { onProgress }),
    cacheFolder,
  });
  return {
    extractor,
    reference,
    judge: (samples, { seed = 0, trainer, ...evaluateOptions } = {}) =>
      evaluate(
        {
          samples,
          dataset,
          extractor,
          reference,
          seed,
          multiply,
          ...(trainer && { invert: (images: Float32Array) => invertGenerator(trainer, images, { seed }) }),
        },
        evaluateOptions,
      ),
    async dispose() {
      await product?.dispose();
      await extractor.dispose();
    },
  };
};

export interface EvaluateRunOptions extends JudgeOptions, EvaluateOptions {
  /** Number of samples; 10,000 without. */
  readonly samples?: number | undefined;
  /** Seed of the latent vectors and of random subsets; the run's without. */
  readonly seed?: number | undefined;
}

/** What was judged, and how: figures mean nothing without the rest. */
export interface Evaluation extends Judgement {
  readonly step: number;
  readonly samples: number;
  readonly seed: number;
  readonly features: Pick<FeatureExtractor, "name" | "description">;
  /** Number of training examples that features were compared with. */
  readonly trainingExamples: number;
}

/**
 * Judges the generator of a run at the checkpoint it was opened at.
 *
 * @throws UsageError for a metric by name that does not exist, or does not suit data and features
 */
export const evaluateRun = async (
  { trainer, config, data }: OpenedRun,
  { samples = 10_000, seed = config.seed, metrics, training, ...options }: EvaluateRunOptions = {},
): Promise<Evaluation> => {
  const dataset = await data();
  const judge = await openJudge(dataset, options);
  const { name, description } = judge.extractor;
  checkMetrics({ dataset, extractor: judge.extractor }, metrics ?? []);
  const examples = await trainer.sample(samples, { seed });
  const judgement = await judge.judge(examples, { metrics, training, seed, trainer });
  await judge.dispose();
  return {
    step: trainer.progress.step,
    samples,
    seed,
    features: { name, description },
    trainingExamples: judge.reference.count,
    ...judgement,
  };
};
