/** Reading and writing files such that a failure leaves either the old content or the new, and a readable message. */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
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
};

const errorCode = (cause: unknown): string | undefined =>
  cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : undefined;

/** `cannot write runs/a/config.json: the disk is full; free some space and try again (ENOSPC)` */
export const fileError = (action: "read" | "write" | "create", path: string, cause: unknown): RunError => {
  if (cause instanceof RunError) return cause;
  const code = errorCode(cause);
  const reason =
    code !== undefined && code in REASONS
      ? `${REASONS[code]} (${code})`
      : cause instanceof Error
        ? cause.message
        : String(cause);
  return new RunError(`cannot ${action} ${path}: ${reason}`, { cause });
};

/** Whether an error of the file system says that something does not exist. */
export const isMissing = (error: unknown): boolean => {
  const code = errorCode(error instanceof RunError ? error.cause : error);
  return code === "ENOENT" || code === "ENOTDIR";
};

/** Temporary files are named after their target, so that what a killed process left can be told and swept. */
const TEMPORARY = /^\.(.+)\.(\d+)-(\d+)\.tmp$/;
let temporaries = 0;

const temporaryPath = (path: string): string =>
  join(dirname(path), `.${basename(path)}.${process.pid}-${temporaries++}.tmp`);

export const isTemporary = (name: string): boolean => TEMPORARY.test(name);

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

/** A new file under way: nothing is seen under its name before `commit`. */
export interface PendingFile {
  /** Open for reading and writing. */
  readonly handle: number;
  /** Flushes to disk and gives the file its name. */
  commit(): void;
  /** Removes what was written. Does nothing after `commit`. */
  abandon(): void;
}

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
 */
export const writeFileAtomic = (path: string, content: string | Uint8Array): void => {
  try {
    mkdirSync(dirname(path), { recursive: true });
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

export const readBytes = (path: string): Uint8Array => {
  try {
    // A plain array: the `slice` of Node's Buffer is a view, not a copy.
    const { buffer, byteOffset, byteLength } = readFileSync(path);
    return new Uint8Array(buffer, byteOffset, byteLength);
  } catch (error) {
    throw fileError("read", path, error);
  }
};

export const readText = (path: string): string => {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw fileError("read", path, error);
  }
};

/** The value of a JSON file; its shape is for the caller to check. */
export const readJson = (path: string): unknown => {
  const text = readText(path);
  try {
    return JSON.parse(text);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new RunError(`${path}: expected JSON; ${text.trim() === "" ? "the file is empty" : detail}`, {
      cause: error,
    });
  }
};
