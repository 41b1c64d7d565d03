/**
 * Figures and samples of a run for TensorBoard, in `tensorboard/` of its folder: a file for each time that it was started.
 * They follow metrics.jsonl and samples/: what these hold up to the checkpoint of a resumed run, and nothing of later steps.
 */
import {
  closeSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { MetricsLine } from "../report/index.ts";
import { type EventContent, encodeEvent, eventsOf, FILE_VERSION } from "./event-file.ts";
import { fileError, fileIn, isMissing, makeFolder } from "./files.ts";
import { EVENTS, type RunFolder } from "./run-folder.ts";

/** Writes what TensorBoard reads. */
export interface EventWriter {
  /** Figures of a step, by their tags; what is no finite number is left out. */
  scalars(step: number, figures: Readonly<Record<string, unknown>>): void;
  /** A PNG file under a tag. */
  image(step: number, tag: string, png: Uint8Array): void;
  /** Brings what was written to the disk. */
  sync(): void;
  close(): void;
}

const NAME = /^events\.out\.tfevents\.(\d{10,12})\.tsgan\.(\d+)$/;
const BUFFER_BYTES = 1 << 16;
const BUFFER_MILLISECONDS = 500;

/** Event files of a folder, in the order in which they were written. */
const eventFiles = (folder: string): readonly { readonly name: string; readonly seconds: number }[] => {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw fileError("read", folder, error);
  }
  return names
    .flatMap((name) => {
      const [, seconds, index] = NAME.exec(name) ?? [];
      return seconds === undefined ? [] : [{ name, seconds: Number(seconds), index: Number(index) }];
    })
    .sort((a, b) => a.seconds - b.seconds || a.index - b.index);
};

/** The head of a PNG file: sides, and channels by its type of colours. */
const pngFacts = (png: Uint8Array): { width: number; height: number; channels: number } => {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const channels = ({ 0: 1, 2: 3, 4: 2, 6: 4 } as Record<number, number>)[png[25]] ?? 3;
  return { width: view.getUint32(16), height: view.getUint32(20), channels };
};

/**
 * Begins an event file in a folder, which TensorBoard shows with those that lie there. Steps from `begins` on are taken to be
 * written anew: TensorBoard forgets those that it has read.
 *
 * @param begins the first step that comes; 0 without
 * @throws RunError where it cannot be written
 */
export const eventWriter = (folder: string, begins = 0): EventWriter => {
  let path = folder;
  const attempt = <T>(task: () => T): T => {
    try {
      return task();
    } catch (error) {
      throw fileError("write", path, error);
    }
  };
  const handle = attempt(() => {
    makeFolder(folder);
    const before = eventFiles(folder);
    // TensorBoard reads files by the order of their names.
    const seconds = Math.max(Math.floor(Date.now() / 1000), before.at(-1)?.seconds ?? 0);
    path = join(folder, `events.out.tfevents.${seconds}.tsgan.${before.length}`);
    return openSync(path, "wx");
  });
  let buffer: Uint8Array[] = [];
  let bytes = 0;
  let lastWrite = 0;
  let length = 0;

  const flush = (): void => {
    if (bytes === 0) return;
    attempt(() => {
      try {
        writeFileSync(handle, Buffer.concat(buffer));
      } catch (error) {
        // Half a record must not stay: a later flush may find room for all.
        ftruncateSync(handle, length);
        throw error;
      }
    });
    length += bytes;
    [buffer, bytes] = [[], 0];
    lastWrite = performance.now();
  };
  const add = (step: number, content: EventContent): void => {
    const record = encodeEvent({ time: Date.now() / 1000, step, content });
    buffer.push(record);
    bytes += record.length;
    if (bytes > BUFFER_BYTES || performance.now() - lastWrite > BUFFER_MILLISECONDS) flush();
  };

  add(0, { version: FILE_VERSION });
  add(begins, { begins: true });
  return {
    scalars(step, figures) {
      const scalars = Object.fromEntries(
        Object.entries(figures).filter((entry): entry is [string, number] => Number.isFinite(entry[1])),
      );
      if (Object.keys(scalars).length > 0) add(step, { scalars });
    },
    image: (step, tag, png) => add(step, { tag, png, ...pngFacts(png) }),
    sync() {
      flush();
      attempt(() => fsyncSync(handle));
    },
    close() {
      flush();
      closeSync(handle);
    },
  };
};

/** Removes or shortens one event file. */
const cutFile = (path: string, end: number, count: number): void => {
  try {
    // What says only its version and that it begins says nothing.
    if (count <= 1) {
      rmSync(path);
      return;
    }
    const handle = openSync(path, "r+");
    try {
      ftruncateSync(handle, end);
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    throw fileError("write", path, error);
  }
};

/**
 * Takes events of later steps than `step` out of the files of a folder. Where one is damaged before those, all files go.
 *
 * @returns whether any events are left
 */
export const cutEvents = (folder: string, step: number): boolean => {
  const files = eventFiles(folder).map(({ name }) => {
    const path = fileIn(folder, name);
    let [end, count, isLater] = [0, 0, false];
    for (const event of eventsOf(path)) {
      isLater = event.step > step;
      if (isLater) break;
      end = event.end;
      count++;
    }
    return { path, end, count, isWhole: isLater || end === statSync(path).size };
  });
  const isWhole = files.every((file) => file.isWhole);
  for (const { path, end, count } of files) cutFile(path, end, isWhole ? count : 0);
  return isWhole && files.some(({ count }) => count > 1);
};

/** What TensorBoard calls what a run has. */
const FIGURES = "metrics/";
const SAMPLES_TAG = "samples";

export interface Board {
  record(line: MetricsLine): void;
  sample(step: number, png: Uint8Array): void;
  sync(): void;
  close(): void;
}

/** Whether a run has events. */
export const hasBoard = (run: string): boolean => eventFiles(join(run, EVENTS)).length > 0;

/**
 * Opens the events of a run that has finished `step` steps. Where there are none yet, or these are damaged, those of its metrics
 * and samples come first.
 */
export const openBoard = (folder: RunFolder, step: number): Board => {
  const path = join(folder.path, EVENTS);
  // The sample before the first step is drawn again.
  const left = cutEvents(path, step === 0 ? -1 : step);
  const writer = eventWriter(path, left ? step + 1 : 0);
  const record = ({ step, ...figures }: MetricsLine): void =>
    writer.scalars(
      step,
      Object.fromEntries(Object.entries(figures).map(([name, value]) => [`${FIGURES}${name}`, value])),
    );
  const sample = (step: number, png: Uint8Array): void => writer.image(step, SAMPLES_TAG, png);
  if (!left && step > 0) {
    for (const line of folder.eachRecord(() => {})) if (line.step <= step) record(line);
    for (const { step: at } of folder.samples()) if (at <= step) sample(at, folder.readSample(at));
  }
  return { record, sample, sync: writer.sync, close: writer.close };
};
