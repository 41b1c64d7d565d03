/**
 * Reading and writing files such that a failure leaves either the old content or the new, and a readable message.
 *
 * What is read may come from anybody: a folder of a run may have been made elsewhere, and others may write to it. So only
 * regular files are read, opening one never waits, and its size is known and bounded before memory is asked for.
 */
import { randomInt } from "node:crypto";
import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, sep } from "node:path";
import { RunError } from "../errors.ts";

/** What the operating system's code means to the user, and what helps. */
const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full; free some space and try again",
  EDQUOT: "the disk quota is used up; free some space and try again",
  EFBIG: "the file would exceed the largest size allowed here",
  EACCES: "permission denied; check who owns it",
  EPERM: "operation not permitted; check who owns it",
  EROFS: "the file system is read-only; choose another folder",
  ENOENT: "there is no such file or folder",
  ENOTDIR: "a part of the path is a file, not a folder",
  EISDIR: "it is a folder, not a file",
  EEXIST: "it exists already",
  EMFILE: "too many files are open",
  ENAMETOOLONG: "the name is too long",
  EIO: "the disk reports an error",
  ELOOP: "its links lead to each other",
  ENXIO: "it is a pipe or socket that nobody serves",
};

export const errorCode = (cause: unknown): string | undefined =>
  cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : undefined;

/** Why something failed, in words: `permission denied; check who owns it (EACCES)`. */
export const reasonOf = (cause: unknown): string => {
  const code = errorCode(cause);
  if (code !== undefined && code in REASONS) return `${REASONS[code]} (${code})`;
  return cause instanceof Error ? cause.message : String(cause);
};

/**
 * `cannot write runs/a/config.json: the disk is full; free some space and try again (ENOSPC)`
 *
 * @param action what could not be done
 * @param path the file or folder
 * @param cause what was thrown; a RunError stays what it is
 */
export const fileError = (action: "read" | "write" | "create", path: string, cause: unknown): RunError =>
  cause instanceof RunError ? cause : new RunError(`cannot ${action} ${path}: ${reasonOf(cause)}`, { cause });

/** Whether an error of the file system says that something does not exist. */
export const isMissing = (error: unknown): boolean => {
  const code = errorCode(error instanceof RunError ? error.cause : error);
  return code === "ENOENT" || code === "ENOTDIR";
};

/** What there is of a name; undefined where there is nothing. */
export const statsOf = (path: string): Stats | undefined => {
  try {
    return statSync(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};

/** Temporary files are named after their target, so that what a killed process left can be told and swept. */
const TEMPORARY = /^\.(.+)\.(\d+)-(\d+)\.tmp$/;
const MOST_TEMPORARIES = 2 ** 47;

/**
 * A name beside a file for what is to take its place. Drawn, not counted: in containers, a killed process had the number
 * that the next one has.
 */
export const temporaryPath = (path: string): string =>
  join(dirname(path), `.${basename(path)}.${process.pid}-${randomInt(MOST_TEMPORARIES)}.tmp`);

const isTemporary = (name: string): boolean => TEMPORARY.test(name);

/** Removes the temporary files that an earlier, killed process left in a folder that only one process writes to. */
export const sweepTemporaries = (folder: string): void => {
  for (const name of readdirSync(folder)) {
    if (isTemporary(name)) rmSync(join(folder, name), { force: true });
  }
};

/** Makes a rename or a new name in `folder` survive a power failure. Windows cannot open folders, and needs no such call. */
const syncFolder = (folder: string): void => {
  if (process.platform === "win32") return;
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
};

/**
 * Makes a folder, and those above it that are missing. `mkdir` with `recursive` goes round for ever where a folder that is there
 * has no room for names: in /proc, and in one that was removed while a process works in it.
 */
const makeMissing = (path: string): void => {
  const there = statsOf(path);
  if (there?.isDirectory()) return;
  if (there !== undefined) throw new RunError(`cannot create ${path}: it is ${kindOf(there)}, not a folder`);
  const above = dirname(path);
  if (above !== path) makeMissing(above);
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have been faster.
    if (errorCode(error) !== "EEXIST" || !statsOf(path)?.isDirectory()) throw error;
  }
};

/**
 * Makes a folder, and those above it that are missing; one that is there stays as it is.
 *
 * @param path the folder
 * @throws RunError where it cannot be made
 */
export const makeFolder = (path: string): void => {
  try {
    makeMissing(path);
  } catch (error) {
    throw fileError("create", path, error);
  }
};

/** A new file under way: nothing is seen under its name before `commit`. */
export interface PendingFile {
  /** Open for reading and writing. */
  readonly handle: number;
  /** Flushes to disk and gives the file its name. */
  commit(): void;
  /** Removes what was written. Does nothing after `commit`. */
  abandon(): void;
}

/** `DEVICE:INODE` of a folder. Moving it leaves it as it is; a copy has another one. */
export const identityOf = (folder: string): string => {
  const { dev, ino } = statSync(folder, { bigint: true });
  return `${dev}:${ino}`;
};

/** Begins a file beside its final place, for content that is written piece by piece. */
export const beginFile = (path: string): PendingFile => {
  const temporary = temporaryPath(path);
  const handle = openSync(temporary, "wx+");
  let open = true;
  const close = () => {
    open = false;
    closeSync(handle);
  };
  return {
    handle,
    commit() {
      fsyncSync(handle);
      close();
      try {
        renameSync(temporary, path);
      } catch (error) {
        rmSync(temporary, { force: true });
        throw error;
      }
      syncFolder(dirname(path));
    },
    abandon() {
      if (!open) return;
      close();
      rmSync(temporary, { force: true });
    },
  };
};

/**
 * Writes a whole file or nothing: a temporary file in the same folder, flushed to disk, then renamed. Creates missing
 * folders.
 *
 * @param path the file
 * @param content text (UTF-8) or bytes
 * @throws RunError where the disk is full or the folder cannot be written: the old file is still there
 */
export const writeFileAtomic = (path: string, content: string | Uint8Array): void => {
  try {
    makeMissing(dirname(path));
    const file = beginFile(path);
    try {
      writeFileSync(file.handle, content);
      file.commit();
    } finally {
      file.abandon();
    }
  } catch (error) {
    throw fileError("write", path, error);
  }
};

/** Bytes of the largest file that is read at once: what Node.js can hold in one piece. */
const MOST_BYTES = 2 ** 31 - 1;
/** Characters of the longest string of V8. */
const MOST_TEXT = 0x1fffffe8;
const MOST_JSON = 64 << 20;

/** What a file is that is no regular one, in words. */
export const kindOf = (stats: Stats | BigIntStats): string => {
  if (stats.isDirectory()) return "a folder";
  if (stats.isSymbolicLink()) return "a link";
  if (stats.isFIFO()) return "a pipe";
  if (stats.isSocket()) return "a socket";
  return stats.isFile() ? "a file" : "a device";
};

/** A file open for reading. */
export interface OpenFile {
  readonly handle: number;
  readonly stats: Stats;
}

/**
 * Opens a regular file. Links are followed; `insideOf` says where they lead. To be closed by the caller.
 *
 * @param path a file, or a link to one
 * @throws RunError for whatever is no regular file, without opening it: devices act on being opened, and pipes wait
 */
export const openFile = (path: string): OpenFile => {
  let handle: number | undefined;
  try {
    let stats = statSync(path);
    if (stats.isFile()) {
      // Between the look and this it may have become a pipe.
      handle = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
      stats = fstatSync(handle);
      if (stats.isFile()) return { handle, stats };
    }
    throw stats.isDirectory()
      ? Object.assign(new Error("a folder"), { code: "EISDIR" })
      : new RunError(
          `cannot read ${path}: expected a file; got ${kindOf(stats)}; save what it gives as a file, and name that`,
        );
  } catch (error) {
    if (handle !== undefined) closeSync(handle);
    throw fileError("read", path, error);
  }
};

/** As "a" does, but through no link, and without waiting for whoever would read a pipe. */
const APPEND =
  constants.O_APPEND |
  constants.O_CREAT |
  constants.O_WRONLY |
  (constants.O_NOFOLLOW ?? 0) |
  (constants.O_NONBLOCK ?? 0);

/**
 * Opens a regular file at its end, for writing; makes it if need be.
 *
 * @param path a file, whose folder exists
 * @throws RunError for anything else
 */
export const openForAppending = (path: string): OpenFile => {
  let handle: number | undefined;
  try {
    handle = openSync(path, APPEND, 0o666);
    const stats = fstatSync(handle);
    if (stats.isFile()) return { handle, stats };
    throw new RunError(`cannot write ${path}: expected a file; got ${kindOf(stats)}; remove it`);
  } catch (error) {
    if (handle !== undefined) closeSync(handle);
    throw fileError("write", path, error);
  }
};

/**
 * Reads from a position on until the buffer is full or the file ends.
 *
 * @param handle what `openSync` gave
 * @returns the bytes read
 */
export const readInto = (handle: number, buffer: Uint8Array, position: number): number => {
  let read = 0;
  while (read < buffer.length) {
    const more = readSync(handle, buffer, read, buffer.length - read, position + read);
    if (more === 0) break;
    read += more;
  }
  return read;
};

/**
 * The content of a regular file.
 *
 * @param path a file, or a link to one
 * @throws RunError for one of more than `most` bytes, before any is read
 */
export const readBytes = (path: string, most = MOST_BYTES): Uint8Array => {
  const { handle, stats } = openFile(path);
  try {
    if (stats.size > most) {
      throw new RunError(`cannot read ${path}: expected at most ${most} bytes; it has ${stats.size}`);
    }
    // A plain array: the `slice` of Node's Buffer is a view, not a copy.
    const bytes = new Uint8Array(stats.size);
    const read = readInto(handle, bytes, 0);
    return read === bytes.length ? bytes : bytes.slice(0, read);
  } catch (error) {
    throw fileError("read", path, error);
  } finally {
    closeSync(handle);
  }
};

const asText = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");

/**
 * The text of a regular file, read as UTF-8.
 *
 * @param path a file, or a link to one
 * @throws RunError for one of more than `most` bytes, before any is read
 */
export const readText = (path: string, most = MOST_TEXT): string => asText(readBytes(path, most));

/** The value of JSON text that was read from a file. */
const parseJson = (path: string, text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new RunError(`${path}: expected JSON; ${text.trim() === "" ? "the file is empty" : detail}`, {
      cause: error,
    });
  }
};

/**
 * The value of a JSON file; its shape is for the caller to check.
 *
 * @param path a file, or a link to one
 * @param most bytes that it may have
 */
export const readJson = (path: string, most = MOST_JSON): unknown => parseJson(path, readText(path, most));

/**
 * The real path of what lies at `path` below `root`, with slashes; undefined where nothing is there, or where a link leads
 * out of `root`.
 *
 * @throws RunError where that cannot be told, for want of a permission
 */
export const insideOf = (root: string, path: string): string | undefined => {
  try {
    const base = realpathSync.native(root);
    const found = realpathSync.native(join(base, path));
    return found.startsWith(base.endsWith(sep) ? base : base + sep) ? found : undefined;
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "ELOOP", "ENAMETOOLONG"].includes(errorCode(error) ?? "")) return undefined;
    throw fileError("read", join(root, path), error);
  }
};

/**
 * The path of a file of a folder, for reading.
 *
 * @param root the folder
 * @throws RunError where it is not there, or where a link leads out of the folder: what such a folder says it holds may be
 * any file of its reader
 */
export const fileIn = (root: string, path: string): string => {
  const full = join(root, path);
  if (insideOf(root, path) !== undefined) return full;
  try {
    statSync(full);
  } catch (error) {
    throw fileError("read", full, error);
  }
  throw new RunError(
    `cannot read ${full}: it leads out of ${root}; put the file itself there, or a link to one inside`,
  );
};
