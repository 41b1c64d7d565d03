/** Runs of games of one's own in folders: what `startRun` does for GANs that a configuration describes. */

import { written } from "../config/index.ts";
import type { Dataset } from "../data/index.ts";
import { RunError, UsageError } from "../errors.ts";
import type { Game } from "../game/index.ts";
import { examineGame, gameHealthFacts, type Verdict } from "../metrics/index.ts";
import { optimizerConfig } from "../nn/index.ts";
import { checkInteger } from "../options.ts";
import { chooseFrames, type DataFacts, factsOf, reportedGame, reportHtml } from "../report/index.ts";
import type { Device } from "../runtime/index.ts";
import { createTrainer, sampleGame, type Trainer } from "../train/index.ts";
import { conditionsOf, splitConditions } from "./conditions.ts";
import { environmentOf } from "./environment.ts";
import { extractorFor } from "./evaluate.ts";
import { restoreAt } from "./open-run.ts";
import type { RunResult } from "./run.ts";
import { changedData } from "./run-data.ts";
import type { RunEvent } from "./run-events.ts";
import { checkNewFolder, holdsRun, type MetricsLine, openRunFolder, type RunFolder } from "./run-folder.ts";
import { inRunFolder, trainAndWrite } from "./run-frame.ts";
import { samplePng } from "./sample-png.ts";
import { storedFacts } from "./stored-config.ts";
import { parseStoredGame } from "./stored-game.ts";

export interface GameRunOptions {
  /** As `gameOf` makes it, or `game(…).game`. */
  readonly game: Game;
  /** The run's folder. */
  readonly out: string;
  readonly steps: number;
  /** Seed of all random numbers; 1 without. */
  readonly seed?: number;
  /** Iterations from one to the next; a tenth of the run, and a fifth, without. */
  readonly sampleEvery?: number;
  readonly checkpointEvery?: number;
  /** Newest checkpoints to keep; 3 without. */
  readonly keepCheckpoints?: number;
  readonly logEvery?: number;
  /** Continue the run of the folder from its last checkpoint; a folder without a run begins one. */
  readonly resume?: boolean;
  readonly device?: Device | undefined;
  readonly threads?: number | undefined;
  /** Stops the run after the current step, with a checkpoint. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: Exclude<RunEvent, { readonly type: "start" }>) => void;
}

export interface GameRunResult extends Omit<RunResult, "generator" | "testAccuracy"> {
  /** The network that the game samples, as ONNX, where it samples one. */
  readonly generator: string | undefined;
}

/** Samples in each picture. */
const SAMPLES = { images: 64, points: 1000 } as const;

/** What config.json holds of a game: enough to see what was trained, and to know it again. The code is its user's. */
const describeGame = ({ name, batch, players, networks, latents, techniques, samples }: Game) => ({
  game: name,
  batch,
  networks: Object.keys(networks),
  players: Object.fromEntries(
    Object.entries(players).map(([player, { trains, optimizer }]) => [
      player,
      { trains, optimizer: optimizerConfig(optimizer) },
    ]),
  ),
  latents,
  techniques: techniques.map(written),
  ...(samples && { samples }),
});

const settingsOf = (options: GameRunOptions) => {
  const { game, steps, seed = 1, keepCheckpoints = 3, logEvery = 1 } = options;
  checkInteger("run", "steps", steps, 1);
  const {
    sampleEvery = Math.max(1, Math.round(steps / 10)),
    checkpointEvery = Math.max(1, Math.round(steps / 5)),
  } = options;
  return { ...describeGame(game), steps, seed, sampleEvery, checkpointEvery, keepCheckpoints, logEvery };
};
type Settings = ReturnType<typeof settingsOf>;

/** The data that samples are shown beside. */
export const firstData = ({ streams }: Game): Dataset => {
  const dataset = Object.values(streams)[0]?.dataset;
  if (dataset === undefined) throw new UsageError("run: the game has no data; give it some");
  return dataset;
};

interface Stored {
  readonly settings: Settings;
  readonly dataset: DataFacts;
  readonly conditions: ReturnType<typeof splitConditions>["conditions"];
}

/** What the folder holds of a game of one's own; undefined where it holds the run of a configuration. */
export const storedGame = async (folder: RunFolder): Promise<Stored | undefined> => {
  const file = `${folder.path}/config.json`;
  const stored = folder.readConfig() as Readonly<Record<string, unknown>> | null;
  if (typeof stored?.game !== "string") return undefined;
  const settings = await parseStoredGame(stored);
  if (typeof settings === "string") {
    throw new RunError(`${file}: expected the settings of a game; ${settings}`);
  }
  const { conditions, rest } = splitConditions(stored);
  const { dataset: _, ...own } = rest;
  return { settings: own as unknown as Settings, dataset: storedFacts(file, stored), conditions };
};

const readStored = async (folder: RunFolder): Promise<Stored> => {
  const stored = await storedGame(folder);
  if (stored === undefined) {
    throw new UsageError(`${folder.path}: it holds the run of a configuration; continue it with startRun`);
  }
  return stored;
};

/** Samples that health is judged by. */
const JUDGED = 1000;

/** Verdicts on a game: on its records, and on samples where there is a trainer to draw some of the data's shape. */
export const examineGameIn = async (
  folder: RunFolder,
  game: Game,
  dataset: Dataset,
  {
    trainer,
    device,
    threads,
  }: { trainer?: Trainer; device?: Device | undefined; threads?: number | undefined },
): Promise<Verdict[]> => {
  const records = folder.readMetrics({ keep: () => false, onDamage: () => {} });
  const facts = { game: gameHealthFacts(game, dataset), dataset, records };
  if (trainer === undefined || game.samples === undefined) return examineGame(facts);
  const samples = await sampleGame(trainer, JUDGED, trainer.seed);
  const checkpoint = trainer.progress.step;
  if (shapeOf(samples, JUDGED, dataset) !== dataset.shape) return examineGame({ ...facts, checkpoint });
  const extractor = await extractorFor(dataset, { device, threads });
  const verdicts = await examineGame({ ...facts, checkpoint, samples, extractor });
  await extractor.dispose();
  return verdicts;
};

/** Refuses to continue a run as another one; steps may be raised, events may come at other times. */
const checkSame = (path: string, stored: Settings, asked: Settings): void => {
  for (const key of ["game", "batch", "seed", "networks", "players", "latents", "techniques"] as const) {
    const [was, is] = [JSON.stringify(stored[key]), JSON.stringify(asked[key])];
    if (was === is) continue;
    throw new UsageError(
      `${path}: ${key} must stay as it is when a run is resumed: ${was}; got ${is}; begin another run`,
    );
  }
  if (asked.steps < stored.steps) {
    throw new UsageError(
      `${path}: steps of a run can only be raised when it is resumed; it has ${stored.steps}, got ${asked.steps}`,
    );
  }
};

/**
 * Trains a game in a folder: `config.json`, `metrics.jsonl`, `samples/`, `checkpoints/`, `report.html`, and `generator.onnx` where
 * the game says what it samples.
 *
 * @param options the game, the folder (`out`), the steps, how often samples and checkpoints are written, whether to
 * `resume`
 * @throws UsageError for a folder that holds another run
 * @throws NotFiniteError when a loss or parameter is no longer finite; the report is written all the same
 * @example
 * ```ts
 * import { adam, data, game, losses } from "tsgan";
 * import { layers } from "tsgan/nn";
 * import { startGameRun } from "tsgan/node";
 *
 * const { dense, relu, sequential } = layers;
 * const hinge = losses.hinge();
 * const mine = game({
 *   data: { x: data.ring() },
 *   latents: { z: { size: 2, distribution: "normal" } },
 *   networks: { generator: sequential(dense(32), relu(), dense(2)), critic: sequential(dense(32), relu(), dense(1)) },
 *   players: {
 *     critic: { loss: ({ x, z, generator, critic }) => hinge.discriminator(critic(x), critic(generator(z))) },
 *     generator: { loss: ({ x, z, generator, critic }) => hinge.generator(critic(x), critic(generator(z))) },
 *   },
 *   optimizer: adam({ learningRate: 1e-3 }),
 *   samples: { network: "generator", from: "z" },
 * });
 * const { step } = await startGameRun({ game: mine.game, out: "runs/mine", steps: 20, resume: true });
 * console.log(step); // 20; runs/mine has metrics.jsonl, samples/, checkpoints/, generator.onnx, report.html
 * ```
 */
export const startGameRun = async (options: GameRunOptions): Promise<GameRunResult> => {
  const { game, out, resume = false, device, threads, onEvent = () => {} } = options;
  const settings = settingsOf(options);
  const dataset = firstData(game);
  const facts = factsOf(dataset);
  const stored = resume && holdsRun(out) ? await readStored(openRunFolder(out)) : undefined;
  if (stored === undefined) checkNewFolder(out);
  else checkSame(out, stored.settings, settings);
  const warnings: string[] = [];
  const warn = (message: string | undefined): void => {
    if (message === undefined) return;
    warnings.push(message);
    onEvent({ type: "warning", message });
  };
  if (stored !== undefined) warn(changedData(out, stored.dataset, facts));
  const { seed, steps } = settings;
  const trainer = createTrainer({ game, seed, steps, device, threads });
  for (const message of await trainer.prepare()) warn(message);
  const conditions = conditionsOf(device, threads);
  const begun = stored && { conditions: stored.conditions, steps: stored.settings.steps };
  const writeConfig = (folder: RunFolder): void =>
    folder.writeConfig({ ...conditions, ...settings, dataset: facts });
  return await inRunFolder(out, { trainer, settings, begun, conditions, writeConfig, warn }, (folder) =>
    trainInFolder(options, settings, dataset, trainer, folder, warnings),
  );
};

const trainInFolder = async (
  { game, device, threads, signal, onEvent = () => {} }: GameRunOptions,
  settings: Settings,
  dataset: Dataset,
  trainer: Trainer,
  folder: RunFolder,
  warnings: readonly string[],
): Promise<GameRunResult> => {
  const facts = factsOf(dataset);
  const { seed, steps } = settings;
  const first = trainer.progress.step;
  const started = performance.now();
  const count = SAMPLES[dataset.shape.length === 3 ? "images" : "points"];
  const { examples: real } = await dataset.draw(seed, 0, count);
  const writeReport = (health: readonly Verdict[], failure?: string): string =>
    folder.writeText(
      "report.html",
      reportHtml({
        run: reportedGame({ ...settings, steps }, facts, trainer.parameterCounts),
        dataset: facts,
        metrics: folder.readMetrics({ keep: () => false, onDamage: () => {} }) as MetricsLine[],
        samples: chooseFrames(folder.samples()).map(({ step }) => ({ step, png: folder.readSample(step) })),
        warnings,
        health,
        failure,
        environment: environmentOf(device, threads),
        step: trainer.progress.step,
        session: { steps: trainer.progress.step - first, seconds: (performance.now() - started) / 1000 },
      }),
    );
  return await trainAndWrite(trainer, settings, {
    folder,
    onEvent,
    signal,
    sample: game.samples && ((each: Trainer) => sampleGame(each, count, seed)),
    recorded: () => "",
    picture: (_step, samples) => {
      const shape = shapeOf(samples, count, dataset);
      return { shape, draw: () => samplePng(samples, shape, real) };
    },
    finish: async (stopped) => {
      const generator =
        game.samples && folder.writeBytes("generator.onnx", await trainer.export(game.samples.network));
      const report = writeReport(await examineGameIn(folder, game, dataset, { trainer, device, threads }));
      const { step } = trainer.progress;
      await trainer.dispose();
      return { step, stopped, sample: folder.samples().at(-1)?.path, report, generator };
    },
    fail: async (message) => void writeReport(await examineGameIn(folder, game, dataset, {}), message),
  });
};

/** The shape of one sample: that of the data, where samples are as large. */
const shapeOf = (samples: Float32Array, count: number, { shape }: Dataset): readonly number[] => {
  const size = samples.length / count;
  return size === shape.reduce((a, b) => a * b, 1) ? shape : [size];
};

export interface OpenedGameRun {
  readonly folder: RunFolder;
  readonly dataset: DataFacts;
  /** The training state of the checkpoint. */
  readonly trainer: Trainer;
  /** Samples [count, …shape], for metrics: `openJudge(dataset).judge(samples)`. */
  sample(count: number, seed?: number): Promise<Float32Array>;
}

/**
 * Opens the run of a game at a checkpoint, the newest without `step`. Nothing is written. `device` and `threads` are
 * those that the run was trained with where nothing is said, and `onWarning` is told what has changed since.
 *
 * @param path the run's folder
 * @param game the game that was trained: its code is not in the folder
 * @throws UsageError if there is no run of this game, or no checkpoint of that step
 */
export const openGameRun = async (
  path: string,
  game: Game,
  {
    step,
    device,
    threads,
    onWarning = () => {},
  }: {
    readonly step?: number | undefined;
    readonly device?: Device | undefined;
    readonly threads?: number | undefined;
    readonly onWarning?: (message: string) => void;
  } = {},
): Promise<OpenedGameRun> => {
  const folder = openRunFolder(path);
  const { settings, dataset } = await readStored(folder);
  if (settings.game !== game.name) {
    throw new UsageError(`${path}: it holds the game ${settings.game}; got the game ${game.name}`);
  }
  const { seed, steps } = settings;
  const trainer = createTrainer({ game, seed, steps, device, threads });
  restoreAt(folder, trainer, step, onWarning);
  return { folder, dataset, trainer, sample: (count, own = seed) => sampleGame(trainer, count, own) };
};
