/** How scripts of the makers end: with one line for what they were asked wrongly, and for what fails. */
import { UsageError } from "tsgan";
import { describeFailure } from "tsgan/node";

/** Wrong use of a command: what its options refuse, and what `parseArgs` does. */
export const isWrongUse = (error: unknown): error is Error =>
  error instanceof UsageError ||
  (error instanceof Error && String((error as { code?: unknown }).code).startsWith("ERR_PARSE_ARGS"));

/**
 * Runs a script to its end. The exit code is 2 for wrong use and 1 for what fails.
 *
 * @param hint where one reads how it is used: `; see --help`
 */
export const runScript = async (main: () => Promise<void>, hint = ""): Promise<void> => {
  try {
    await main();
  } catch (error) {
    const { message, exitCode } = isWrongUse(error)
      ? { message: `${error.message}${hint}`, exitCode: 2 }
      : describeFailure(error);
    process.stderr.write(`error: ${message}\n`);
    process.exitCode = exitCode;
  }
};
