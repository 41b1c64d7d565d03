/** The tasks of a session that are in the queue: put there, given out again where they are lost, taken in when they have ended. */
import type { Job, Queue } from "bullmq";
import type { Redis } from "ioredis";
import { RunError } from "tsgan";
import type { Task } from "../index.ts";
import type { Session } from "../node/session.ts";
import { announce, jobId, PREFIX, runKey, type TaskJob } from "./queue.ts";
import { resultOf } from "./received.ts";
import { DamagedRun, fetchRun } from "./runs.ts";

/** Jobs of one call to Redis. */
const BATCH = 500;

/** Times that a task is put into the queue again, after it was lost, damaged, or no worker could train it. */
const AGAIN = 2;

interface Entry {
  /** Of its job in the queue. */
  readonly id: string;
  readonly task: Task;
  /** Times that it was lost. */
  lost: number;
}

export interface OutstandingTasks {
  /** The trial whose task a job is; undefined where it is none of these. */
  trialOf(id: string): string | undefined;
  add(tasks: readonly Task[]): Promise<void>;
  /** Ids of jobs that have ended, of all studies, in the order of their end. */
  ended(): Promise<string[]>;
  /** Takes in what has become of a task, if it has ended. @throws RunError where it is lost time and again */
  take(id: string): Promise<void>;
  /**
   * Gives out again what is damaged, or is in none of the queue's lists: Redis refused to put it into the next one half-way.
   *
   * @throws RunError where it is lost time and again
   */
  findLost(): Promise<void>;
  /** Takes those that nobody has begun out of the queue. */
  withdraw(): Promise<void>;
}

export const outstandingTasks = (redis: Redis, queue: Queue<TaskJob>, session: Session): OutstandingTasks => {
  const { hash, study, uses } = session;
  const entries = new Map<string, Entry>();

  const put = async (added: readonly Entry[]): Promise<void> => {
    for (let i = 0; i < added.length; i += BATCH) {
      await queue.addBulk(
        added.slice(i, i + BATCH).map(({ id, task }) => ({
          name: task.trial.id,
          data: { study: hash, task },
          opts: { jobId: id },
        })),
      );
    }
  };

  /** Gives a task out again, whatever stands under its name. @throws RunError after some times */
  const again = async (entry: Entry, reason: string): Promise<void> => {
    const { id, task } = entry;
    // While a worker may have it, nothing can be said: it will be looked at again.
    if ((await queue.remove(id)) === 0) return;
    const attempt = ++entry.lost;
    if (attempt > AGAIN) {
      throw new RunError(
        `${task.trial.id}: ${reason}; the trial is left open: see to the cause, and go on with --resume`,
      );
    }
    session.report({ type: "lost", trial: task.trial.id, worker: "", reason, attempt });
    // Somebody may have changed the study, too.
    await announce(redis, hash, study, uses);
    await put([entry]);
  };

  const settle = async (entry: Entry, job: Job<TaskJob>): Promise<void> => {
    const { id, task } = entry;
    const result = resultOf(task, job);
    if (typeof result === "string") return again(entry, result);
    const key = runKey(hash, task.trial.id);
    if (result.stored) {
      try {
        await fetchRun(redis, key, session.runOf(task.trial.id));
      } catch (error) {
        if (!(error instanceof DamagedRun)) throw error;
        await redis.del(key);
        return again(entry, error.message);
      }
    }
    entries.delete(id);
    session.settle(task.trial, result.outcome, result.worker);
    await queue.remove(id);
    if ("record" in result.outcome) await redis.del(key);
  };

  /** A task's job; as text, why there is none. */
  const jobOf = async (id: string): Promise<Job<TaskJob> | string> => {
    try {
      return (await queue.getJob(id)) ?? "its task is not in Redis any more";
    } catch (error) {
      // Not what BullMQ has written there.
      if (!(error instanceof SyntaxError)) throw error;
      // Workers take it over and over, and can do nothing with it.
      await redis.del(`${PREFIX}:${queue.name}:${id}:lock`);
      return "its task in Redis is damaged";
    }
  };

  return {
    trialOf: (id) => entries.get(id)?.task.trial.id,
    async add(tasks) {
      const added = tasks.map((task) => ({ id: jobId(hash, task), task, lost: 0 }));
      for (const entry of added) entries.set(entry.id, entry);
      await put(added);
    },
    async ended() {
      const found: string[] = [];
      for (let start = 0; ; start += BATCH) {
        const page = await queue.getRanges(["completed", "failed"], start, start + BATCH - 1, true);
        found.push(...page);
        if (page.length < BATCH) return found;
      }
    },
    async take(id) {
      const entry = entries.get(id);
      if (entry === undefined) return;
      const job = await jobOf(id);
      if (typeof job === "string") return again(entry, job);
      // What was heard may be of its job before this one.
      const hasEnded = job.finishedOn !== undefined || ["completed", "failed"].includes(await job.getState());
      if (hasEnded) await settle(entry, job);
    },
    async findLost() {
      for (const entry of entries.values()) {
        const job = await jobOf(entry.id);
        if (typeof job === "string") await again(entry, job);
        else if ((await job.getState()) === "unknown") await again(entry, "its task was lost in Redis");
      }
    },
    async withdraw() {
      for (const id of entries.keys()) await queue.remove(id);
    },
  };
};
