/**
 * node packages/dev/dist/bench/study-scaling.js [--trials N] [--sleep MS] [--redis ADDRESS] [--skip-training]
 *
 * What a queue costs: 1, 2, 4 and 8 worker processes take trials that sleep, from Redis. The overhead of a trial is what the
 * whole took beyond trials × sleep / workers, divided by the trials. Then real trials on this machine: one worker
 * with one thread, two such workers, and one with two threads.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { resolveStudy, type Study } from "@tsgan/study";
import { type Backend, localPool, runStudy } from "@tsgan/study/node";
import { openRedis, redisBackend, serveStudies, type Train } from "@tsgan/study/redis";
import { startRedisServer } from "@tsgan/study/testing";

const { values } = parseArgs({
  options: {
    trials: { type: "string", default: "10000" },
    sleep: { type: "string", default: "20" },
    redis: { type: "string" },
    "skip-training": { type: "boolean", default: false },
    serve: { type: "string" },
  },
});

const studyOf = (samples: number, steps: number): Study =>
  resolveStudy({
    name: "scaling",
    data: { ring: { config: { data: "ring", model: { name: "mlp", hidden: [128, 128] }, batch: 256 } } },
    models: {
      "non-saturating": {
        config: { loss: "non-saturating" },
        search: { learningRate: { logUniform: [1e-4, 1e-3] } },
      },
    },
    samples,
    budget: { steps },
    metrics: ["modes"],
    evaluateSamples: 500,
  });

/** Seconds that a study takes on a backend. */
const timed = async (study: Study, backend: Backend): Promise<number> => {
  const out = mkdtempSync(join(tmpdir(), "tsgan-scaling-"));
  const options = { study, out, resume: false, workers: 0, signal: new AbortController().signal };
  const start = performance.now();
  const result = await runStudy({ ...options, backend, onEvent: () => {} });
  const seconds = (performance.now() - start) / 1000;
  rmSync(out, { recursive: true, force: true });
  if (result.finished !== result.trials) {
    throw new Error(`${result.finished} of ${result.trials} trials finished`);
  }
  return seconds;
};

const sleeping =
  (ms: number): Train =>
  async ({ task, out }) => {
    mkdirSync(out, { recursive: true });
    await sleep(ms);
    return { record: { trial: task.trial, status: "finished", evaluations: [] } };
  };

/** A worker process: takes trials that sleep until it is told to end. */
const serve = async (address: string): Promise<void> => {
  const stop = new AbortController();
  process.once("disconnect", () => stop.abort());
  const redis = await openRedis(address);
  await serveStudies({
    redis,
    workers: 1,
    patience: 30_000,
    limit: 2 ** 20,
    train: sleeping(Number(values.sleep)),
    signal: stop.signal,
    onEvent: (event) => event.type === "ready" && process.send?.("ready"),
  });
  redis.disconnect();
};

const measureQueue = async (address: string): Promise<void> => {
  const [most, pause] = [Number(values.trials), Number(values.sleep)];
  console.log(`trials that sleep ${pause} ms, on Redis`);
  console.log("workers  trials  seconds  overhead a trial, ms");
  for (const workers of [1, 2, 4, 8]) {
    const trials = workers === 8 ? most : Math.min(most, 500 * workers);
    const children: ChildProcess[] = [];
    for (let i = 0; i < workers; i++) {
      const child = fork(fileURLToPath(import.meta.url), ["--serve", address, "--sleep", values.sleep]);
      await once(child, "message");
      children.push(child);
    }
    const redis = await openRedis(address);
    const seconds = await timed(studyOf(trials, 1), redisBackend(redis));
    redis.disconnect();
    for (const child of children) {
      const ended = once(child, "exit");
      child.disconnect();
      await ended;
    }
    const overhead = (1000 * seconds) / trials - pause / workers;
    console.log(
      [
        String(workers).padEnd(7),
        String(trials).padStart(6),
        seconds.toFixed(1).padStart(7),
        overhead.toFixed(2).padStart(9),
      ].join("  "),
    );
  }
};

const measureTraining = async (): Promise<void> => {
  const study = studyOf(4, 10_000);
  console.log(`\n${study.samples} trials of ${JSON.stringify(study.budget)} on the ring, on this machine`);
  console.log("workers  threads  seconds  speed-up");
  let one = 0;
  for (const [workers, threads] of [
    [1, 1],
    [2, 1],
    [1, 2],
  ]) {
    const seconds = await timed(study, localPool({ workers, threads, attempts: 1 }));
    if (workers === 1 && threads === 1) one = seconds;
    console.log(
      [
        String(workers).padEnd(7),
        String(threads).padStart(7),
        seconds.toFixed(1).padStart(7),
        (one / seconds).toFixed(2).padStart(8),
      ].join("  "),
    );
  }
};

if (values.serve !== undefined) {
  await serve(values.serve);
} else {
  const own = values.redis === undefined ? await startRedisServer() : undefined;
  try {
    await measureQueue(values.redis ?? (own?.address as string));
  } finally {
    await own?.stop();
  }
  if (!values["skip-training"]) await measureTraining();
}
