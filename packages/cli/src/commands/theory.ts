/** tsgan theory */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { Experiment, ExperimentDefinition, ExperimentFactory } from "@tsgan/theory";
import { Command } from "commander";
import type { Failure } from "tsgan/node";
import type { HelpLists } from "../help-lists.ts";
import { integer, jsonOption, useOption } from "../options.ts";
import { formatDuration, progressBar } from "../progress.ts";
import { optionLine, plain, print, printJson, printStyled, wrap } from "../text.ts";
import type { ExperimentMessage, ExperimentRequest } from "../theory-worker.ts";

interface TheoryFlags {
  readonly seed?: number;
  readonly set?: readonly string[];
  readonly use?: readonly string[];
  readonly out: string;
  readonly jobs?: number;
  readonly json?: boolean;
}

/** The options of the experiment whose help is asked for; otherwise, the names of all. */
const experimentHelp = (name: string | undefined, { experiments }: HelpLists): string => {
  const found = experiments.find((experiment) => experiment.name === name);
  if (found === undefined) {
    return `Experiments: ${wrap(experiments.map((experiment) => experiment.name).join(", "), " ".repeat(13)).trimStart()}`;
  }
  const lines = found.options.map((option) => wrap(optionLine(option), "    ").slice(2));
  return [`Options of ${found.name} (--set):`, ...(lines.length === 0 ? ["  none"] : lines)].join("\n");
};

/** @param lists what there is of each kind, for the help */
export const theoryCommand = (lists?: HelpLists): Command =>
  new Command("theory")
    .description("List the experiments that explain GANs, run one, or run all and tell their story.")
    .argument("[NAME]", "name of an experiment, or all")
    .option("--seed <n>", "seed of all random numbers (default: 1)", integer(0))
    .option(
      "--set <option=value...>",
      "options of the experiment (tsgan theory NAME --help lists them); numbers of a list with commas between",
    )
    .addOption(useOption())
    .option("--out <folder>", "folder for NAME.json, NAME.svg and NAME.png", "theory")
    .option("--jobs <n>", "experiments at a time, with all (default: one for each core)", integer(1))
    .addOption(jsonOption("print the list, or the data of the experiment, as JSON"))
    .addHelpText(
      "after",
      ({ command }) => `${lists === undefined ? "" : `\n${experimentHelp(command.args[0], lists)}\n`}
With all, the folder also gets index.html, one file that tells the story in order. The same seed and options give the
same JSON, byte for byte.

Examples:
  tsgan theory
  tsgan theory earth-mover --help
  tsgan theory earth-mover --set p=3,2,1,4 q=1,2,4,3
  tsgan theory vanishing-gradient --set data=fashion-mnist lengths=100,1000 --seed 2 --out figures
  tsgan theory halving --use halving.ts
  tsgan theory all --out theory`,
    )
    .action(run);

/** The experiment with the options that the command line gives it: the seed where it has one, and `option=value` pairs. */
export const experimentWith = async (
  factory: ExperimentFactory,
  { seed, set = [] }: Pick<TheoryFlags, "seed" | "set">,
): Promise<Experiment> => {
  const { UsageError, unknownName } = await import("tsgan");
  const { parseOption } = await import("tsgan/define");
  const { name, options } = factory.definition;
  if (seed !== undefined && !Object.hasOwn(options, "seed")) {
    throw new UsageError(`--seed: ${name} draws no random numbers; leave it out`);
  }
  const given = set.map((pair): readonly [string, unknown] => {
    const at = pair.indexOf("=");
    if (at < 1) throw new UsageError(`--set: expected option=value; got "${pair}"`);
    const key = pair.slice(0, at);
    if (!Object.hasOwn(options, key)) throw unknownName(`option of ${name}`, key, Object.keys(options));
    return [key, parseOption(name, key, options[key], pair.slice(at + 1))];
  });
  return factory.create({ ...(seed !== undefined && { seed }), ...Object.fromEntries(given) });
};

const lengthOf = ({ minutes }: ExperimentDefinition): string =>
  minutes === undefined ? "" : ` (${formatDuration(60 * minutes)})`;

const list = async (json: boolean): Promise<void> => {
  const { experiments } = await import("@tsgan/theory");
  const all = experiments.all.map(({ definition }) => definition);
  if (json) {
    const { optionsOf } = await import("tsgan/config");
    const entries = all.map(({ options, ...facts }) => ({ ...facts, options: optionsOf(options) }));
    printJson(entries, 2);
    return;
  }
  const { default: pc } = await import("picocolors");
  const widest = Math.max(...all.map(({ name }) => name.length));
  for (const experiment of all) {
    const { name, title, description = title } = experiment;
    printStyled(`${pc.bold(name.padEnd(widest))}  ${plain(description)}${pc.dim(lengthOf(experiment))}\n`);
  }
  print(
    "\ntsgan theory NAME runs one, tsgan theory NAME --help lists its options, tsgan theory all runs all. Times are those of one core.\n",
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

const write = async (experiment: Experiment, data: unknown, out: string): Promise<void> => {
  const { figure } = await import("tsgan/figure");
  const { svgPng, writeFileAtomic } = await import("tsgan/node");
  const spec = experiment.figure(data);
  const files: [string, string | Uint8Array][] = [
    [`${experiment.name}.json`, `${JSON.stringify(data)}\n`],
    [`${experiment.name}.svg`, figure(spec, { width: WIDTH })],
    [
      `${experiment.name}.png`,
      await svgPng(figure(spec, { width: WIDTH, theme: "light" }), { scale: PNG_SCALE }),
    ],
  ];
  for (const [file, content] of files) writeFileAtomic(join(out, file), content);
};

interface Finished {
  readonly experiment: Experiment;
  readonly outcome: Outcome;
}

/** Runs the experiments, `jobs` at a time, the longest first; each is written as it ends. */
const runAll = async (
  experiments: readonly Experiment[],
  { jobs, out, use = [] }: { readonly jobs: number } & Pick<TheoryFlags, "out" | "use">,
): Promise<Finished[]> => {
  const minutes = ({ definition }: Experiment): number => definition.minutes ?? 0;
  const waiting = [...experiments].sort((a, b) => minutes(b) - minutes(a));
  const finished: Finished[] = [];
  const line = liveLine(process.stderr);
  const next = async (): Promise<void> => {
    for (let experiment = waiting.shift(); experiment !== undefined; experiment = waiting.shift()) {
      const { name, options } = experiment;
      const start = performance.now();
      const outcome = await runInThread({ name, options, use }, (share, doing) =>
        line.update(name, share, doing),
      );
      if ("data" in outcome) await write(experiment, outcome.data, out);
      finished.push({ experiment, outcome });
      const seconds = (performance.now() - start) / 1000;
      const done = `[${finished.length}/${experiments.length}] ${name}: ${formatDuration(seconds)}`;
      // Failures are told when all is done.
      line.done(name, "data" in outcome ? done : undefined);
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, experiments.length) }, next));
  return finished;
};

const tellStory = async (finished: readonly Finished[], out: string): Promise<string> => {
  const { experiments, story, storyItem } = await import("@tsgan/theory");
  const { writeFileAtomic } = await import("tsgan/node");
  const items = experiments.names.flatMap((name) => {
    const found = finished.find(({ experiment }) => experiment.name === name);
    return found === undefined || !("data" in found.outcome)
      ? []
      : storyItem(found.experiment, found.outcome.data);
  });
  const path = join(out, "index.html");
  writeFileAtomic(path, story(items));
  return path;
};

const run = async (name: string | undefined, flags: TheoryFlags): Promise<void> => {
  const { useFiles } = await import("../use.ts");
  await useFiles(flags.use);
  if (name === undefined) return list(flags.json ?? false);
  const { UsageError } = await import("tsgan");
  const { experiments } = await import("@tsgan/theory");
  const { out, seed, set } = flags;
  if (name === "all" && set !== undefined) {
    throw new UsageError("--set: options belong to one experiment; name it in place of all");
  }
  const chosen = name === "all" ? experiments.all : [experiments.get(name)];
  const made = await Promise.all(
    chosen.map((factory) => {
      const seeded = name !== "all" || Object.hasOwn(factory.definition.options, "seed");
      return experimentWith(factory, { ...(seeded && { seed }), set });
    }),
  );
  const finished = await runAll(made, { ...flags, jobs: flags.jobs ?? availableParallelism() });
  const failures = finished.flatMap(({ experiment, outcome }): [string, Failure][] =>
    "failure" in outcome ? [[experiment.name, outcome.failure]] : [],
  );
  for (const [failed, { message }] of failures) {
    // Most messages begin with the experiment's name.
    process.stderr.write(`error: ${message.startsWith(failed) ? "" : `${failed}: `}${message}\n`);
  }
  if (failures.length > 0) process.exitCode = Math.max(...failures.map(([, { exitCode }]) => exitCode));
  if (name === "all") {
    print(`story:     ${await tellStory(finished, out)}\n`);
    return;
  }
  const [{ experiment, outcome }] = finished;
  if ("failure" in outcome) return;
  if (flags.json) printJson(outcome.data);
  else {
    const { plainText } = await import("tsgan/figure");
    print(`${wrap(plainText(experiment.definition.explanation ?? experiment.definition.title), "")}\n\n`);
    for (const kind of ["json", "svg", "png"]) {
      print(`${`${kind}:`.padEnd(6)}${join(out, `${name}.${kind}`)}\n`);
    }
  }
};
