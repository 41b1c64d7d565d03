/**
 * Whether `tsgan doctor` is right: runs made to fail in eight known ways, and healthy ones, each in a folder of its own
 * and judged from that folder alone.
 *
 *     node packages/dev/dist/bench/health.js [--only KIND[,KIND]] [--seeds 1,2,3] [--healthy N] [--json] [--threads N]
 *
 * Exit code 1 where fewer than 22 of 24 failures are named first, or a healthy run raises an alarm.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type ConfigInput, type RunConfig, RunError, randomStream, resolveConfig } from "tsgan";
import type { HealthKind, Verdict } from "tsgan/metrics";
import { examineRun, startRun } from "tsgan/node";

/** Makes the configuration of a run; data files that it needs go into `folder`. */
type Plant = (seed: number, folder: string) => ConfigInput;

const adam = (learningRate: number, beta1 = 0.5, beta2 = 0.9): RunConfig["optimizer"]["generator"] => ({
  name: "adam",
  learningRate,
  beta1,
  beta2,
});

const both = (optimizer: RunConfig["optimizer"]["generator"]): RunConfig["optimizer"] => ({
  generator: optimizer,
  discriminator: optimizer,
});

/** All that matters is written out, so that better defaults do not heal what is planted. */
const small: ConfigInput = {
  data: "ring",
  loss: { name: "non-saturating" },
  penalties: [],
  criticSteps: 1,
  generatorSteps: 1,
  techniques: [{ name: "ema", decay: 0.99 }],
  model: { name: "mlp", latent: 2, hidden: [64, 64] },
  optimizer: both(adam(1e-3)),
  batch: 128,
  steps: 2000,
  checkpointEvery: 500,
  sampleEvery: 1_000_000,
};

/** Points as a .csv file: eight modes on a circle, or uniform in a square. */
const points = (
  folder: string,
  { shape, count, scale, seed }: { shape: "ring" | "square"; count: number; scale: number; seed: number },
): string => {
  const random = randomStream(seed, "planted");
  const rows = Array.from({ length: count }, () => {
    if (shape === "square") return [4 * random.uniform() - 2, 4 * random.uniform() - 2];
    const angle = (2 * Math.PI * random.integer(8)) / 8;
    return [2 * Math.cos(angle) + 0.02 * random.normal(), 2 * Math.sin(angle) + 0.02 * random.normal()];
  });
  const file = join(folder, "points.csv");
  writeFileSync(file, rows.map((row) => row.map((value) => scale * value).join(",")).join("\n"));
  return file;
};

/** Runs that fail in a known way, by the verdict that should come first. Seeds vary more than the noise where they can. */
export const planted: Readonly<Partial<Record<HealthKind, Plant>>> = {
  diverged: (seed) => ({
    ...small,
    loss: { name: "least-squares" },
    optimizer: both({ name: "sgd", learningRate: [10, 3, 30][(seed - 1) % 3], momentum: 0.9 }),
    steps: 500,
  }),
  "input-scale": (seed, folder) => ({
    ...small,
    data: points(folder, { shape: "ring", count: 2000, scale: [1000, 255, 10_000][(seed - 1) % 3], seed }),
    steps: 800,
  }),
  "clipped-weights": (seed) => {
    const limit = [0.01, 0.02, 0.005][(seed - 1) % 3];
    return {
      ...small,
      loss: { name: "wasserstein" },
      penalties: [{ name: "weight-clipping", limit }],
      optimizer: both({ name: "rmsprop", learningRate: limit }),
      criticSteps: 5,
      steps: 800,
    };
  },
  "unbounded-critic": (seed) => ({
    ...small,
    loss: { name: "wasserstein" },
    optimizer: both(adam([1e-3, 5e-4, 2e-3][(seed - 1) % 3])),
    criticSteps: 5,
    steps: 1200,
  }),
  memorisation: (seed, folder) => ({
    ...small,
    data: points(folder, { shape: "square", count: 16, scale: 1, seed }),
    penalties: [{ name: "r1", weight: 0.1 }],
    batch: 16,
    steps: 6000,
  }),
  "idle-discriminator": (seed) => ({
    ...small,
    optimizer: { generator: adam([1e-3, 1e-3, 1e-4][(seed - 1) % 3]), discriminator: adam(1e-8) },
    steps: 1000,
  }),
  "discriminator-wins": (seed) => ({
    ...small,
    loss: { name: ["minimax", "minimax", "least-squares"][(seed - 1) % 3] },
    optimizer: { generator: adam(1e-5), discriminator: adam(5e-3) },
    criticSteps: 5,
    steps: 800,
  }),
  "mode-collapse": (seed) => ({
    ...small,
    loss: { name: ["non-saturating", "minimax", "minimax"][(seed - 1) % 3] },
    optimizer: { generator: adam(1e-3), discriminator: adam(2e-4) },
    generatorSteps: 5,
    techniques: [],
    steps: 1000,
  }),
};

const wganGp: ConfigInput = {
  ...small,
  loss: { name: "wasserstein" },
  penalties: [{ name: "gradient-penalty", weight: 10 }],
  optimizer: both(adam(1e-3, 0)),
  criticSteps: 5,
};

/** Runs that are well, over the losses, constraints and data that people use. */
export const healthyRuns: Readonly<Record<string, Plant>> = {
  "non-saturating": () => small,
  "non-saturating, R1": () => ({ ...small, penalties: [{ name: "r1", weight: 1 }] }),
  "minimax, R1": () => ({ ...small, loss: { name: "minimax" }, penalties: [{ name: "r1", weight: 0.5 }] }),
  "least squares, R1": () => ({
    ...small,
    loss: { name: "least-squares" },
    penalties: [{ name: "r1", weight: 1 }],
  }),
  "hinge, gradient penalty": () => ({
    ...small,
    loss: { name: "hinge" },
    penalties: [{ name: "gradient-penalty", weight: 1 }],
    criticSteps: 2,
  }),
  "WGAN-GP": () => ({ ...wganGp, steps: 1500 }),
  "WGAN, clipped": () => ({
    ...small,
    loss: { name: "wasserstein" },
    penalties: [{ name: "weight-clipping", limit: 0.1 }],
    optimizer: both({ name: "rmsprop", learningRate: 5e-4 }),
    criticSteps: 5,
  }),
  "relativistic, R1 and R2": () => ({
    ...small,
    loss: { name: "relativistic-paired" },
    penalties: [
      { name: "r1", weight: 1 },
      { name: "r2", weight: 1 },
    ],
  }),
  "WGAN-GP on the grid": () => ({ ...wganGp, data: "grid", steps: 3000 }),
  "R1 on 2,000 points of a file": (seed, folder) => ({
    ...small,
    data: points(folder, { shape: "ring", count: 2000, scale: 1, seed }),
    penalties: [{ name: "r1", weight: 1 }],
  }),
};

export interface Outcome {
  readonly run: string;
  readonly seed: number;
  readonly expected: HealthKind;
  readonly verdicts: readonly Verdict[];
  readonly seconds: number;
  readonly isRight: boolean;
}

/** Trains one run in a folder of its own and examines that folder. */
export const examinePlant = async (
  run: string,
  expected: HealthKind,
  plant: Plant,
  seed: number,
  threads: number | undefined,
): Promise<Outcome> => {
  const folder = mkdtempSync(join(tmpdir(), "tsgan-health-"));
  const started = performance.now();
  try {
    const out = join(folder, "run");
    try {
      await startRun({ config: resolveConfig({ ...plant(seed, folder), seed }), out, threads });
    } catch (error) {
      // A run that diverges ends so; what it left behind is what is judged.
      if (!(error instanceof RunError)) throw error;
    }
    const { verdicts } = await examineRun(out, { threads });
    const seconds = (performance.now() - started) / 1000;
    return { run, seed, expected, verdicts, seconds, isRight: verdicts[0].kind === expected };
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const NEEDED = 22 / 24;

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      only: { type: "string" },
      seeds: { type: "string", default: "1,2,3" },
      healthy: { type: "string", default: String(Object.keys(healthyRuns).length) },
      threads: { type: "string", default: "1" },
      json: { type: "boolean", default: false },
    },
  });
  const threads = Number(values.threads);
  const kinds = Object.entries(planted).filter(
    ([kind]) => values.only === undefined || values.only.split(",").includes(kind),
  );
  const outcomes: Outcome[] = [];
  const examine = async (...args: Parameters<typeof examinePlant>): Promise<void> => {
    const outcome = await examinePlant(...args);
    outcomes.push(outcome);
    if (values.json) return;
    const { run, seed, isRight, seconds, verdicts } = outcome;
    const alarms = verdicts.filter(({ severity }) => severity === "alarm").map(({ kind }) => kind);
    console.log(
      `${isRight ? "right" : "WRONG"}  ${run.padEnd(30)} seed ${seed}  ${seconds.toFixed(1).padStart(5)} s  ` +
        `${alarms.join(", ") || "no alarm"}: ${verdicts[0].evidence}`,
    );
  };
  for (const [kind, plant] of kinds) {
    for (const seed of values.seeds.split(",").map(Number)) {
      await examine(kind, kind as HealthKind, plant, seed, threads);
    }
  }
  for (const [i, [name, plant]] of Object.entries(healthyRuns).slice(0, Number(values.healthy)).entries()) {
    await examine(name, "healthy", plant, i + 1, threads);
  }
  const count = (healthy: boolean) => outcomes.filter(({ expected }) => (expected === "healthy") === healthy);
  const [failures, healthy] = [count(false), count(true)];
  const named = failures.filter(({ isRight }) => isRight).length;
  const quiet = healthy.filter(({ isRight }) => isRight).length;
  if (values.json)
    console.log(
      JSON.stringify({ named, failures: failures.length, quiet, healthy: healthy.length, outcomes }, null, 2),
    );
  else
    console.log(
      `\n${named} of ${failures.length} failures named first; ${quiet} of ${healthy.length} healthy runs without alarm`,
    );
  if (named < NEEDED * failures.length || quiet < healthy.length) process.exitCode = 1;
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
