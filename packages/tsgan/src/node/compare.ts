/** Anything judged against anything: runs, exported generators, pictures and tables of one's own, data sets by name. */
import {
  catalogue,
  type Dataset,
  type Fit,
  fromExamples,
  type ImageSize,
  type Reading,
} from "../data/index.ts";
import { describeReading, unreadableWarning } from "../data/reading.ts";
import { RunError, UsageError } from "../errors.ts";
import { sizeOf } from "../graph/index.ts";
import {
  type ByClass,
  checkMetrics,
  type EvaluateOptions,
  evaluateClasses,
  type FeatureExtractor,
  type Judgement,
  metricOf,
  REFERENCE_SEED,
} from "../metrics/index.ts";
import type { Device } from "../runtime/index.ts";
import { openGenerator } from "../train/index.ts";
import { type DatasetOptions, holdsPoints, openDataset } from "./datasets.ts";
import { classReference, type JudgeOptions, openJudge } from "./evaluate.ts";
import { readBytes } from "./files.ts";
import { openRun } from "./open-run.ts";
import type { RunEvent } from "./run-events.ts";
import { holdsRun } from "./run-folder.ts";
import { recogniseFile } from "./table-file.ts";

export interface CompareOptions extends Omit<JudgeOptions, "onProgress">, Omit<EvaluateOptions, "training"> {
  /** Samples of a generator, and examples of data that are drawn afresh; 10,000 without. Of a finite set, at most so many; all without. */
  readonly samples?: number | undefined;
  /** Seed of the samples and of random subsets; 1 without. */
  readonly seed?: number | undefined;
  /** What pictures of one's own are made to be; what the other side has, or their own sides, without. */
  readonly size?: ImageSize | undefined;
  readonly fit?: Fit | undefined;
  /** Columns of tables of points. */
  readonly columns?: readonly string[] | undefined;
  /** Checkpoint of a run. */
  readonly step?: number | "best" | undefined;
  readonly device?: Device | undefined;
  readonly threads?: number | undefined;
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
}

/** One side of a comparison. */
export interface Compared {
  /** As it was given. */
  readonly path: string;
  readonly kind: "run" | "generator" | "data set" | "files";
  /** Samples, or examples. */
  readonly count: number;
  /** Of a data set of which only some were taken: how many it has. */
  readonly of?: number;
  /** Of a run: the step of its checkpoint. */
  readonly step?: number;
}

export interface Comparison extends Judgement {
  readonly judged: Compared;
  readonly against: Compared;
  /** Shape of one example. */
  readonly shape: readonly number[];
  readonly seed: number;
  readonly features: Pick<FeatureExtractor, "name" | "description">;
  /** Figures of each class, where both sides have the same. */
  readonly byClass?: ByClass;
}

const SAMPLES = 10_000;
/** Numbers of the judged side, which are held at once: 1 GiB. */
const MOST_NUMBERS = 2 ** 28;
/** Sides up to which pictures of one's own keep their own. */
const MOST_SIDE = 256;

/** A side before its shape is agreed on, or with the shape that it insists on. */
interface Side {
  readonly path: string;
  readonly kind: Compared["kind"];
  readonly step?: number;
  readonly shape?: readonly number[];
  /** Its examples as a data set: samples of a generator, with a seed. */
  open(shape: readonly number[] | undefined, seed: number): Promise<Dataset>;
  dispose(): Promise<void>;
}

const nothing = async (): Promise<void> => {};

const refuseTranslation = (path: string): UsageError =>
  new UsageError(
    `${path}: it translates pictures; translate some into a folder with tsgan translate, and compare that folder`,
  );

const refuseRows = (path: string): UsageError =>
  new UsageError(
    `${path}: a table of mixed columns is judged with the run that learnt it, by tsgan evaluate RUN; --columns takes columns of numbers as points`,
  );

const classesOf = (
  names: readonly string[] | undefined,
  count: number | undefined,
): readonly string[] | undefined =>
  names ?? (count === undefined ? undefined : Array.from({ length: count }, (_, i) => String(i)));

const runSide = (
  path: string,
  { step, device, threads, onEvent, samples = SAMPLES }: CompareOptions,
): Side => {
  const run = openRun(path, { step, device, threads, ...(onEvent && { onEvent }) });
  const { trainer, dataset } = run;
  const { model } = trainer.gan;
  if (model.translates === true) throw refuseTranslation(path);
  if (dataset.table !== undefined) throw refuseRows(path);
  return {
    path,
    kind: "run",
    step: trainer.progress.step,
    shape: model.shape,
    async open(_shape, seed) {
      const examples = await trainer.sample(samples, { seed });
      const classes = classesOf(dataset.classes, model.classes);
      if (model.classes === undefined || classes === undefined) {
        return fromExamples({ name: path, shape: model.shape, examples });
      }
      const labels = Int32Array.from({ length: samples }, (_, i) => i % classes.length);
      return fromExamples({ name: path, shape: model.shape, examples, labels, classes });
    },
    dispose: () => trainer.dispose(),
  };
};

const generatorSide = async (
  path: string,
  { device, threads, samples = SAMPLES }: CompareOptions,
): Promise<Side> => {
  const generator = await openGenerator(readBytes(path), path, {
    ...(device && { device }),
    ...(threads !== undefined && { threads }),
  });
  const { shape, classNames, classes: count } = generator.facts;
  return {
    path,
    kind: "generator",
    shape,
    async open(_shape, seed) {
      const { examples, labels } = await generator.sample(samples, seed);
      const classes = classesOf(classNames, count);
      return fromExamples({ name: path, shape, examples, ...(labels && classes && { labels, classes }) });
    },
    dispose: () => generator.dispose(),
  };
};

const namedSide = async (
  path: string,
  { size, samples = SAMPLES, cacheFolder }: CompareOptions,
): Promise<Side> => {
  const dataset = await openDataset(path, {
    ...(size !== undefined && { size }),
    ...(cacheFolder !== undefined && { cacheFolder }),
  });
  if (dataset.pairs !== undefined) throw refuseTranslation(path);
  const { shape, classes } = dataset;
  return {
    path,
    kind: "data set",
    shape,
    async open(_shape, seed) {
      if (Number.isFinite(dataset.size)) return dataset;
      const { examples, labels } = await dataset.draw(seed, 0, samples);
      return fromExamples({ name: path, shape, examples, ...(labels && classes && { labels, classes }) });
    },
    dispose: nothing,
  };
};

/** Size and channels of a shape of images. */
const picturesOf = (path: string, shape: readonly number[]): Pick<DatasetOptions, "size" | "channels"> => {
  const [channels, height, width] = shape;
  if (shape.length !== 3 || (channels !== 1 && channels !== 3)) {
    throw new UsageError(
      `${path}: it holds pictures; the other side has examples of [${shape.join(",")}]; compare what is alike`,
    );
  }
  return { size: `${width}x${height}`, channels };
};

const ownSide = (path: string, { size, fit, columns, cacheFolder, onEvent }: CompareOptions): Side => {
  const isTable = holdsPoints(path);
  // Columns that are named are taken as points: what in them is no number is said with its line.
  if (isTable && columns === undefined && recogniseFile(path) === "rows") throw refuseRows(path);
  return {
    path,
    kind: "files",
    async open(shape) {
      if (isTable) return openDataset(path, { ...(columns && { columns }) });
      const made = shape === undefined ? size !== undefined && { size } : picturesOf(path, shape);
      return openDataset(path, {
        ...made,
        ...(fit && { fit }),
        ...(cacheFolder !== undefined && { cacheFolder }),
        onProgress: (done, total) => onEvent?.({ type: "reading", done, total }),
      });
    },
    dispose: nothing,
  };
};

const kindOf = (path: string): Compared["kind"] => {
  if (catalogue.has(path)) return "data set";
  if (holdsRun(path)) return "run";
  return /\.onnx$/i.test(path) ? "generator" : "files";
};

const sides: Readonly<
  Record<Compared["kind"], (path: string, options: CompareOptions) => Side | Promise<Side>>
> = { "data set": namedSide, run: runSide, generator: generatorSide, files: ownSide };

/** Refuses what says how to read something that neither side is. */
const checkRead = (paths: readonly string[], { size, fit, columns, step }: CompareOptions): void => {
  const own = paths.filter((path) => kindOf(path) === "files");
  const tables = own.filter(holdsPoints);
  const rules = [
    ["--columns", columns, tables.length > 0, "tables of points"],
    ["--fit", fit, own.length > tables.length, "pictures of your own"],
    ["--image-size", size, paths.length > tables.length, "pictures"],
    ["--step", step, paths.some((path) => kindOf(path) === "run"), "runs"],
  ] as const;
  for (const [flag, value, applies, what] of rules) {
    if (value === undefined || applies) continue;
    throw new UsageError(`${flag} is for ${what}; neither ${paths.join(" nor ")} is one; leave it out`);
  }
};

/** The sides that all pictures of both have; undefined where they differ, or are large. */
const ownSize = (readings: readonly (Reading | undefined)[]): readonly [number, number] | undefined => {
  const [first] = readings;
  const same = first?.pictures?.smallest;
  if (same === undefined || Math.max(...same) > MOST_SIDE) return undefined;
  const fits = readings.every((reading) => {
    const { smallest, largest } = reading?.pictures ?? {};
    return smallest?.join() === same.join() && largest?.join() === same.join();
  });
  return fits ? same : undefined;
};

/** Both sides in one shape. */
const openBoth = async (
  judged: Side,
  against: Side,
  seed: number,
  { size }: CompareOptions,
): Promise<readonly [Dataset, Dataset]> => {
  const fixed = judged.shape ?? against.shape;
  if (size !== undefined && [judged, against].some(({ kind }) => kind === "run" || kind === "generator")) {
    throw new UsageError(
      "--image-size is for pictures of your own and data sets; a generator has its size; leave it out",
    );
  }
  // Samples of two generators, or of a generator and itself, are not of the same latent vectors.
  let second = await against.open(fixed, seed + 1);
  let first = await judged.open(fixed ?? (against.kind === "files" ? undefined : second.shape), seed);
  if (fixed === undefined && size === undefined) {
    const [channels] = second.shape;
    const isArray = [first, second].find((dataset) => dataset.reading?.source === "array");
    const own = ownSize([first.reading, second.reading]);
    const shape = isArray?.shape ?? (own && [channels, own[1], own[0]]);
    if (shape !== undefined && shape.length === 3 && first.shape.length === 3 && second.shape.length === 3) {
      if (second.shape.join() !== shape.join()) second = await against.open(shape, seed + 1);
      if (first.shape.join() !== shape.join()) first = await judged.open(shape, seed);
    }
  }
  if (first.shape.join() !== second.shape.join()) {
    throw new UsageError(
      `${judged.path}: expected examples of [${second.shape.join(",")}], as ${against.path} has; got [${first.shape.join(",")}]; compare what is alike`,
    );
  }
  return [first, second];
};

/** What was read of a person's files, said once for both. */
const tell = ({ reading }: Dataset, onEvent: CompareOptions["onEvent"]): void => {
  if (reading === undefined) return;
  onEvent?.({ type: "data", reading, lines: describeReading(reading) });
  const message = unreadableWarning(reading);
  if (message !== undefined) onEvent?.({ type: "warning", message });
};

/**
 * Judges one side against another, each a run, an exported generator, a folder, an archive or an array of pictures, a table of
 * points, or a data set by name. The second is taken for the truth. Pictures of one's own are made to be what the other side
 * has. The figures are those of `compareImages` for the same pixels.
 *
 * @param path what is judged
 * @param reference what it is judged against
 * @param options metrics, features, how many samples, image size and fit, seed, device
 * @throws UsageError where the two are not alike, or a metric does not suit them
 * @throws RunError for files that cannot be read
 * @example
 * ```ts
 * import { writeFile } from "node:fs/promises";
 * import { comparePaths } from "tsgan/node";
 *
 * await writeFile("points.csv", Array.from({ length: 50 }, (_, i) => `${Math.cos(i)},${Math.sin(i)}`).join("\n"));
 * const { figures } = await comparePaths("points.csv", "ring", { metrics: ["precision-recall"] });
 * console.log(figures.map(({ key, value }) => `${key} ${value}`));
 * ```
 */
export const comparePaths = async (
  path: string,
  reference: string,
  options: CompareOptions = {},
): Promise<Comparison> => {
  const { samples, seed = 1, metrics, onEvent } = options;
  for (const choice of metrics ?? []) metricOf(choice);
  checkRead([path, reference], options);
  const judged = await sides[kindOf(path)](path, options);
  const against = await sides[kindOf(reference)](reference, options);
  try {
    const [first, second] = await openBoth(judged, against, seed, options);
    tell(first, onEvent);
    if (reference !== path) tell(second, onEvent);
    const numbers = sizeOf(first.shape);
    const count = Math.min(samples ?? first.size, first.size, Math.floor(MOST_NUMBERS / numbers));
    if (count < 2) throw new RunError(`${path}: expected at least 2 examples; got ${count}`);
    const judge = await openJudge(second, {
      ...options,
      onProgress: (done, total) => onEvent?.({ type: "reading", done, total }),
    });
    try {
      const { extractor } = judge;
      checkMetrics({ dataset: second, extractor }, metrics ?? []);
      // In the order in which the other side is read: a set and itself have the same moments to the bit.
      const { examples, labels } = await first.draw(REFERENCE_SEED, 0, count);
      const judgement = await judge.judge(examples, { metrics, seed });
      const isLabelled =
        labels !== undefined &&
        second.classes !== undefined &&
        first.classes?.join() === second.classes.join();
      const byClass = isLabelled
        ? await evaluateClasses(
            { samples: examples, dataset: second, extractor, seed, multiply: judge.multiply },
            labels,
            {
              metrics,
              reference: classReference(options.cacheFolder),
            },
          )
        : undefined;
      const { name, description } = extractor;
      return {
        judged: compared(judged, count, first.size),
        against: compared(against, judge.reference.count, second.size),
        shape: first.shape,
        seed,
        features: { name, description },
        ...judgement,
        ...(byClass && { byClass }),
      };
    } finally {
      await judge.dispose();
    }
  } finally {
    await judged.dispose();
    await against.dispose();
  }
};

const compared = ({ path, kind, step }: Side, count: number, size: number): Compared => ({
  path,
  kind,
  count,
  ...(count < size && { of: size }),
  ...(step !== undefined && { step }),
});
