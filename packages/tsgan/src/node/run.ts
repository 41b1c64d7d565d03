/** A run from its first step to its report: data set, trainer and folder brought together. */
import { rmdirSync } from "node:fs";
import { type ConfigInput, plainConfig, type RunConfig, resolveLive, warningsOf } from "../config/index.ts";
import type { Dataset } from "../data/index.ts";
import {
  classAccuracy,
  examine,
  healthFacts,
  outranks,
  type Rank,
  rankOf,
  type Verdict,
  watchHealth,
} from "../metrics/index.ts";
import {
  chooseFrames,
  factsOf,
  reportedRun,
  reportHtml,
  type TableReport,
  tableReport,
} from "../report/index.ts";
import type { Device } from "../runtime/index.ts";
import { isTable } from "../tables/index.ts";
import {
  configuredTrainer,
  type GanTrainer,
  NotFiniteError,
  saveCheckpoint,
  type TrainEvents,
  trainLoop,
} from "../train/index.ts";
import { changedConditions, conditionsOf } from "./conditions.ts";
import { hasTestSplit } from "./datasets.ts";
import { environmentOf } from "./environment.ts";
import { extractorFor, type JudgeOptions, openJudge } from "./evaluate.ts";
import { restoreLatest } from "./open-run.ts";
import { checkPrivateSteps, type Privacy, privacyOf } from "./privacy.ts";
import { changedData, inspectData, openData } from "./run-data.ts";
import { type RunEvent, startOf } from "./run-events.ts";
import {
  checkNewFolder,
  createRunFolder,
  holdsRun,
  type MetricsLine,
  openRunFolder,
  type RunFolder,
} from "./run-folder.ts";
import { lockRun } from "./run-lock.ts";
import { samplePictures } from "./sample-pictures.ts";
import { sampleColumns, samplePng } from "./sample-png.ts";
import { checkSameRun, readStored, type StoredConfig, withMetrics, writeStored } from "./stored-config.ts";
import { recognisedAs } from "./table-file.ts";
import { someRows, tablePng } from "./table-png.ts";
import { hasBoard, openBoard } from "./tensorboard.ts";
import { sayTimeLeft } from "./time-left.ts";
import { translationPng } from "./translation.ts";
import { type UsedFile, useChanges } from "./uses.ts";

export interface RunOptions {
  /** Files that have registered things which the configuration names; written to config.json with their hashes. */
  readonly uses?: readonly UsedFile[] | undefined;
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
  /** Writes figures and samples for TensorBoard, too; a run that has begun so goes on so. */
  readonly tensorboard?: boolean | undefined;
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
  /** Of a run of differential privacy: what it has spent. */
  readonly privacy?: Privacy;
  /** Semi-supervised runs that reached their last step: share of the test split that the classifier gets right. */
  readonly testAccuracy?: number;
}

/** Fields of a table up to which its rows are kept for the report. */
const KEPT_FIELDS = 1_000_000;

const SAMPLES = { images: 64, pairs: 16, points: 1000 } as const;

/** Judges the generator while it trains, and keeps the state that did best. */
const openEvaluation = async (
  config: RunConfig,
  dataset: Dataset,
  folder: RunFolder,
  onEvent: (event: RunEvent) => void,
  options: JudgeOptions,
): Promise<{ evaluate: NonNullable<TrainEvents<GanTrainer>["evaluate"]>; dispose(): Promise<void> }> => {
  const judge = await openJudge(dataset, options);
  let best: Rank | undefined;
  // Damaged lines were told of when the run was resumed.
  for (const record of folder.eachRecord(() => {})) {
    const rank = rankOf(record);
    if (rank !== undefined && outranks(rank, best)) best = rank;
  }
  const warned = new Set<string>();
  const evaluate = async (trainer: GanTrainer): Promise<Record<string, number>> => {
    const samples = await trainer.sample(config.evaluateSamples, { seed: config.seed });
    const { evaluateMetrics: metrics, seed } = config;
    const judged = await judge.judge(samples, { metrics, training: true, seed, trainer });
    for (const { metric, reason } of judged.leftOut) {
      if (!warned.has(metric))
        onEvent({ type: "warning", message: `metric ${metric} is left out: ${reason}` });
      warned.add(metric);
    }
    const figures = Object.fromEntries(judged.figures.map(({ key, value }) => [key, value]));
    const rank = rankOf(figures);
    const isBest = rank !== undefined && outranks(rank, best);
    if (isBest) {
      folder.writeBest(await saveCheckpoint(trainer));
      best = rank;
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
  { model }: GanTrainer["gan"],
  onEvent: (event: RunEvent) => void,
): ((trainer: GanTrainer) => Promise<number>) | undefined => {
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

/** Begins a folder, or puts trainer and folder back to where the last checkpoint was written. */
const openFolder = (
  out: string,
  trainer: GanTrainer,
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
  folder.dropCheckpoints(trainer.progress.step, config.keepCheckpoints);
  return folder;
};

/** Whether a record may hold figures of an evaluation, which all count. */
export const isJudged = ({ evaluateEvery }: RunConfig, { step }: MetricsLine): boolean =>
  evaluateEvery !== undefined && step % evaluateEvery === 0;

export const removeIfEmpty = (path: string): void => {
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
 * @param options configuration, the folder (`out`), whether to `resume`, and who is told of the progress
 * @throws UsageError for a configuration that does not fit, or a folder that holds another run
 * @throws RunError for data that cannot be trained on, a damaged checkpoint, a full disk
 * @throws NotFiniteError when a loss or parameter is no longer finite; the report is written all the same
 * @example
 * ```ts
 * import { startRun } from "tsgan/node";
 *
 * const { step, stopped } = await startRun({
 *   config: { data: "ring", loss: "wgan-gp", steps: 20 },
 *   out: "runs/ring",
 * });
 * console.log(step, stopped); // 20 false
 * ```
 */
export const startRun = async (options: RunOptions): Promise<RunResult> => {
  const { out, resume = false, device, threads, uses } = options;
  const stored = resume && holdsRun(out) ? readStored(openRunFolder(out)) : undefined;
  const { as } = stored?.config ?? recognisedAs(options.config);
  const live = withMetrics(resolveLive({ ...(as && { as }) }, options.config));
  const asked = plainConfig(live);
  if (stored === undefined) checkNewFolder(out);
  else checkSameRun(out, stored, live);

  const warnings: string[] = [];
  const onEvent = (event: RunEvent): void => {
    if (event.type === "warning") warnings.push(event.message);
    options.onEvent?.(event);
  };
  const warn = (message: string): void => onEvent({ type: "warning", message });

  // A table's rows are kept for metrics alone: of large tables they take more memory than what is made of them.
  const keepRows = live.evaluateEvery !== undefined || KEPT_FIELDS;
  const dataset =
    typeof live.data === "string"
      ? await openData(asked, onEvent, "train", { keepRows, plan: stored?.dataset.table })
      : live.data;
  const facts = factsOf(dataset);
  const changed = stored && changedData(out, stored.dataset, facts);
  if (changed !== undefined) warn(changed);
  const { changed: other, missing } = useChanges(stored?.uses, uses, "run");
  for (const message of [...other, ...missing]) warn(message);
  await inspectData(dataset, asked, {
    warn,
    read: (reading, lines) => onEvent({ type: "data", ...(reading && { reading }), lines }),
  });
  const { trainer, config } = configuredTrainer({ config: live, dataset, device, threads });
  const { generator, discriminator } = trainer.game.variables;
  for (const message of warningsOf(trainer.gan, { generator, discriminator })) {
    warn(message);
  }
  checkPrivateSteps(out, trainer, stored?.config.steps ?? config.steps, config.steps);
  const privacy = privacyOf(trainer, dataset.size, { steps: config.steps, done: 0 });
  if (privacy !== undefined) onEvent({ type: "data", lines: [privacy.begins] });
  for (const message of await trainer.prepare()) warn(message);

  const unlock = lockRun(out);
  let folder: RunFolder | undefined;
  try {
    const conditions = conditionsOf(device, threads);
    folder = openFolder(out, trainer, { config, dataset: facts, conditions, uses }, stored, warn);
    return await trainInFolder({ ...options, onEvent }, config, dataset, trainer, folder, warnings);
  } finally {
    unlock();
    if (folder === undefined) removeIfEmpty(out);
  }
};

/** What was seen of a run at its end. */
type Seen = { readonly health: readonly Verdict[]; readonly table: TableReport | undefined };

const trainInFolder = async (
  { out, device, threads, tensorboard, signal, onEvent = () => {} }: RunOptions,
  config: RunConfig,
  dataset: Dataset,
  trainer: GanTrainer,
  folder: RunFolder,
  warnings: readonly string[],
): Promise<RunResult> => {
  const facts = factsOf(dataset);
  const first = trainer.progress.step;
  onEvent(startOf({ out, step: first, config, dataset: facts, parameters: trainer.parameterCounts }));
  await sayTimeLeft(trainer, config.steps, onEvent);
  const columns = sampleColumns(trainer.gan.model, dataset.classes);
  const usual = SAMPLES[dataset.pairs ? "pairs" : dataset.shape.length === 3 ? "images" : "points"];
  const sampleCount = columns === undefined ? usual : columns.count * Math.ceil(usual / columns.count);
  const real = isTable(dataset)
    ? await someRows(dataset, config.seed, sampleCount)
    : (await dataset.draw(config.seed, 0, sampleCount)).examples;
  const picture = (examples: Float32Array): Promise<Uint8Array> => {
    if (isTable(dataset)) return tablePng(dataset.table, examples, real);
    return dataset.pairs
      ? translationPng(real, examples, dataset.shape)
      : samplePng(examples, dataset.shape, real, columns);
  };
  const pictures = samplePictures(folder, onEvent);
  const board = tensorboard === true || hasBoard(out) ? openBoard(folder, first) : undefined;

  const evaluation =
    config.evaluateEvery === undefined
      ? undefined
      : await openEvaluation(config, dataset, folder, onEvent, { device, threads });
  const test = openTest(config, dataset, trainer.gan, onEvent);
  let testAccuracy: number | undefined;
  const evaluate = async (): Promise<Record<string, number>> => {
    testAccuracy = await test?.(trainer);
    return {
      ...(testAccuracy === undefined ? {} : { testAccuracy }),
      ...(await evaluation?.evaluate(trainer)),
    };
  };

  const started = performance.now();
  const game = healthFacts(trainer.gan, dataset);
  const watch = watchHealth(game);
  const privacyNow = (): Privacy | undefined =>
    privacyOf(trainer, dataset.size, { steps: config.steps, done: trainer.progress.step });
  const recordsOf = (): MetricsLine[] =>
    folder.readMetrics({ keep: (record) => isJudged(config, record), onDamage: () => {} });
  /** Looks at samples, too, while there is a trainer to draw them. */
  const look = async (live?: GanTrainer): Promise<Seen> => {
    const extractor = live && (await extractorFor(dataset, { device, threads }));
    const health = await examine({ config, dataset, records: recordsOf(), trainer: live, extractor, game });
    const sample = live && ((count: number) => live.sample(count, { seed: config.seed }));
    const guarantee = privacyNow()?.guarantee;
    const table =
      isTable(dataset) && sample && extractor
        ? await tableReport(dataset, extractor, sample, { seed: config.seed, guarantee })
        : undefined;
    await extractor?.dispose();
    return { health, table };
  };
  const writeReport = ({ health, table }: Seen, failure?: string): string =>
    folder.writeText(
      "report.html",
      reportHtml({
        run: reportedRun(config, facts, trainer.parameterCounts),
        dataset: facts,
        metrics: recordsOf(),
        columns: columns?.titles,
        samples: chooseFrames(folder.samples()).map(({ step }) => ({ step, png: folder.readSample(step) })),
        warnings,
        health,
        table,
        failure,
        environment: environmentOf(device, threads),
        step: trainer.progress.step,
        session: { steps: trainer.progress.step - first, seconds: (performance.now() - started) / 1000 },
      }),
    );
  try {
    const stopped = await trainLoop(trainer, config, {
      signal,
      evaluate,
      sample: () => trainer.sample(sampleCount, { seed: config.seed }),
      onStep: (record) => {
        folder.appendMetrics([record]);
        board?.record(record);
        onEvent({ type: "step", record, health: watch(record) });
      },
      onSample: (step, examples) =>
        pictures.draw(step, dataset.shape, async () => {
          const png = await picture(examples);
          board?.sample(step, png);
          return png;
        }),
      onCheckpoint: async (step, bytes) => {
        await pictures.written();
        board?.sync();
        folder.writeCheckpoint(step, bytes, config.keepCheckpoints);
        onEvent({ type: "checkpoint", step });
      },
    });
    await pictures.written();
    const generator = folder.writeBytes("generator.onnx", await trainer.exportGenerator());
    const report = writeReport(await look(trainer));
    folder.close();
    board?.close();
    const { step } = trainer.progress;
    const privacy = privacyNow();
    await trainer.dispose();
    await evaluation?.dispose();
    return {
      step,
      stopped,
      sample: folder.samples().at(-1)?.path,
      report,
      generator,
      ...(privacy && { privacy }),
      ...(testAccuracy === undefined ? {} : { testAccuracy }),
    };
  } catch (error) {
    await pictures.written().catch(() => {});
    if (error instanceof NotFiniteError) {
      folder.appendMetrics([{ step: error.step, failure: error.message }]);
      writeReport(await look(), error.message);
    }
    folder.close();
    board?.close();
    throw error;
  }
};
