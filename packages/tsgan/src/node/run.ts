/** A run from its first step to its report: data set, trainer and folder brought together. */
import { rmdirSync } from "node:fs";
import type { Dataset, Reading } from "../data/index.ts";
import { RunError, UsageError } from "../errors.ts";
import { classAccuracy, examine, healthFacts, rankOf, type Verdict, watchHealth } from "../metrics/index.ts";
import type { Device } from "../runtime/index.ts";
import {
  type ConfigInput,
  checkConfig,
  NotFiniteError,
  type RunConfig,
  resolveConfig,
  restoreCheckpoint,
  type StepRecord,
  saveCheckpoint,
  type TrainEvents,
  type Trainer,
  train,
  trainerOf,
  warningsOf,
} from "../train/index.ts";
import { type Conditions, changedConditions, conditionsOf, splitConditions } from "./conditions.ts";
import { hasTestSplit } from "./datasets.ts";
import { environmentOf } from "./environment.ts";
import { extractorFor, type JudgeOptions, openJudge } from "./evaluate.ts";
import { chooseFrames, reportHtml } from "./report.ts";
import { changedData, type DataFacts, factsOf, inspectData, openRunData } from "./run-data.ts";
import {
  type Checkpoint,
  checkNewFolder,
  createRunFolder,
  holdsRun,
  type MetricsLine,
  openRunFolder,
  type RunFolder,
} from "./run-folder.ts";
import { lockRun } from "./run-lock.ts";
import { sampleColumns, samplePng } from "./sample-png.ts";
import { translationPng } from "./translation.ts";

export type RunEvent =
  /** Image files are decoded for the first time. */
  | { readonly type: "reading"; readonly done: number; readonly total: number }
  /** What was read of a person's files: the facts, and the same in lines. */
  | { readonly type: "data"; readonly reading: Reading; readonly lines: readonly string[] }
  | { readonly type: "warning"; readonly message: string }
  | {
      readonly type: "start";
      readonly out: string;
      /** Finished steps: 0, or those of the checkpoint. */
      readonly step: number;
      readonly config: RunConfig;
      readonly dataset: DataFacts;
      readonly parameters: { readonly generator: number; readonly discriminator: number };
    }
  | {
      readonly type: "step";
      readonly record: StepRecord;
      /** One word on how the run is doing; empty while there is too little to tell. */
      readonly health: string;
    }
  | {
      /** Samples were judged. */
      readonly type: "evaluation";
      readonly step: number;
      readonly figures: Readonly<Record<string, number>>;
      /** Whether none before was better: its state is kept. */
      readonly best: boolean;
    }
  | { readonly type: "sample"; readonly step: number; readonly path: string }
  | { readonly type: "checkpoint"; readonly step: number };

export interface RunOptions {
  readonly config: ConfigInput;
  /** The run's folder. */
  readonly out: string;
  /**
   * Continue the run of the folder from its last checkpoint. The configuration must be the run's, but for more steps. A
   * folder without a run begins one.
   */
  readonly resume?: boolean;
  readonly device?: Device | undefined;
  readonly threads?: number | undefined;
  /** Stops the run after the current step, with a checkpoint. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
}

export interface RunResult {
  /** Finished steps. */
  readonly step: number;
  /** Whether the run was stopped before its last step. */
  readonly stopped: boolean;
  /** Paths of the newest sample, the report and the generator. */
  readonly sample: string | undefined;
  readonly report: string;
  readonly generator: string;
  /** Semi-supervised runs that reached their last step: share of the test split that the classifier gets right. */
  readonly testAccuracy?: number;
}

const SAMPLES = { images: 64, pairs: 16, points: 1000 } as const;

const EVALUATION_SAMPLES = 2000;

/** Judges the generator while it trains, and keeps the state that did best. */
const openEvaluation = async (
  config: RunConfig,
  dataset: Dataset,
  folder: RunFolder,
  onEvent: (event: RunEvent) => void,
  options: JudgeOptions,
): Promise<{ evaluate: NonNullable<TrainEvents["evaluate"]>; dispose(): Promise<void> }> => {
  const judge = await openJudge(dataset, options);
  let best = Number.POSITIVE_INFINITY;
  // Damaged lines were told of when the run was resumed.
  for (const record of folder.eachRecord(() => {})) best = Math.min(best, rankOf(record)?.cost ?? best);
  const warned = new Set<string>();
  const evaluate = async (trainer: Trainer): Promise<Record<string, number>> => {
    const samples = await trainer.sample(config.evaluateSamples ?? EVALUATION_SAMPLES, { seed: config.seed });
    const { evaluateMetrics: metrics, seed } = config;
    const judged = await judge.judge(samples, { metrics, training: true, seed, trainer });
    for (const { metric, reason } of judged.leftOut) {
      if (!warned.has(metric))
        onEvent({ type: "warning", message: `metric ${metric} is left out: ${reason}` });
      warned.add(metric);
    }
    const figures = Object.fromEntries(judged.figures.map(({ key, value }) => [key, value]));
    const { cost = Number.POSITIVE_INFINITY } = rankOf(figures) ?? {};
    const isBest = cost < best;
    if (isBest) {
      folder.writeBest(await saveCheckpoint(trainer));
      best = cost;
    }
    onEvent({ type: "evaluation", step: trainer.progress.step, figures, best: isBest });
    return figures;
  };
  return { evaluate, dispose: () => judge.dispose() };
};

/** Test accuracy of a semi-supervised run's classifier, where the data have a test split. */
const openTest = (
  config: RunConfig,
  dataset: Dataset,
  { model }: Trainer["plan"],
  onEvent: (event: RunEvent) => void,
): ((trainer: Trainer) => Promise<number>) | undefined => {
  if (model.labelledBatch === undefined) return undefined;
  if (!hasTestSplit(config.data, dataset)) {
    const message = `data set ${config.data} has no test split: the accuracy of the classifier is not measured`;
    onEvent({ type: "warning", message });
    return undefined;
  }
  let test: Promise<Dataset> | undefined;
  return async (trainer) => {
    test ??= openData(config, onEvent, "test");
    return classAccuracy(trainer, await test);
  };
};

const openData = (
  config: RunConfig,
  onEvent: (event: RunEvent) => void,
  split: "train" | "test" = "train",
): Promise<Dataset> => openRunData(config, (done, total) => onEvent({ type: "reading", done, total }), split);

export interface StoredConfig {
  readonly config: RunConfig;
  readonly dataset: DataFacts;
  /** Under what the run was begun, as far as it is known. */
  readonly conditions: Partial<Conditions>;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Configuration and data of the run in a folder. */
export const readStored = (folder: RunFolder): StoredConfig => {
  const stored = folder.readConfig();
  const dataset = isRecord(stored) ? stored.dataset : undefined;
  if (!isRecord(stored) || !isRecord(dataset) || !Array.isArray(dataset.shape)) {
    throw new RunError(`${folder.path}/config.json: expected the configuration of a run, with its dataset`);
  }
  const { conditions, rest } = splitConditions(stored);
  const { dataset: _, ...config } = rest;
  return {
    config: resolveConfig(config as ConfigInput),
    dataset: dataset as unknown as DataFacts,
    conditions,
  };
};

const writeStored = (folder: RunFolder, { config, dataset, conditions }: StoredConfig): void =>
  folder.writeConfig({ ...conditions, ...config, dataset });

/** The configuration of the run in a folder. */
export const storedConfig = (path: string): RunConfig => readStored(openRunFolder(path)).config;

/** Refuses to continue a run as another one. */
const checkSameRun = (path: string, stored: RunConfig, asked: RunConfig): void => {
  const keys = new Set([...Object.keys(stored), ...Object.keys(asked)]) as Set<keyof RunConfig>;
  for (const key of keys) {
    const [was, is] = [JSON.stringify(stored[key]), JSON.stringify(asked[key])];
    if (key === "steps") {
      if (asked.steps >= stored.steps) continue;
      throw new UsageError(
        `${path}: steps of a run can only be raised when it is resumed; it has ${was}, got ${is}`,
      );
    }
    if (was !== is) {
      throw new UsageError(
        `${path}: ${key} must stay as it is when a run is resumed: ${was}; got ${is}; leave it out or begin another run`,
      );
    }
  }
};

/** Begins a folder, or puts trainer and folder back to where the last checkpoint was written. */
const openFolder = (
  out: string,
  trainer: Trainer,
  run: StoredConfig,
  stored: StoredConfig | undefined,
  warn: (message: string) => void,
): RunFolder => {
  if (stored === undefined) {
    const folder = createRunFolder(out);
    writeStored(folder, run);
    return folder;
  }
  const { config, conditions } = run;
  const folder = openRunFolder(out);
  restoreLatest(folder, trainer, warn);
  const changed = changedConditions(stored.conditions, conditions);
  if (changed !== undefined) warn(changed);
  if (config.steps !== stored.config.steps) writeStored(folder, { ...stored, config });
  for (const problem of folder.truncateMetrics(trainer.progress.step, config.logEvery)) warn(problem);
  return folder;
};

/** Puts a trainer to where the newest checkpoint that is well was written. @returns that one, if there is any */
const restoreLatest = (
  folder: RunFolder,
  trainer: Trainer,
  warn: (message: string) => void,
): Checkpoint | undefined => {
  const latest = folder.latestCheckpoint((found) => restoreCheckpoint(trainer, found, found.path));
  for (const message of latest?.damaged ?? []) warn(`${message}; going on from step ${latest?.step}`);
  return latest;
};

/** Whether a record may hold figures of an evaluation, which all count. */
export const isJudged = ({ evaluateEvery }: RunConfig, { step }: MetricsLine): boolean =>
  evaluateEvery !== undefined && step % evaluateEvery === 0;

/** Puts a trainer to a checkpoint. @throws UsageError if there is none of that step */
const restoreAt = (
  folder: RunFolder,
  trainer: Trainer,
  step: OpenRunOptions["step"],
  warn: (message: string) => void,
): void => {
  const { path } = folder;
  if (step === undefined) {
    if (restoreLatest(folder, trainer, warn) !== undefined) return;
    throw new UsageError(`${path}: the run has no checkpoint yet; train it further with --resume`);
  }
  const steps = folder.checkpoints();
  if (step !== "best" && !steps.includes(step)) {
    throw new UsageError(
      `${path}: there is no checkpoint of step ${step}; it has ${steps.length === 0 ? "none" : steps.join(", ")}`,
    );
  }
  const checkpoint = step === "best" ? folder.readBest() : folder.readCheckpoint(step);
  if (checkpoint === undefined) {
    throw new UsageError(`${path}: no checkpoint was judged best; train with --evaluate-every`);
  }
  restoreCheckpoint(trainer, checkpoint, checkpoint.path);
};

const removeIfEmpty = (path: string): void => {
  try {
    rmdirSync(path);
  } catch {
    // It holds something, or is not there: both are as they should be.
  }
};

/**
 * Trains a run in a folder: checks the data, begins or continues, writes metrics, samples and checkpoints as it goes, and
 * the generator and the report at the end. Nothing is written before data set, model, loss and device have been found
 * to work.
 *
 * @throws UsageError for a configuration that does not fit, or a folder that holds another run
 * @throws RunError for data that cannot be trained on, a damaged checkpoint, a full disk
 * @throws NotFiniteError when a loss or parameter is no longer finite; the report is written all the same
 */
export const startRun = async (options: RunOptions): Promise<RunResult> => {
  const { out, resume = false, device, threads } = options;
  const config = resolveConfig(options.config);
  checkConfig(config);
  const stored = resume && holdsRun(out) ? readStored(openRunFolder(out)) : undefined;
  if (stored === undefined) checkNewFolder(out);
  else checkSameRun(out, stored.config, config);

  const warnings: string[] = [];
  const onEvent = (event: RunEvent): void => {
    if (event.type === "warning") warnings.push(event.message);
    options.onEvent?.(event);
  };
  const warn = (message: string): void => onEvent({ type: "warning", message });

  const dataset = await openData(config, onEvent);
  const facts = factsOf(dataset);
  const changed = stored && changedData(out, stored.dataset, facts);
  if (changed !== undefined) warn(changed);
  await inspectData(dataset, config, {
    warn,
    read: (reading, lines) => onEvent({ type: "data", reading, lines }),
  });
  const trainer = trainerOf({ config, dataset, device, threads });
  for (const message of warningsOf(trainer.plan)) warn(message);
  await trainer.prepare();

  const unlock = lockRun(out);
  let folder: RunFolder | undefined;
  try {
    const conditions = conditionsOf(device, threads);
    folder = openFolder(out, trainer, { config, dataset: facts, conditions }, stored, warn);
    return await trainInFolder({ ...options, onEvent }, config, dataset, trainer, folder, warnings);
  } finally {
    unlock();
    if (folder === undefined) removeIfEmpty(out);
  }
};

const trainInFolder = async (
  { out, device, threads, signal, onEvent = () => {} }: RunOptions,
  config: RunConfig,
  dataset: Dataset,
  trainer: Trainer,
  folder: RunFolder,
  warnings: readonly string[],
): Promise<RunResult> => {
  const facts = factsOf(dataset);
  const first = trainer.progress.step;
  onEvent({ type: "start", out, step: first, config, dataset: facts, parameters: trainer.parameterCounts });
  const isImage = dataset.shape.length === 3;
  const columns = sampleColumns(trainer.plan.model);
  const usual = SAMPLES[dataset.pairs ? "pairs" : isImage ? "images" : "points"];
  const sampleCount = columns === undefined ? usual : columns * Math.ceil(usual / columns);
  const { examples: real } = await dataset.draw(config.seed, 0, sampleCount);
  const picture = (examples: Float32Array): Promise<Uint8Array> =>
    dataset.pairs
      ? translationPng(real, examples, dataset.shape)
      : samplePng(examples, dataset.shape, real, columns);

  const evaluation =
    config.evaluateEvery === undefined
      ? undefined
      : await openEvaluation(config, dataset, folder, onEvent, { device, threads });
  const test = openTest(config, dataset, trainer.plan, onEvent);
  let testAccuracy: number | undefined;
  const evaluate = async (): Promise<Record<string, number>> => {
    testAccuracy = await test?.(trainer);
    return {
      ...(testAccuracy === undefined ? {} : { testAccuracy }),
      ...(await evaluation?.evaluate(trainer)),
    };
  };

  const started = performance.now();
  const game = healthFacts(trainer.plan, config, dataset);
  const watch = watchHealth(game);
  const recordsOf = (): MetricsLine[] =>
    folder.readMetrics({ keep: (record) => isJudged(config, record), onDamage: () => {} });
  /** Looks at samples, too, while there is a trainer to draw them. */
  const look = async (live?: Trainer): Promise<Verdict[]> => {
    const extractor = live === undefined ? undefined : await extractorFor(dataset, { device, threads });
    const verdicts = await examine({ config, dataset, records: recordsOf(), trainer: live, extractor, game });
    await extractor?.dispose();
    return verdicts;
  };
  const writeReport = (health: readonly Verdict[], failure?: string): string =>
    folder.writeText(
      "report.html",
      reportHtml({
        config,
        dataset: facts,
        metrics: recordsOf(),
        samples: chooseFrames(folder.samples()).map(({ step }) => ({ step, png: folder.readSample(step) })),
        warnings,
        health,
        failure,
        environment: environmentOf(device, threads),
        step: trainer.progress.step,
        parameters: trainer.parameterCounts,
        session: { steps: trainer.progress.step - first, seconds: (performance.now() - started) / 1000 },
      }),
    );
  try {
    const { stopped } = await train({
      config,
      dataset,
      trainer,
      sampleCount,
      ...(signal === undefined ? {} : { signal }),
      evaluate,
      onStep: (record) => {
        folder.appendMetrics([record]);
        onEvent({ type: "step", record, health: watch(record) });
      },
      onSample: async (step, examples) => {
        const path = folder.writeSample(step, await picture(examples));
        onEvent({ type: "sample", step, path });
      },
      onCheckpoint: (step, bytes) => {
        folder.writeCheckpoint(step, bytes, config.keepCheckpoints);
        onEvent({ type: "checkpoint", step });
      },
    });
    const generator = folder.writeBytes("generator.onnx", await trainer.exportGenerator());
    const report = writeReport(await look(trainer));
    folder.close();
    const { step } = trainer.progress;
    await trainer.dispose();
    await evaluation?.dispose();
    return {
      step,
      stopped,
      sample: folder.samples().at(-1)?.path,
      report,
      generator,
      ...(testAccuracy === undefined ? {} : { testAccuracy }),
    };
  } catch (error) {
    if (error instanceof NotFiniteError) {
      folder.appendMetrics([{ step: error.step, failure: error.message }]);
      writeReport(await look(), error.message);
    }
    folder.close();
    throw error;
  }
};

/** A run that exists, for those who sample from it, export or judge it. */
export interface OpenedRun {
  readonly folder: RunFolder;
  readonly config: RunConfig;
  readonly dataset: DataFacts;
  /** The training state of the checkpoint. It can go on from there. */
  readonly trainer: Trainer;
  /** The data, opened when they are first asked for; by default those trained on. */
  readonly data: (split?: "train" | "test") => Promise<Dataset>;
}

export interface OpenRunOptions {
  /** Step of the checkpoint to take, or the one that was judged best; default: the newest. */
  readonly step?: number | "best" | undefined;
  readonly device?: Device | undefined;
  readonly threads?: number | undefined;
  readonly onEvent?: (event: RunEvent) => void;
}

/**
 * Opens a run at a checkpoint. Nothing is written, so that it may be called beside a run that is under way.
 *
 * @throws UsageError if there is no run, or no checkpoint of that step
 * @throws RunError if the checkpoint is damaged or belongs to another model
 */
export const openRun = (path: string, options: OpenRunOptions = {}): OpenedRun => {
  const { step, device, threads, onEvent = () => {} } = options;
  const folder = openRunFolder(path);
  const { config, dataset } = readStored(folder);
  const opened: { train?: Promise<Dataset>; test?: Promise<Dataset> } = {};
  const data: OpenedRun["data"] = (split = "train") => {
    opened[split] ??= openData(config, onEvent, split);
    return opened[split];
  };
  const trainer = trainerOf({
    config,
    dataset: {
      ...dataset,
      size: dataset.size ?? Number.POSITIVE_INFINITY,
      draw: async (...range) => (await data()).draw(...range),
      read: async (indices) => (await data()).read!(indices),
    },
    device,
    threads,
  });
  restoreAt(folder, trainer, step, (message) => onEvent({ type: "warning", message }));
  return { folder, config, dataset, trainer, data };
};
