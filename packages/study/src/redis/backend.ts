/** The coordinator's side of a study on Redis: puts its tasks into the queue and takes in what workers anywhere make of them. */
import type { Job } from "bullmq";
import type { Redis } from "ioredis";
import { RunError } from "tsgan";
import { describeFailure } from "tsgan/node";
import * as z from "zod";
import type { Outcome, Task } from "../index.ts";
import type { Backend } from "../node/session.ts";
import { refusalOf, tellConnection } from "./connection.ts";
import { loadBullmq } from "./packages.ts";
import {
  announce,
  jobId,
  PREFIX,
  queueOf,
  runKey,
  type TaskJob,
  type TaskProgress,
  withdraw,
} from "./queue.ts";
import { DamagedRun, fetchRun } from "./runs.ts";
import { tellOnce } from "./warnings.ts";

/** Milliseconds after which the queue is looked through, whatever its events say: those of a restart are lost. */
const LOOK = 5000;
/** Looks between two at the tasks that are in none of the queue's lists any more. */
const LOST_LOOK = 3;

/** Jobs of one call to Redis. */
const BATCH = 500;

/** Times that a task is put into the queue again, after it was lost, damaged, or no worker could train it. */
const AGAIN = 2;

const evaluations = z.array(
  z.strictObject({ step: z.number(), metrics: z.record(z.string(), z.number().nullable()) }),
);
/** What a worker may return. Its trial is not taken from it: the coordinator knows which one it asked for. */
const resultSchema = z.strictObject({
  worker: z.string(),
  files: z.enum(["shared", "stored", "without checkpoint"]),
  outcome: z.union([
    z.strictObject({ paused: evaluations }),
    z.strictObject({
      record: z.strictObject({
        trial: z.unknown(),
        status: z.enum(["finished", "failed"]),
        error: z.string().optional(),
        evaluations,
      }),
    }),
  ]),
});
const progressSchema = z.strictObject({ worker: z.string(), step: z.number(), steps: z.number() });

interface Result {
  readonly outcome: Outcome;
  readonly worker: string;
  readonly stored: boolean;
}

/** What a job that has ended says of its task; as text, why it is none that a worker of ours returned. */
const readJob = (task: Task, job: Job<TaskJob>): Result | string => {
  if (job.returnvalue === null || job.returnvalue === undefined) {
    return `no worker could train it: ${job.failedReason ?? "no reason is known"}`;
  }
  const result = resultSchema.safeParse(job.returnvalue);
  if (!result.success) {
    return `a worker returned something else than a result: ${z.prettifyError(result.error).replaceAll("\n", " ")}`;
  }
  const { outcome, worker, files } = result.data;
  const ours = "paused" in outcome ? outcome : { record: { ...outcome.record, trial: task.trial } };
  return { outcome: ours as Outcome, worker, stored: files !== "shared" };
};

/**
 * Runs the tasks of a session on whatever workers take them from a queue in Redis. A result stays in Redis until its
 * record is written, so that a coordinator that is killed finds it when it comes back. Stopped by its signal, it takes the
 * tasks that nobody has begun out of the queue.
 *
 * What happens to Redis makes no record: a trial whose task is lost there is given out again, and where that does not help, the
 * study stops with a RunError, and the trial stays open.
 *
 * @param redis where Redis is, and the prefix of what is kept there
 */
export const redisBackend =
  (redis: Redis): Backend =>
  async (session, signal) => {
    try {
      await coordinate(redis, session, signal);
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === undefined) throw error;
      throw new RunError(`study on Redis: ${refusal}; go on with --resume`, { cause: error });
    }
  };

const coordinate = async (redis: Redis, ...[session, signal]: Parameters<Backend>): Promise<void> => {
  const { Queue, QueueEvents } = await loadBullmq();
  const { hash, study, uses } = session;
  const name = queueOf(uses);
  const shared = { prefix: PREFIX };
  const queue = new Queue<TaskJob>(name, {
    ...shared,
    connection: redis,
    defaultJobOptions: { attempts: 5, backoff: { type: "exponential", delay: 1000, jitter: 0.5 } },
  });
  const events = new QueueEvents(name, { ...shared, connection: redis });
  // Redis that is gone for a while is reconnected to.
  const tell = tellOnce((message) => session.report({ type: "warning", message }));
  const tellError = (error: Error): void =>
    tell(`queue: ${refusalOf(error) ?? describeFailure(error).message}`);
  queue.on("error", tellError);
  events.on("error", tellError);
  const untell = tellConnection(redis, tell);

  const pending = new Map<string, Task>();
  /** Jobs of ours that are said to have ended. */
  let heard = new Set<string>();
  let wake = (): void => {};
  const ended = ({ jobId: id }: { jobId: string }): void => {
    if (!pending.has(id)) return;
    heard.add(id);
    wake();
  };
  const begun = new Set<string>();
  const progress = ({ jobId: id, data }: { jobId: string; data: unknown }): void => {
    const task = pending.get(id);
    const told = progressSchema.safeParse(data);
    if (task === undefined || !told.success) return;
    const trial = task.trial.id;
    const { worker, step, steps }: TaskProgress = told.data;
    if (!begun.has(`${id} ${worker}`)) {
      begun.add(`${id} ${worker}`);
      session.report({ type: "begin", trial, worker, attempt: 1, step, steps });
    } else session.report({ type: "step", trial, worker, step });
  };
  const stalled = ({ jobId: id }: { jobId: string }): void => {
    const trial = pending.get(id)?.trial.id;
    if (trial === undefined) return;
    for (const key of begun) if (key.startsWith(`${id} `)) begun.delete(key);
    session.report({
      type: "lost",
      trial,
      worker: "",
      reason: "its worker was not heard of any more",
      attempt: 1,
    });
  };
  events.on("completed", ended);
  events.on("failed", ended);
  events.on("progress", progress);
  events.on("stalled", stalled);
  const stop = (): void => wake();
  signal.addEventListener("abort", stop);

  const submit = async (tasks: readonly Task[]): Promise<void> => {
    for (const task of tasks) pending.set(jobId(hash, task), task);
    for (let i = 0; i < tasks.length; i += BATCH) {
      await queue.addBulk(
        tasks.slice(i, i + BATCH).map((task) => ({
          name: task.trial.id,
          data: { study: hash, task },
          opts: { jobId: jobId(hash, task) },
        })),
      );
    }
  };

  const times = new Map<string, number>();
  /** Gives a task out again, whatever stands under its name. @throws RunError after some times */
  const again = async (id: string, task: Task, reason: string): Promise<void> => {
    // While a worker may have it, nothing can be said: it will be looked at again.
    if ((await queue.remove(id)) === 0) return;
    const attempt = (times.get(id) ?? 0) + 1;
    times.set(id, attempt);
    if (attempt > AGAIN) {
      throw new RunError(
        `${task.trial.id}: ${reason}; the trial is left open: see to the cause, and go on with --resume`,
      );
    }
    session.report({ type: "lost", trial: task.trial.id, worker: "", reason, attempt });
    // Somebody may have changed the study, too.
    await announce(redis, hash, study, uses);
    await submit([task]);
  };

  const settle = async (id: string, task: Task, job: Job<TaskJob>): Promise<void> => {
    const result = readJob(task, job);
    if (typeof result === "string") return again(id, task, result);
    const key = runKey(hash, task.trial.id);
    if (result.stored) {
      try {
        await fetchRun(redis, key, session.runOf(task.trial.id));
      } catch (error) {
        if (!(error instanceof DamagedRun)) throw error;
        await redis.del(key);
        return again(id, task, error.message);
      }
    }
    pending.delete(id);
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
      await redis.del(`${PREFIX}:${name}:${id}:lock`);
      return "its task in Redis is damaged";
    }
  };

  /** Takes in what has become of a task that has ended. */
  const take = async (id: string): Promise<void> => {
    const task = pending.get(id);
    if (task === undefined) return;
    const job = await jobOf(id);
    if (typeof job === "string") return again(id, task, job);
    // What was heard may be of its job before this one.
    const hasEnded = job.finishedOn !== undefined || ["completed", "failed"].includes(await job.getState());
    if (hasEnded) await settle(id, task, job);
  };

  /** Ids of jobs that have ended, of all studies, in the order of their end. */
  const look = async (): Promise<string[]> => {
    const found: string[] = [];
    for (let start = 0; ; start += BATCH) {
      const page = await queue.getRanges(["completed", "failed"], start, start + BATCH - 1, true);
      found.push(...page);
      if (page.length < BATCH) return found;
    }
  };

  /**
   * Gives out again what is damaged, or is in none of the queue's lists: Redis refused to put it into the next one half-way.
   */
  const findLost = async (): Promise<void> => {
    for (const [id, task] of pending) {
      const job = await jobOf(id);
      if (typeof job === "string") await again(id, task, job);
      else if ((await job.getState()) === "unknown") await again(id, task, "its task was lost in Redis");
    }
  };

  try {
    await announce(redis, hash, study, uses);
    await events.waitUntilReady();
    let looked = Number.NEGATIVE_INFINITY;
    let looks = 0;
    while (session.open() > 0 && !signal.aborted) {
      await submit(session.ready());
      const ids = [...heard];
      heard = new Set();
      const due = performance.now() - looked >= LOOK;
      if (due) looked = performance.now();
      for (const id of due ? await look() : ids) await take(id);
      if (due && ++looks % LOST_LOOK === 0) await findLost();
      if (heard.size > 0 || session.open() === 0) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, LOOK);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
        if (signal.aborted || heard.size > 0) wake();
      });
    }
    if (signal.aborted) {
      session.report({ type: "stopping" });
      for (const id of pending.keys()) await queue.remove(id);
    } else {
      await withdraw(
        redis,
        hash,
        session.trials.map(({ id }) => id),
      );
    }
  } finally {
    signal.removeEventListener("abort", stop);
    untell();
    await events.close();
    await queue.close();
  }
};
