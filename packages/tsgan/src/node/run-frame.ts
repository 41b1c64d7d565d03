/** What every run in a folder does, whatever it trains: it holds the folder, goes on where it was, writes as it goes. */
import { rmdirSync } from "node:fs";
import {
  type LoopOptions,
  type LoopSettings,
  NotFiniteError,
  type StepRecord,
  type Trainer,
  trainLoop,
} from "../train/index.ts";
import { type Conditions, changedConditions } from "./conditions.ts";
import { restoreLatest } from "./open-run.ts";
import type { RunEvent } from "./run-events.ts";
import { createRunFolder, openRunFolder, type RunFolder } from "./run-folder.ts";
import { lockRun } from "./run-lock.ts";
import { samplePictures } from "./sample-pictures.ts";

const removeIfEmpty = (path: string): void => {
  try {
    rmdirSync(path);
  } catch {
    // It holds something, or is not there: both are as they should be.
  }
};

export interface FrameSettings extends LoopSettings {
  /** Newest checkpoints to keep. */
  readonly keepCheckpoints: number;
}

/** What a folder has of the run that goes on in it. */
export interface Begun {
  readonly conditions: Partial<Conditions>;
  readonly steps: number;
}

/** How a run's folder is opened. */
export interface Opening {
  readonly trainer: Trainer;
  readonly settings: FrameSettings;
  /** What is in the folder; undefined for a new run. */
  readonly begun: Begun | undefined;
  readonly conditions: Conditions;
  /** Writes config.json: of a new run, and of one that goes on with other steps. */
  writeConfig(folder: RunFolder): void;
  warn(message: string): void;
}

/** Begins a folder, or puts trainer and folder back to where the last checkpoint was written. */
const openFolder = (
  out: string,
  { trainer, settings, begun, conditions, writeConfig, warn }: Opening,
): RunFolder => {
  const { steps, logEvery, keepCheckpoints } = settings;
  if (begun === undefined) {
    const folder = createRunFolder(out);
    writeConfig(folder);
    return folder;
  }
  const folder = openRunFolder(out);
  restoreLatest(folder, trainer, warn);
  const changed = changedConditions(begun.conditions, conditions);
  if (changed !== undefined) warn(changed);
  if (steps !== begun.steps) writeConfig(folder);
  const { step } = trainer.progress;
  for (const problem of folder.truncateMetrics(step, logEvery)) warn(problem);
  folder.dropCheckpoints(step, keepCheckpoints);
  return folder;
};

/**
 * Begins a folder or goes on in it, and holds it, so that no other process trains in it, for as long as the task takes. Where
 * it cannot be opened, no empty folder is left.
 */
export const inRunFolder = async <Result>(
  out: string,
  opening: Opening,
  task: (folder: RunFolder) => Promise<Result>,
): Promise<Result> => {
  const unlock = lockRun(out);
  let folder: RunFolder | undefined;
  try {
    folder = openFolder(out, opening);
    return await task(folder);
  } finally {
    unlock();
    if (folder === undefined) removeIfEmpty(out);
  }
};

/** The picture of samples, for their shape. */
export interface SamplePicture {
  /** Of one sample. */
  readonly shape: readonly number[];
  /** Draws it as PNG. */
  draw(): Promise<Uint8Array>;
}

export interface FrameParts<T extends Trainer, Result>
  extends Pick<LoopOptions<T>, "signal" | "evaluate" | "sample"> {
  readonly folder: RunFolder;
  readonly onEvent: (event: Exclude<RunEvent, { readonly type: "start" }>) => void;
  /** Told of each record. @returns what its health is, in a word */
  recorded(record: StepRecord): string;
  picture(step: number, samples: Float32Array): SamplePicture;
  /** Before a checkpoint is written, which must come last. */
  beforeCheckpoint?(): void;
  /** After the last step. */
  finish(stopped: boolean): Promise<Result>;
  /** When a loss or parameter is no longer finite: the trainer can draw no samples any more. */
  fail(message: string): Promise<void>;
}

/**
 * Trains to the last step, or until the signal, and writes records, pictures and checkpoints as it goes. The folder is closed
 * in the end, however it ends.
 *
 * @throws NotFiniteError when a loss or parameter is no longer finite
 */
export const trainAndWrite = async <T extends Trainer, Result>(
  trainer: T,
  settings: FrameSettings,
  parts: FrameParts<T, Result>,
): Promise<Result> => {
  const { folder, onEvent, signal, evaluate, sample } = parts;
  const pictures = samplePictures(folder, onEvent);
  try {
    const stopped = await trainLoop(trainer, settings, {
      signal,
      evaluate,
      sample,
      onStep: (record) => {
        folder.appendMetrics([record]);
        onEvent({ type: "step", record, health: parts.recorded(record) });
      },
      onSample: (step, samples) => {
        const { shape, draw } = parts.picture(step, samples);
        return pictures.draw(step, shape, draw);
      },
      onCheckpoint: async (step, bytes) => {
        await pictures.written();
        parts.beforeCheckpoint?.();
        folder.writeCheckpoint(step, bytes, settings.keepCheckpoints);
        onEvent({ type: "checkpoint", step });
      },
    });
    await pictures.written();
    return await parts.finish(stopped);
  } catch (error) {
    await pictures.written().catch(() => {});
    if (error instanceof NotFiniteError) {
      folder.appendMetrics([{ step: error.step, failure: error.message }]);
      await parts.fail(error.message);
    }
    throw error;
  } finally {
    folder.close();
  }
};
