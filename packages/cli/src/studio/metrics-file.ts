/** Reading metrics.jsonl while somebody writes to it: whole lines only. */
import { close, read } from "node:fs";
import { promisify } from "node:util";
import { openFile, recordOf } from "tsgan/node";
import { readEnd } from "./disk.ts";

/** Bytes that are read at a time, at most. */
export const WINDOW = 4 << 20;
/** Bytes and lines at the end among which the last record is looked for. */
const TAIL = 1 << 16;
const LAST_LINES = 50;
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
 *
 * @throws RunError for what is no regular file
 */
export const readLines = async (
  path: string,
  from: number,
  version: string | undefined,
  window = WINDOW,
): Promise<Piece> => {
  const { handle, stats } = openFile(path);
  try {
    const own = `${stats.ino.toString(36)}-${Math.round(stats.birthtimeMs).toString(36)}`;
    const begin = version === own && from <= stats.size ? from : 0;
    const buffer = Buffer.alloc(Math.min(window, stats.size - begin));
    // Beside the thread that serves: a disk may be slow.
    const { bytesRead } = await promisify(read)(handle, buffer, 0, buffer.length, begin);
    const end = buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE) + 1;
    const next = end === 0 && bytesRead === window ? begin + bytesRead : begin + end;
    return { text: buffer.subarray(0, end), from: begin, next, size: stats.size, version: own };
  } finally {
    close(handle);
  }
};

type Line = Readonly<Record<string, unknown>>;

/** The last record that is whole; undefined where there is none near the end. @throws RunError for what is no regular file */
export const lastRecord = (path: string): Line | undefined => {
  const text = readEnd(path, TAIL);
  const lines = text
    .slice(0, text.lastIndexOf("\n") + 1)
    .trimEnd()
    .split("\n")
    .slice(-LAST_LINES);
  for (const line of lines.reverse()) {
    const record = recordOf(line);
    if (record !== undefined) return record;
  }
  return undefined;
};

/** Bytes at the end of a file in which the latest values of figures are looked for. */
const FIGURES_TAIL = 1 << 20;

/** The latest value of each figure near the end; figures without one are left out. @throws RunError for what is no regular file */
export const lastFigures = (path: string, keys: readonly string[]): Readonly<Record<string, number>> => {
  const text = readEnd(path, FIGURES_TAIL);
  const end = text.lastIndexOf("\n");
  const figures: Record<string, number> = {};
  for (const key of keys) {
    const at = text.lastIndexOf(`"${key}":`, end);
    if (at < 0) continue;
    const value = recordOf(text.slice(text.lastIndexOf("\n", at) + 1, text.indexOf("\n", at)))?.[key];
    if (typeof value === "number" && Number.isFinite(value)) figures[key] = value;
  }
  return figures;
};
