/** Folders for what a process needs while it lives, in the system's folder for such things. */
import { lstatSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { fileError, makeFolder } from "./files.ts";
import { lockFolder, lockHolder } from "./run-lock.ts";

/** Milliseconds for which a folder without a lock may be one that is being made. */
const YOUNG = 60_000;

export interface Scratch {
  readonly path: string;
  remove(): void;
}

/** Whether a folder is ours and nobody uses it any more. */
const isLeft = (folder: string): boolean => {
  try {
    const { uid, mtimeMs } = lstatSync(folder);
    const isOurs = lstatSync(folder).isDirectory() && uid === (process.getuid?.() ?? uid);
    return isOurs && Date.now() - mtimeMs > YOUNG && lockHolder(folder) === undefined;
  } catch {
    // Removed meanwhile, or none of ours.
    return false;
  }
};

/**
 * Makes an empty folder of its own, and removes those that killed processes of this machine left.
 *
 * @param kind what it is for: part of its name
 * @throws RunError where the machine's temporary folder cannot be written
 */
export const makeScratch = (kind: string): Scratch => {
  // Processes of another machine or container that shares the folder are not seen, and so left alone.
  const name = `tsgan-${kind}-${hostname().replace(/[^\w.]+/g, "_")}-`;
  const parent = tmpdir();
  try {
    makeFolder(parent);
    for (const entry of readdirSync(parent)) {
      const folder = join(parent, entry);
      if (entry.startsWith(name) && isLeft(folder)) rmSync(folder, { recursive: true, force: true });
    }
    const path = mkdtempSync(join(parent, name));
    lockFolder(path, "using this folder");
    return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
  } catch (error) {
    throw fileError("create", parent, error);
  }
};
