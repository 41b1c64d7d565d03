/** The training loop: iterate, report, sample, save, stop cleanly. Where things are written is the caller's business. */
import {
  type ConfigInput,
  completeConfig,
  ganOf,
  type LiveConfig,
  type RunConfig,
  resolveLive,
} from "../config/index.ts";
import { type Dataset, labelledSubset, requireDataset } from "../data/index.ts";
import { RunError, UsageError } from "../errors.ts";
import type { Gan } from "../gan/index.ts";
import type { Device } from "../runtime/index.ts";
import { saveCheckpoint } from "./checkpoint.ts";
import { createGanTrainer, type GanTrainer } from "./gan-trainer.ts";
import { NotFiniteError } from "./not-finite.ts";
import type { StepRecord, Trainer } from "./trainer.ts";

export interface TrainEvents<T extends Trainer = Trainer> {
  /** Every `evaluateEvery` iterations, where there is one, and after the last: figures for the iteration's record. */
  evaluate?(trainer: T): Promise<Readonly<Record<string, number>>>;
  /** After each iteration. */
  onStep?(record: StepRecord): void | Promise<void>;
  /** Every `sampleEvery` iterations, before the first and after the last: samples of the same latent vectors. */
  onSample?(step: number, samples: Float32Array): void | Promise<void>;
  /** Every `checkpointEvery` iterations and at the end; always the last event of its step. */
  onCheckpoint?(step: number, bytes: Uint8Array): void | Promise<void>;
}

/** When events come, in iterations. */
export interface LoopSettings {
  readonly steps: number;
  readonly sampleEvery?: number | undefined;
  readonly checkpointEvery?: number | undefined;
  readonly logEvery?: number | undefined;
  readonly evaluateEvery?: number | undefined;
}

export interface LoopOptions<T extends Trainer> extends TrainEvents<T> {
  /** What `onSample` is given. */
  sample?(trainer: T): Promise<Float32Array>;
  /** Stops the run after the current iteration, with a checkpoint. */
  readonly signal?: AbortSignal | undefined;
  /** Iterations in one run of the device, as `iterateTogether` makes them, where no other event lies between; 1 without. */
  readonly together?: number | undefined;
}

const isDue = (step: number, every: number | undefined): boolean => every !== undefined && step % every === 0;

/** Iterations to the next multiple of one of them. */
const untilNext = (step: number, events: readonly (number | undefined)[]): number =>
  Math.min(
    ...events.map((every) => (every === undefined ? Number.POSITIVE_INFINITY : every - (step % every))),
  );

/**
 * Trains until `steps`, or until the signal. Events are awaited, one after the other. `sampleEvery`, `checkpointEvery`,
 * `logEvery` and `evaluateEvery` are in steps; an event comes at their multiples and at the last step.
 *
 * @param trainer what is trained, from its step on
 * @returns whether the run was stopped before its last step
 * @throws NotFiniteError when a loss or parameter is no longer finite; the last checkpoint is the last good one
 */
export const trainLoop = async <T extends Trainer>(
  trainer: T,
  { steps, sampleEvery, checkpointEvery, logEvery = 1, evaluateEvery }: LoopSettings,
  { signal, sample, evaluate, onStep, onSample, onCheckpoint, together = 1 }: LoopOptions<T> = {},
): Promise<boolean> => {
  const { step: first } = trainer.progress;
  if (first > steps) {
    throw new RunError(`train: the trainer is at step ${first}, behind the last step ${steps}; raise steps`);
  }
  const checkpoint = async (): Promise<void> => {
    if (onCheckpoint !== undefined) await onCheckpoint(trainer.progress.step, await saveCheckpoint(trainer));
  };
  const show = async (): Promise<void> => {
    if (onSample !== undefined && sample !== undefined) {
      await onSample(trainer.progress.step, await sample(trainer));
    }
  };
  if (first === 0) await show();
  let saved = first;
  try {
    while (trainer.progress.step < steps && !(signal?.aborted ?? false)) {
      const events = [sampleEvery, checkpointEvery, evaluateEvery];
      const left = Math.min(steps - trainer.progress.step, untilNext(trainer.progress.step, events));
      const records = await trainer.iterateTogether(Math.min(together, left));
      for (const each of records.slice(0, -1)) if (isDue(each.step, logEvery)) await onStep?.(each);
      let record = records[records.length - 1];
      const { step } = record;
      const last = step === steps;
      const isJudged = last || isDue(step, evaluateEvery);
      if (isJudged && evaluate !== undefined) record = { ...record, ...(await evaluate(trainer)) };
      if (isDue(step, logEvery) || isJudged) await onStep?.(record);
      if (isDue(step, sampleEvery) || last) await show();
      if (isDue(step, checkpointEvery) || last) {
        await checkpoint();
        saved = step;
      }
    }
  } catch (error) {
    await trainer.dispose();
    if (error instanceof NotFiniteError && onCheckpoint !== undefined) throw error.withLastGood(saved);
    throw error;
  }
  const stopped = trainer.progress.step < steps;
  if (stopped && saved !== trainer.progress.step) await checkpoint();
  return stopped;
};

/** Refuses pairs of images for a model of single ones, and pairs that do not belong together where they must. */
const checkPairs = ({ model }: Gan, { name, pairs }: Dataset): void => {
  if (pairs === undefined) return;
  if (model.translates !== true) {
    throw new UsageError(
      `data set ${name}: it consists of pairs of images; model ${model.name} does not translate; choose pix2pix or cyclegan`,
    );
  }
  if (model.needsAlignedPairs === true && pairs === "independent") {
    throw new UsageError(
      `data set ${name}: model ${model.name} needs pairs that belong together; got images without a partner of the same name; ` +
        "choose cyclegan, or give both files of a pair one name",
    );
  }
};

export interface TrainerOfOptions {
  /** As people write it; with things or names. */
  readonly config: ConfigInput;
  /** The data; without, those of the configuration, which must then be a data set itself. */
  readonly dataset?: Dataset | undefined;
  readonly device?: Device | undefined;
  readonly threads?: number | undefined;
}

const datasetOf = ({ data }: LiveConfig, given: Dataset | undefined): Dataset => {
  if (given !== undefined) return given;
  if (typeof data !== "string") return data;
  throw new UsageError(
    `train: "${data}" is a name; give the data set itself, as config.data or as dataset; tsgan/node opens those that have a name`,
  );
};

export interface ConfiguredTrainer {
  readonly trainer: GanTrainer;
  /** The configuration as plain data: every option with its value. */
  readonly config: RunConfig;
}

/**
 * A trainer for a configuration, at its first step, and the configuration with every option's value.
 *
 * @param options the configuration and its data, device and threads
 * @throws UsageError for things that do not exist or do not go together, or a model that needs pairs on data without
 */
export const configuredTrainer = (options: TrainerOfOptions): ConfiguredTrainer => {
  const { device, threads } = options;
  const data = options.config.data ?? options.dataset;
  if (data !== undefined && typeof data !== "string") requireDataset("config: data", data);
  const config = resolveLive({ ...options.config, ...(data !== undefined && { data }) });
  const dataset = datasetOf(config, options.dataset);
  const gan = ganOf(config, {
    shape: dataset.shape,
    classes: dataset.classes?.length,
    layout: dataset.layout,
  });
  checkPairs(gan, dataset);
  const { labelsPerClass, seed, steps, precision } = config;
  const labelled = labelsPerClass === undefined ? dataset : labelledSubset(dataset, labelsPerClass, seed);
  const trainer = createGanTrainer({
    gan,
    real: dataset,
    labelled,
    seed,
    steps,
    device,
    threads,
    precision,
  });
  return { trainer, config: completeConfig(config, gan) };
};

/**
 * A trainer for a configuration, at its first step.
 *
 * @param options the configuration and its data, device and threads
 */
export const trainerOf = (options: TrainerOfOptions): GanTrainer => configuredTrainer(options).trainer;

export interface TrainOptions extends Omit<TrainerOfOptions, "config">, LoopOptions<GanTrainer> {
  /** Number of samples in each `onSample`; 64 without. */
  readonly sampleCount?: number | undefined;
  /** What to train. With a trainer, only when events come: its `steps` and the keys that end in `Every`. */
  readonly config: ConfigInput;
  /** A trainer to go on with, from where it stands; by default a new one, at its first step. */
  readonly trainer?: GanTrainer | undefined;
}

export interface TrainResult {
  readonly trainer: GanTrainer;
  /** Whether the run was stopped before its last step. */
  readonly stopped: boolean;
}

/**
 * Trains a GAN from a configuration.
 *
 * @param options a configuration, data, and functions that are told of each step, sample and checkpoint
 * @throws UsageError for a configuration that does not fit
 * @throws NotFiniteError when a loss or parameter is no longer finite
 * @throws UsageError for things that do not exist or do not go together, NotFiniteError when a loss or parameter is no
 * longer finite
 * @example
 * ```ts
 * import { data, train } from "tsgan";
 *
 * const { trainer } = await train({
 *   config: { data: data.ring(), loss: "wgan-gp", steps: 20 },
 *   onStep: ({ step, discriminatorLoss }) => console.log(step, discriminatorLoss),
 * });
 * const points = await trainer.sample(1000); // [1000, 2], one after the other
 * console.log(points.length);
 * await trainer.dispose();
 * ```
 */
export const train = async (options: TrainOptions): Promise<TrainResult> => {
  const { config, dataset, device, threads, trainer: given, sampleCount = 64, ...others } = options;
  const sample = (trainer: GanTrainer): Promise<Float32Array> => trainer.sample(sampleCount);
  const events = { sample, ...others };
  if (given !== undefined) {
    const { steps, ...every } = config;
    if (steps === undefined) {
      throw new UsageError("train: config.steps is missing: how far a trainer is to go on must be said");
    }
    return { trainer: given, stopped: await trainLoop(given, { steps, ...every }, events) };
  }
  const made = configuredTrainer({ config, dataset, device, threads });
  return { trainer: made.trainer, stopped: await trainLoop(made.trainer, made.config, events) };
};
