/** The files of a run in Redis, so that a machine without a shared disk can go on with a trial that another one began. */
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, sep } from "node:path";
import type { Redis } from "ioredis";
import { RunError } from "tsgan";
import { isMissing, writeFileAtomic } from "tsgan/node";

/** Paths of files in a run's folder: nothing hidden, nothing that leads out. Anybody may have put others into Redis. */
const PATH = /^\w[\w.-]*(?:\/\w[\w.-]*){0,2}$/;
/** Written by the coordinator alone. */
const RECORD = "record.json";
/** Bytes of all files of a run, at most. */
const LARGEST = 2 ** 31;

/** Redis holds something else under the key of a run. */
export class DamagedRun extends RunError {}

/** Days after which the files of a study that nobody goes on with are dropped. */
const KEPT_DAYS = 30;

/** Times that a folder is read again because its files changed meanwhile. */
const ATTEMPTS = 5;

const CHECKPOINTS = "checkpoints";
const LATEST = join(CHECKPOINTS, "latest");

/** Path in the folder, with slashes, and bytes. Without locks and half-written files, whose names begin with a dot. */
const readFiles = (folder: string, withCheckpoints: boolean): [path: string, bytes: Buffer][] =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const path = join(entry.parentPath, entry.name).slice(folder.length + 1);
    if (!entry.isFile() || entry.name.startsWith(".")) return [];
    if (!withCheckpoints && path.startsWith(CHECKPOINTS)) return [];
    return [[path.split(sep).join("/"), readFileSync(join(folder, path))]];
  });

/** A run that trains replaces its checkpoint now and then: what is read must hold the one that `latest` names. */
const readConsistent = (folder: string, withCheckpoints: boolean): [path: string, bytes: Buffer][] => {
  for (let attempt = 1; ; attempt++) {
    try {
      const before = existsSync(join(folder, LATEST)) ? readFileSync(join(folder, LATEST), "utf8") : "";
      const files = readFiles(folder, withCheckpoints);
      if (before === "" || readFileSync(join(folder, LATEST), "utf8") === before) return files;
    } catch (error) {
      if (!isMissing(error) || attempt === ATTEMPTS) throw error;
    }
  }
};

/**
 * Replaces what Redis holds of a run by what is in its folder. With more than `limit` bytes, checkpoints are left out.
 *
 * @returns whether everything fitted
 */
export const storeRun = async (
  redis: Redis,
  key: string,
  folder: string,
  limit: number,
): Promise<boolean> => {
  const sizeOf = (files: readonly [string, Buffer][]): number =>
    files.reduce((sum, [, { length }]) => sum + length, 0);
  let files = readConsistent(folder, true);
  const fits = sizeOf(files) <= limit;
  if (!fits) files = readConsistent(folder, false);
  if (sizeOf(files) > limit) files = files.filter(([path]) => !path.includes("/") && path.endsWith(".json"));
  const transaction = redis.multi().del(key);
  if (files.length > 0) transaction.hset(key, Object.fromEntries(files)).expire(key, KEPT_DAYS * 86_400);
  for (const [error] of (await transaction.exec()) ?? []) if (error !== null) throw error;
  return fits;
};

/** Refuses what is none of a run's files, before any of it is fetched. */
const checkFiles = async (redis: Redis, key: string): Promise<void> => {
  const paths = await redis.hkeys(key);
  const foreign = paths.find((path) => !PATH.test(path) || path === RECORD);
  if (foreign !== undefined) {
    throw new DamagedRun(
      `${key}: expected the files of a run; got one with the path ${JSON.stringify(foreign)}`,
    );
  }
  let bytes = 0;
  for (const path of paths) bytes += await redis.hstrlen(key, path);
  if (bytes > LARGEST) throw new DamagedRun(`${key}: expected the files of a run; got ${bytes} bytes`);
};

/**
 * Replaces a folder by the run that Redis holds; without one, empties it.
 *
 * @returns whether there was one
 * @throws DamagedRun for anything else than a run
 */
export const fetchRun = async (redis: Redis, key: string, folder: string): Promise<boolean> => {
  let files: [string, Buffer][];
  try {
    await checkFiles(redis, key);
    files = Object.entries(await redis.hgetallBuffer(key));
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith("WRONGTYPE"))) throw error;
    throw new DamagedRun(`${key}: expected the files of a run; got something else`, { cause: error });
  }
  rmSync(folder, { recursive: true, force: true });
  for (const [path, bytes] of files) writeFileAtomic(join(folder, path), bytes);
  return files.length > 0;
};
