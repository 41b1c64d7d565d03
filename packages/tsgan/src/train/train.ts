/** The training loop: iterate, report, sample, save, stop cleanly. Where things are written is the caller's business. */
import { type Dataset, labelledSubset } from "../data/index.ts";
import { RunError, UsageError } from "../errors.ts";
import type { Device } from "../runtime/index.ts";
import { saveCheckpoint } from "./checkpoint.ts";
import { checkConfig, iterationsOf, planOf, type RunConfig } from "./config.ts";
import { createTrainer, NotFiniteError, type StepRecord, type Trainer } from "./trainer.ts";

export interface TrainEvents {
  /** Every `evaluateEvery` iterations, where there is one, and after the last: figures for the iteration's record. */
  evaluate?(trainer: Trainer): Promise<Readonly<Record<string, number>>>;
  /** After each iteration. */
  onStep?(record: StepRecord): void | Promise<void>;
  /** Every `sampleEvery` iterations, before the first and after the last: samples of the same latent vectors. */
  onSample?(step: number, samples: Float32Array): void | Promise<void>;
  /** Every `checkpointEvery` iterations and at the end; always the last event of its step. */
  onCheckpoint?(step: number, bytes: Uint8Array): void | Promise<void>;
}

export interface TrainOptions extends TrainEvents {
  readonly config: RunConfig;
  readonly dataset: Dataset;
  readonly device?: Device | undefined;
  readonly threads?: number | undefined;
  /** Number of samples in each `onSample`. */
  readonly sampleCount?: number;
  /** A trainer to go on with, from where it stands; by default a new one, at its first step. */
  readonly trainer?: Trainer | undefined;
  /** Stops the run after the current iteration, with a checkpoint. */
  readonly signal?: AbortSignal | undefined;
}

export interface TrainResult {
  readonly trainer: Trainer;
  /** Whether the run was stopped before its last step. */
  readonly stopped: boolean;
}

/** Refuses pairs of images for a model of single ones, and pairs that do not belong together where they must. */
const checkPairs = ({ model }: Trainer["plan"], { name, pairs }: Dataset): void => {
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

/** A trainer for a configuration, at its first step. */
export const trainerOf = (
  options: Pick<TrainOptions, "config" | "dataset" | "device" | "threads">,
): Trainer => {
  const { config, dataset, device, threads } = options;
  checkConfig(config);
  const { labelsPerClass, seed } = config;
  const plan = planOf(config, dataset.shape, dataset.classes?.length);
  checkPairs(plan, dataset);
  return createTrainer({
    plan,
    dataset,
    labelled: labelsPerClass === undefined ? dataset : labelledSubset(dataset, labelsPerClass, seed),
    seed,
    steps: config.steps,
    iteration: iterationsOf(config),
    device,
    threads,
  });
};

/**
 * Trains until `config.steps`, or until the signal. Events are awaited, one after the other.
 *
 * @throws NotFiniteError when a loss or parameter is no longer finite; the last checkpoint is the last good one
 */
export const train = async (options: TrainOptions): Promise<TrainResult> => {
  const { config, sampleCount = 64, signal, evaluate, onStep, onSample, onCheckpoint } = options;
  const { trainer = trainerOf(options) } = options;
  if (trainer.progress.step > config.steps) {
    throw new RunError(
      `train: the trainer is at step ${trainer.progress.step}, behind the last step ${config.steps}; raise steps`,
    );
  }
  const sample = async (): Promise<void> => {
    await onSample?.(trainer.progress.step, await trainer.sample(sampleCount, { seed: config.seed }));
  };
  const checkpoint = async (): Promise<void> => {
    await onCheckpoint?.(trainer.progress.step, await saveCheckpoint(trainer));
  };
  if (trainer.progress.step === 0) await sample();
  let saved = trainer.progress.step;
  try {
    while (trainer.progress.step < config.steps && !(signal?.aborted ?? false)) {
      let record = await trainer.iterate();
      const last = record.step === config.steps;
      const { evaluateEvery } = config;
      const isJudged = last || (evaluateEvery !== undefined && record.step % evaluateEvery === 0);
      if (isJudged && evaluate !== undefined) record = { ...record, ...(await evaluate(trainer)) };
      if (record.step % config.logEvery === 0 || isJudged || last) await onStep?.(record);
      if (record.step % config.sampleEvery === 0 || last) await sample();
      if (record.step % config.checkpointEvery === 0 || last) {
        await checkpoint();
        saved = record.step;
      }
    }
  } catch (error) {
    await trainer.dispose();
    if (error instanceof NotFiniteError && onCheckpoint !== undefined) throw error.withLastGood(saved);
    throw error;
  }
  const stopped = trainer.progress.step < config.steps;
  if (stopped && saved !== trainer.progress.step) await checkpoint();
  return { trainer, stopped };
};
