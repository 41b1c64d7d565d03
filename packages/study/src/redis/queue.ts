/** What the coordinator of a study and its workers agree on in Redis. All keys begin with "tsgan". */
import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import { type UsedFile, version } from "tsgan/node";
import * as z from "zod";
import type { Outcome, Task } from "../index.ts";
import { contentsOf } from "../node/folder.ts";

export const PREFIX = "tsgan";

/**
 * The queue of a study. Only workers of the same version, and with the same files of things of one's own, take tasks: another
 * one's results may differ.
 */
export const queueOf = (uses: readonly UsedFile[]): string => {
  const contents = contentsOf(uses).join();
  const own = contents === "" ? "" : `-${createHash("sha256").update(contents).digest("hex").slice(0, 16)}`;
  return `trials-${version}${own}`;
};

/** A job of the queue. */
export interface TaskJob {
  /** Hash of the study. */
  readonly study: string;
  readonly task: Task;
}

/** Where the files of the run are: in a folder that the coordinator sees, in Redis, or there without the checkpoint. */
export type Files = "shared" | "stored" | "without checkpoint";

/** What a job returns. */
export interface TaskResult {
  readonly outcome: Outcome;
  readonly worker: string;
  readonly files: Files;
}

/** What a worker tells of a task under way; steps are iterations of the trainer. */
export interface TaskProgress {
  readonly worker: string;
  readonly step: number;
  readonly steps: number;
}

/** The same task has the same name whoever asks for it, so that a coordinator that comes back finds its own. */
export const jobId = (study: string, { trial, until }: Task): string =>
  `${study}.${trial.id}.${until === undefined ? "end" : until}`;

/** The study itself, as JSON. */
export const studyKey = (study: string): string => `${PREFIX}:study:${study}`;

/** The files of a trial's run. */
export const runKey = (study: string, trial: string): string => `${PREFIX}:run:${study}:${trial}`;

/** Studies that are not at their end, by their hashes. */
const STUDIES = `${PREFIX}:studies`;

export interface Announcement {
  readonly name: string;
  readonly version: string;
  /** Files of things of one's own that workers must have. */
  readonly uses?: readonly UsedFile[] | undefined;
}

/** Lets workers know of a study. */
export const announce = async (
  redis: Redis,
  hash: string,
  study: { readonly name: string },
  uses: readonly UsedFile[],
): Promise<void> => {
  const announcement: Announcement = { name: study.name, version, ...(uses.length > 0 && { uses }) };
  await redis
    .multi()
    .set(studyKey(hash), JSON.stringify(study))
    .hset(STUDIES, hash, JSON.stringify(announcement))
    .exec();
};

/** Takes a study that has ended out of Redis, with what is left of its runs. */
export const withdraw = async (redis: Redis, hash: string, trials: readonly string[]): Promise<void> => {
  await redis.hdel(STUDIES, hash);
  await redis.del(studyKey(hash));
  for (const id of trials) await redis.del(runKey(hash, id));
};

const announcementSchema = z.object({
  name: z.string(),
  version: z.string(),
  uses: z.array(z.object({ file: z.string(), sha256: z.string() })).optional(),
});

/** What is in Redis under a key that anybody may write to; undefined where it is not of the shape that we write. */
export const parsed = <T>(schema: z.ZodType<T>, text: string): T | undefined => {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};

/** The studies in Redis, as workers see them. */
export interface Announced {
  /** How many there are that workers with these files may train. */
  readonly own: number;
  /** Those that need another version. */
  readonly foreign: readonly Announcement[];
  /** Those of this version that began with other files. */
  readonly otherUses: readonly Announcement[];
  /** How many cannot be told. */
  readonly unknown: number;
}

/** @param uses the worker's files of things of one's own */
export const announced = async (redis: Redis, uses: readonly UsedFile[]): Promise<Announced> => {
  const all = Object.values(await redis.hgetall(STUDIES)).map((text) => parsed(announcementSchema, text));
  const known = all.filter((study) => study !== undefined);
  const foreign = known.filter((study) => study.version !== version);
  const ours = known.filter((study) => study.version === version);
  const otherUses = ours.filter((study) => queueOf(study.uses ?? []) !== queueOf(uses));
  return {
    own: ours.length - otherUses.length,
    foreign,
    otherUses,
    unknown: all.length - known.length,
  };
};
