/**
 * Looks at folders that others write to, or that come from elsewhere: what cannot be seen is not there, what is no regular
 * file or leads out is no file, and nothing takes long at a time, so that other requests are served meanwhile.
 */
import { closeSync, type Stats, statSync } from "node:fs";
import { opendir } from "node:fs/promises";
import { lockHolder, openFile, readInto, readText } from "tsgan/node";
import { resolveInside } from "./paths.ts";

/** Milliseconds of work between two pauses, and entries of a folder that are read at a time. */
const SLICE = 15;
const ENTRIES = 500;

/** Lets other requests through now and then: `await rest()` within a loop. */
export const breather = (): (() => Promise<void> | undefined) => {
  let began = performance.now();
  return () => {
    if (performance.now() - began < SLICE) return undefined;
    return new Promise((resolve) =>
      setImmediate(() => {
        began = performance.now();
        resolve();
      }),
    );
  };
};

export const look = (path: string): Stats | undefined => {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // No permission, a loop of links, a file where a folder should be.
    return undefined;
  }
};

export const isFile = (path: string): boolean => look(path)?.isFile() === true;

/** The real path of a regular file below a folder; undefined where there is none, or where its name leads elsewhere. */
export const fileInside = (folder: string, name: string): string | undefined => {
  const file = resolveInside(folder, name);
  return file !== undefined && isFile(file) ? file : undefined;
};

/** Names of what is in a folder; none where it cannot be read. With `foldersOnly`, of folders that are no links. */
export const entriesOf = async (path: string, foldersOnly = false): Promise<string[]> => {
  const names: string[] = [];
  try {
    for await (const entry of await opendir(path, { bufferSize: ENTRIES })) {
      if (!foldersOnly || entry.isDirectory()) names.push(entry.name);
    }
  } catch {
    // Not there yet, a file of that name, or no permission.
  }
  return names;
};

/** Names in a folder below `path`; none where it is not there yet, or leads elsewhere. */
export const namesIn = async (path: string, folder: string): Promise<string[]> => {
  const inside = resolveInside(path, folder);
  return inside === undefined ? [] : entriesOf(inside);
};

/** The last bytes of a file as text. @throws RunError for what is no regular file */
export const readEnd = (path: string, most: number): string => {
  const { handle, stats } = openFile(path);
  try {
    const buffer = Buffer.alloc(Math.min(most, stats.size));
    return buffer.subarray(0, readInto(handle, buffer, stats.size - buffer.length)).toString();
  } finally {
    closeSync(handle);
  }
};

/** Whether a process trains in a run's folder. */
export const isTraining = (path: string): boolean => {
  try {
    return lockHolder(path) !== undefined;
  } catch {
    // A lock that is none of ours, or cannot be read.
    return false;
  }
};

/** Levels of objects and lists within each other, far above those of any file of ours. */
const DEEPEST = 64;

/** A value of JSON text from elsewhere. @throws SyntaxError for what is no JSON, or so deep that it breaks whoever walks it */
export const parseJson = (text: string): unknown => {
  let depth = 0;
  let isString = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === "\\") i++;
    else if (character === '"') isString = !isString;
    else if (isString) continue;
    else if (character === "[" || character === "{") depth++;
    else if (character === "]" || character === "}") depth--;
    if (depth > DEEPEST) throw new SyntaxError(`it is nested more than ${DEEPEST} levels deep`);
  }
  return JSON.parse(text);
};

/** The value of a JSON file below a folder. @throws Error that says why there is none */
export const readJsonInside = (folder: string, name: string, most: number): unknown => {
  const file = resolveInside(folder, name);
  if (file === undefined) throw new Error(`${name} leads out of the folder`);
  return parseJson(readText(file, most));
};
