/** A run from its first step to its report: data set, trainer and folder brought together. */
import { rmdirSync } from "node:fs";
import { type ConfigInput, plainConfig, resolveLive, warningsOf } from "../config/index.ts";
import { healthFacts, watchHealth } from "../metrics/index.ts";
import { factsOf } from "../report/index.ts";
import type { Device } from "../runtime/index.ts";
import { configuredTrainer, type GanTrainer, NotFiniteError, trainLoop } from "../train/index.ts";
import { changedConditions, conditionsOf } from "./conditions.ts";
import { restoreLatest } from "./open-run.ts";
import { checkPrivateSteps, type Privacy, privacyOf } from "./privacy.ts";
import { changedData, inspectData, openData } from "./run-data.ts";
import { type RunEvent, startOf } from "./run-events.ts";
import { checkNewFolder, createRunFolder, holdsRun, openRunFolder, type RunFolder } from "./run-folder.ts";
import { openJudging } from "./run-judging.ts";
import { lockRun } from "./run-lock.ts";
import { runPictures } from "./run-pictures.ts";
import { lookAtRun, privacyNow, type RunInFolder, writeRunReport } from "./run-report.ts";
import { samplePictures } from "./sample-pictures.ts";
import { checkSameRun, readStored, type StoredConfig, withMetrics, writeStored } from "./stored-config.ts";
import { recognisedAs } from "./table-file.ts";
import { hasBoard, openBoard } from "./tensorboard.ts";
import { sayTimeLeft } from "./time-left.ts";
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
    const run = { config, dataset, trainer, folder, device, threads };
    return await trainInFolder({ ...options, onEvent }, run, warnings);
  } finally {
    unlock();
    if (folder === undefined) removeIfEmpty(out);
  }
};

/** @param warnings what the data and the configuration were warned of, to which training may add */
const trainInFolder = async (
  { out, tensorboard, signal, onEvent = () => {} }: RunOptions,
  run: RunInFolder,
  warnings: readonly string[],
): Promise<RunResult> => {
  const { config, dataset, trainer, folder, device, threads } = run;
  const first = trainer.progress.step;
  onEvent(
    startOf({ out, step: first, config, dataset: factsOf(dataset), parameters: trainer.parameterCounts }),
  );
  await sayTimeLeft(trainer, config.steps, onEvent);
  const samples = await runPictures(dataset, trainer.gan, config.seed);
  const pictures = samplePictures(folder, onEvent);
  const board = tensorboard === true || hasBoard(out) ? openBoard(folder, first) : undefined;
  const judging = await openJudging(config, dataset, trainer.gan, folder, onEvent, { device, threads });
  const session = { first, started: performance.now(), warnings, titles: samples.titles };
  const game = healthFacts(trainer.gan, dataset);
  const watch = watchHealth(game);
  try {
    const stopped = await trainLoop(trainer, config, {
      signal,
      evaluate: judging.evaluate,
      sample: () => trainer.sample(samples.count, { seed: config.seed }),
      onStep: (record) => {
        folder.appendMetrics([record]);
        board?.record(record);
        onEvent({ type: "step", record, health: watch(record) });
      },
      onSample: (step, examples) =>
        pictures.draw(step, dataset.shape, async () => {
          const png = await samples.draw(examples);
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
    const report = writeRunReport(run, await lookAtRun(run, game, true), session);
    folder.close();
    board?.close();
    const { step } = trainer.progress;
    const privacy = privacyNow(run);
    const testAccuracy = judging.testAccuracy();
    await trainer.dispose();
    await judging.dispose();
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
      // The trainer can draw no samples any more.
      writeRunReport(run, await lookAtRun(run, game, false), session, error.message);
    }
    folder.close();
    board?.close();
    throw error;
  }
};
