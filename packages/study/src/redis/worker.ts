/** A worker of studies on Redis: takes tasks from the queue, trains them, and hands their files on. */
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Job } from "bullmq";
import type { Redis } from "ioredis";
import { makeScratch, type UsedFile } from "tsgan/node";
import type { Study } from "../index.ts";
import { holdsStudy, openStudyFolder } from "../node/folder.ts";
import { problemOf, tellConnection, tellRefusal } from "./connection.ts";
import { loadBullmq } from "./packages.ts";
import { ownPlace, type Place, sharedPlace } from "./place.ts";
import {
  PREFIX,
  queueOf,
  runKey,
  studyKey,
  type TaskJob,
  type TaskProgress,
  type TaskResult,
} from "./queue.ts";
import { checkedJob, checkedStudy, UnusableTask } from "./received.ts";
import { studyWatch } from "./studies.ts";
import type { Train } from "./train.ts";
import { type Speaker, tellOnce } from "./warnings.ts";

/** Milliseconds between reports of a task's steps, and between looks for studies of another version. */
const REPORT = 1000;
const LOOK = 5000;

/** Times that a task may lose its worker: one that takes its machine down must not go round for ever. */
const LOST = 25;

export type ServeEvent =
  | { readonly type: "ready"; readonly worker: string }
  | { readonly type: "begin"; readonly trial: string; readonly goesOn: boolean }
  | {
      readonly type: "end";
      readonly trial: string;
      readonly status: "finished" | "failed" | "stopped" | "paused" | "given back";
    }
  | { readonly type: "warning"; readonly message: string };

export interface ServeOptions {
  readonly redis: Redis;
  /** Tasks at a time. */
  readonly workers: number;
  /** Milliseconds without a sign of life after which a worker's tasks are given to others. */
  readonly patience: number;
  /** The study's folder, where this machine sees it. */
  readonly shared?: string | undefined;
  /** Largest run that is kept in Redis with its checkpoint, in bytes. */
  readonly limit: number;
  /** Files of things of one's own, which the studies whose trials it takes have begun with. */
  readonly uses?: readonly UsedFile[];
  readonly train: Train;
  /** Lets the tasks under way save, gives them back and ends. */
  readonly signal: AbortSignal;
  readonly onEvent: (event: ServeEvent) => void;
}

/** The studies whose tasks come, by their hashes: each is fetched once. */
const studyReader = (redis: Redis) => {
  const studies = new Map<string, Study>();
  /** @throws UnusableTask */
  return async (hash: string): Promise<Study> => {
    const known = studies.get(hash);
    if (known !== undefined) return known;
    const text = await redis.get(studyKey(hash));
    if (text === null) throw new UnusableTask(`the study ${hash} is not in Redis any more`);
    const study = checkedStudy(text);
    studies.set(hash, study);
    return study;
  };
};

/** The folder of a trial's run in the study's own folder, where this machine sees that. */
const sharedRun = (shared: string | undefined, hash: string, trial: string): string | undefined => {
  if (shared === undefined || !holdsStudy(shared)) return undefined;
  const folder = openStudyFolder(shared);
  return folder.hash === hash ? folder.runOf(trial) : undefined;
};

/**
 * What trains the tasks of jobs, each from where its run is, and hands the run's files on. Its result is undefined where the
 * signal stopped it.
 *
 * @param self the worker's name
 * @param scratch a folder for runs whose study's folder this machine does not see
 */
const jobTrainer = (
  { redis, shared, limit, train, signal, onEvent }: ServeOptions,
  self: string,
  scratch: string,
  speaker: Speaker,
) => {
  const studyOf = studyReader(redis);

  const placeOf = async (hash: string, trial: string): Promise<Place> => {
    const seen = sharedRun(shared, hash, trial);
    if (seen !== undefined) return sharedPlace(seen);
    const keeping = { redis, limit, signal, speaker };
    return ownPlace(trial, runKey(hash, trial), join(scratch, hash, trial), keeping);
  };

  /** Tells the coordinator of steps, now and then. */
  const progressOf = (job: Job<TaskJob, TaskResult>) => {
    let next = 0;
    return (step: number, steps: number): void => {
      if (performance.now() < next) return;
      next = performance.now() + REPORT;
      const progress: TaskProgress = { worker: self, step, steps };
      job
        .updateProgress(progress)
        .catch((error: unknown) => speaker.tell(`progress is not told: ${problemOf(error)}`));
    };
  };

  return async (job: Job<TaskJob, TaskResult>): Promise<TaskResult | undefined> => {
    const { study: hash, task } = checkedJob(job.data);
    const { id: trial } = task.trial;
    const study = await studyOf(hash);
    const place = await placeOf(hash, trial);
    onEvent({ type: "begin", trial, goesOn: place.goesOn });
    const progress = progressOf(job);
    const onStep = (step: number, steps: number): void => {
      place.look();
      progress(step, steps);
    };
    const outcome = await train({ study, task, out: place.out, signal, onStep });
    const files = await place.leave();
    if (outcome === undefined) {
      onEvent({ type: "end", trial, status: "given back" });
      return undefined;
    }
    onEvent({ type: "end", trial, status: "paused" in outcome ? "paused" : outcome.record.status });
    return { outcome, worker: self, files };
  };
};

/**
 * Takes tasks until the signal comes.
 *
 * @param options where Redis is, how many tasks at a time, the signal
 * @throws RunError where the studies that wait need another version of tsgan or other files, or BullMQ is not installed
 */
export const serveStudies = async (options: ServeOptions): Promise<void> => {
  const { redis, workers, patience, uses = [], signal, onEvent } = options;
  const { UnrecoverableError, WaitingError, Worker } = await loadBullmq();
  const warn = (message: string): void => onEvent({ type: "warning", message });
  const tell = tellOnce(warn);
  const self = `${hostname()}:${process.pid}`;

  const newsOfStudies = studyWatch(redis, uses);
  const look = async (): Promise<void> => {
    try {
      for (const text of await newsOfStudies()) warn(text);
    } catch (error) {
      tellRefusal(error, tell);
    }
  };
  await look();
  const scratch = makeScratch("study");
  const train = jobTrainer(options, self, scratch.path, { warn, tell });
  const take = async (job: Job<TaskJob, TaskResult>, token: string | undefined): Promise<TaskResult> => {
    let result: TaskResult | undefined;
    try {
      result = await train(job);
    } catch (error) {
      // No other worker would be spared it.
      throw error instanceof UnusableTask ? new UnrecoverableError(error.message) : error;
    }
    if (result !== undefined) return result;
    await job.moveToWait(token);
    throw new WaitingError();
  };
  const worker = new Worker<TaskJob, TaskResult>(queueOf(uses), take, {
    connection: redis,
    prefix: PREFIX,
    name: self,
    concurrency: workers,
    lockDuration: patience,
    stalledInterval: patience / 2,
    maxStalledCount: LOST,
  });
  // Redis that is gone for a while is reconnected to; a task that was lost meanwhile is another worker's.
  worker.on("error", (error) => tell(`queue: ${problemOf(error)}`));
  worker.on("failed", (job, error) => {
    warn(`${job?.data?.task?.trial?.id ?? "a task"}: ${problemOf(error)}`);
  });
  const untell = tellConnection(redis, tell);
  try {
    onEvent({ type: "ready", worker: self });
    while (!signal.aborted) {
      await sleep(LOOK, undefined, { signal }).catch(() => {});
      if (!signal.aborted) await look();
    }
  } finally {
    untell();
    await worker.close();
    scratch.remove();
  }
};
