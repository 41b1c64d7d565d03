/**
 * Models of rows here and in Python, table by table in turn: equal rows, epochs, batch and networks. SDMetrics itself scores both. Timed is
 * fitting, from a table in memory to a trained generator, and sampling as many rows as the table has; neither has started up, read
 * its file or loaded its libraries by then. Here reading is timed, too.
 *
 *     node packages/dev/dist/bench/tables.js --data FOLDER --python v/bin/python [--only NAME[,NAME]] [--seeds 1,2]
 *       [--models ctgan,tvae] [--threads N] [--share 0.4] [--json]
 *
 * `--models` are those that are compared, `ctgan` alone without. `--threads` are of both, `--share` is of the epochs. `peer_ctgan.py` beside the source says what to install, and writes the tables.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { models as modelsOf, resolveConfig, UsageError, unknownName } from "tsgan";
import {
  byteSink,
  inOrder,
  readTable,
  rowsOfTable,
  rowWriter,
  stretchReader,
  type TablePlan,
} from "tsgan/tables";
import { configuredTrainer, rowMaker, trainLoop } from "tsgan/train";
import { runScript } from "../script.ts";

/** Epochs of each table. */
const EPOCHS: Readonly<Record<string, number>> = {
  penguins: 1000,
  titanic: 400,
  labour: 100,
  insurance: 15,
  diamonds: 8,
};
const BATCH = 500;

/** What is compared: the last batch of an epoch, which is not full, is left out by the public CTGAN and taken by its TVAE. */
const MODELS: Readonly<Record<string, (rows: number) => number>> = {
  ctgan: (rows) => Math.max(1, Math.floor(rows / BATCH)),
  tvae: (rows) => Math.ceil(rows / BATCH),
};

const peer = fileURLToPath(new URL("../../src/bench/peer_ctgan.py", import.meta.url));
const run = promisify(execFile);

/** What a training says of itself. */
interface Timed {
  /** Seconds from the table to a trained generator, and of as many rows as the table has. */
  readonly fit: number;
  readonly sample: number;
  /** Processor seconds of both. */
  readonly cpu: number;
  /** MB resident, at most. */
  readonly memory: number;
}

/** As SDMetrics' QualityReport has it. */
interface Quality {
  readonly quality: number | null;
  readonly shapes: number | null;
  readonly trends: number | null;
}

type Measured = Timed & Quality;

/** Columns that are categories to both. */
const discreteOf = ({ columns }: TablePlan): string[] =>
  columns.filter(({ kind }) => kind === "category").map(({ name }) => name);

/** Threads of each, and share of the epochs. */
interface Effort {
  readonly threads: number | undefined;
  readonly share: number;
}

const epochsOf = (name: string, share: number): number => Math.max(1, Math.round(EPOCHS[name] * share));

const tableAt = (data: string, name: string) =>
  readTable(readFileSync(join(data, `${name}.csv`)), `${name}.csv`);

/** Trains here, in a process of its own, and writes its rows. */
const own = async (
  data: string,
  name: string,
  model: string,
  seed: number,
  out: string,
  { threads, share }: Effort,
): Promise<Timed> => {
  const [began, before] = [performance.now(), process.cpuUsage()];
  const table = tableAt(data, name);
  const steps = epochsOf(name, share) * MODELS[model](table.rows);
  const config = resolveConfig({
    ...{ data: `${name}.csv`, as: "rows", holdOut: 0, model, steps, seed, batch: BATCH },
  });
  const dataset = rowsOfTable(table, { asIs: modelsOf.catalogue.get(model).definition.asIs });
  const plan = dataset.table;
  const { trainer } = configuredTrainer({ config, dataset, threads });
  await trainLoop(trainer, { steps });
  const trained = performance.now();
  const { make, dispose } = await rowMaker(trainer, plan, seed);
  const { reader, stretch, rejects } = stretchReader(plan, make, { seed });
  const { header, write } = rowWriter(reader, { format: "csv", separator: ",", decimal: "." });
  const sink = byteSink();
  sink.text(header);
  const rows = inOrder(stretch, ({ kept }) => kept.length, { rows: table.rows, rejects, ahead: 1 });
  for await (const { stretch: made } of rows) for (const row of made.kept) write(made.decoded, row, sink);
  writeFileSync(out, sink.take());
  const sampled = performance.now();
  const { user, system } = process.cpuUsage(before);
  await dispose();
  await trainer.dispose();
  return {
    fit: (trained - began) / 1000,
    sample: (sampled - trained) / 1000,
    cpu: (user + system) / 1e6,
    memory: process.resourceUsage().maxRSS / 1024,
  };
};

/** What a process prints last. */
const printed = async (command: string, args: readonly string[], threads?: number): Promise<unknown> => {
  const env = { ...process.env, ...(threads !== undefined && { OMP_NUM_THREADS: String(threads) }) };
  const { stdout } = await run(command, args, { env });
  return JSON.parse(stdout.trim().split("\n").at(-1)!);
};

const score = (value: number | null): string => value?.toFixed(4) ?? "none";

const line = (name: string, who: string, seed: number, m: Measured): string =>
  `${name.padEnd(10)} ${who.padEnd(12)} seed ${seed}  quality ${score(m.quality)} (columns ${score(m.shapes)}, pairs ${score(m.trends)})  ` +
  `fit ${m.fit.toFixed(1)} s  sample ${m.sample.toFixed(1)} s  processor ${m.cpu.toFixed(1)} s  ${m.memory.toFixed(0)} MB\n`;

interface Pair {
  readonly data: string;
  readonly name: string;
  readonly model: string;
  readonly seed: number;
  readonly python: string | undefined;
  readonly folder: string;
  readonly effort: Effort;
}

/** Both on one table, one after the other. */
async function* sideBySide({
  data,
  name,
  model,
  seed,
  python,
  folder,
  effort,
}: Pair): AsyncGenerator<[string, Measured]> {
  const { threads, share } = effort;
  const real = join(data, `${name}.csv`);
  const discrete = discreteOf(rowsOfTable(tableAt(data, name)).table).join(",");
  const judged = async (who: string, timed: unknown, file: string): Promise<[string, Measured]> => {
    const none = { quality: null, shapes: null, trends: null };
    const quality =
      python === undefined ? none : await printed(python, [peer, "score", real, file, discrete]);
    return [who, { ...(timed as Timed), ...(quality as Quality) }];
  };
  const [here, there] = ["tsgan", "python"].map((who) => join(folder, `${name}-${model}-${seed}-${who}.csv`));
  const self = [fileURLToPath(import.meta.url), "--data", data, "--one", name, "--models", model];
  self.push("--seeds", String(seed));
  self.push("--out", here, "--share", String(share));
  if (threads !== undefined) self.push("--threads", String(threads));
  yield judged(`${model} tsgan`, await printed(process.execPath, self), here);
  if (python === undefined) return;
  const args = [peer, "train", model, real, there, String(epochsOf(name, share)), String(seed), discrete];
  yield judged(`${model} python`, await printed(python, args, threads), there);
}

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      data: { type: "string" },
      python: { type: "string" },
      only: { type: "string" },
      seeds: { type: "string", default: "1" },
      models: { type: "string", default: "ctgan" },
      threads: { type: "string" },
      share: { type: "string", default: "1" },
      json: { type: "boolean", default: false },
      /** One training here, as JSON: what this script calls itself with. */
      one: { type: "string" },
      out: { type: "string", default: "rows.csv" },
    },
  });
  const { data, python, only, seeds, json, one, models: compared } = values;
  const effort: Effort = {
    threads: values.threads === undefined ? undefined : Number(values.threads),
    share: Number(values.share),
  };
  if (data === undefined) throw new UsageError("tables: --data FOLDER is missing; peer_ctgan.py writes it");
  if (one !== undefined) {
    process.stdout.write(
      `${JSON.stringify(await own(data, one, compared, Number(seeds), values.out, effort))}\n`,
    );
    return;
  }
  const cases = compared
    .split(",")
    .flatMap((model) => seeds.split(",").map((seed) => [model, Number(seed)] as const));
  const unknown = cases.find(([model]) => !Object.hasOwn(MODELS, model));
  if (unknown !== undefined) throw unknownName("model to compare", unknown[0], Object.keys(MODELS));
  const names = only?.split(",") ?? Object.keys(EPOCHS);
  const folder = mkdtempSync(join(tmpdir(), "tsgan-tables-"));
  const results: unknown[] = [];
  try {
    for (const name of names) {
      for (const [model, seed] of cases) {
        for await (const [who, measured] of sideBySide({ data, name, model, seed, python, folder, effort })) {
          results.push({ name, seed, who, ...measured });
          if (!json) process.stdout.write(line(name, who, seed, measured));
        }
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (json) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
};

await runScript(main);
