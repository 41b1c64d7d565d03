/**
 * A lock on a folder, against two processes that write to it. The file `.lock` says who holds it:
 *
 *     PID BEGINNING DEVICE:INODE
 *
 * a process by its number and, where the system tells, the moment it began, so that another one that has been given the
 * same number since (the rule in containers) is not taken for it; and the folder, so that a copy of it is not locked.
 *
 * It appears with its content, under its name, in one move of the file system. One that a dead process left is replaced in
 * one move, too, and by one process only: whoever wants to must first hold a lock of the same kind, named after the file
 * that is to be replaced, and see that it is still there.
 */
import {
  closeSync,
  linkSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { RunError } from "../errors.ts";
import {
  errorCode,
  fileError,
  identityOf,
  isMissing,
  kindOf,
  makeFolder,
  openFile,
  readInto,
  temporaryPath,
} from "./files.ts";
import { LOCK } from "./run-folder.ts";

/** Bytes of the longest line that a lock holds. */
const LONGEST = 200;
/** Milliseconds for which a lock without content counts as one that is being taken. */
const YOUNG = 10_000;
/** Milliseconds for which one waits for another process that is taking over a lock, and between two looks. */
const PATIENCE = 5000;
const PAUSE = 5;
/** Processes that died one after the other while they took over a lock, beyond which somebody has to look. */
const DEEPEST = 8;

/** Fields of /proc/PID/stat after the command's name, which stands in brackets and may hold anything; the 3rd of all is first. */
const statusOf = (pid: number): string[] => {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "latin1");
    return fields.slice(fields.lastIndexOf(")") + 2).split(" ");
  } catch {
    // No /proc, or no such process: the number alone must do.
    return [];
  }
};

/** When a process began, as the kernel counts. Empty where there is no /proc. */
const beginning = (pid: number): string => statusOf(pid)[19] ?? "";

/** Whether a process has ended, and nobody has asked how: in containers it may be that nobody ever will. */
const isZombie = (pid: number): boolean => statusOf(pid)[0] === "Z";

const exists = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and is somebody else's.
    return errorCode(error) === "EPERM";
  }
};

const isAlive = (pid: number, begun: string): boolean =>
  exists(pid) && !isZombie(pid) && begun === beginning(pid);

/** Whether some process has a file open. On Linux, as far as processes of others may be looked into; elsewhere false. */
const isOpenSomewhere = (file: string): boolean => {
  const { dev, ino } = statSync(file, { bigint: true });
  const namesIn = (folder: string): string[] => {
    try {
      return readdirSync(folder);
    } catch {
      // Not ours to look into, or gone.
      return [];
    }
  };
  return namesIn("/proc")
    .filter((name) => /^\d+$/.test(name))
    .some((pid) =>
      namesIn(`/proc/${pid}/fd`).some((name) => {
        try {
          const open = statSync(`/proc/${pid}/fd/${name}`, { bigint: true });
          return open.dev === dev && open.ino === ino;
        } catch {
          return false;
        }
      }),
    );
};

/** A lock file that is there. */
interface Found {
  readonly text: string;
  /** Differs from that of any other file that was under the same name before or comes after. */
  readonly mark: string;
  readonly isHeld: boolean;
  /** Undefined where the file does not say. */
  readonly pid: number | undefined;
  /** User who made the file. */
  readonly owner: number;
}

/** @throws RunError for something under the lock's name that is no file of ours */
const look = (file: string, folder: string): Found | undefined => {
  try {
    const stats = lstatSync(file, { bigint: true });
    const { mtimeNs, ino, mtimeMs, uid, size } = stats;
    if (!stats.isFile() || size > LONGEST) {
      const got = stats.isFile() ? `one of ${size} bytes` : kindOf(stats);
      throw new RunError(`${file}: expected a lock that tsgan wrote; got ${got}; remove it`);
    }
    const { handle } = openFile(file);
    const bytes = Buffer.alloc(LONGEST);
    let text: string;
    try {
      text = bytes.subarray(0, readInto(handle, bytes, 0)).toString("latin1");
    } finally {
      closeSync(handle);
    }
    const [, pid, begun, identity] = /^(\d{1,10}) (\d*)(?: (\d+:\d+))?$/.exec(text) ?? [];
    const isHeld =
      pid === undefined
        ? // A file system without hard links shows a lock before its content.
          text === "" && (Date.now() - Number(mtimeMs) < YOUNG || isOpenSomewhere(file))
        : isAlive(Number(pid), begun) && (identity === undefined || identity === identityOf(folder));
    const mark = `${ino.toString(36)}-${mtimeNs.toString(36)}`;
    return { text, mark, isHeld, pid: pid === undefined ? undefined : Number(pid), owner: Number(uid) };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw fileError("read", file, error);
  }
};

/** The living process that holds the lock of a folder. */
export const lockHolder = (folder: string): number | undefined => {
  const found = look(join(folder, LOCK), folder);
  return found?.isHeld ? found.pid : undefined;
};

/**
 * The process that holds the lock of a folder, where it may be asked to end: its number is certainly its own, and it was
 * the present user who wrote it down, so that no lock from elsewhere leads to another process of theirs.
 */
export const stoppableHolder = (folder: string): number | undefined => {
  const found = look(join(folder, LOCK), folder);
  const isCertain = process.platform === "linux" && found?.owner === process.geteuid?.();
  return found?.isHeld && isCertain ? found.pid : undefined;
};

const wait = (): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
};

/** File systems that have no hard links say so in one of these ways. */
const NO_LINKS = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EACCES", "UNKNOWN"];

/** Gives a new file its name unless that is taken. @returns whether it was free */
const create = (temporary: string, file: string, text: string): boolean => {
  try {
    linkSync(temporary, file);
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    if (!NO_LINKS.includes(errorCode(error) ?? "")) throw error;
  }
  try {
    writeFileSync(file, text, { flag: "wx" });
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  }
};

/** Removes a lock that is still the one with this text. */
const giveBack = (file: string, folder: string, text: string): void => {
  if (look(file, folder)?.text === text) rmSync(file, { force: true });
};

interface Wanted {
  readonly folder: string;
  readonly text: string;
  readonly refuse: (pid: number | undefined) => RunError;
}

/** Takes a lock, of which `depth` stand for the right to replace another one. */
const take = (file: string, wanted: Wanted, depth: number): void => {
  const { folder, text, refuse } = wanted;
  const temporary = temporaryPath(file);
  try {
    writeFileSync(temporary, text, { flag: "wx" });
    const end = performance.now() + PATIENCE;
    while (!create(temporary, file, text)) {
      const found = look(file, folder);
      if (found === undefined) continue;
      if (found.isHeld) {
        // Whoever takes over a lock is done in a moment.
        if (depth === 0 || performance.now() > end) throw refuse(found.pid);
        wait();
        continue;
      }
      if (depth === DEEPEST) throw new RunError(`${file}: expected no such file; remove it`);
      const right = `${file}.${found.mark}`;
      take(right, wanted, depth + 1);
      try {
        if (look(file, folder)?.mark !== found.mark) continue;
        renameSync(temporary, file);
        return;
      } finally {
        giveBack(right, folder, text);
      }
    }
  } finally {
    rmSync(temporary, { force: true });
  }
};

/**
 * Takes the lock of a folder, which is made if need be. The lock of a process that no longer lives is taken over.
 *
 * @param path the folder
 * @param doing what the holder of the lock does
 * @returns what gives the lock back
 * @throws RunError if a living process holds it
 */
export const lockFolder = (path: string, doing: string): (() => void) => {
  const file = join(path, LOCK);
  const refuse = (pid: number | undefined): RunError =>
    new RunError(
      pid === undefined
        ? `${path}: another process is about to begin ${doing}; try again in ${YOUNG / 1000} s (the lock is ${file})`
        : `${path}: process ${pid} is ${doing}; wait for it or stop it (the lock is ${file})`,
    );
  makeFolder(path);
  try {
    const text = `${process.pid} ${beginning(process.pid)} ${identityOf(path)}`;
    take(file, { folder: path, text, refuse }, 0);
    // What is left of processes that died while they took over: it stands for files that are no longer there.
    for (const name of readdirSync(path)) {
      if (name.startsWith(`${LOCK}.`)) rmSync(join(path, name), { force: true });
    }
    return () => giveBack(file, path, text);
  } catch (error) {
    throw fileError("create", file, error);
  }
};

/** The lock of a run's folder. @throws RunError if a living process holds it */
export const lockRun = (path: string): (() => void) => lockFolder(path, "training this run");
