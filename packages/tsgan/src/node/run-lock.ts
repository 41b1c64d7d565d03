/** A lock on a run's folder, against two processes that train in it. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RunError } from "../errors.ts";
import { fileError, isMissing } from "./files.ts";
import { LOCK } from "./run-folder.ts";

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

/**
 * When a process began, as the kernel counts, so that another process that has been given the same number since (the
 * rule in containers) is not taken for it. Empty where there is no /proc.
 */
const beginning = (pid: number): string => statusOf(pid)[19] ?? "";

/** Whether a process has ended, and nobody has asked how: in containers it may be that nobody ever will. */
const isZombie = (pid: number): boolean => statusOf(pid)[0] === "Z";

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and is somebody else's.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
};

const holder = (file: string): { pid: number; alive: boolean } | undefined => {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw fileError("read", file, error);
  }
  const [pid, begun] = text.split(" ");
  // A process killed between making the file and writing to it left it empty.
  const alive =
    /^\d+$/.test(pid) && isAlive(Number(pid)) && !isZombie(Number(pid)) && begun === beginning(Number(pid));
  return { pid: Number(pid), alive };
};

/** The living process that holds the lock of a folder. */
export const lockHolder = (path: string): number | undefined => {
  const other = holder(join(path, LOCK));
  return other?.alive ? other.pid : undefined;
};

/** The process that trains in a run's folder, if one does. */
export const trainingProcess = (path: string): number | undefined => {
  const found = holder(join(path, LOCK));
  return found?.alive ? found.pid : undefined;
};

/**
 * Takes the lock of a folder, which is made if need be. The lock of a process that no longer lives is taken over.
 *
 * @param doing what the holder of the lock does
 * @returns what gives the lock back
 * @throws RunError if a living process holds it
 */
export const lockFolder = (path: string, doing: string): (() => void) => {
  const file = join(path, LOCK);
  const own = `${process.pid} ${beginning(process.pid)}`;
  const take = (): boolean => {
    try {
      mkdirSync(path, { recursive: true });
      writeFileSync(file, own, { flag: "wx" });
      return true;
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
      throw fileError("create", file, error);
    }
  };
  while (!take()) {
    const other = holder(file);
    if (other?.alive) {
      throw new RunError(
        `${path}: process ${other.pid} is ${doing}; wait for it or stop it (the lock is ${file})`,
      );
    }
    rmSync(file, { force: true });
  }
  return () => rmSync(file, { force: true });
};

/** The lock of a run's folder. @throws RunError if a living process holds it */
export const lockRun = (path: string): (() => void) => lockFolder(path, "training this run");
