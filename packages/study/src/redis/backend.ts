/** The coordinator's side of a study on Redis: puts its tasks into the queue and takes in what workers anywhere make of them. */
import type { Job } from "bullmq";
import type { Redis } from "ioredis";
import * as z from "zod";
import type { Outcome, Task } from "../index.ts";
import type { Backend } from "../node/session.ts";
import { loadBullmq } from "./packages.ts";
import {
  announce,
  jobId,
  PREFIX,
  QUEUE,
  runKey,
  type TaskJob,
  type TaskProgress,
  withdraw,
} from "./queue.ts";
import { fetchRun } from "./runs.ts";

/** Milliseconds after which the queue is looked through, whatever its events say: those of a restart are lost. */
const LOOK = 5000;

/** Jobs of one call to Redis. */
const BATCH = 500;

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

const failed = (task: Task, error: string): Outcome => ({
  record: { trial: task.trial, status: "failed", error, evaluations: [] },
});

/** What a finished or failed job says of its task. */
const readJob = (task: Task, job: Job<TaskJob>): { outcome: Outcome; worker: string; stored: boolean } => {
  if (job.returnvalue === null || job.returnvalue === undefined) {
    const error = `no worker could train it: ${job.failedReason ?? "no reason is known"}`;
    return { outcome: failed(task, error), worker: job.processedBy ?? "", stored: false };
  }
  const result = resultSchema.safeParse(job.returnvalue);
  if (!result.success) {
    const error = `a worker returned something else than a result: ${z.prettifyError(result.error).replaceAll("\n", " ")}`;
    return { outcome: failed(task, error), worker: "", stored: false };
  }
  const { outcome, worker, files } = result.data;
  const ours = "paused" in outcome ? outcome : { record: { ...outcome.record, trial: task.trial } };
  return { outcome: ours as Outcome, worker, stored: files !== "shared" };
};

/**
 * Runs the tasks of a session on whatever workers take them from a queue in Redis. A result stays in Redis until its
 * record is written, so that a coordinator that is killed finds it when it comes back. Stopped by its signal, it takes the
 * tasks that nobody has begun out of the queue.
 */
export const redisBackend =
  (redis: Redis): Backend =>
  async (session, signal) => {
    const { Queue, QueueEvents } = await loadBullmq();
    const { hash, study } = session;
    const shared = { prefix: PREFIX };
    const queue = new Queue<TaskJob>(QUEUE, {
      ...shared,
      connection: redis,
      defaultJobOptions: { attempts: 5, backoff: { type: "exponential", delay: 1000, jitter: 0.5 } },
    });
    const events = new QueueEvents(QUEUE, { ...shared, connection: redis });
    // Redis that is gone for a while is reconnected to.
    queue.on("error", () => {});
    events.on("error", () => {});

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

    const submit = async (): Promise<void> => {
      const tasks = session.ready();
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

    const settle = async (job: Job<TaskJob>): Promise<void> => {
      const id = job.id as string;
      const task = pending.get(id);
      if (task === undefined) return;
      const { outcome, worker, stored } = readJob(task, job);
      const key = runKey(hash, task.trial.id);
      if (stored) await fetchRun(redis, key, session.runOf(task.trial.id));
      pending.delete(id);
      session.settle(task.trial, outcome, worker);
      await job.remove();
      if ("record" in outcome) await redis.del(key);
    };

    /** Jobs that have ended, of all studies, in the order of their end. */
    const look = async (): Promise<Job<TaskJob>[]> => {
      const found: Job<TaskJob>[] = [];
      for (let start = 0; ; start += BATCH) {
        const page = await queue.getJobs(["completed", "failed"], start, start + BATCH - 1, true);
        found.push(...page);
        if (page.length < BATCH) return found;
      }
    };

    try {
      await announce(redis, hash, study);
      await events.waitUntilReady();
      let looked = 0;
      while (session.open() > 0 && !signal.aborted) {
        await submit();
        const ids = [...heard];
        heard = new Set();
        const due = performance.now() - looked >= LOOK;
        if (due) looked = performance.now();
        const jobs = due ? await look() : await Promise.all(ids.map((id) => queue.getJob(id)));
        for (const job of jobs) if (job !== undefined) await settle(job);
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
      await events.close();
      await queue.close();
    }
  };
