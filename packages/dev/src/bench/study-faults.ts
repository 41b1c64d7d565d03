/**
 * node packages/dev/dist/bench/study-faults.js [--trials N] [--steps N] [--every SECONDS] [--workers N] [--kills N]
 *   [--seed N] [--folder DIR] [--redis] [--json]
 *
 * Kills (-9) the workers and the coordinator of a study at random, every few seconds, starts the coordinator again each
 * time it dies, and compares the records of all trials, byte by byte, with those of a study that was left alone. Exits
 * with 1 where a record differs or is missing, or a trial has ended twice. With --redis, the disturbed study is trained by
 * `tsgan study worker` processes, from a Redis of its own that is killed once, too, and comes back with its append-only
 * file.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { StudyDefinition } from "@tsgan/study";
import { openStudyFolder, type StudyEvent } from "@tsgan/study/node";
import { startRedisServer } from "@tsgan/study/testing";
import { randomStream } from "tsgan";

const { values } = parseArgs({
  options: {
    trials: { type: "string", default: "100" },
    steps: { type: "string", default: "2000" },
    every: { type: "string", default: "3" },
    workers: { type: "string", default: "2" },
    /** At most; a machine that is slow to start processes would never get through. */
    kills: { type: "string", default: "Infinity" },
    seed: { type: "string", default: "1" },
    folder: { type: "string" },
    redis: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});

const above = (name: "trials" | "steps" | "every" | "workers" | "kills" | "seed", least: number): number => {
  const value = Number(values[name]);
  if (value >= least) return value;
  console.error(`study-faults: --${name} must be a number of at least ${least}; got ${values[name]}`);
  process.exit(2);
};
const trials = Math.ceil(above("trials", 1));
const steps = Math.ceil(above("steps", 20) / 20) * 20;
const every = above("every", 0.1);
const workers = above("workers", 1);
const most = above("kills", 0);
const seed = above("seed", 0);

type RandomStream = ReturnType<typeof randomStream>;

/** Share of the kills that hit the coordinator, which takes its workers with it. */
const COORDINATOR_SHARE = 0.25;

const bin = fileURLToPath(new URL("../../../cli/bin/tsgan.js", import.meta.url));

const sgd = { name: "sgd", learningRate: 1e30 };

/** Trials of some seconds with many checkpoints; those of one model diverge, which is a result, too. */
const definition = (): StudyDefinition => ({
  name: "faults",
  data: { ring: { config: { model: { name: "mlp", latent: 2, hidden: [32, 32] }, batch: 64 } } },
  models: {
    ns: {
      config: { loss: "non-saturating-r1" },
      search: { weight: { logUniform: [0.01, 1], at: "penalties.0.weight" } },
    },
    wgan: { config: { loss: "wgan" }, search: { limit: { logUniform: [0.01, 1], at: "penalties.0.limit" } } },
    diverging: { config: { loss: "minimax", optimizer: { generator: sgd, discriminator: sgd } } },
  },
  samples: Math.ceil(trials / 3),
  budget: { steps },
  metrics: ["modes", "swd"],
  evaluateEvery: steps / 2,
  evaluateSamples: 200,
  checkpointEvery: steps / 20,
});

/** Whether a process is a child of another: numbers are given anew. True where there is no /proc to say. */
const isChildOf = (pid: number, parent: number | undefined): boolean => {
  if (!existsSync("/proc/self/stat")) return true;
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "latin1");
    return Number(fields.slice(fields.lastIndexOf(")") + 2).split(" ")[1]) === parent;
  } catch {
    return false;
  }
};

interface Command {
  readonly child: ChildProcess;
  /** Numbers of its workers that are training. */
  readonly busy: ReadonlySet<number>;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

const start = (args: readonly string[]): Command => {
  const child = spawn(process.execPath, [bin, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const busy = new Set<number>();
  createInterface({ input: child.stdout }).on("line", (text) => {
    const event = JSON.parse(text) as StudyEvent | { readonly type: "done" | "stopped" };
    if (event.type === "begin") busy.add(Number(event.worker));
    if (event.type === "record" || event.type === "lost") busy.delete(Number(event.worker));
  });
  return { child, busy, ended: once(child, "exit").then(([code, signal]) => ({ code, signal })) };
};

const studyArgs = (file: string, out: string): string[] => [
  ...["study", "run", file, "--out", out, "--resume", "--json", "--workers", String(workers)],
  // Deaths that strike at random may hit a trial several times before it gets any further.
  ...["--attempts", "20"],
];

type Kills = Record<"coordinator" | "worker" | "redis", number>;

/** Kills the command or one of its workers after a random time. Returns what was killed, if anything was left to kill. */
const strike = async (
  { child, busy, ended }: Command,
  random: RandomStream,
): Promise<keyof Kills | undefined> => {
  const milliseconds = 1000 * every * (0.5 + random.uniform());
  const isOver = await Promise.race([ended.then(() => true), sleep(milliseconds, false)]);
  if (isOver) return undefined;
  if (random.uniform() < COORDINATOR_SHARE) {
    child.kill("SIGKILL");
    return "coordinator";
  }
  const pids = [...busy].filter((pid) => isChildOf(pid, child.pid));
  if (pids.length === 0) return undefined;
  process.kill(pids[random.integer(pids.length)], "SIGKILL");
  return "worker";
};

/** Runs the study to its end, through kills if there is a stream to draw them from. */
const runThrough = async (file: string, out: string, random?: RandomStream): Promise<Kills> => {
  const kills: Kills = { coordinator: 0, worker: 0, redis: 0 };
  for (;;) {
    const command = start(studyArgs(file, out));
    let isOver = false;
    const ended = command.ended.finally(() => {
      isOver = true;
    });
    while (random !== undefined && !isOver && kills.coordinator + kills.worker < most) {
      const killed = await strike(command, random);
      if (killed !== undefined) kills[killed]++;
      if (killed === "coordinator") break;
    }
    const { code, signal } = await ended;
    if (code === 0) return kills;
    if (signal !== "SIGKILL") throw new Error(`study-faults: tsgan study run ended with exit code ${code}`);
  }
};

/** Seconds after which a worker is given up: few, as it is killed often. */
const PATIENCE = 3;

/** Runs the study on a Redis of its own, through kills of coordinator, workers and, once, of Redis. */
const runThroughRedis = async (file: string, out: string, random: RandomStream): Promise<Kills> => {
  const kills: Kills = { coordinator: 0, worker: 0, redis: 0 };
  const redis = await startRedisServer();
  const coordinate = (): Command => start([...studyArgs(file, out), "--redis", redis.address]);
  const hire = (): ChildProcess => {
    const options = ["--workers", "1", "--patience", String(PATIENCE), "--attempts", "20"];
    const args = [bin, "study", "worker", "--redis", redis.address, ...options];
    return spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
  };
  const crew = Array.from({ length: workers }, hire);
  let command = coordinate();
  for (;;) {
    const milliseconds = 1000 * every * (0.5 + random.uniform());
    const ended = await Promise.race([command.ended, sleep(milliseconds)]);
    if (ended?.code === 0) break;
    if (ended !== undefined)
      throw new Error(`study-faults: tsgan study run ended with exit code ${ended.code}`);
    if (random.uniform() < COORDINATOR_SHARE) {
      command.child.kill("SIGKILL");
      await command.ended;
      kills.coordinator++;
      command = coordinate();
      continue;
    }
    if (kills.redis === 0 && kills.worker >= 3) {
      await redis.restart();
      kills.redis++;
      continue;
    }
    const victim = random.integer(crew.length);
    crew[victim].kill("SIGKILL");
    kills.worker++;
    crew[victim] = hire();
  }
  await Promise.all(
    crew.map(async (child) => {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    }),
  );
  await redis.stop();
  return kills;
};

/** The bytes of each trial's record, by its id. */
const recordsOf = (out: string): Map<string, string> => {
  const folder = openStudyFolder(out);
  return new Map(
    folder
      .records()
      .map(({ trial: { id } }) => [id, readFileSync(join(folder.runOf(id), "record.json"), "latin1")]),
  );
};

/** Trials by the times that the log says they ended. */
const endsOf = (out: string): Map<string, number> => {
  const ends = new Map<string, number>();
  for (const text of readFileSync(join(out, "log.jsonl"), "utf8").split("\n")) {
    // A killed process may have left half a line.
    if (!text.endsWith("}")) continue;
    const { type, trial } = JSON.parse(text) as { readonly type: string; readonly trial: string };
    if (type === "record") ends.set(trial, (ends.get(trial) ?? 0) + 1);
  }
  return ends;
};

const folder = values.folder ?? mkdtempSync(join(tmpdir(), "tsgan-faults-"));
mkdirSync(folder, { recursive: true });
const file = join(folder, "study.json");
writeFileSync(file, JSON.stringify(definition()));
const [calm, storm] = ["undisturbed", "disturbed"].map((name) => join(folder, name));

const timed = async (task: Promise<Kills>): Promise<{ readonly kills: Kills; readonly seconds: number }> => {
  const began = performance.now();
  return { kills: await task, seconds: (performance.now() - began) / 1000 };
};

const undisturbed = await timed(runThrough(file, calm));
const random = randomStream(seed, "kills");
const disturbed = await timed(
  values.redis ? runThroughRedis(file, storm, random) : runThrough(file, storm, random),
);

const [wanted, found] = [recordsOf(calm), recordsOf(storm)];
const differing = [...wanted].filter(([id, bytes]) => found.get(id) !== bytes).map(([id]) => id);
const twice = [...endsOf(storm)].filter(([, ends]) => ends > 1).map(([id]) => id);
const figures = {
  trials: wanted.size,
  records: found.size,
  differing,
  endedTwice: twice,
  killedWorkers: disturbed.kills.worker,
  killedCoordinators: disturbed.kills.coordinator,
  killedRedis: disturbed.kills.redis,
  undisturbedSeconds: Math.round(undisturbed.seconds),
  disturbedSeconds: Math.round(disturbed.seconds),
};
const passed = differing.length === 0 && twice.length === 0 && found.size === wanted.size;
if (values.json) console.log(JSON.stringify({ passed, ...figures }));
else {
  console.log(
    `${figures.trials} trials, ${figures.killedWorkers} workers and ${figures.killedCoordinators} coordinators killed` +
      `${values.redis ? `, Redis ${figures.killedRedis === 1 ? "once" : "not"}` : ""}: ` +
      `${found.size} records, ${differing.length} of them not as in the undisturbed study, ${twice.length} trials ended twice; ` +
      `${figures.undisturbedSeconds} s undisturbed, ${figures.disturbedSeconds} s disturbed`,
  );
  for (const id of differing) console.log(`differs: ${id}`);
}
if (values.folder === undefined) rmSync(folder, { recursive: true, force: true });
process.exitCode = passed ? 0 : 1;
