/** Folders that something begins in, or is looked for in. */
import { readdirSync } from "node:fs";
import { UsageError } from "../errors.ts";
import { errorCode, fileError, kindOf, statsOf } from "./files.ts";

/**
 * Makes sure that something new may begin in a folder: there is none of that name, or nothing in it but hidden files, such as the lock
 * and what a killed process left.
 *
 * @param path the folder, which need not be there
 * @throws UsageError where something else is there, or the folder has files
 */
export const checkEmptyFolder = (path: string): void => {
  let names: string[];
  try {
    names = readdirSync(path);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return;
    throw fileError("create", path, error);
  }
  const other = names.find((name) => !name.startsWith("."));
  if (other === undefined) return;
  throw new UsageError(
    `${path}: expected a new or empty folder; it holds other files (${other} …); choose another --out`,
  );
};

/**
 * What is said of a path that is not the folder of what is wanted.
 *
 * @param what such as "a run"
 * @param file what every such folder holds
 */
export const noFolderOf = (what: string, path: string, file: string): UsageError => {
  const stats = statsOf(path);
  const folderState = stats?.isDirectory() ? `the folder has no ${file}` : undefined;
  const state = folderState ?? (stats === undefined ? "there is no such folder" : `it is ${kindOf(stats)}`);
  return new UsageError(`${path}: expected the folder of ${what}; ${state}`);
};
