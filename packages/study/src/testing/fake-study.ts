/**
 * A study whose trials are trained by nobody: each writes files as a run does, waits a little, and ends with figures that
 * are a function of the trial alone. With it, what is between coordinator, Redis and workers can be disturbed in seconds.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { resolveStudy, type Study, type Trial, type TrialRecord, trialsOf } from "../index.ts";
import { runStudy, type StudyEvent, type StudyResult } from "../node/index.ts";
import { openRedis, redisBackend, type ServeEvent, serveStudies, type Train } from "../redis/index.ts";

const STEPS = 8;

export const fakeStudy = (trials: number, name = "fake"): Study =>
  resolveStudy({
    name,
    data: { ring: { config: { model: "mlp" } } },
    models: { hinge: { config: { loss: "hinge" }, search: { learningRate: { logUniform: [1e-4, 1e-2] } } } },
    samples: trials,
    budget: { steps: STEPS },
    metrics: ["swd"],
    evaluateEvery: STEPS,
  });

const stepOf = (out: string): number => {
  try {
    return Number(readFileSync(join(out, "checkpoints", "latest"), "utf8"));
  } catch {
    return 0;
  }
};

/** What becomes of a trial, whatever happens to it. */
const recordOf = (trial: Trial): TrialRecord => {
  const swd = Number(trial.parameters.learningRate) * (trial.sample + 1);
  return { trial, status: "finished", evaluations: [{ step: STEPS, metrics: { swd } }] };
};

/** The bytes of each trial's record, of a study that is left alone, by the order of their names. */
export const fakeRecords = (study: Study): Record<string, string> =>
  Object.fromEntries(
    trialsOf(study)
      .map((trial) => [trial.id, `${JSON.stringify(recordOf(trial), null, 2)}\n`] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

/** @param pause milliseconds of a step */
export const fakeTrain =
  (pause: number): Train =>
  async ({ task, out, signal, onStep }) => {
    const { trial } = task;
    mkdirSync(join(out, "checkpoints"), { recursive: true });
    writeFileSync(join(out, "config.json"), JSON.stringify(trial.config));
    for (let step = stepOf(out) + 1; step <= STEPS; step++) {
      if (signal.aborted) return undefined;
      await sleep(pause);
      writeFileSync(join(out, "checkpoints", `step-00000${step}.safetensors`), "x".repeat(1000));
      writeFileSync(join(out, "checkpoints", "latest"), String(step));
      onStep(step, STEPS);
    }
    return { record: recordOf(trial) };
  };

export interface FakeWorkers {
  readonly events: readonly ServeEvent[];
  stop(): Promise<void>;
}

/** Workers in this process, on a connection of their own. */
export const fakeWorkers = async (
  address: string,
  { workers = 2, pause = 10, patience = 1000 }: { workers?: number; pause?: number; patience?: number } = {},
): Promise<FakeWorkers> => {
  const redis = await openRedis(address);
  const stop = new AbortController();
  const events: ServeEvent[] = [];
  const serving = serveStudies({
    redis,
    workers,
    patience,
    limit: 2 ** 20,
    train: fakeTrain(pause),
    signal: stop.signal,
    onEvent: (event) => events.push(event),
  });
  return {
    events,
    async stop() {
      stop.abort();
      await serving;
      redis.disconnect();
    },
  };
};

/** Runs, or goes on with, a study on Redis until it ends or stops with an error. */
export const coordinate = async (
  address: string,
  study: Study,
  out: string,
  onEvent: (event: StudyEvent) => void = () => {},
): Promise<StudyResult> => {
  const redis = await openRedis(address);
  try {
    const { signal } = new AbortController();
    return await runStudy({
      study,
      out,
      resume: true,
      workers: 0,
      backend: redisBackend(redis),
      signal,
      onEvent,
    });
  } finally {
    redis.disconnect();
  }
};

/** The bytes of each trial's record. */
export const recordsOf = (out: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(join(out, "trials")).flatMap((id) => {
      try {
        return [[id, readFileSync(join(out, "trials", id, "record.json"), "utf8")]];
      } catch {
        return [];
      }
    }),
  );
