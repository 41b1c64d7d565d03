/** What the coordinator of a study and its workers agree on in Redis. All keys begin with "tsgan". */
import type { Redis } from "ioredis";
import { version } from "tsgan/node";
import * as z from "zod";
import type { Outcome, Task } from "../index.ts";

export const PREFIX = "tsgan";

/** Only workers of the same version take tasks: another one's results may differ. */
export const QUEUE = `trials-${version}`;

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

interface Announcement {
  readonly name: string;
  readonly version: string;
}

/** Lets workers know of a study. */
export const announce = async (
  redis: Redis,
  hash: string,
  study: { readonly name: string },
): Promise<void> => {
  const announcement: Announcement = { name: study.name, version };
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

const announcementSchema = z.object({ name: z.string(), version: z.string() });

/** What is in Redis under a key that anybody may write to; undefined where it is not of the shape that we write. */
export const parsed = <T>(schema: z.ZodType<T>, text: string): T | undefined => {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};

/**
 * How many of the studies in Redis workers of this version may train, those that need another one, and how many cannot be
 * told.
 */
export const announced = async (
  redis: Redis,
): Promise<{
  readonly own: number;
  readonly foreign: readonly Announcement[];
  readonly unknown: number;
}> => {
  const all = Object.values(await redis.hgetall(STUDIES)).map((text) => parsed(announcementSchema, text));
  const known = all.filter((study) => study !== undefined);
  const foreign = known.filter((study) => study.version !== version);
  return { own: known.length - foreign.length, foreign, unknown: all.length - known.length };
};
