/** Reading metrics.jsonl while somebody writes to it: whole lines only. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** Bytes that are read at a time, at most. */
export const WINDOW = 4 << 20;
/** Bytes at the end among which the last line is looked for. */
const TAIL = 1 << 16;
const NEWLINE = 10;

export interface Piece {
  /** Whole lines. */
  readonly text: Uint8Array;
  /** Where they begin; 0 where the file is another one than `version` says. */
  readonly from: number;
  /** Where the next piece begins. */
  readonly next: number;
  readonly size: number;
  /** Another one after the file was replaced, as it is when a run is resumed. */
  readonly version: string;
}

/**
 * The whole lines of a file from a byte on. A line that is still being written is left for later; one that is longer than
 * the window is no line of ours and is passed over.
 */
export const readLines = (
  path: string,
  from: number,
  version: string | undefined,
  window = WINDOW,
): Piece => {
  const handle = openSync(path, "r");
  try {
    const stats = fstatSync(handle);
    const own = `${stats.ino.toString(36)}-${Math.round(stats.birthtimeMs).toString(36)}`;
    const begin = version === own && from <= stats.size ? from : 0;
    const buffer = Buffer.alloc(Math.min(window, stats.size - begin));
    const read = readSync(handle, buffer, 0, buffer.length, begin);
    const end = buffer.subarray(0, read).lastIndexOf(NEWLINE) + 1;
    const next = end === 0 && read === window ? begin + read : begin + end;
    return { text: buffer.subarray(0, end), from: begin, next, size: stats.size, version: own };
  } finally {
    closeSync(handle);
  }
};

/** The last whole line that is a JSON object; undefined where there is none near the end. */
export const lastRecord = (path: string): Readonly<Record<string, unknown>> | undefined => {
  const handle = openSync(path, "r");
  try {
    const { size } = fstatSync(handle);
    const buffer = Buffer.alloc(Math.min(TAIL, size));
    const read = readSync(handle, buffer, 0, buffer.length, size - buffer.length);
    const text = buffer.subarray(0, buffer.subarray(0, read).lastIndexOf(NEWLINE) + 1).toString();
    return text
      .trimEnd()
      .split("\n")
      .reduceRight<Readonly<Record<string, unknown>> | undefined>(
        (found, line) => found ?? parseRecord(line),
        undefined,
      );
  } finally {
    closeSync(handle);
  }
};

/** The object of a line; undefined for anything else. */
export const parseRecord = (line: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    // Not written by tsgan, or cut off when a process was killed.
    return undefined;
  }
};
