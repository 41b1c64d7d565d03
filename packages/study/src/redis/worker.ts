/** A worker of studies on Redis: takes tasks from the queue, trains them, and hands their files on. */
import { rmSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Job } from "bullmq";
import type { Redis } from "ioredis";
import { RunError } from "tsgan";
import { describeFailure, makeScratch, type UsedFile, version } from "tsgan/node";
import * as z from "zod";
import type { Outcome, Study, Task } from "../index.ts";
import { holdsStudy, openStudyFolder } from "../node/folder.ts";
import { localPool, type PoolOptions } from "../node/pool.ts";
import { refusalOf, tellConnection } from "./connection.ts";
import { loadBullmq } from "./packages.ts";
import {
  type Announcement,
  announced,
  type Files,
  PREFIX,
  parsed,
  queueOf,
  runKey,
  studyKey,
  type TaskJob,
  type TaskProgress,
  type TaskResult,
} from "./queue.ts";
import { DamagedRun, fetchRun, storeRun } from "./runs.ts";
import { tellOnce } from "./warnings.ts";

/** Milliseconds between reports of a task's steps, and between looks for studies of another version. */
const REPORT = 1000;
const LOOK = 5000;
/** Milliseconds before what Redis has refused is tried again: at first, and at most. */
const PAUSE = 500;
const LONGEST_PAUSE = 10_000;

/** What is taken from Redis. Names become folders, and the configuration is checked again where it is trained. */
const name = z.string().regex(/^[\w-][\w.-]*$/);
const jobSchema = z.strictObject({
  study: z.string().regex(/^[0-9a-f]+$/),
  task: z.strictObject({
    trial: z.strictObject({
      id: name,
      data: name,
      model: name,
      sample: z.int(),
      seed: z.int(),
      parameters: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
      config: z.record(z.string(), z.unknown()),
    }),
    until: z.int().optional(),
  }),
});
const studySchema = z.looseObject({
  name: z.string(),
  stepUnit: z.enum(["discriminator", "generator"]),
  budget: z.union([z.strictObject({ steps: z.number() }), z.strictObject({ seconds: z.number() })]),
  evaluateSamples: z.int(),
});

/** Something in Redis that no worker can do anything with. */
class UnusableTask extends Error {}

/** @throws UnusableTask */
const checked = <T>(what: string, schema: z.ZodType, value: unknown): T => {
  const result = schema.safeParse(value);
  if (result.success) return result.data as T;
  const [{ path, message }] = result.error.issues;
  throw new UnusableTask(`${what} in Redis is not one of tsgan: ${path.join(".")}: ${message}`);
};

/** Times that a task may lose its worker: one that takes its machine down must not go round for ever. */
const LOST = 25;

export interface TrainOptions {
  readonly study: Study;
  readonly task: Task;
  readonly out: string;
  readonly signal: AbortSignal;
  readonly onStep: (step: number, steps: number) => void;
}

/** Trains a task in a folder; undefined where the signal stopped it. */
export type Train = (options: TrainOptions) => Promise<Outcome | undefined>;

/** Trains in a process of its own, which may be lost as any worker of a local study. */
export const trainInProcess =
  (options: Omit<PoolOptions, "workers">): Train =>
  async ({ study, task, out, signal, onStep }) => {
    let waiting = [task];
    let outcome: Outcome | undefined;
    let steps = 0;
    await localPool({ ...options, workers: 1 })(
      {
        study,
        uses: [],
        hash: "",
        trials: [task.trial],
        ready() {
          const given = waiting;
          waiting = [];
          return given;
        },
        open: () => (outcome === undefined ? 1 : 0),
        runOf: () => out,
        settle(_, result) {
          outcome = result;
        },
        report(event) {
          if (event.type === "begin") steps = event.steps;
          if (event.type === "begin" || event.type === "step") onStep(event.step, steps);
        },
      },
      signal,
    );
    return outcome;
  };

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

/** What a worker lacks, or has too much of, to train a study of this version. */
const needOf = ({ name, uses = [] }: Announcement, own: readonly UsedFile[]): string => {
  const lacks = uses.filter(({ sha256 }) => !own.some((each) => each.sha256 === sha256));
  if (lacks.length === 0) return `${name} does not know ${own.map(({ file }) => file).join(", ")}`;
  const files = lacks.map(({ file, sha256 }) => {
    const hasOther = own.some((each) => each.file === file);
    return `${file}${hasOther ? " as it was there" : ""} (sha256 ${sha256.slice(0, 12)} …)`;
  });
  return `${name} needs --use ${files.join(" and --use ")}`;
};

/**
 * What is to be said of the studies in Redis.
 *
 * @throws RunError where all that there are need another version, or other files
 */
const checkStudies = async (redis: Redis, uses: readonly UsedFile[]): Promise<readonly string[]> => {
  const { own, foreign, otherUses, unknown } = await announced(redis, uses);
  const versions = foreign.map((study) => `${study.name} needs tsgan ${study.version}`);
  const files = otherUses.map((study) => needOf(study, uses));
  if (own === 0 && unknown === 0 && versions.length + files.length > 0) {
    const remedies = [
      ...(versions.length > 0
        ? [`${versions.join(", ")}; this is ${version}, whose results may differ; install that version here`]
        : []),
      ...(files.length > 0 ? [`${files.join(", ")}; start the worker with the files of the study`] : []),
    ];
    throw new RunError(`study worker: ${remedies.join("; ")}`);
  }
  return [
    ...versions.map((text) => `${text}, this is ${version}: another worker has to train it`),
    ...files.map((text) => `${text}: another worker has to train it`),
    ...(unknown > 0 ? [`Redis holds ${unknown} studies of another make`] : []),
  ];
};

/**
 * Takes tasks until the signal comes.
 *
 * @param options where Redis is, how many tasks at a time, the signal
 * @throws RunError where the studies that wait need another version of tsgan or other files, or BullMQ is not installed
 */
export const serveStudies = async (options: ServeOptions): Promise<void> => {
  const { redis, workers, patience, shared, limit, uses = [], train, signal, onEvent } = options;
  const { UnrecoverableError, WaitingError, Worker } = await loadBullmq();
  const warn = (message: string): void => onEvent({ type: "warning", message });
  const tell = tellOnce(warn);
  const self = `${hostname()}:${process.pid}`;
  const studies = new Map<string, Study>();

  const studyOf = async (hash: string): Promise<Study> => {
    const known = studies.get(hash);
    if (known !== undefined) return known;
    const text = await redis.get(studyKey(hash));
    if (text === null) throw new UnusableTask(`the study ${hash} is not in Redis any more`);
    const study = checked<Study>("the study", studySchema, parsed(z.unknown(), text));
    studies.set(hash, study);
    return study;
  };

  const sharedRun = (hash: string, id: string): string | undefined => {
    if (shared === undefined || !holdsStudy(shared)) return undefined;
    const folder = openStudyFolder(shared);
    return folder.hash === hash ? folder.runOf(id) : undefined;
  };

  /** Says that Redis refuses something. @throws any other error */
  const tellRefusal = (error: unknown): void => {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    tell(`Redis: ${refusal}`);
  };

  /** Stores the run when it has a new checkpoint, one time at a time. */
  const keeper = (key: string, out: string) => {
    let kept = 0;
    let under: Promise<unknown> | undefined;
    const store = (): Promise<boolean> => storeRun(redis, key, out, limit);
    return {
      look(): void {
        const time = statSync(join(out, "checkpoints/latest"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
        if (under !== undefined || time <= kept) return;
        kept = time;
        // What could not be kept now is kept later, or trained again.
        under = store()
          .catch((error: unknown) => tell(`a checkpoint is not kept in Redis: ${reasonOf(error)}`))
          .finally(() => {
            under = undefined;
          });
      },
      /** Waits for as long as Redis refuses it, and nobody asks to stop. */
      async last(): Promise<boolean> {
        await under;
        for (let pause = PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
          try {
            return await store();
          } catch (error) {
            if (signal.aborted) throw error;
            tellRefusal(error);
            await sleep(pause, undefined, { signal }).catch(() => {});
          }
        }
      },
    };
  };

  /** Fetches what there is of a run. What is damaged is trained anew. */
  const fetch = async (key: string, out: string): Promise<boolean> => {
    try {
      return await fetchRun(redis, key, out);
    } catch (error) {
      if (!(error instanceof DamagedRun)) throw error;
      warn(error.message);
      await redis.del(key);
      rmSync(out, { recursive: true, force: true });
      return false;
    }
  };

  const serve = async (job: Job<TaskJob, TaskResult>, token: string | undefined): Promise<TaskResult> => {
    const { study: hash, task } = checked<TaskJob>("the task", jobSchema, job.data);
    const { id } = task.trial;
    const study = await studyOf(hash);
    const key = runKey(hash, id);
    const own = sharedRun(hash, id);
    const out = own ?? join(scratch.path, hash, id);
    const goesOn = own === undefined && (await fetch(key, out));
    onEvent({ type: "begin", trial: id, goesOn });
    const keep = own === undefined ? keeper(key, out) : undefined;
    let next = 0;
    const outcome = await train({
      study,
      task,
      out,
      signal,
      onStep(step, steps) {
        keep?.look();
        if (performance.now() < next) return;
        next = performance.now() + REPORT;
        const progress: TaskProgress = { worker: self, step, steps };
        job
          .updateProgress(progress)
          .catch((error: unknown) => tell(`progress is not told: ${reasonOf(error)}`));
      },
    });
    let files: Files = "shared";
    if (keep !== undefined) {
      files = (await keep.last()) ? "stored" : "without checkpoint";
      if (files === "without checkpoint") {
        warn(`${id}: its run is larger than ${limit / 2 ** 20} MiB; Redis keeps it without its checkpoint`);
      }
      rmSync(out, { recursive: true, force: true });
    }
    if (outcome === undefined) {
      onEvent({ type: "end", trial: id, status: "given back" });
      await job.moveToWait(token);
      throw new WaitingError();
    }
    onEvent({ type: "end", trial: id, status: "paused" in outcome ? "paused" : outcome.record.status });
    return { outcome, worker: self, files };
  };

  /** Says what is to be said of the studies, each once while it is so. @throws RunError as `checkStudies` */
  let told = new Set<string>();
  const look = async (): Promise<void> => {
    try {
      const now = await checkStudies(redis, uses);
      for (const text of now) if (!told.has(text)) warn(text);
      told = new Set(now);
    } catch (error) {
      tellRefusal(error);
    }
  };
  await look();
  const scratch = makeScratch("study");
  const take = (job: Job<TaskJob, TaskResult>, token: string | undefined): Promise<TaskResult> =>
    serve(job, token).catch((error: unknown) => {
      // No other worker would be spared it.
      throw error instanceof UnusableTask ? new UnrecoverableError(error.message) : error;
    });
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
  worker.on("error", (error) => tell(`queue: ${reasonOf(error)}`));
  worker.on("failed", (job, error) => {
    warn(`${job?.data?.task?.trial?.id ?? "a task"}: ${reasonOf(error)}`);
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

const reasonOf = (error: unknown): string => refusalOf(error) ?? describeFailure(error).message;
