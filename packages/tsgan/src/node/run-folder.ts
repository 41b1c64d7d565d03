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
 *
 * A process killed at any moment leaves a folder that can be resumed: everything but metrics.jsonl is written
 * atomically, a checkpoint is named only when the metrics up to its step are on disk, and what follows the
 * checkpoint in metrics.jsonl is cut off on resume.
 */
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { RunError, UsageError } from "../errors.ts";
import { decodeSafetensors, type Safetensors } from "../train/safetensors.ts";
import {
  fileError,
  isMissing,
  isTemporary,
  readBytes,
  readJson,
  readText,
  sweepTemporaries,
  writeFileAtomic,
} from "./files.ts";

const CONFIG = "config.json";
const METRICS = "metrics.jsonl";
const SAMPLES = "samples";
const CHECKPOINTS = "checkpoints";
const LATEST = "latest";
const BEST = "best.safetensors";

/** Metric lines are written when so many characters or milliseconds have gathered. */
const BUFFER_CHARACTERS = 1 << 16;
const BUFFER_MILLISECONDS = 500;

export interface MetricsLine {
  readonly step: number;
  readonly [name: string]: unknown;
}

export interface Checkpoint extends Safetensors {
  readonly step: number;
  readonly path: string;
}

export interface LatestCheckpoint extends Checkpoint {
  /** One line for each newer checkpoint that had to be passed over because it cannot be read. */
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
  /** The lines on disk, parsed; a half-written last line is left out. */
  readMetrics(): unknown[];
  /**
   * Makes the folder ready for a run that is resumed after `step`: drops the lines of later steps and a half-written
   * last line, and removes the temporary files of the process that was killed. Not to be called beside a live run.
   */
  truncateMetrics(step: number): void;
  /**
   * Writes a checkpoint, names it the latest, and removes all but the newest `keepLast` up to this step. It must come
   * last of all that a step writes: a run killed before it writes the rest again, one killed after it does not.
   */
  writeCheckpoint(step: number, bytes: Uint8Array, keepLast: number): void;
  /** Keeps a training state as the best one, whatever becomes of the checkpoint of its step. */
  writeBest(bytes: Uint8Array): void;
  /** The state that was kept as the best one; undefined where none was. */
  readBest(): Checkpoint | undefined;
  /** Steps that have a checkpoint, ascending. */
  checkpoints(): number[];
  /** @throws RunError if the file is missing or damaged */
  readCheckpoint(step: number): Checkpoint;
  /**
   * The checkpoint that `latest` names or, where that is missing or damaged, the newest that can be read. Undefined if
   * the run has not written any.
   *
   * @throws RunError if there are checkpoints but none can be read
   */
  latestCheckpoint(): LatestCheckpoint | undefined;
  /** Writes samples/step-NNNNNN.png and returns its path. */
  writeSample(step: number, png: Uint8Array): string;
  /** Paths of the sample grids, by ascending step. */
  samples(): { step: number; path: string }[];
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
  const pattern = new RegExp(`^step-(\\d{6,})\\.${extension}$`);
  return names.flatMap((name) => pattern.exec(name)?.slice(1).map(Number) ?? []).sort((a, b) => a - b);
};

/** Held by the process that trains in the folder; see `run-lock.ts`. */
export const LOCK = ".lock";

/** Whether `path` is the folder of a run, finished or not. */
export const holdsRun = (path: string): boolean => existsSync(join(path, CONFIG));

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
  let entries: string[];
  try {
    entries = readdirSync(path);
  } catch (error) {
    if (isMissing(error)) return;
    throw fileError("create", path, error);
  }
  const foreign = entries.find((name) => !isTemporary(name) && name !== LOCK);
  if (foreign !== undefined) {
    throw new UsageError(
      `${path}: expected a new or empty folder; it holds other files (${foreign} …); choose another --out`,
    );
  }
};

/** Makes the folder of a new run. @throws UsageError where `checkNewFolder` does */
export const createRunFolder = (path: string): RunFolder => {
  checkNewFolder(path);
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw fileError("create", path, error);
  }
  return runFolder(path);
};

/** The folder of a run that was begun before. @throws UsageError if there is none */
export const openRunFolder = (path: string): RunFolder => {
  if (!holdsRun(path)) {
    const state = existsSync(path) ? `the folder has no ${CONFIG}` : "there is no such folder";
    throw new UsageError(`${path}: expected the folder of a run; ${state}`);
  }
  return runFolder(path);
};

const runFolder = (path: string): RunFolder => {
  const metricsPath = join(path, METRICS);
  const checkpointFolder = join(path, CHECKPOINTS);
  const bestPath = join(checkpointFolder, BEST);
  const sampleFolder = join(path, SAMPLES);
  let handle: number | undefined;
  let buffer = "";
  let lastWrite = 0;

  const attempt = <Result>(action: "read" | "write", target: string, task: () => Result): Result => {
    try {
      return task();
    } catch (error) {
      throw fileError(action, target, error);
    }
  };

  const flush = () => {
    if (buffer === "") return;
    attempt("write", metricsPath, () => {
      handle ??= openSync(metricsPath, "a");
      const length = fstatSync(handle).size;
      try {
        writeFileSync(handle, buffer);
      } catch (error) {
        // Half a line must not stay: the lines are kept, and a later flush may find room for them.
        ftruncateSync(handle, length);
        throw error;
      }
    });
    buffer = "";
    lastWrite = performance.now();
  };

  const close = () => {
    flush();
    if (handle !== undefined) closeSync(handle);
    handle = undefined;
  };

  /** The complete lines on disk. */
  const metricLines = (): string[] => {
    flush();
    if (!existsSync(metricsPath)) return [];
    // What follows the last line break is empty, or was being written when the process was killed.
    return readText(metricsPath).split("\n").slice(0, -1);
  };

  const parseLine = (line: string, i: number): unknown => {
    try {
      return JSON.parse(line);
    } catch (cause) {
      throw new RunError(`${metricsPath}, line ${i + 1}: expected a JSON object; got ${line.slice(0, 40)}`, {
        cause,
      });
    }
  };

  const checkpointPath = (step: number) => join(checkpointFolder, `${stepName(step)}.safetensors`);

  const readCheckpoint = (step: number): Checkpoint => {
    const file = checkpointPath(step);
    return { step, path: file, ...decodeSafetensors(readBytes(file), file) };
  };

  const namedLatest = (): number | undefined => {
    const file = join(checkpointFolder, LATEST);
    if (!existsSync(file)) return undefined;
    const match = /^step-(\d{6,})\.safetensors\s*$/.exec(readText(file));
    return match === null ? undefined : Number(match[1]);
  };

  const write = (name: string, content: string | Uint8Array): string => {
    const file = join(path, name);
    writeFileAtomic(file, content);
    return file;
  };

  return {
    path,
    flush,
    close,
    readCheckpoint,
    writeBest: (bytes) => writeFileAtomic(bestPath, bytes),
    readBest() {
      if (!existsSync(bestPath)) return undefined;
      const content = decodeSafetensors(readBytes(bestPath), bestPath);
      return { step: Number(content.metadata.step), path: bestPath, ...content };
    },
    checkpoints: () => listSteps(checkpointFolder, "safetensors"),
    writeConfig(config) {
      write(CONFIG, `${JSON.stringify(config, null, 2)}\n`);
    },
    readConfig: () => readJson(join(path, CONFIG)),
    appendMetrics(lines) {
      for (const line of lines) buffer += `${JSON.stringify(line)}\n`;
      if (buffer.length > BUFFER_CHARACTERS || performance.now() - lastWrite > BUFFER_MILLISECONDS) flush();
    },
    readMetrics: () => metricLines().map(parseLine),
    truncateMetrics(step) {
      close();
      for (const folder of [path, checkpointFolder, sampleFolder]) {
        if (existsSync(folder)) attempt("write", folder, () => sweepTemporaries(folder));
      }
      if (!existsSync(metricsPath)) return;
      const kept = metricLines().filter((line, i) => {
        const value = parseLine(line, i);
        if (
          typeof value !== "object" ||
          value === null ||
          !("step" in value) ||
          typeof value.step !== "number"
        ) {
          throw new RunError(
            `${metricsPath}, line ${i + 1}: expected an object with a step; got ${line.slice(0, 40)}`,
          );
        }
        return value.step <= step;
      });
      writeFileAtomic(metricsPath, kept.map((line) => `${line}\n`).join(""));
    },
    writeCheckpoint(step, bytes, keepLast) {
      if (!(Number.isInteger(keepLast) && keepLast >= 1)) {
        throw new UsageError(`checkpoints to keep: expected an integer of at least 1; got ${keepLast}`);
      }
      flush();
      const metrics = handle;
      if (metrics !== undefined) attempt("write", metricsPath, () => fdatasyncSync(metrics));
      writeFileAtomic(checkpointPath(step), bytes);
      writeFileAtomic(join(checkpointFolder, LATEST), `${stepName(step)}.safetensors\n`);
      // Later steps are left over from before a resume and will be reached again.
      const steps = listSteps(checkpointFolder, "safetensors");
      const kept = new Set(steps.filter((other) => other <= step).slice(-keepLast));
      for (const other of steps) {
        if (!kept.has(other))
          attempt("write", checkpointFolder, () => rmSync(checkpointPath(other), { force: true }));
      }
    },
    latestCheckpoint() {
      const steps = listSteps(checkpointFolder, "safetensors").reverse();
      const named = namedLatest();
      if (named === undefined && steps.length === 0) return undefined;
      const damaged: string[] = [];
      const candidates = named === undefined ? steps : [named, ...steps.filter((step) => step !== named)];
      for (const step of candidates) {
        try {
          return { ...readCheckpoint(step), damaged };
        } catch (error) {
          if (!(error instanceof RunError)) throw error;
          damaged.push(error.message);
        }
      }
      throw new RunError(
        `${path}: expected a checkpoint to continue from; none can be read: ${damaged.join("; ")}; start anew with another --out`,
      );
    },
    writeSample: (step, png) => write(join(SAMPLES, `${stepName(step)}.png`), png),
    samples: () =>
      listSteps(sampleFolder, "png").map((step) => ({
        step,
        path: join(sampleFolder, `${stepName(step)}.png`),
      })),
    writeText: write,
    writeBytes: write,
  };
};
