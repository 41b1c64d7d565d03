/** The command `tsgan`. Exit code 0 on success, 1 when a run failed, 2 for wrong usage. */
import { CommanderError } from "commander";
import type { HelpLists } from "./help-lists.ts";
import { usedOnCommandLine } from "./options.ts";
import { createProgram } from "./program.ts";
import { plain } from "./text.ts";

// A reader that has seen enough, such as `head`, ends the command: as SIGTERM does where that is listened to, so that a run
// that is under way is saved; and without a word otherwise. A disk that is full, or whatever else takes no more, does so with one.
let isHeard = true;
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", ({ code, message }: NodeJS.ErrnoException) => {
    if (!isHeard) return;
    isHeard = false;
    if (code !== "EPIPE" && stream === process.stdout) {
      const reason =
        code === "ENOSPC" ? "the disk is full; free some space and try again (ENOSPC)" : plain(message);
      process.stderr.write(`error: cannot write to standard output: ${reason}\n`);
    }
    if (process.listenerCount("SIGTERM") === 0) process.exit(code === "EPIPE" ? 0 : 1);
    process.kill(process.pid, "SIGTERM");
  });
}

/** Help lists what there is, what --use registers included. */
const listsForHelp = async (args: readonly string[]): Promise<HelpLists | undefined> => {
  if (!args.some((arg) => arg === "--help" || arg === "-h" || arg === "help")) return undefined;
  const { useFiles } = await import("./use.ts");
  await useFiles(usedOnCommandLine(args));
  const { helpLists } = await import("./help-lists.ts");
  return helpLists(args.find((arg) => !arg.startsWith("-") && arg !== "help"));
};

const run = async (): Promise<void> => {
  await createProgram(await listsForHelp(process.argv.slice(2))).parseAsync();
};

const fail = async (error: unknown): Promise<void> => {
  if (error instanceof CommanderError) {
    // Commander has written its message, or the help that was asked for.
    process.exitCode = error.exitCode === 0 ? 0 : 2;
    return;
  }
  const { describeFailure } = await import("tsgan/node");
  const failure = describeFailure(error);
  if (failure.package !== undefined) {
    const { installMissing } = await import("./install.ts");
    try {
      if (await installMissing(failure)) return run();
    } catch (other) {
      return fail(other);
    }
  }
  process.stderr.write(`error: ${plain(failure.message)}\n`);
  process.exitCode = failure.exitCode;
};

await run().catch(fail);
