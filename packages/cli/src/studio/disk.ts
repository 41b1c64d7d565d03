/** Looks at folders that others write to, or that come from elsewhere: what cannot be seen is not there. */
import { readdirSync, type Stats, statSync } from "node:fs";
import { lockHolder } from "tsgan/node";
import { resolveInside } from "./paths.ts";

export const look = (path: string): Stats | undefined => {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // No permission, a loop of links, a file where a folder should be.
    return undefined;
  }
};

export const isFile = (path: string): boolean => look(path)?.isFile() === true;

/** Names in a folder below `path`; none where it is not there yet, or leads elsewhere. */
export const namesIn = (path: string, folder: string): string[] => {
  const inside = resolveInside(path, folder);
  try {
    return inside === undefined ? [] : readdirSync(inside);
  } catch {
    // A file of that name, or no permission.
    return [];
  }
};

/** Whether a process trains in a run's folder. */
export const isTraining = (path: string): boolean => {
  try {
    return lockHolder(path) !== undefined;
  } catch {
    // A lock that cannot be read.
    return false;
  }
};
