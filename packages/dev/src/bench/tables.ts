/**
 * ctgan here and in Python, table by table in turn: equal rows, epochs and batch, quality as SDMetrics has it, time and memory.
 *
 *     node packages/dev/dist/bench/tables.js --data FOLDER --python v/bin/python [--only NAME[,NAME]] [--seeds 1,2]
 *       [--threads N] [--share 0.4] [--json]
 *
 * `--threads` are of both, `--share` is of the epochs. `peer_ctgan.py` beside the source says what to install, and writes the tables.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { metrics, resolveConfig, UsageError } from "tsgan";
import { describeFailure } from "tsgan/node";
import { frameOfRows, frameOfTable, readTable, rowReader, rowsOfTable, type TablePlan } from "tsgan/tables";
import { configuredTrainer, trainLoop } from "tsgan/train";

/** Epochs of each table. */
const EPOCHS: Readonly<Record<string, number>> = {
  penguins: 1000,
  titanic: 400,
  labour: 100,
  insurance: 15,
  diamonds: 8,
};
const BATCH = 500;

const peer = fileURLToPath(new URL("../../src/bench/peer_ctgan.py", import.meta.url));
const run = promisify(execFile);

interface Measured {
  readonly quality: number;
  readonly shapes: number;
  readonly trends: number;
  /** Seconds from the table in memory to a trained generator, and of as many rows as the table has. */
  readonly fit: number;
  readonly sample: number;
  /** Processor seconds of all. */
  readonly cpu: number;
  /** MB resident, at most. */
  readonly memory: number;
}

const tableAt = (data: string, name: string) =>
  readTable(readFileSync(join(data, `${name}.csv`)), `${name}.csv`);

/** Columns that are categories to both. */
const discreteOf = ({ columns }: TablePlan): string[] =>
  columns.filter(({ kind }) => kind === "category").map(({ name }) => name);

/** Threads of each, and share of the epochs. */
interface Effort {
  readonly threads: number | undefined;
  readonly share: number;
}

const epochsOf = (name: string, share: number): number => Math.max(1, Math.round(EPOCHS[name] * share));

/** Trains here, in a process of its own. */
const own = async (
  data: string,
  name: string,
  seed: number,
  { threads, share }: Effort,
): Promise<Measured> => {
  const began = performance.now();
  const table = tableAt(data, name);
  const dataset = rowsOfTable(table);
  const steps = epochsOf(name, share) * Math.max(1, Math.floor(table.rows / BATCH));
  const config = resolveConfig({ data: `${name}.csv`, as: "rows", holdOut: 0, steps, seed, batch: BATCH });
  const { trainer } = configuredTrainer({ config, dataset, threads });
  await trainLoop(trainer, { steps });
  const trained = performance.now();
  const samples = await trainer.sample(table.rows, { seed, batch: BATCH });
  const reader = rowReader(dataset.table);
  const synthetic = frameOfRows(reader.read(samples, 0, seed), reader.names, dataset.table);
  const sampled = performance.now();
  await trainer.dispose();
  const { user, system } = process.cpuUsage();
  const real = frameOfTable(table, dataset.table);
  const { overall, shapes, trends } = metrics.tableQuality(real, synthetic);
  return {
    quality: overall,
    shapes,
    trends,
    fit: (trained - began) / 1000,
    sample: (sampled - trained) / 1000,
    cpu: (user + system) / 1e6,
    memory: process.resourceUsage().maxRSS / 1024,
  };
};

/** Trains in Python; its rows are judged here. */
const other = async (
  python: string,
  data: string,
  name: string,
  seed: number,
  out: string,
  { threads, share }: Effort,
): Promise<Measured> => {
  const table = tableAt(data, name);
  const { table: plan } = rowsOfTable(table);
  const file = join(out, `${name}-${seed}.csv`);
  const args = ["train", join(data, `${name}.csv`), file, String(epochsOf(name, share)), String(seed)];
  const { stdout } = await run(python, [peer, ...args, discreteOf(plan).join(",")], {
    env: { ...process.env, ...(threads !== undefined && { OMP_NUM_THREADS: String(threads) }) },
  });
  const figures = JSON.parse(stdout.trim().split("\n").at(-1)!) as Omit<Measured, "quality">;
  const synthetic = frameOfTable(readTable(readFileSync(file), file), plan);
  const { overall, shapes, trends } = metrics.tableQuality(frameOfTable(table, plan), synthetic);
  return { ...figures, quality: overall, shapes, trends };
};

/** NaN, which JSON writes as null: a table without pairs that have to do with each other. */
const score = (value: number | null): string =>
  value === null || Number.isNaN(value) ? "none" : value.toFixed(4);

const line = (name: string, who: string, seed: number, m: Measured): string =>
  `${name.padEnd(10)} ${who.padEnd(7)} seed ${seed}  quality ${score(m.quality)} (columns ${score(m.shapes)}, pairs ${score(m.trends)})  ` +
  `fit ${m.fit.toFixed(1)} s  sample ${m.sample.toFixed(1)} s  processor ${m.cpu.toFixed(1)} s  ${m.memory.toFixed(0)} MB\n`;

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      data: { type: "string" },
      python: { type: "string" },
      only: { type: "string" },
      seeds: { type: "string", default: "1" },
      threads: { type: "string" },
      share: { type: "string", default: "1" },
      json: { type: "boolean", default: false },
      /** One training here, as JSON: what this script calls itself with. */
      one: { type: "string" },
    },
  });
  const { data, python, only, seeds, json, one } = values;
  const effort: Effort = {
    threads: values.threads === undefined ? undefined : Number(values.threads),
    share: Number(values.share),
  };
  if (data === undefined) throw new UsageError("tables: --data FOLDER is missing; peer_ctgan.py writes it");
  if (one !== undefined) {
    process.stdout.write(`${JSON.stringify(await own(data, one, Number(seeds), effort))}\n`);
    return;
  }
  const names = only?.split(",") ?? Object.keys(EPOCHS);
  const out = mkdtempSync(join(tmpdir(), "tsgan-tables-"));
  const results: unknown[] = [];
  try {
    for (const name of names) {
      for (const seed of seeds.split(",").map(Number)) {
        const self = [fileURLToPath(import.meta.url), "--data", data, "--one", name, "--seeds", String(seed)];
        self.push(
          "--share",
          values.share,
          ...(values.threads === undefined ? [] : ["--threads", values.threads]),
        );
        const { stdout } = await run(process.execPath, self);
        const here = JSON.parse(stdout) as Measured;
        results.push({ name, seed, who: "tsgan", ...here });
        if (!json) process.stdout.write(line(name, "tsgan", seed, here));
        if (python === undefined) continue;
        const there = await other(python, data, name, seed, out, effort);
        results.push({ name, seed, who: "python", ...there });
        if (!json) process.stdout.write(line(name, "python", seed, there));
      }
    }
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
  if (json) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
};

try {
  await main();
} catch (error) {
  const { message, exitCode } = describeFailure(error);
  process.stderr.write(`error: ${message}\n`);
  process.exitCode = exitCode;
}
