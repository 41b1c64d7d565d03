/** tsgan train */
import { Worker } from "node:worker_threads";
import { Command, InvalidArgumentError } from "commander";
import type { RunResult } from "tsgan/node";
import type { HelpLists } from "../help-lists.ts";
import {
  deviceOption,
  effortOption,
  fitOption,
  imageSize,
  integer,
  jsonOption,
  names,
  positive,
  threadsOption,
  useOption,
} from "../options.ts";
import type { Reporter } from "../progress.ts";
import { onSignals } from "../signals.ts";
import { plain, print, printJson, printStyled, quoted, useFlags, wrap } from "../text.ts";
import type { WorkerMessage, WorkerRequest } from "../train-worker.ts";
import type { TrainFlags } from "./train-flags.ts";

/** Names in lines of help. */
const listed = (title: string, names: readonly string[]): string =>
  `${`${title}:`.padEnd(LABEL)}${wrap(names.join(", "), " ".repeat(LABEL)).trimStart()}`;
const LABEL = 13;

const namesText = (lists: HelpLists): string =>
  [
    listed("Data", lists.data),
    listed("Models", lists.models),
    listed("Losses", lists.losses),
    listed("Penalties", lists.penalties),
    listed("Techniques", lists.techniques),
    listed("Terms", lists.terms),
    listed("Optimisers", lists.optimizers),
    listed("Links", lists.links),
    listed("Metrics", lists.metrics),
  ].join("\n");

/** @param lists what there is of each kind, for the help */
export const trainCommand = (lists?: HelpLists): Command =>
  new Command("train")
    .description("Train a GAN and leave samples, a report and the generator in a folder.")
    .argument(
      "[DATA]",
      "name of a data set (listed below), a folder or .zip of images, an .npy or .npz array of images, a .csv file of rows or points",
    )
    .option("--recipe <name>", "settings of a paper's authors (docs/recipes.md; --recipe help lists them)")
    .addOption(effortOption())
    .option("--loss <name>", "loss, or loss with all that its authors train with (see tsgan losses)")
    .option("--model <name>", "networks (listed below; docs/models.md)")
    .option("--steps <n>", "training steps", integer(1))
    .option("--batch <n>", "examples a step", integer(1))
    .option("--seed <n>", "seed of all random numbers", integer(0))
    .option("--critic-steps <n>", "discriminator steps for each generator step", integer(1))
    .option("--learning-rate <x>", "learning rate of both players", positive)
    .option("--image-size <size>", "what images are made to be: a side, or 64x96 (width x height)", imageSize)
    .addOption(fitOption())
    .option(
      "--labels <from>",
      "classes of images: folders, a table of file names and labels, clusters of pictures that look alike, or none",
    )
    .option("--columns <a,b>", "columns of a table to take, by name or number", names)
    .option("--table", "take the rows of a .csv file as rows of mixed columns (default: where it has such)")
    .option("--points", "take them as points, whose columns are all numbers")
    .option("--schema <file>", "what the columns of a table are (tsgan table inspect writes it)")
    .option(
      "--private <epsilon=3>",
      "train on rows with differential privacy: epsilon=3, or epsilon=1,delta=1e-6,clip=0.5 (docs/tables.md)",
      privacyTerms,
    )
    .option("--sample-every <n>", "steps between samples", integer(1))
    .option("--checkpoint-every <n>", "steps between checkpoints", integer(1))
    .option("--evaluate-every <n>", "steps between evaluations; keeps the best checkpoint", integer(1))
    .option("--set <key=value>", "any key of the configuration, such as model.base=32; repeatable", setting)
    .option("--config <file>", "configuration as JSON; flags win over it")
    .addOption(useOption())
    .option("--print-config", "print the whole configuration and exit")
    .option("--out <folder>", "folder of the run (default: runs/DATA-LOSS-N)")
    .option("--resume", "continue the run in --out from its last checkpoint; --steps may be raised")
    .option("--tensorboard", "also write figures and samples for TensorBoard: tensorboard --logdir runs")
    .option("--install", "install the package of DATA, where it is not, without asking")
    .addOption(deviceOption())
    .addOption(threadsOption())
    .addOption(jsonOption("print one JSON object a line for each event"))
    .option("--quiet", "print warnings and results only")
    .addHelpText(
      "after",
      `${lists === undefined ? "" : `\n${namesText(lists)}\n`}
Ctrl-C finishes the step, saves and stops; a second one stops at once.

Examples:
  tsgan train mnist
  tsgan train ring --loss wgan-gp --steps 3000 --out runs/ring
  tsgan train customers.csv --out runs/customers
  tsgan train customers.csv --private epsilon=3
  tsgan train photos/ --image-size 64
  tsgan train photos/ --image-size 64 --effort best
  tsgan train pets.zip --model cgan --image-size 64x96 --fit contain
  tsgan train mnist --recipe wgan-gp --steps 5000 --set model.base=32
  tsgan train pokemon-outlines --recipe pix2pix --steps 2000
  tsgan train --resume --out runs/ring --steps 6000`,
    )
    .action(run);

/** Reads `epsilon=3,delta=1e-6`. */
const privacyTerms = (text: string): NonNullable<TrainFlags["private"]> => {
  const pairs = text.split(",").map((part) => /^(epsilon|delta|clip)=(\d[\d.e+-]*)$/i.exec(part.trim()));
  if (pairs.some((pair) => pair === null || Number.isNaN(Number(pair[2])))) {
    throw new InvalidArgumentError("It must be epsilon=3, or epsilon=3,delta=1e-6,clip=1.");
  }
  return Object.fromEntries(pairs.map((pair) => [pair![1].toLowerCase(), Number(pair![2])]));
};

/** Reads `key.of.part=value`, the value as JSON, or else as plain text, and adds it to those before. */
const setting = (text: string, before: TrainFlags["set"] = []): NonNullable<TrainFlags["set"]> => {
  const [, path, written] = /^([\w.-]+)=(.*)$/s.exec(text) ?? [];
  if (path === undefined) throw new InvalidArgumentError("It must be key=value.");
  let value: unknown = written;
  try {
    value = JSON.parse(written);
  } catch {
    // A name without quotes.
  }
  return [...before, [path, value]];
};

interface Outcome {
  readonly message: Extract<WorkerMessage, { result: unknown } | { failure: unknown }>;
  /** Where a signal stopped the run, the code that says so. */
  readonly exitCode: number | undefined;
}

/** Trains in a thread. The first signal asks it to save and stop, the second ends the process. */
const trainInThread = (request: WorkerRequest, reporter: Reporter): Promise<Outcome> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL("../train-worker.js", import.meta.url), { workerData: request });
    const signals = onSignals(
      () => {
        reporter.note("saving after this step; press Ctrl-C again to stop at once");
        worker.postMessage("stop");
      },
      () => reporter.end(),
    );
    worker.on("message", (message: WorkerMessage) => {
      if ("event" in message) reporter.event(message.event);
      else resolve({ message, exitCode: signals.exitCode() });
    });
    worker.on("error", reject);
    worker.on("exit", () => {
      signals.off();
      reject(new Error("the training thread ended without a result"));
    });
  });

const printResult = (result: RunResult, out: string, { json = false, use }: TrainFlags): void => {
  if (json) {
    printJson({ type: result.stopped ? "stopped" : "done", ...result });
    return;
  }
  if (result.stopped) {
    print(
      `stopped after step ${result.step}; to continue: tsgan train --resume --out ${quoted(out)}${useFlags(use)}\n`,
    );
  }
  if (result.testAccuracy !== undefined) {
    print(`test accuracy of the classifier: ${(100 * result.testAccuracy).toFixed(2)} %\n`);
  }
  if (result.privacy !== undefined) print(`${result.privacy.ends}\n`);
  const lines = [
    ["samples", result.sample],
    ["report", result.report],
    ["generator", result.generator],
  ];
  for (const [name, path] of lines) {
    if (path !== undefined) print(`${`${name}:`.padEnd(11)}${path}\n`);
  }
};

const listRecipes = async (): Promise<void> => {
  const { recipes } = await import("tsgan/config");
  const { default: pc } = await import("picocolors");
  const widest = Math.max(...Object.keys(recipes).map(({ length }) => length));
  for (const [name, { title, data }] of Object.entries(recipes)) {
    printStyled(`${pc.bold(name.padEnd(widest))}  ${title} (${data})\n`);
  }
};

const printConfig = async (data: string | undefined, flags: TrainFlags): Promise<void> => {
  const { useFiles } = await import("../use.ts");
  await useFiles(flags.use);
  const { configOf, effortInput } = await import("./train-config.ts");
  const { completeForData } = await import("tsgan/node");
  printJson(await completeForData(configOf(data, flags, await effortInput(data, flags))), 2);
};

/** Nothing of the library is loaded here: the thread that trains needs it, and twice takes twice the time. */
const run = async (data: string | undefined, flags: TrainFlags): Promise<void> => {
  if (flags.recipe === "help") return listRecipes();
  if (flags.printConfig) return printConfig(data, flags);
  const { jsonReporter, quietReporter, textReporter } = await import("../progress.ts");
  const reporter = flags.json
    ? jsonReporter(process.stdout)
    : flags.quiet
      ? quietReporter(process.stderr)
      : textReporter(process.stderr);
  const { message, exitCode } = await trainInThread({ data, flags }, reporter);
  reporter.end();
  if ("failure" in message) {
    const { installMissing } = await import("../install.ts");
    if (await installMissing(message.failure, flags.install)) return run(data, flags);
    const hint = message.failure.package === undefined ? "" : "; or add --install";
    process.stderr.write(`error: ${plain(message.failure.message)}${hint}\n`);
    process.exitCode = message.failure.exitCode;
    return;
  }
  printResult(message.result, message.out, flags);
  if (message.result.stopped) process.exitCode = exitCode;
};
