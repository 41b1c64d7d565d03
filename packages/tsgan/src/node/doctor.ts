/** A run's folder examined: what `tsgan doctor` says. */

import { ganOf } from "../config/index.ts";
import { UsageError } from "../errors.ts";
import type { Game } from "../game/index.ts";
import { diagnose, examine, gameHealthFacts, healthFacts, type Verdict } from "../metrics/index.ts";
import { openDataset } from "./datasets.ts";
import { extractorFor } from "./evaluate.ts";
import { examineGameIn, firstData, openGameRun, storedGame } from "./game-run.ts";
import { type OpenRunOptions, openRun } from "./open-run.ts";
import { dataOptions } from "./run-data.ts";
import { type MetricsLine, openRunFolder, type RunFolder } from "./run-folder.ts";
import { isJudged } from "./run-report.ts";
import { readStored } from "./stored-config.ts";

export interface Examination {
  /** Step of the checkpoint that samples were drawn at; undefined where the records alone were looked at. */
  readonly step: number | undefined;
  readonly verdicts: readonly Verdict[];
}

/**
 * Examines a run: its records, and samples and weights at a checkpoint, the newest without `step`. Of a game of one's own,
 * whose code is not in the folder, the records alone: `examineGameRun` looks at its samples, too.
 *
 * @param path the run's folder
 * @param options which checkpoint (`step`), device and threads
 * @throws UsageError if there is no run, or no checkpoint of that step
 * @example
 * ```ts
 * import { examineRun, startRun } from "tsgan/node";
 *
 * await startRun({ config: { data: "ring", steps: 20 }, out: "runs/examined" });
 * const { verdicts } = await examineRun("runs/examined");
 * console.log(verdicts[0].title); // so soon it is too early to tell
 * ```
 */
export const examineRun = async (path: string, options: OpenRunOptions = {}): Promise<Examination> => {
  const folder = openRunFolder(path);
  const game = await storedGame(folder);
  if (game !== undefined) return examineRecords(path, folder, game, options);
  const { config } = readStored(folder);
  const keep = (record: MetricsLine): boolean => isJudged(config, record);
  const records = folder.readMetrics({ keep, onDamage: () => {} });
  for (const message of folder.surveyMetrics(records.at(-1)?.step ?? 0, config.logEvery)) {
    options.onEvent?.({ type: "warning", message });
  }
  if (options.step === undefined && folder.checkpoints().length === 0) {
    const dataset = await openDataset(config.data, dataOptions(config));
    const gan = ganOf(config, { shape: dataset.shape, classes: dataset.classes?.length });
    return {
      step: undefined,
      verdicts: await examine({ config, dataset, records, game: healthFacts(gan, dataset) }),
    };
  }
  const { trainer, data } = openRun(path, options);
  const { device, threads } = options;
  const dataset = await data();
  const extractor = await extractorFor(dataset, { device, threads });
  const facts = healthFacts(trainer.gan, dataset);
  const verdicts = await examine({ config, dataset, records, trainer, extractor, game: facts });
  const { step } = trainer.progress;
  await extractor.dispose();
  await trainer.dispose();
  return { step, verdicts };
};

const examineRecords = (
  path: string,
  folder: RunFolder,
  { settings, dataset }: NonNullable<Awaited<ReturnType<typeof storedGame>>>,
  { step, onEvent }: OpenRunOptions,
): Examination => {
  if (step !== undefined) {
    throw new UsageError(
      `${path}: a checkpoint of the game ${settings.game} can be examined only with its code; leave --step out, or examine it in the program that made it`,
    );
  }
  const records = folder.readMetrics({ keep: () => false, onDamage: () => {} });
  for (const message of folder.surveyMetrics(records.at(-1)?.step ?? 0, settings.logEvery)) {
    onEvent?.({ type: "warning", message });
  }
  const { shape, size = Number.POSITIVE_INFINITY } = dataset;
  const facts = gameHealthFacts({ ...settings, name: settings.game }, { shape, size });
  return { step: undefined, verdicts: diagnose({ ...facts, records }) };
};

/**
 * Examines the run of a game of one's own: its records, and samples at a checkpoint, the newest without `step`, where the
 * game makes samples of the data's shape.
 *
 * @param path the run's folder
 * @param options which checkpoint (`step`), device and threads
 * @throws UsageError if there is no run of this game, or no checkpoint of that step
 */
export const examineGameRun = async (
  path: string,
  game: Game,
  options: NonNullable<Parameters<typeof openGameRun>[2]> = {},
): Promise<Examination> => {
  const { device, threads } = options;
  const dataset = firstData(game);
  const { folder, trainer } = await openGameRun(path, game, options);
  try {
    const verdicts = await examineGameIn(folder, game, dataset, { trainer, device, threads });
    return { step: trainer.progress.step, verdicts };
  } finally {
    await trainer.dispose();
  }
};
