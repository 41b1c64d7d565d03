/** tsgan study */
import { Command, InvalidArgumentError, Option } from "commander";
import { fileOf, integer, jsonOption, useOption } from "../options.ts";
import type { InitFlags } from "../study/init.ts";
import type { RunFlags } from "../study/run.ts";
import { print, quoted } from "../text.ts";
import { studyReportCommand } from "./study-report.ts";
import { workerCommand } from "./study-worker.ts";

const list = (text: string): string[] => {
  const names = text.split(",").map((name) => name.trim());
  if (names.includes("")) throw new InvalidArgumentError("It must be names with commas between them.");
  return names;
};

const initCommand = (): Command =>
  new Command("init")
    .description("Write a study file to begin with.")
    .argument("<NAME>", "paper: the models, data sets and ranges of Lucic et al. 2018")
    .addOption(
      new Option("--budget <size>", "seconds, a quarter of a minute, or the paper's hours for each trial")
        .choices(["tiny", "small", "paper"])
        .default("small"),
    )
    .addOption(
      new Option("--ranges <which>", "ranges of the hyper-parameters")
        .choices(["wide", "narrow"])
        .default("wide"),
    )
    .option("--data <names>", "some of its data sets: mnist,fashion-mnist,polygons", list)
    .option("--out <file>", "the file (default: paper-BUDGET.yaml)", fileOf(".yaml", ".yml"))
    .action(async (name: string, flags: InitFlags) => {
      const { UsageError } = await import("tsgan");
      if (name !== "paper") throw new UsageError(`study init: expected paper; got ${name}`);
      const { writePaperStudy } = await import("../study/init.ts");
      const file = writePaperStudy(flags);
      print(`${file}\nto run it: tsgan study run ${quoted(file)} --out DIR\n`);
    });

const runCommand = (): Command =>
  new Command("run")
    .description("Train the trials of a study, as many at a time as the machine has cores.")
    .argument("[FILE]", "study file: .yaml, .ts or .js; with --resume, the folder's own study without")
    .requiredOption("--out <folder>", "folder of the study")
    .addOption(useOption())
    .option("--resume", "go on with the study in --out; trials that have ended are left alone")
    .option("--workers <n>", "trials at a time (default: cores / threads)", integer(1))
    .option("--threads <n>", "threads of each trial (default: 1)", integer(1))
    .option("--attempts <n>", "workers that a trial may lose without getting any further", integer(1), 3)
    .option(
      "--redis <address>",
      "let tsgan study worker train, from a queue in this Redis: redis://HOST:6379",
    )
    .addOption(jsonOption("print one JSON object a line for each event"))
    .addHelpText(
      "after",
      `
Ctrl-C saves and stops; a second one stops at once. Whatever stops it, --resume goes on.
What a file of --use registers may be named in the study. study.json holds its hash: --resume and report want it again.

Examples:
  tsgan study init paper --budget small
  tsgan study run paper-small.yaml --out studies/paper
  tsgan study run --resume --out studies/paper
  tsgan study run losses.yaml --use my-losses.ts --out studies/losses`,
    )
    .action(async (file: string | undefined, flags: RunFlags) => {
      const { run } = await import("../study/run.ts");
      await run(file, flags);
    });

export const studyCommand = (): Command => {
  const study = new Command("study").description(
    "Compare GANs: many models, hyper-parameters, seeds and data sets.",
  );
  for (const command of [initCommand(), runCommand(), studyReportCommand(), workerCommand()])
    study.addCommand(command);
  return study;
};
