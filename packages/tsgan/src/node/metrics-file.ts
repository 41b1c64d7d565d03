/**
 * metrics.jsonl of a run of any length: written by the buffer, and read line by line, a piece at a time, so that millions of
 * steps need no more memory than a few; and thinned out for those who draw or judge it.
 */
import {
  closeSync,
  copyFileSync,
  existsSync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { RunError } from "../errors.ts";
import type { MetricsLine } from "../report/index.ts";
import {
  beginFile,
  fileError,
  fileIn,
  openFile,
  openForAppending,
  type PendingFile,
  readInto,
} from "./files.ts";

const METRICS = "metrics.jsonl";

/** Bytes that are read at a time, and those of the longest line, which no line of ours comes near. */
const PIECE = 1 << 20;
const LONGEST_LINE = 1 << 20;
const NEWLINE = 10;

/**
 * The whole lines of a file, without their ends. What follows the last end of a line was being written when the process was
 * killed.
 *
 * @param path a file of lines, such as metrics.jsonl
 * @throws RunError for a line that is too long to be one of a run
 */
export function* linesOf(path: string): Generator<Buffer, void, undefined> {
  const { handle } = openFile(path);
  try {
    const piece = Buffer.alloc(PIECE);
    let rest = Buffer.alloc(0);
    let position = 0;
    for (;;) {
      const read = readInto(handle, piece, position);
      if (read === 0) return;
      position += read;
      const bytes = Buffer.concat([rest, piece.subarray(0, read)]);
      let begin = 0;
      for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, begin)) {
        yield bytes.subarray(begin, end);
        begin = end + 1;
      }
      rest = bytes.subarray(begin);
      if (rest.length > LONGEST_LINE) {
        throw new RunError(`${path}: expected lines of at most ${LONGEST_LINE} bytes; got a longer one`);
      }
    }
  } catch (error) {
    throw fileError("read", path, error);
  } finally {
    closeSync(handle);
  }
}

/** The record of a line; undefined for anything else than an object with a step. */
export const recordOf = (line: string | Buffer): MetricsLine | undefined => {
  const text = String(line).trim();
  // An error for each of many damaged lines takes longer than all that is right.
  if (!text.startsWith("{") || !text.endsWith("}")) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && "step" in value && typeof value.step === "number"
      ? (value as MetricsLine)
      : undefined;
  } catch {
    // Not written by tsgan, or damaged.
    return undefined;
  }
};

/** Records that are kept of a run for drawing and judging it, at most; those that are named not counted. */
const MOST = 20_000;

/**
 * Gathers records, and no more than about `most` of them, evenly spaced: every one, or every second, fourth, eighth …, and
 * the last. All that `keep` names are among them.
 */
export const thinner = (
  keep: (record: MetricsLine) => boolean = () => false,
  most = MOST,
): { add(record: MetricsLine): void; records(): MetricsLine[] } => {
  let kept: { readonly record: MetricsLine; readonly at: number }[] = [];
  let every = 1;
  let count = 0;
  let last: MetricsLine | undefined;
  return {
    add(record) {
      const at = keep(record) ? -1 : count;
      if (count % every === 0 || at < 0) kept.push({ record, at });
      last = record;
      count++;
      if (count / every <= most) return;
      every *= 2;
      kept = kept.filter(({ at }) => at < 0 || at % every === 0);
    },
    records() {
      const records = kept.map(({ record }) => record);
      return last === undefined || records.at(-1) === last ? records : [...records, last];
    },
  };
};

/** Gaps and damaged lines that are named one by one. */
const MOST_GAPS = 3;

/** Looks for steps that a run should have recorded, `every` so many, and has not. Records come by ascending step. */
const gapFinder = (every: number): { see(step: number): void; gaps(last: number): readonly string[] } => {
  const gaps: string[] = [];
  let more = 0;
  let next = every;
  const missing = (before: number): void => {
    if (next >= before) return;
    const end = Math.floor((before - 1) / every) * every;
    if (gaps.length === MOST_GAPS) more++;
    else gaps.push(next === end ? `step ${next}` : `steps ${next} to ${end}`);
    next = end + every;
  };
  return {
    see(step) {
      missing(step);
      if (step === next) next += every;
    },
    gaps(last) {
      missing(last + 1);
      return more === 0 ? gaps : [...gaps, `${more} more ${more === 1 ? "gap" : "gaps"}`];
    },
  };
};

export interface ReadOptions {
  /** Says which records are wanted in any case. */
  readonly keep?: (record: MetricsLine) => boolean;
  /** Told of each line that is no record; without it, one is an error. */
  readonly onDamage?: (problem: string) => void;
}

export interface MetricsFile {
  append(lines: readonly MetricsLine[]): void;
  /** Hands the gathered lines to the operating system. */
  flush(): void;
  /** Sees to it that they are on disk. */
  sync(): void;
  close(): void;
  /** All records, one after the other; a half-written last line is left out. */
  each(onDamage?: (problem: string) => void): Generator<MetricsLine, void, undefined>;
  /** The records for those who draw or judge a run; see `thinner`. */
  read(options?: ReadOptions): MetricsLine[];
  /**
   * What is wrong up to a step, a line each: damaged records, and steps without one.
   *
   * @param every steps between two records
   */
  survey(step: number, every: number): string[];
  /**
   * Drops the lines of later steps, those that are damaged and a half-written last one. Where there are damaged ones, the file
   * as it was stays as metrics.jsonl.damaged.
   *
   * @returns as `survey` does
   */
  truncate(step: number, every: number): string[];
}

/** Lines are written when so many characters or milliseconds have gathered. */
const BUFFER_CHARACTERS = 1 << 16;
const BUFFER_MILLISECONDS = 500;

/** The metrics of the run in a folder. The file is made with its first lines. */
export const metricsFile = (folder: string): MetricsFile => {
  const path = join(folder, METRICS);
  let handle: number | undefined;
  let buffer = "";
  let lastWrite = 0;

  const attempt = (task: () => void): void => {
    try {
      task();
    } catch (error) {
      throw fileError("write", path, error);
    }
  };

  const flush = (): void => {
    if (buffer === "") return;
    attempt(() => {
      handle ??= openForAppending(path).handle;
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

  const close = (): void => {
    flush();
    if (handle !== undefined) closeSync(handle);
    handle = undefined;
  };

  const damageOf = (index: number, line: Buffer): string =>
    `${path}, line ${index + 1}: expected a JSON object with a step; got ${line.subarray(0, 40).toString()}`;

  const each: MetricsFile["each"] = function* (onDamage) {
    flush();
    if (!existsSync(path)) return;
    let index = 0;
    for (const line of linesOf(fileIn(folder, METRICS))) {
      const record = recordOf(line);
      if (record !== undefined) yield record;
      else if (onDamage === undefined) throw new RunError(damageOf(index, line));
      else onDamage(damageOf(index, line));
      index++;
    }
  };

  /** Looks through the lines, and hands on those up to a step. */
  const lookThrough = (
    step: number,
    every: number,
    pass: (line: Buffer) => void,
  ): { readonly problems: string[]; readonly isDamaged: boolean } => {
    const finder = gapFinder(every);
    const problems: string[] = [];
    let [index, damaged] = [0, 0];
    for (const line of linesOf(fileIn(folder, METRICS))) {
      const record = recordOf(line);
      if (record === undefined && ++damaged <= MOST_GAPS) problems.push(damageOf(index, line));
      if (record !== undefined && record.step <= step) {
        finder.see(record.step);
        pass(line);
      }
      index++;
    }
    if (damaged > MOST_GAPS) problems.push(`${path}: ${damaged - MOST_GAPS} more lines are damaged`);
    const gaps = finder.gaps(step);
    if (gaps.length > 0) problems.push(`${path}: the figures of ${gaps.join(", ")} are missing`);
    return { problems, isDamaged: damaged > 0 };
  };

  const lost = (step: number, every: number): string[] =>
    step < every ? [] : [`${path}: the file is missing, and with it the figures up to step ${step}`];

  return {
    flush,
    close,
    each,
    append(lines) {
      for (const line of lines) buffer += `${JSON.stringify(line)}\n`;
      if (buffer.length > BUFFER_CHARACTERS || performance.now() - lastWrite > BUFFER_MILLISECONDS) flush();
    },
    sync() {
      flush();
      const open = handle;
      if (open !== undefined) attempt(() => fdatasyncSync(open));
    },
    read({ keep, onDamage } = {}) {
      const { add, records } = thinner(keep);
      for (const record of each(onDamage)) add(record);
      return records();
    },
    survey(step, every) {
      flush();
      return existsSync(path) ? lookThrough(step, every, () => {}).problems : lost(step, every);
    },
    truncate(step, every) {
      close();
      if (!existsSync(path)) return lost(step, every);
      let file: PendingFile | undefined;
      try {
        file = beginFile(path);
        const { handle } = file;
        let piece: Buffer[] = [];
        let bytes = 0;
        const write = (): void => {
          writeFileSync(handle, Buffer.concat(piece));
          [piece, bytes] = [[], 0];
        };
        const { problems, isDamaged } = lookThrough(step, every, (line) => {
          piece.push(line, Buffer.of(NEWLINE));
          bytes += line.length;
          if (bytes > PIECE) write();
        });
        write();
        if (isDamaged) copyFileSync(path, `${path}.damaged`);
        // Whoever watches the file sees by its being another one that lines are gone.
        if (fstatSync(handle).size !== statSync(path).size) file.commit();
        return problems;
      } catch (error) {
        throw fileError("write", path, error);
      } finally {
        file?.abandon();
      }
    },
  };
};
