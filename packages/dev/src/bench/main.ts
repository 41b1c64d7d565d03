/**
 * npm run bench -- [options], see --help.
 *
 * Milliseconds for a whole iteration of each workload: the median of as many repeats as the workload asks for, after a
 * second of warm-up, as a training run of minutes has it. With --peer, every peer in all its ways runs in turn with us, round
 * by round, with as many repeats; the ratio is of medians over all rounds, to the fastest of all.
 */
import { parseArgs } from "node:util";
import { UsageError } from "tsgan";
import { version } from "tsgan/node";
import { type Device, devices } from "tsgan/runtime";
import { median } from "tsgan/statistics";
import { runScript } from "../script.ts";
import { type Contest, compare, type Row } from "./compare.ts";
import { FIRST_STEP, firstStepContest, trainingContest } from "./contests.ts";
import { distanceContest, distanceNames } from "./distances.ts";
import { iterationOperations, productRate } from "./operations.ts";
import { type Figure, type Report, type Variant, variantsOf } from "./peers.ts";
import { profile } from "./profile.ts";
import { describe, line, summary, writeTable } from "./table.ts";
import { iterate, trainerFor, workloads } from "./workloads.ts";

/** JavaScript is interpreted at first, and ONNX Runtime plans its memory: by then both have settled. */
const WARM_UP_MS = 1000;

/** Iterations that a profile is of. */
const PROFILED = 40;

const USAGE = `npm run bench -- [options]

Milliseconds for a whole training iteration (critic steps, generator step, optimisers), or for a batch of samples.

  --only NAME[,NAME]   ${Object.keys(workloads).join(", ")}
                       with peers, too: ${[FIRST_STEP, ...distanceNames].join(", ")}
  --repeats N          iterations timed (default: what each workload needs for a steady median)
  --threads N          threads of ONNX Runtime (default: the trainer's choice)
  --device NAME        ${devices.join(", ")} (default: cpu)
  --together N         iterations in one run of the device (default 1)
  --json               figures as JSON
  --peer PEER[,PEER]   NAME=PYTHON[:SCRIPT] with NAME torch, tf or jax: a Python that has PyTorch, TensorFlow or jax, in all
                       ways that may be the fastest; pot: one that has POT and NumPy; tsgan=NODE:SCRIPT: another build's
                       bench/main.js. SCRIPT takes the place of ours
  --ways TEXT[,TEXT]   only the ways in whose names one of these stands: "torch eager 2", "XLA", "jit"
  --rounds N           rounds with the peers (default 3)
  --best N             ways that are run again after the first round, the fastest (default 3)
  --keep FILE          what each way of a peer took is kept there, and what was 1.5 times slower than the fastest is not run again
  --write FILE         put the table into this Markdown file, between its marks
  --profile            where the time of an iteration goes, by kind of node and by node, instead of times; on one thread
                       unless --threads says otherwise
  --memory N           resident memory before and after N further iterations, instead of times`;

const rounded = (ms: number): number => Math.round(ms * 1000) / 1000;

interface Place {
  readonly threads: number | undefined;
  readonly device: Device | undefined;
  readonly together: number;
}

const measure = async (
  name: string,
  repeats: number,
  { threads, device, together }: Place,
): Promise<Figure> => {
  const trainer = trainerFor(name, threads, device);
  const warm = performance.now() + WARM_UP_MS;
  do await iterate(name, trainer, together);
  while (performance.now() < warm);
  const times: number[] = [];
  for (let i = 0; i < repeats; i++) {
    const start = performance.now();
    await iterate(name, trainer, together);
    times.push((performance.now() - start) / (workloads[name].samples === true ? 1 : together));
  }
  await trainer.dispose();
  const figure = { ms: rounded(median(times)), min: rounded(Math.min(...times)), iterations: repeats };
  // Only the processor's product is known.
  if (workloads[name].samples === true || (device !== undefined && device !== "cpu")) return figure;
  return { ...figure, operations: iterationOperations(trainer), rate: await productRate(threads) };
};

/** Resident memory after a warm-up and after `steps` further iterations, in MiB. */
const measureMemory = async (name: string, steps: number): Promise<{ before: number; after: number }> => {
  const trainer = trainerFor(name, undefined);
  const resident = (): number => Math.round(process.memoryUsage.rss() / 2 ** 20);
  for (let i = 0; i < Math.min(1000, steps); i++) await iterate(name, trainer);
  const before = resident();
  for (let i = 0; i < steps; i++) await iterate(name, trainer);
  const after = resident();
  await trainer.dispose();
  return { before, after };
};

const text = { type: "string" } as const;
const readOptions = () =>
  parseArgs({
    options: {
      json: { type: "boolean", default: false },
      only: text,
      repeats: text,
      threads: text,
      device: text,
      together: text,
      peer: text,
      ways: text,
      best: text,
      rounds: text,
      keep: text,
      write: text,
      memory: text,
      profile: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  }).values;
type Options = ReturnType<typeof readOptions>;

type Whole = "repeats" | "threads" | "together" | "best" | "rounds" | "memory";

const whole = (name: Whole, values: Options): number | undefined => {
  const given = values[name];
  const value = Number(given);
  if (given === undefined || (Number.isSafeInteger(value) && value >= 1))
    return given && value ? value : undefined;
  throw new UsageError(`bench: --${name} must be a whole number of at least 1; got ${given}`);
};

/** All that the peers can be compared in. */
const contestsOf = (
  peers: string,
  names: readonly string[] | undefined,
  ways: readonly string[] | undefined,
  repeats?: number,
): readonly Contest[] => {
  const given = peers.split(",");
  const pot = given.find((peer) => peer.startsWith("pot="))?.slice("pot=".length);
  const others = given.filter((peer) => !peer.startsWith("pot="));
  const variants: readonly Variant[] = (others.length === 0 ? [] : variantsOf(others.join())).filter(
    ({ name }) => ways?.some((way) => name.includes(way)) ?? true,
  );
  const all: Contest[] = [];
  if (variants.length > 0) {
    all.push(...Object.keys(workloads).map((name) => trainingContest(name, variants, repeats)));
    all.push(firstStepContest(variants));
  }
  if (pot !== undefined) all.push(...distanceNames.map((name) => distanceContest(name, pot)));
  return all.filter(({ name }) => names?.includes(name) ?? true);
};

const main = async (): Promise<void> => {
  const values = readOptions();
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const names = values.only?.split(",");
  const known = [
    ...Object.keys(workloads),
    ...(values.peer === undefined ? [] : [FIRST_STEP, ...distanceNames]),
  ];
  const unknown = names?.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(`bench: unknown workload "${unknown}" (known: ${known.join(", ")})`);
  }
  const repeats = whole("repeats", values);
  const threads = whole("threads", values);
  if (values.peer !== undefined) {
    const rows: Row[] = [];
    const ways = values.ways?.split(",");
    const settings = {
      rounds: whole("rounds", values) ?? 3,
      best: whole("best", values) ?? 3,
      keep: values.keep,
    };
    for (const contest of contestsOf(values.peer, names, ways, repeats)) {
      const row = await compare(contest, settings);
      rows.push(row);
      console.log(values.json ? JSON.stringify(row) : line(row));
    }
    if (!values.json) for (const each of summary(rows)) console.log(each);
    if (values.write !== undefined) writeTable(values.write, describe(rows));
    return;
  }
  const steps = whole("memory", values);
  const own = names ?? Object.keys(workloads);
  if (steps !== undefined) {
    for (const name of own) {
      const { before, after } = await measureMemory(name, steps);
      console.log(`${name}: ${before} MiB after the warm-up, ${after} MiB after ${steps} further iterations`);
    }
    return;
  }
  if (values.profile) {
    for (const name of own) console.log(`${await profile(name, repeats ?? PROFILED, threads)}\n`);
    return;
  }
  const device = devices.find((each) => each === values.device);
  if (values.device !== undefined && device === undefined) {
    throw new UsageError(`bench: unknown device "${values.device}" (known: ${devices.join(", ")})`);
  }
  const place: Place = { threads, device, together: whole("together", values) ?? 1 };
  const figures: Record<string, Figure> = {};
  for (const name of own) figures[name] = await measure(name, repeats ?? workloads[name].repeats, place);
  const report: Report = { tsgan: version, threads: threads ?? "default", workloads: figures };
  if (values.json) console.log(JSON.stringify(report));
  else
    for (const [name, { ms, min, operations = 0, rate = 1 }] of Object.entries(figures)) {
      const share =
        operations === 0 ? "" : `, ${((1e5 * operations) / ms / rate).toFixed(0)} % of the product rate`;
      console.log(`${name.padEnd(18)} ${ms} ms (min ${min} ms)${share}`);
    }
};

await runScript(main, "; see --help");
