/**
 * A run's folder, and all that is written to it:
 *
 *     config.json                            the resolved configuration
 *     metrics.jsonl                          one JSON object a line, `step` first
 *     samples/step-000100.png                sample grids
 *     checkpoints/step-000100.safetensors    training states, the newest K
 *     checkpoints/latest                     the name of the newest one
 *     checkpoints/best.safetensors           a copy of the one that was judged best
 *     generator.onnx, report.html
 *     tensorboard/events.out.tfevents.*      figures and samples for TensorBoard, where they are asked for
 *
 * A process killed at any moment leaves a folder that can be resumed: everything but metrics.jsonl is written
 * atomically, a checkpoint is named only when the metrics up to its step are on disk, and what follows the
 * checkpoint in metrics.jsonl is cut off on resume.
 */
import { closeSync, existsSync, lstatSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { RunError, UsageError } from "../errors.ts";
import type { MetricsLine } from "../report/index.ts";
import {
  decodeSafetensors,
  type Safetensors,
  safetensorsHead,
  safetensorsHeader,
} from "../train/safetensors.ts";
import {
  fileError,
  fileIn,
  identityOf,
  isMissing,
  kindOf,
  makeFolder,
  openFile,
  readBytes,
  readInto,
  readJson,
  readText,
  sweepTemporaries,
  writeFileAtomic,
} from "./files.ts";
import { checkEmptyFolder, noFolderOf } from "./folders.ts";
import { metricsFile, type ReadOptions } from "./metrics-file.ts";

export type { MetricsLine };

const CONFIG = "config.json";
const SAMPLES = "samples";
const CHECKPOINTS = "checkpoints";
/** Written by those who show runs in TensorBoard. */
export const EVENTS = "tensorboard";
const LATEST = "latest";
const BEST = "best.safetensors";

/** Bytes that files of a run may have, far above those that they do. */
const LARGEST = { config: 16 << 20, latest: 256, sample: 64 << 20 } as const;

export interface Checkpoint extends Safetensors {
  readonly step: number;
  readonly path: string;
}

export interface LatestCheckpoint extends Checkpoint {
  /** One line for each newer checkpoint that had to be passed over because it cannot be gone on from. */
  readonly damaged: readonly string[];
}

export interface RunFolder {
  readonly path: string;
  writeConfig(config: unknown): void;
  readConfig(): unknown;
  /** Appends lines; `flush`, `writeCheckpoint` and `close` see to it that they are on disk. */
  appendMetrics(lines: readonly MetricsLine[]): void;
  /** Hands the gathered lines to the operating system. */
  flush(): void;
  /**
   * All records, one after the other; a half-written last line is left out.
   *
   * @param onDamage told of each line that is no record; without it, one is an error
   */
  eachRecord(onDamage?: (problem: string) => void): Generator<MetricsLine, void, undefined>;
  /**
   * The records for those who draw or judge a run: of one with more than 20,000, every second, fourth, eighth …, the last,
   * and those that are named.
   */
  readMetrics(options?: ReadOptions): MetricsLine[];
  /**
   * What is wrong with the records up to a step, a line each: damaged ones, and steps without one.
   *
   * @param every steps between two records; 1 without
   */
  surveyMetrics(step: number, every?: number): string[];
  /**
   * Makes the folder ready for a run that is resumed after `step`: drops the lines of later steps, damaged ones (with a copy of
   * the file) and a half-written last one, and removes the temporary files of the process that was killed. Not to be called
   * beside a live run.
   *
   * @returns as `surveyMetrics` does
   */
  truncateMetrics(step: number, every?: number): string[];
  /**
   * Writes a checkpoint, names it the latest, and removes all but the newest `keepLast` up to this step. It must come
   * last of all that a step writes: a run killed before it writes the rest again, one killed after it does not.
   */
  writeCheckpoint(step: number, bytes: Uint8Array, keepLast: number): void;
  /**
   * Removes all but the newest `keepLast` checkpoints up to a step, for a run that goes on: one that was killed right after it
   * wrote its last one had no time for it.
   */
  dropCheckpoints(step: number, keepLast: number): void;
  /** Keeps a training state as the best one, whatever becomes of the checkpoint of its step. */
  writeBest(bytes: Uint8Array): void;
  /** The state that was kept as the best one; undefined where none was. @throws RunError if it is damaged */
  readBest(): Checkpoint | undefined;
  /** Steps that have a checkpoint, ascending. */
  checkpoints(): number[];
  /** @throws RunError if the file is missing or damaged */
  readCheckpoint(step: number): Checkpoint;
  /**
   * The checkpoint that `latest` names or, where that is missing, damaged or not taken, the newest that is well. Undefined if
   * the run has not written any.
   *
   * @param restore takes a checkpoint, or throws a RunError
   * @throws RunError if there are checkpoints but none is well
   */
  latestCheckpoint(restore?: (checkpoint: Checkpoint) => void): LatestCheckpoint | undefined;
  /** Writes samples/step-NNNNNN.png and returns its path. */
  writeSample(step: number, png: Uint8Array): string;
  /** Paths of the sample grids, by ascending step. */
  samples(): { step: number; path: string }[];
  /** The bytes of a sample grid. @throws RunError if there is none, or no file of this folder */
  readSample(step: number): Uint8Array;
  /** Writes a file of the given name into the folder and returns its path. */
  writeText(name: string, text: string): string;
  writeBytes(name: string, bytes: Uint8Array): string;
  /** Flushes and closes metrics.jsonl. */
  close(): void;
}

const stepName = (step: number): string => `step-${String(step).padStart(6, "0")}`;

const listSteps = (folder: string, extension: string): number[] => {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    // Written on first use: a folder that is not there holds nothing.
    return [];
  }
  const pattern = new RegExp(`^step-(\\d{6,15})\\.${extension}$`);
  return names.flatMap((name) => pattern.exec(name)?.slice(1).map(Number) ?? []).sort((a, b) => a - b);
};

/** Held by the process that trains in the folder; see `run-lock.ts`. */
export const LOCK = ".lock";

/** Whether `path` is the folder of a run, finished or not. */
export const holdsRun = (path: string): boolean => existsSync(join(path, CONFIG));

/** What is said of a path where a run is expected, and none is. */
export const noRunIn = (path: string): UsageError => noFolderOf("a run", path, CONFIG);

/**
 * Makes sure that a new run may begin in `path`: there is no such folder yet, it is empty, or a run was killed in it
 * before its configuration was written.
 *
 * @throws UsageError if it holds a run or anything else
 */
export const checkNewFolder = (path: string): void => {
  if (holdsRun(path)) {
    throw new UsageError(
      `${path}: expected a new or empty folder; it holds a run; continue it with --resume or choose another --out`,
    );
  }
  checkEmptyFolder(path);
};

/**
 * Makes the folder of a new run, for the process that holds its lock.
 *
 * @param path a folder that does not exist, or an empty one
 * @throws UsageError where `checkNewFolder` does
 */
export const createRunFolder = (path: string): RunFolder => {
  checkNewFolder(path);
  makeFolder(path);
  try {
    sweepTemporaries(path);
  } catch (error) {
    throw fileError("create", path, error);
  }
  return runFolder(path);
};

/**
 * The folder of a run that was begun before. It may come from elsewhere: only regular files are read, and no link that leads
 * out of it is followed, be it for reading or writing.
 *
 * @param path the run's folder
 * @throws UsageError if there is none
 * @throws RunError if what should be a folder of it is none
 */
export const openRunFolder = (path: string): RunFolder => {
  if (!holdsRun(path)) {
    throw noRunIn(path);
  }
  for (const name of [SAMPLES, CHECKPOINTS, EVENTS]) {
    const stats = lstatSync(join(path, name), { throwIfNoEntry: false });
    if (stats !== undefined && !stats.isDirectory()) {
      throw new RunError(
        `${join(path, name)}: expected a folder; got ${kindOf(stats)}; put the folder there`,
      );
    }
  }
  return runFolder(path);
};

/** Reads a checkpoint: first what it says that it holds, and the rest only where that fits its size. */
const readTensors = (file: string): Safetensors => {
  const { handle, stats } = openFile(file);
  try {
    const read = (bytes: number): Uint8Array => {
      const buffer = new Uint8Array(Math.min(bytes, stats.size));
      return buffer.subarray(0, readInto(handle, buffer, 0));
    };
    safetensorsHeader(read(safetensorsHead(read(8), stats.size, file)), stats.size, file);
  } catch (error) {
    throw fileError("read", file, error);
  } finally {
    closeSync(handle);
  }
  return decodeSafetensors(readBytes(file), file);
};

const runFolder = (path: string): RunFolder => {
  const metrics = metricsFile(path);
  const checkpointFolder = join(path, CHECKPOINTS);
  const sampleFolder = join(path, SAMPLES);

  const sweep = (folder: string): void => {
    try {
      sweepTemporaries(folder);
    } catch (error) {
      if (!isMissing(error)) throw fileError("write", folder, error);
    }
  };

  const checkpointName = (step: number): string => join(CHECKPOINTS, `${stepName(step)}.safetensors`);
  const sampleName = (step: number): string => join(SAMPLES, `${stepName(step)}.png`);

  const readCheckpoint = (step: number): Checkpoint => {
    const file = fileIn(path, checkpointName(step));
    return { step, path: file, ...readTensors(file) };
  };

  const namedLatest = (): number | undefined => {
    const name = join(CHECKPOINTS, LATEST);
    if (!existsSync(join(path, name))) return undefined;
    const text = readText(fileIn(path, name), LARGEST.latest);
    const [, step] = /^step-(\d{6,15})\.safetensors\s*$/.exec(text) ?? [];
    if (step !== undefined) return Number(step);
    throw new RunError(`${join(path, name)}: expected the name of a checkpoint; got ${JSON.stringify(text)}`);
  };

  const own = identityOf(path);
  /** A folder that was moved away is not begun anew in its old place, without what makes it a run. */
  const checkThere = (): void => {
    let now: string | undefined;
    try {
      now = identityOf(path);
    } catch (error) {
      if (!isMissing(error)) throw fileError("write", path, error);
    }
    if (now === own) return;
    const what = now === undefined ? "is no longer there" : "is another one";
    throw new RunError(
      `${path}: expected the folder that the run was opened in; it ${what}: it was moved or removed meanwhile; put it back, and go on with --resume`,
    );
  };

  const write = (name: string, content: string | Uint8Array): string => {
    checkThere();
    const file = join(path, name);
    writeFileAtomic(file, content);
    return file;
  };

  const removeCheckpoints = (steps: readonly number[]): void => {
    for (const step of steps) {
      try {
        rmSync(join(path, checkpointName(step)), { force: true });
      } catch (error) {
        throw fileError("write", checkpointFolder, error);
      }
    }
  };
  const dropCheckpoints = (step: number, keepLast: number): void => {
    const steps = listSteps(checkpointFolder, "safetensors").filter((other) => other <= step);
    removeCheckpoints(steps.slice(0, -keepLast));
  };

  return {
    path,
    flush: metrics.flush,
    close: metrics.close,
    appendMetrics: metrics.append,
    eachRecord: metrics.each,
    readMetrics: metrics.read,
    readCheckpoint,
    writeBest: (bytes) => void write(join(CHECKPOINTS, BEST), bytes),
    readBest() {
      const name = join(CHECKPOINTS, BEST);
      if (!existsSync(join(path, name))) return undefined;
      const file = fileIn(path, name);
      const content = readTensors(file);
      return { step: Number(content.metadata.step), path: file, ...content };
    },
    checkpoints: () => listSteps(checkpointFolder, "safetensors"),
    writeConfig(config) {
      write(CONFIG, `${JSON.stringify(config, null, 2)}\n`);
    },
    readConfig: () => readJson(fileIn(path, CONFIG), LARGEST.config),
    surveyMetrics: (step, every = 1) => metrics.survey(step, every),
    truncateMetrics(step, every = 1) {
      for (const folder of [path, checkpointFolder, sampleFolder]) sweep(folder);
      return metrics.truncate(step, every);
    },
    writeCheckpoint(step, bytes, keepLast) {
      if (!(Number.isInteger(keepLast) && keepLast >= 1)) {
        throw new UsageError(`checkpoints to keep: expected an integer of at least 1; got ${keepLast}`);
      }
      metrics.sync();
      write(checkpointName(step), bytes);
      write(join(CHECKPOINTS, LATEST), `${stepName(step)}.safetensors\n`);
      // Later steps are left over from before a resume and will be reached again.
      removeCheckpoints(listSteps(checkpointFolder, "safetensors").filter((other) => other > step));
      dropCheckpoints(step, keepLast);
    },
    dropCheckpoints,
    latestCheckpoint(restore = () => {}) {
      const steps = listSteps(checkpointFolder, "safetensors").reverse();
      const damaged: string[] = [];
      const attempt = <Value>(task: () => Value): Value | undefined => {
        try {
          return task();
        } catch (error) {
          if (!(error instanceof RunError)) throw error;
          damaged.push(error.message);
          return undefined;
        }
      };
      const named = attempt(namedLatest);
      if (named === undefined && steps.length === 0 && damaged.length === 0) return undefined;
      const candidates = named === undefined ? steps : [named, ...steps.filter((step) => step !== named)];
      for (const step of candidates) {
        const found = attempt(() => {
          const checkpoint = readCheckpoint(step);
          restore(checkpoint);
          return checkpoint;
        });
        if (found !== undefined) return { ...found, damaged };
      }
      throw new RunError(
        `${path}: expected a checkpoint to continue from; none is well: ${damaged.join("; ")}; start anew with another --out`,
      );
    },
    writeSample: (step, png) => write(sampleName(step), png),
    samples: () =>
      listSteps(sampleFolder, "png").map((step) => ({ step, path: join(path, sampleName(step)) })),
    readSample: (step) => readBytes(fileIn(path, sampleName(step)), LARGEST.sample),
    writeText: write,
    writeBytes: write,
  };
};
