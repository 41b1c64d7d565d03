/**
 * npm run bench -- [--json] [--only NAME[,NAME]] [--repeats N] [--threads N] [--peer PATH] [--rounds N] [--memory N]
 *
 * Milliseconds for a whole iteration (critic steps and a generator step) of each workload: the median of as many
 * repeats as the workload asks for, after a second of warm-up, as a training run of minutes has it. With --peer, the
 * peer script runs in turn with us, round by round, at one and at two threads, with as many repeats; the ratio is of
 * medians over all rounds, the peer at its faster thread count.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { version } from "tsgan/node";
import { median } from "tsgan/statistics";
import { trainerFor, workloads } from "./workloads.ts";

interface Figure {
  readonly ms: number;
  readonly min: number;
  readonly iterations: number;
}

interface Report {
  readonly threads: number | "default";
  readonly workloads: Readonly<Record<string, Figure>>;
  readonly [engine: string]: unknown;
}

/** JavaScript is interpreted at first, and ONNX Runtime plans its memory: by then both have settled. */
const WARM_UP_MS = 1000;

const USAGE = `npm run bench -- [options]

Milliseconds for a whole training iteration (critic steps, generator step, optimisers).

  --only NAME[,NAME]   ${Object.keys(workloads).join(", ")}
  --repeats N          iterations timed (default: what each workload needs for a steady median)
  --threads N          threads of ONNX Runtime (default: the trainer's choice)
  --json               figures as JSON
  --peer PATH          alternate with a PyTorch script of the same workloads, and print the ratio
  --rounds N           rounds with the peer (default 3)
  --memory N           resident memory before and after N further iterations, instead of times`;

const rounded = (ms: number): number => Math.round(ms * 1000) / 1000;

const measure = async (name: string, repeats: number, threads: number | undefined): Promise<Figure> => {
  const trainer = trainerFor(name, threads);
  const warm = performance.now() + WARM_UP_MS;
  do await trainer.iterate();
  while (performance.now() < warm);
  const times: number[] = [];
  for (let i = 0; i < repeats; i++) {
    const start = performance.now();
    await trainer.iterate();
    times.push(performance.now() - start);
  }
  await trainer.dispose();
  return { ms: rounded(median(times)), min: rounded(Math.min(...times)), iterations: repeats };
};

/** Resident memory after a warm-up and after `steps` further iterations, in MiB. */
const measureMemory = async (name: string, steps: number): Promise<{ before: number; after: number }> => {
  const trainer = trainerFor(name, undefined);
  const resident = (): number => Math.round(process.memoryUsage.rss() / 2 ** 20);
  for (let i = 0; i < Math.min(1000, steps); i++) await trainer.iterate();
  const before = resident();
  for (let i = 0; i < steps; i++) await trainer.iterate();
  const after = resident();
  await trainer.dispose();
  return { before, after };
};

const runJson = (command: string, args: readonly string[]): Report => {
  const { stdout, stderr, status } = spawnSync(command, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed: ${stderr.trim()}`);
  return JSON.parse(stdout) as Report;
};

/** The first Python that has PyTorch. */
const findPython = (): string => {
  for (const python of ["python3", "/usr/bin/python3"]) {
    if (spawnSync(python, ["-c", "import torch"]).status === 0) return python;
  }
  throw new Error("bench: no python3 with PyTorch found; on Debian: apt-get install python3-torch");
};

const WIDTHS = [18, 9, 13, 13, 8];

const row = (cells: readonly string[]): string =>
  cells.map((cell, i) => (i === 0 ? cell.padEnd(WIDTHS[i]) : cell.padStart(WIDTHS[i]))).join("");

const compare = (
  names: readonly string[],
  repeats: number | undefined,
  rounds: number,
  peer: string,
): void => {
  const python = findPython();
  const own = fileURLToPath(import.meta.url);
  console.log(row(["ms an iteration", "tsgan", "torch, 1 thr", "torch, 2 thr", "ratio"]));
  for (const name of names) {
    const ours: number[] = [];
    const theirs: Record<1 | 2, number[]> = { 1: [], 2: [] };
    const settings = ["--only", name, "--repeats", String(repeats ?? workloads[name].repeats)];
    for (let round = 0; round < rounds; round++) {
      if (process.stderr.isTTY) process.stderr.write(`\r${name}: round ${round + 1} of ${rounds}\x1b[K\r`);
      ours.push(runJson(process.execPath, [own, "--json", ...settings]).workloads[name].ms);
      for (const threads of [1, 2] as const) {
        const report = runJson(python, [peer, ...settings, "--threads", String(threads)]);
        theirs[threads].push(report.workloads[name].ms);
      }
    }
    const [tsgan, one, two] = [median(ours), median(theirs[1]), median(theirs[2])];
    console.log(
      row([name, ...[tsgan, one, two, Math.min(one, two) / tsgan].map((value) => value.toFixed(2))]),
    );
  }
};

const whole = (name: string, text: string | undefined, fallback: number): number => {
  const value = text === undefined ? fallback : Number(text);
  if (!Number.isSafeInteger(value) || value < 1) {
    console.error(`bench: --${name} must be a whole number of at least 1; got ${text}`);
    process.exit(2);
  }
  return value;
};

const options = () => {
  const text = { type: "string" } as const;
  try {
    return parseArgs({
      options: {
        json: { type: "boolean", default: false },
        only: text,
        repeats: text,
        threads: text,
        peer: text,
        rounds: text,
        memory: text,
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    console.error(`bench: ${(error as Error).message}; see --help`);
    process.exit(2);
  }
};

const main = async (): Promise<void> => {
  const values = options();
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const names = values.only?.split(",") ?? Object.keys(workloads);
  const unknown = names.find((name) => !Object.hasOwn(workloads, name));
  if (unknown !== undefined) {
    console.error(`bench: unknown workload "${unknown}" (known: ${Object.keys(workloads).join(", ")})`);
    process.exit(2);
  }
  const repeats = values.repeats === undefined ? undefined : whole("repeats", values.repeats, 1);
  const threads = values.threads === undefined ? undefined : whole("threads", values.threads, 1);
  if (values.peer !== undefined) {
    compare(names, repeats, whole("rounds", values.rounds, 3), values.peer);
    return;
  }
  if (values.memory !== undefined) {
    const steps = whole("memory", values.memory, 1);
    for (const name of names) {
      const { before, after } = await measureMemory(name, steps);
      console.log(`${name}: ${before} MiB after the warm-up, ${after} MiB after ${steps} further iterations`);
    }
    return;
  }
  const figures: Record<string, Figure> = {};
  for (const name of names) figures[name] = await measure(name, repeats ?? workloads[name].repeats, threads);
  const report: Report = { tsgan: version, threads: threads ?? "default", workloads: figures };
  if (values.json) console.log(JSON.stringify(report));
  else
    for (const [name, { ms, min }] of Object.entries(figures))
      console.log(`${name.padEnd(18)} ${ms} ms (min ${min} ms)`);
};

await main();
