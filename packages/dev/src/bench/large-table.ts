/**
 * A table of a million rows and 20 mixed columns: memory of training and sampling, and rows sampled a second.
 *
 *     node packages/dev/dist/bench/large-table.js [--rows 1000000] [--sample 1000000] [--steps 20] [--folder FOLDER] [--json]
 *
 * `--folder` keeps the table and the run, and takes them up where they are there.
 */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { randomStream } from "tsgan";
import { openRun, startRun, writeRows } from "tsgan/node";
import { runScript } from "../script.ts";

const run = promisify(execFile);

const HEAD =
  "id,country,city,plan,active,age,income,score,joined,visits,ratio,spent,height,weight,level,channel,temp,pressure,rate,mail\n";
const PART = 10_000;

/** A count, categories (5,000 of them in one column), whole numbers, heavy tails, dates, many zeros, and an e-mail address. */
const writeTable = (path: string, rows: number): void => {
  const random = randomStream(0, "large table");
  const file = openSync(path, "w");
  const pick = <T>(list: readonly T[]): T => list[random.integer(list.length)];
  const normal = (mean: number, deviation: number): number => mean + deviation * random.normal();
  const line = (row: number): string => {
    const level = random.integer(4);
    const city = Math.min(4999, Math.floor((1 - random.uniform()) ** -1.5 - 1));
    const day = new Date(Date.UTC(2015, 0, 1 + random.integer(3000))).toISOString().slice(0, 10);
    const spent =
      random.uniform() < 0.4 ? 0 : -30 * Math.log((1 - random.uniform()) * (1 - random.uniform()));
    return [
      ...[
        row + 1,
        `c${random.integer(12)}`,
        `city${String(city).padStart(4, "0")}`,
        pick(["basic", "plus", "pro"]),
      ],
      ...[pick(["yes", "no"]), Math.round(Math.min(95, Math.max(18, normal(40, 15))))],
      ...[Math.exp(normal(10, 0.6) + 0.2 * level).toFixed(2), normal(0, 1).toFixed(3), day],
      ...[Math.floor(-3 * Math.log(1 - random.uniform())), random.uniform().toFixed(4), spent.toFixed(2)],
      ...[normal(170, 10).toFixed(1), normal(70, 12).toFixed(1), level, pick(["web", "shop", "call", ""])],
      ...[normal(20, 8).toFixed(1), normal(1013, 8).toFixed(1), (random.uniform() ** 2).toFixed(4)],
      `user${row}@corp.org`,
    ].join(",");
  };
  writeSync(file, HEAD);
  for (let start = 0; start < rows; start += PART) {
    const part = Array.from({ length: Math.min(PART, rows - start) }, (_, i) => line(start + i));
    writeSync(file, `${part.join("\n")}\n`);
  }
};

interface Measured {
  readonly seconds: number;
  /** Of the processor. */
  readonly cpu: number;
  /** MB resident, at most. */
  readonly memory: number;
}

const measured = async (work: () => Promise<unknown>): Promise<Measured> => {
  const [began, before] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - began) / 1000;
  return { seconds, cpu: (user + system) / 1e6, memory: process.resourceUsage().maxRSS / 1024 };
};

/** One half in this process, which has done nothing else. */
const one = (part: string, folder: string, steps: number, rows: number): Promise<Measured> => {
  const out = join(folder, "run");
  if (part === "train") {
    const config = { data: join(folder, "table.csv"), as: "rows", model: "ctgan", steps } as const;
    return measured(() => startRun({ config, out }));
  }
  const opened = openRun(out);
  return measured(() => writeRows(opened, { rows, out: join(folder, "rows.csv") }));
};

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      rows: { type: "string", default: "1000000" },
      sample: { type: "string", default: "1000000" },
      steps: { type: "string", default: "20" },
      folder: { type: "string" },
      json: { type: "boolean", default: false },
      /** Half of it as JSON: what this script calls itself with. */
      one: { type: "string" },
    },
  });
  const [rows, sample, steps] = [values.rows, values.sample, values.steps].map(Number);
  const folder = values.folder ?? mkdtempSync(join(tmpdir(), "tsgan-large-"));
  if (values.one !== undefined) {
    process.stdout.write(`${JSON.stringify(await one(values.one, folder, steps, sample))}\n`);
    return;
  }
  const self = (part: string): Promise<Measured> => {
    const args = ["--one", part, "--folder", folder, "--steps", values.steps, "--sample", values.sample];
    return run(process.execPath, [fileURLToPath(import.meta.url), ...args]).then(({ stdout }) =>
      JSON.parse(stdout.trim().split("\n").at(-1)!),
    );
  };
  try {
    mkdirSync(folder, { recursive: true });
    const table = join(folder, "table.csv");
    if (!existsSync(table)) writeTable(table, rows);
    const trained = existsSync(join(folder, "run")) ? undefined : await self("train");
    const sampled = await self("sample");
    const result = { rows, bytes: statSync(table).size, sample, load: loadavg()[0], trained, sampled };
    if (values.json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
    else {
      const line = (what: string, { seconds, cpu, memory }: Measured): string =>
        `${what}: ${seconds.toFixed(1)} s, processor ${cpu.toFixed(1)} s, ${memory.toFixed(0)} MB resident at most\n`;
      if (trained !== undefined) process.stdout.write(line(`training, ${steps} steps`, trained));
      process.stdout.write(line(`sampling ${sample.toLocaleString("en-US")} rows`, sampled));
      process.stdout.write(
        `${Math.round(sample / sampled.seconds).toLocaleString("en-US")} rows a second; ` +
          `${((1e6 * sampled.cpu) / sample).toFixed(1)} µs of the processor a row; ${availableParallelism()} cores, load ${loadavg()[0].toFixed(1)}\n`,
      );
    }
  } finally {
    if (values.folder === undefined) rmSync(folder, { recursive: true, force: true });
  }
};

await runScript(main);
