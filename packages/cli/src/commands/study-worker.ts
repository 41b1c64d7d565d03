/** tsgan study worker */
import { availableParallelism } from "node:os";
import { Command } from "commander";
import { integer, positive, useOption } from "../options.ts";

interface WorkerFlags {
  readonly use?: readonly string[];
  readonly redis: string;
  readonly workers?: number;
  readonly threads?: number;
  readonly attempts: number;
  readonly out?: string;
  readonly patience: number;
  readonly limit: number;
}

const DETAILS = `
Takes trials from the queue until it is stopped. Ctrl-C and SIGTERM let the trials under way save and give them back.
A worker that is killed is not heard of any more: its trials go to other workers after --patience, and go on from their
last checkpoint, which is read from --out where that is the study's folder, and from Redis elsewhere.
A study that was begun with files of --use is trained by workers that are given the same files, and by no others.`;

export const workerCommand = (): Command =>
  new Command("worker")
    .description("Train trials of the studies in a Redis, on this machine.")
    .requiredOption("--redis <address>", "redis://[[USER]:PASSWORD@]HOST[:PORT], as for tsgan study run")
    .addOption(useOption())
    .option("--workers <n>", "trials at a time (default: cores / threads)", integer(1))
    .option("--threads <n>", "threads of each trial (default: 1)", integer(1))
    .option(
      "--attempts <n>",
      "processes that a trial may lose here without getting any further",
      integer(1),
      3,
    )
    .option("--out <folder>", "the study's folder, if this machine shares its disk")
    .option(
      "--patience <seconds>",
      "time after which a worker that is not heard of is given up",
      positive,
      30,
    )
    .option("--limit <MiB>", "largest run that Redis keeps with its checkpoint", positive, 32)
    .addHelpText("after", DETAILS)
    .action(async (flags: WorkerFlags) => {
      const { threads = 1 } = flags;
      const { serve } = await import("../study/serve.ts");
      await serve({
        ...flags,
        threads,
        workers: flags.workers ?? Math.max(1, Math.floor(availableParallelism() / threads)),
      });
    });
