/** A run from its first step to its report: data set, trainer and folder brought together. */
import { type ConfigInput, plainConfig, resolveLive, warningsOf } from "../config/index.ts";
import { healthFacts, watchHealth } from "../metrics/index.ts";
import { factsOf } from "../report/index.ts";
import type { Device } from "../runtime/index.ts";
import { configuredTrainer } from "../train/index.ts";
import { conditionsOf } from "./conditions.ts";
import { checkPrivateSteps, type Privacy, privacyOf } from "./privacy.ts";
import { changedData, inspectData, openData } from "./run-data.ts";
import { type RunEvent, startOf } from "./run-events.ts";
import { checkNewFolder, holdsRun, openRunFolder, type RunFolder } from "./run-folder.ts";
import { inRunFolder, trainAndWrite } from "./run-frame.ts";
import { openJudging } from "./run-judging.ts";
import { runPictures } from "./run-pictures.ts";
import { lookAtRun, privacyNow, type RunInFolder, writeRunReport } from "./run-report.ts";
import { checkSameRun, readStored, withMetrics, writeStored } from "./stored-config.ts";
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

  const conditions = conditionsOf(device, threads);
  const now = { config, dataset: facts, conditions, uses };
  const begun = stored && { conditions: stored.conditions, steps: stored.config.steps };
  const writeConfig = (folder: RunFolder): void => writeStored(folder, stored ? { ...stored, config } : now);
  return await inRunFolder(
    out,
    { trainer, settings: config, begun, conditions, writeConfig, warn },
    (folder) =>
      trainInFolder({ ...options, onEvent }, { config, dataset, trainer, folder, device, threads }, warnings),
  );
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
  const pictures = await runPictures(dataset, trainer.gan, config.seed);
  const board = tensorboard === true || hasBoard(out) ? openBoard(folder, first) : undefined;
  const judging = await openJudging(config, dataset, trainer.gan, folder, onEvent, { device, threads });
  const session = { first, started: performance.now(), warnings, titles: pictures.titles };
  const game = healthFacts(trainer.gan, dataset);
  const watch = watchHealth(game);
  try {
    return await trainAndWrite(trainer, config, {
      folder,
      onEvent,
      signal,
      evaluate: judging.evaluate,
      sample: () => trainer.sample(pictures.count, { seed: config.seed }),
      recorded: (record) => {
        board?.record(record);
        return watch(record);
      },
      picture: (step, samples) => ({
        shape: dataset.shape,
        draw: async () => {
          const png = await pictures.draw(samples);
          board?.sample(step, png);
          return png;
        },
      }),
      beforeCheckpoint: () => board?.sync(),
      finish: async (stopped) => {
        const generator = folder.writeBytes("generator.onnx", await trainer.exportGenerator());
        const report = writeRunReport(run, await lookAtRun(run, game, true), session);
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
      },
      fail: async (message) => void writeRunReport(run, await lookAtRun(run, game, false), session, message),
    });
  } finally {
    board?.close();
  }
};
