/** tsgan study */
import { Command } from "commander";
import { integer, jsonOption, threadsOption } from "../options.ts";
import { workerCommand } from "./study-worker.ts";

interface RunFlags {
  readonly out: string;
  readonly resume?: boolean;
  readonly workers?: number;
  readonly threads?: number;
  readonly attempts: number;
  readonly json?: boolean;
  readonly redis?: string;
}

const runCommand = (): Command =>
  new Command("run")
    .description("Run the trials of a study, as many at a time as the machine has cores.")
    .argument("[FILE]", "study file: .yaml, .ts or .js; on --resume, the folder's own without")
    .requiredOption("--out <folder>", "folder of the study")
    .option("--resume", "go on with the study in --out; trials that have ended are left alone")
    .option("--workers <n>", "trials at a time (default: cores / threads)", integer(1))
    .addOption(threadsOption().argParser(integer(1)))
    .option("--attempts <n>", "workers that a trial may lose without getting any further", integer(1), 3)
    .option("--redis <address>", "let tsgan study worker train the trials, from a queue in this Redis")
    .addOption(jsonOption("print one JSON object a line for each event"))
    .action(async (file: string | undefined, flags: RunFlags) => {
      const { runLocally } = await import("../study/run.ts");
      await runLocally(file, flags);
    });

export const studyCommand = (): Command => {
  const study = new Command("study").description(
    "Compare GANs: many models, hyper-parameters, seeds and data sets.",
  );
  for (const command of [runCommand(), workerCommand()]) study.addCommand(command);
  return study;
};
