/** Runs and files judged: the extractor that suits the data, cached statistics, samples of the run's generator. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Dataset } from "../data/index.ts";
import { UsageError, unknownName } from "../errors.ts";
import {
  type ByClass,
  type ByClassOptions,
  checkMetrics,
  chosenFeatures,
  type EvaluateOptions,
  type ExtractorOptions,
  evaluate,
  evaluateClasses,
  type FeatureExtractor,
  type FeatureSource,
  featureCatalogue,
  invertGenerator,
  type Judgement,
  needsFeatures,
  noReference,
  type Reference,
  type Sharing,
  sharingOf,
} from "../metrics/index.ts";
import { openProduct, type Product } from "../runtime/index.ts";
import { isTable } from "../tables/index.ts";
import type { GanTrainer } from "../train/index.ts";
import { readBytes } from "./files.ts";
import type { OpenedRun } from "./open-run.ts";
import { privacyOf } from "./privacy.ts";
import { cachedReference } from "./statistics-cache.ts";

export interface FeatureChoice extends ExtractorOptions {
  /** A feature extractor by name, an ONNX file, or an extractor itself; by default what suits the data. */
  readonly features?: string | FeatureSource | undefined;
  /** Tensor or node of the file whose values are taken; default: its first output. */
  readonly layer?: string | undefined;
  /** The network in the file, "inception", "dinov2" or "clip", whose range, sides and layer are known. */
  readonly preset?: string | undefined;
}

const asset = (name: string): Uint8Array =>
  readBytes(fileURLToPath(new URL(join("../../assets", name), import.meta.url)));

/** A word that is neither a name nor a file is a misspelt name. */
const checkChoice = (features: FeatureChoice["features"]): void => {
  if (typeof features !== "string" || featureCatalogue.has(features) || existsSync(features)) return;
  if (/[/\\.]/.test(features)) throw new UsageError(`features ${features}: there is no such file`);
  const { message } = unknownName("features", features, featureCatalogue.names);
  throw new UsageError(`${message}, nor is there a file of that name`);
};

/**
 * The features that a data set is judged by: those asked for, or the usual ones, such as the classifier made for it, or raw
 * values.
 *
 * @throws UsageError for features that are not there or do not suit the data
 */
export const extractorFor = async (
  { name, shape }: Pick<Dataset, "name" | "shape">,
  { features, layer, preset, device, threads }: FeatureChoice = {},
): Promise<FeatureExtractor> => {
  checkChoice(features);
  const data = { name, shape };
  const source = chosenFeatures(data, features, layer, preset);
  return source.open({
    data,
    asset,
    read: readBytes,
    ...(device && { device }),
    ...(threads !== undefined && { threads }),
  });
};

export interface JudgeOptions extends FeatureChoice {
  readonly cacheFolder?: string | undefined;
  /** Called while the training set goes through the extractor for the first time. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** A data set made ready to judge samples against. */
export interface Judge {
  readonly extractor: FeatureExtractor;
  /** Of a table, those of no features: its own metrics take none. */
  readonly reference: Reference;
  /** The product for features of hundreds of columns. */
  readonly multiply: Product["multiply"];
  /** Figures of samples [n, …shape]. With a trainer, those too that need its generator. */
  judge(
    samples: Float32Array,
    options?: EvaluateOptions & { readonly seed?: number; readonly trainer?: GanTrainer },
  ): Promise<Judgement>;
  dispose(): Promise<void>;
}

/**
 * Opens extractor and statistics of a data set.
 *
 * @param dataset real examples
 * @param options features, device, threads, and where statistics are kept
 */
export const openJudge = async (dataset: Dataset, options: JudgeOptions = {}): Promise<Judge> => {
  const extractor = await extractorFor(dataset, options);
  let product: Product | undefined;
  const multiply: Product["multiply"] = async (left, right) => {
    product ??= await openProduct({ threads: options.threads });
    return product.multiply(left, right);
  };
  const { cacheFolder, onProgress } = options;
  let known: Promise<Reference> | undefined;
  const referenceFor = (metrics: EvaluateOptions["metrics"]): Promise<Reference> | Reference => {
    if (isTable(dataset) && !needsFeatures({ dataset, extractor }, metrics)) return noReference(dataset.size);
    known ??= cachedReference(dataset, extractor, {
      multiply,
      ...(onProgress && { onProgress }),
      cacheFolder,
    });
    return known;
  };
  const reference = await referenceFor(undefined);
  return {
    extractor,
    reference,
    multiply,
    judge: async (samples, { seed = 0, trainer, ...evaluateOptions } = {}) =>
      evaluate(
        {
          samples,
          dataset,
          extractor,
          reference: await referenceFor(evaluateOptions.metrics),
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

/** Statistics of one class, kept as those of all are. */
export const classReference =
  (cacheFolder: string | undefined): NonNullable<ByClassOptions["reference"]> =>
  (dataset, extractor, options) =>
    cachedReference(dataset, extractor, { ...options, cacheFolder });

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
  /** Figures of each class by itself, where the generator is told classes. */
  readonly byClass?: ByClass;
  /** Of a table: whether its rows may be shared, where what says so was asked for. */
  readonly sharing?: Sharing;
}

/** What the figures of a table's rows say about sharing them. */
const sharingOfRows = (
  dataset: Dataset,
  { figures }: Judgement,
  samples: number,
  guarantee: string | undefined,
): Sharing | undefined => {
  if (!isTable(dataset) || !figures.some(({ key }) => key === "exactCopies")) return undefined;
  return sharingOf(figures, { heldOut: dataset.rows?.heldOut?.().rows ?? 0, samples, guarantee });
};

/**
 * Judges the generator of a run at the checkpoint it was opened at. Of the options, `samples` (10,000), `seed` (that of
 * the run's `config`) and `metrics` are the usual ones; `training` adds figures of the training data, and the other
 * `options` choose features, device and cache.
 *
 * @throws UsageError for a metric by name that does not exist, or does not suit data and features
 * @example
 * ```ts
 * import { evaluateRun, openRun, startRun } from "tsgan/node";
 *
 * await startRun({ config: { data: "ring", steps: 20 }, out: "runs/judged" });
 * const run = openRun("runs/judged");
 * const { figures } = await evaluateRun(run, { samples: 200, metrics: ["modes", "precision-recall"] });
 * console.log(figures);
 * await run.trainer.dispose();
 * ```
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
  const { classes: count } = trainer.gan.model;
  const byClass =
    count !== undefined && dataset.classes?.length === count
      ? await evaluateClasses(
          { samples: examples, dataset, extractor: judge.extractor, seed, multiply: judge.multiply },
          Int32Array.from({ length: samples }, (_, i) => i % count),
          { metrics, reference: classReference(options.cacheFolder) },
        )
      : undefined;
  await judge.dispose();
  const privacy = privacyOf(trainer, dataset.size, { steps: config.steps, done: trainer.progress.step });
  const sharing = sharingOfRows(dataset, judgement, samples, privacy?.guarantee);
  return {
    step: trainer.progress.step,
    samples,
    seed,
    features: { name, description },
    trainingExamples: judge.reference.count,
    ...judgement,
    ...(byClass && { byClass }),
    ...(sharing && { sharing }),
  };
};
