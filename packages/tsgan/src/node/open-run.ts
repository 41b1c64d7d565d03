/** Runs that exist, opened at a checkpoint. */
import type { RunConfig } from "../config/index.ts";
import type { Dataset } from "../data/index.ts";
import { expectedBatch } from "../data/poisson.ts";
import { UsageError } from "../errors.ts";
import type { DataFacts } from "../report/index.ts";
import type { Device } from "../runtime/index.ts";
import { tableFacts } from "../tables/index.ts";
import { type GanTrainer, restoreCheckpoint, type Trainer, trainerOf } from "../train/index.ts";
import { openData } from "./run-data.ts";
import type { RunEvent } from "./run-events.ts";
import { type Checkpoint, openRunFolder, type RunFolder } from "./run-folder.ts";
import { readStored } from "./stored-config.ts";

/** Puts a trainer to where the newest checkpoint that is well was written. @returns that one, if there is any */
export const restoreLatest = (
  folder: RunFolder,
  trainer: Trainer,
  warn: (message: string) => void,
): Checkpoint | undefined => {
  const latest = folder.latestCheckpoint((found) => restoreCheckpoint(trainer, found, found.path));
  for (const message of latest?.damaged ?? []) warn(`${message}; going on from step ${latest?.step}`);
  return latest;
};

/** Puts a trainer to a checkpoint. @throws UsageError if there is none of that step */
export const restoreAt = (
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

/** A run that exists, for those who sample from it, export or judge it. */
export interface OpenedRun {
  readonly folder: RunFolder;
  readonly config: RunConfig;
  readonly dataset: DataFacts;
  /** The training state of the checkpoint. It can go on from there. */
  readonly trainer: GanTrainer;
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
 * @param path the run's folder
 * @param options which checkpoint (`step`: a number, or "best"; the newest without), device and threads
 * @throws UsageError if there is no run, or no checkpoint of that step
 * @throws RunError if the checkpoint is damaged or belongs to another model
 * @example
 * ```ts
 * import { openRun, startRun } from "tsgan/node";
 *
 * await startRun({ config: { data: "ring", steps: 20 }, out: "runs/opened" });
 * const run = openRun("runs/opened"); // at its newest checkpoint
 * const points = await run.trainer.sample(100);
 * console.log(run.trainer.progress.step, points.length); // 20 200
 * await run.trainer.dispose();
 * ```
 */
export const openRun = (path: string, options: OpenRunOptions = {}): OpenedRun => {
  const { step, device, threads, onEvent = () => {} } = options;
  const folder = openRunFolder(path);
  const { config, dataset } = readStored(folder);
  const opened: { train?: Promise<Dataset>; test?: Promise<Dataset> } = {};
  const data: OpenedRun["data"] = (split = "train") => {
    opened[split] ??= openData(config, onEvent, split, { plan: dataset.table });
    return opened[split];
  };
  const { size = Number.POSITIVE_INFINITY, table } = dataset;
  const alone: Dataset["alone"] = {
    expected: (room) => Math.min(size, expectedBatch(room)),
    draw: async (...range) => (await data()).alone!.draw(...range),
  };
  const trainer = trainerOf({
    config,
    dataset: {
      ...dataset,
      ...(table && tableFacts(table)),
      ...(table?.alone === true && { alone }),
      size,
      draw: async (...range) => (await data()).draw(...range),
      read: async (indices) => (await data()).read!(indices),
    },
    device,
    threads,
  });
  restoreAt(folder, trainer, step, (message) => onEvent({ type: "warning", message }));
  return { folder, config, dataset, trainer, data };
};
