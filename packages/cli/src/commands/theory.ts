/** tsgan theory */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { AnyExperiment, StoryItem } from "@tsgan/theory";
import { Command } from "commander";
import type { Failure } from "tsgan/node";
import { integer, jsonOption } from "../options.ts";
import { formatDuration, progressBar } from "../progress.ts";
import { wrap } from "../text.ts";
import type { ExperimentMessage, ExperimentRequest } from "../theory-worker.ts";

interface TheoryFlags {
  readonly seed?: number;
  readonly set?: readonly string[];
  readonly out: string;
  readonly jobs?: number;
  readonly json?: boolean;
}

export const theoryCommand = (): Command =>
  new Command("theory")
    .description("List the experiments that explain GANs, run one, or run all and tell their story.")
    .argument("[NAME]", "name of an experiment, or all")
    .option("--seed <n>", "seed of all random numbers (default: 1)", integer(0))
    .option("--set <option=value...>", "options of the experiment; numbers of a list with commas between")
    .option("--out <folder>", "folder for NAME.json, NAME.svg and NAME.png", "theory")
    .option("--jobs <n>", "experiments at a time, with all (default: one for each core)", integer(1))
    .addOption(jsonOption("print the list, or the data of the experiment, as JSON"))
    .addHelpText(
      "after",
      `
With all, the folder also gets index.html, one file that tells the story in order. The same seed and options give the
same JSON, byte for byte.

Examples:
  tsgan theory
  tsgan theory earth-mover --set p=3,2,1,4 q=1,2,4,3
  tsgan theory vanishing-gradient --set data=fashion-mnist lengths=100,1000 --seed 2 --out figures
  tsgan theory all --out theory`,
    )
    .action(run);

/** The value that an option is given, read as what its default is: a number, a list of numbers or a text. */
const readValue = (text: string, like: unknown): unknown => {
  const number = (part: string): number | string =>
    part.trim() === "" || Number.isNaN(Number(part)) ? part : Number(part);
  if (Array.isArray(like)) return text === "" ? [] : text.split(",").map(number);
  return typeof like === "string" ? text : number(text);
};

/** All options of an experiment: its defaults, the seed where it has one, and `option=value` pairs. */
export const experimentOptions = async (
  { name, defaults, ...rest }: AnyExperiment,
  { seed, set = [] }: Pick<TheoryFlags, "seed" | "set">,
): Promise<object> => {
  const { UsageError } = await import("tsgan");
  const { withDefaults } = await import("@tsgan/theory");
  const like = new Map<string, unknown>(Object.entries(defaults));
  const given: Record<string, unknown> = {};
  if (seed !== undefined) {
    if (!like.has("seed")) throw new UsageError(`--seed: ${name} draws no random numbers; leave it out`);
    given.seed = seed;
  }
  for (const pair of set) {
    const at = pair.indexOf("=");
    if (at < 1) throw new UsageError(`--set: expected option=value; got "${pair}"`);
    const option = pair.slice(0, at);
    given[option] = readValue(pair.slice(at + 1), like.get(option));
  }
  return withDefaults<object>({ name, defaults, ...rest }, given);
};

const lengthOf = ({ minutes }: AnyExperiment): string =>
  minutes === undefined ? "" : ` (${formatDuration(60 * minutes)})`;

const list = async (json: boolean): Promise<void> => {
  const { experiments } = await import("@tsgan/theory");
  const all = Object.values(experiments);
  if (json) {
    const entries = all.map(({ name, title, description, source, explanation, minutes, defaults }) => ({
      name,
      title,
      description,
      source,
      explanation,
      minutes,
      options: defaults,
    }));
    process.stdout.write(`${JSON.stringify(entries, null, 2)}\n`);
    return;
  }
  const { default: pc } = await import("picocolors");
  const widest = Math.max(...all.map(({ name }) => name.length));
  for (const experiment of all) {
    process.stdout.write(
      `${pc.bold(experiment.name.padEnd(widest))}  ${experiment.description}${pc.dim(lengthOf(experiment))}\n`,
    );
  }
  process.stdout.write(
    "\ntsgan theory NAME runs one, tsgan theory all runs all. Times are those of one core.\n",
  );
};

type Outcome = Extract<ExperimentMessage, { data: unknown } | { failure: unknown }>;

const runInThread = (
  request: ExperimentRequest,
  onProgress: (share: number, doing: string) => void,
): Promise<Outcome> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL("../theory-worker.js", import.meta.url), { workerData: request });
    worker.on("message", (message: ExperimentMessage) => {
      if ("progress" in message) onProgress(message.progress, message.doing);
      else resolve(message);
    });
    worker.on("error", reject);
    worker.on("exit", () => reject(new Error("the experiment's thread ended without a result")));
  });

/** What is shown while experiments run: one line that is drawn again and again, on a terminal only. */
const liveLine = (stream: NodeJS.WriteStream) => {
  const shares = new Map<string, string>();
  const live = stream.isTTY === true;
  const draw = (): void => {
    if (live) stream.write(`\r\u001b[K${[...shares.values()].join("   ").slice(0, stream.columns - 1)}`);
  };
  return {
    update: (name: string, share: number, doing: string): void => {
      shares.set(name, `${progressBar(share, 12)} ${name}: ${doing}`);
      draw();
    },
    done: (name: string, text?: string): void => {
      shares.delete(name);
      if (live) stream.write("\r\u001b[K");
      if (text !== undefined) stream.write(`${text}\n`);
      if (shares.size > 0) draw();
    },
  };
};

/** Pixels of a figure, and how many times as many its PNG has: 1600, a slide's width. */
const WIDTH = 800;
const PNG_SCALE = 2;

const write = async (experiment: AnyExperiment, data: unknown, out: string): Promise<void> => {
  const { figure } = await import("tsgan/figure");
  const { svgPng, writeFileAtomic } = await import("tsgan/node");
  const spec = experiment.figure(data);
  const files: [string, string | Uint8Array][] = [
    [`${experiment.name}.json`, `${JSON.stringify(data)}\n`],
    [`${experiment.name}.svg`, figure(spec, { width: WIDTH })],
    [`${experiment.name}.png`, await svgPng(figure(spec, { width: WIDTH, theme: "light" }), PNG_SCALE)],
  ];
  for (const [file, content] of files) writeFileAtomic(join(out, file), content);
};

interface Finished {
  readonly experiment: AnyExperiment;
  readonly outcome: Outcome;
}

/** Runs the experiments, `jobs` at a time, the longest first; each is written as it ends. */
const runAll = async (
  requests: readonly { readonly experiment: AnyExperiment; readonly options: object }[],
  jobs: number,
  out: string,
): Promise<Finished[]> => {
  const waiting = [...requests].sort((a, b) => (b.experiment.minutes ?? 0) - (a.experiment.minutes ?? 0));
  const finished: Finished[] = [];
  const line = liveLine(process.stderr);
  const next = async (): Promise<void> => {
    for (let request = waiting.shift(); request !== undefined; request = waiting.shift()) {
      const { experiment, options } = request;
      const { name } = experiment;
      const start = performance.now();
      const outcome = await runInThread({ name, options }, (share, doing) => line.update(name, share, doing));
      if ("data" in outcome) await write(experiment, outcome.data, out);
      finished.push({ experiment, outcome });
      const seconds = (performance.now() - start) / 1000;
      const done = `[${finished.length}/${requests.length}] ${name}: ${formatDuration(seconds)}`;
      // Failures are told when all is done.
      line.done(name, "data" in outcome ? done : undefined);
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, requests.length) }, next));
  return finished;
};

const tellStory = async (finished: readonly Finished[], out: string): Promise<string> => {
  const { experiments, story } = await import("@tsgan/theory");
  const { writeFileAtomic } = await import("tsgan/node");
  const items = Object.keys(experiments).flatMap((name): StoryItem[] => {
    const found = finished.find(({ experiment }) => experiment.name === name);
    if (found === undefined || !("data" in found.outcome)) return [];
    return [{ ...found.experiment, figure: found.experiment.figure(found.outcome.data) }];
  });
  const path = join(out, "index.html");
  writeFileAtomic(path, story(items));
  return path;
};

const run = async (name: string | undefined, flags: TheoryFlags): Promise<void> => {
  if (name === undefined) return list(flags.json ?? false);
  const { UsageError } = await import("tsgan");
  const { experimentNamed, experiments } = await import("@tsgan/theory");
  const { out } = flags;
  if (name === "all" && flags.set !== undefined) {
    throw new UsageError("--set: options belong to one experiment; name it in place of all");
  }
  const chosen = name === "all" ? Object.values(experiments) : [experimentNamed(name)];
  const requests = await Promise.all(
    chosen.map(async (experiment) => {
      const seeded = name !== "all" || "seed" in experiment.defaults;
      const { seed, set } = flags;
      return {
        experiment,
        options: await experimentOptions(experiment, { seed: seeded ? seed : undefined, set }),
      };
    }),
  );
  const finished = await runAll(requests, flags.jobs ?? availableParallelism(), out);
  const failures = finished.flatMap(({ experiment, outcome }): [string, Failure][] =>
    "failure" in outcome ? [[experiment.name, outcome.failure]] : [],
  );
  for (const [failed, { message }] of failures) {
    // Most messages begin with the experiment's name.
    process.stderr.write(`error: ${message.startsWith(failed) ? "" : `${failed}: `}${message}\n`);
  }
  if (failures.length > 0) process.exitCode = Math.max(...failures.map(([, { exitCode }]) => exitCode));
  if (name === "all") {
    process.stdout.write(`story:     ${await tellStory(finished, out)}\n`);
    return;
  }
  const [{ experiment, outcome }] = finished;
  if ("failure" in outcome) return;
  if (flags.json) process.stdout.write(`${JSON.stringify(outcome.data)}\n`);
  else {
    const { plainText } = await import("tsgan/figure");
    process.stdout.write(`${wrap(plainText(experiment.explanation), "")}\n\n`);
    for (const kind of ["json", "svg", "png"]) {
      process.stdout.write(`${`${kind}:`.padEnd(6)}${join(out, `${name}.${kind}`)}\n`);
    }
  }
};
