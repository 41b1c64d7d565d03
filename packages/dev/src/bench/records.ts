/** Records of the field on two cores; `--help` says the rest. Each seed runs in a process of its own. */
import { fork } from "node:child_process";
import { loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { UsageError } from "tsgan";
import { runScript } from "../script.ts";
import { benchmarks } from "./records/list.ts";
import { asked, type Benchmark, type Figures, judge, shown } from "./records/record.ts";

const USAGE = `node packages/dev/dist/bench/records.js [NAME[,NAME…]] [options]

Records of the field on two cores: trains what the name says with each seed, and prints the figures of each, their mean and the
worst, the time, and whether the goal is met. Settings were chosen on other seeds than those reported. Without a name it
lists the records with their minutes. Exit code 1 where a goal is not met, 2 for wrong usage.

  --seeds N[,N]   seeds in place of the record's own
  --at-once N     seeds that are trained at the same time
  --threads N     threads of each
  --json          a line of JSON for each seed`;

interface Outcome {
  readonly figures: Figures;
  /** By the clock, and of the processor, which a busy machine changes less. */
  readonly seconds: number;
  readonly processor: number;
}

const benchmarkOf = (name: string): Benchmark => {
  if (Object.hasOwn(benchmarks, name)) return benchmarks[name];
  throw new UsageError(
    `records: there is no record "${name}"; choose among ${Object.keys(benchmarks).join(", ")}`,
  );
};

const whole = (name: string, text: string): number => {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new UsageError(`records: --${name} must be a whole number of at least 1; got ${text}`);
};

const runHere = async (name: string, seed: number, threads: number): Promise<Outcome> => {
  const started = performance.now();
  const figures = await benchmarkOf(name).run({ seed, threads });
  const { user, system } = process.cpuUsage();
  return { figures, seconds: (performance.now() - started) / 1000, processor: (user + system) / 1e6 };
};

/** Runs a seed in a process of its own, whose memory and faults end with it. */
const runApart = (name: string, seed: number, threads: number): Promise<Outcome> =>
  new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), [
      name,
      "--one",
      String(seed),
      "--threads",
      String(threads),
    ]);
    let outcome: Outcome | undefined;
    child.on("message", (message) => {
      outcome = message as Outcome;
    });
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (outcome !== undefined) resolve(outcome);
      else reject(new Error(`records: the process of ${name}, seed ${seed}, ended with ${code ?? signal}`));
    });
  });

const row = (cells: readonly string[], widths: readonly number[]): string =>
  cells.map((cell, i) => cell.padStart(widths[i])).join("  ");

/** All seeds of a record; whether its goals are met. */
const measure = async (
  name: string,
  options: {
    readonly seeds?: readonly number[];
    readonly atOnce?: number;
    readonly threads?: number;
    readonly json: boolean;
  },
): Promise<boolean> => {
  const benchmark = benchmarkOf(name);
  const { seeds = benchmark.seeds, atOnce = benchmark.atOnce, threads = benchmark.threads, json } = options;
  const { goals } = benchmark;
  const names = Object.keys(goals);
  const head = ["seed", ...names, "seconds", "processor s"];
  const widths = head.map((title) => Math.max(title.length, 9));
  if (!json) {
    console.log(
      `\n${name}: ${benchmark.title}\n${benchmark.settings}\nsettings chosen on: ${benchmark.tunedOn}`,
    );
    console.log(row(head, widths));
  }
  const started = performance.now();
  const outcomes: Outcome[] = [];
  const queue = [...seeds];
  const work = async (): Promise<void> => {
    for (let seed = queue.shift(); seed !== undefined; seed = queue.shift()) {
      const outcome = await runApart(name, seed, threads);
      outcomes.push(outcome);
      const { figures, seconds, processor } = outcome;
      if (json) console.log(JSON.stringify({ record: name, seed, ...figures, seconds, processor }));
      else {
        const cells = names.map((each) => shown(figures[each] ?? Number.NaN, goals[each].as));
        console.log(row([String(seed), ...cells, seconds.toFixed(0), processor.toFixed(0)], widths));
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const judged = judge(
    goals,
    outcomes.map(({ figures }) => figures),
  );
  if (!json) {
    for (const line of ["mean", "worst"] as const) {
      console.log(row([line, ...judged.map((each) => shown(each[line], each.goal.as))], widths));
    }
    for (const { name: figure, goal, isMet } of judged) {
      if (isMet !== undefined) console.log(`${figure}: ${asked(goal)}: ${isMet ? "met" : "not met"}`);
    }
    const load = loadavg()[0].toFixed(1);
    console.log(
      `${seeds.length} seeds in ${((performance.now() - started) / 1000).toFixed(0)} s, load ${load}`,
    );
  }
  return judged.every(({ isMet }) => isMet !== false);
};

const list = (): void => {
  for (const [name, { title, seeds, minutes }] of Object.entries(benchmarks)) {
    console.log(
      `${name.padEnd(22)}${title}: ${seeds.length} ${seeds.length === 1 ? "seed" : "seeds"}, about ${minutes} min on two idle cores`,
    );
  }
};

const main = async (): Promise<void> => {
  const text = { type: "string" } as const;
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seeds: text,
      "at-once": text,
      threads: text,
      one: text,
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const names = positionals.flatMap((given) => given.split(","));
  const optional = (key: "at-once" | "threads"): number | undefined =>
    values[key] === undefined ? undefined : whole(key, values[key]);
  if (values.one !== undefined) {
    process.send?.(await runHere(names[0], whole("one", values.one), optional("threads") ?? 1));
    process.exit(0);
  }
  if (names.length === 0) return list();
  for (const name of names) benchmarkOf(name);
  const seeds = values.seeds?.split(",").map((seed) => whole("seeds", seed));
  for (const name of names) {
    const isMet = await measure(name, {
      ...(seeds && { seeds }),
      atOnce: optional("at-once"),
      threads: optional("threads"),
      json: values.json,
    });
    if (!isMet) process.exitCode = 1;
  }
};

await runScript(main, "; see --help");
