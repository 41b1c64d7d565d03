/** The folder in which a worker trains a task, and how the run's files come there and go on to others. */
import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Redis } from "ioredis";
import { problemOf, tellRefusal } from "./connection.ts";
import type { Files } from "./queue.ts";
import { DamagedRun, fetchRun, storeRun } from "./runs.ts";
import type { Speaker } from "./warnings.ts";

/** Milliseconds before what Redis has refused is tried again: at first, and at most. */
const PAUSE = 500;
const LONGEST_PAUSE = 10_000;

export interface Place {
  readonly out: string;
  /** Whether it came with a part of the run that others have trained. */
  readonly goesOn: boolean;
  /** A step has been made: a new checkpoint is kept. */
  look(): void;
  /** Nothing is trained here any more. @returns where the run's files are for whoever goes on */
  leave(): Promise<Files>;
}

/** A folder of the study itself, which the coordinator sees as well. */
export const sharedPlace = (out: string): Place => ({
  out,
  goesOn: false,
  look() {},
  leave: async () => "shared",
});

/** How a worker keeps runs in Redis. */
export interface Keeping {
  readonly redis: Redis;
  /** Largest run that is kept with its checkpoint, in bytes. */
  readonly limit: number;
  /** When it comes, nobody waits for a Redis that refuses. */
  readonly signal: AbortSignal;
  readonly speaker: Speaker;
}

/** Fetches what there is of a run. What is damaged is trained anew. @returns whether there was something */
const fetch = async ({ redis, speaker }: Keeping, key: string, out: string): Promise<boolean> => {
  try {
    return await fetchRun(redis, key, out);
  } catch (error) {
    if (!(error instanceof DamagedRun)) throw error;
    speaker.warn(error.message);
    await redis.del(key);
    rmSync(out, { recursive: true, force: true });
    return false;
  }
};

/** A folder of this machine alone: it is filled from Redis, each new checkpoint is kept there, and in the end it goes. */
export const ownPlace = async (trial: string, key: string, out: string, keeping: Keeping): Promise<Place> => {
  const { redis, limit, signal, speaker } = keeping;
  const goesOn = await fetch(keeping, key, out);
  const store = (): Promise<boolean> => storeRun(redis, key, out, limit);
  /** The time of the checkpoint that was last kept, and what keeps one now: one at a time. */
  let kept = 0;
  let storing: Promise<unknown> | undefined;

  /** Waits for as long as Redis refuses it, and nobody asks to stop. */
  const storeLast = async (): Promise<boolean> => {
    await storing;
    for (let pause = PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      try {
        return await store();
      } catch (error) {
        if (signal.aborted) throw error;
        tellRefusal(error, speaker.tell);
        await sleep(pause, undefined, { signal }).catch(() => {});
      }
    }
  };

  return {
    out,
    goesOn,
    look() {
      const time = statSync(join(out, "checkpoints/latest"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
      if (storing !== undefined || time <= kept) return;
      kept = time;
      // What could not be kept now is kept later, or trained again.
      storing = store()
        .catch((error: unknown) => speaker.tell(`a checkpoint is not kept in Redis: ${problemOf(error)}`))
        .finally(() => {
          storing = undefined;
        });
    },
    async leave() {
      const isWhole = await storeLast();
      if (!isWhole) {
        speaker.warn(
          `${trial}: its run is larger than ${limit / 2 ** 20} MiB; Redis keeps it without its checkpoint`,
        );
      }
      rmSync(out, { recursive: true, force: true });
      return isWhole ? "stored" : "without checkpoint";
    },
  };
};
