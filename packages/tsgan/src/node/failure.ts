/** What is said about an error, and the exit code that goes with it. */
import { RunError, UsageError } from "../errors.ts";
import { MissingPackageError } from "./packages.ts";

export interface Failure {
  readonly message: string;
  readonly exitCode: 1 | 2;
  /** The package that is missing, where that is what failed. */
  readonly package?: string;
}

/** A message without the name of the function that it begins with, which means nothing to who has called none. */
const withoutFunction = (message: string): string => message.replace(/^[a-z]+[A-Z]\w*: /, "");

/** `columns: ["x", "y"]`, as `columnsOption` writes it. */
const COLUMNS = /\bcolumns: (\[(?:"(?:[^"\\]|\\.)*"(?:, )?)+\])/g;

const listed = (whole: string, list: string): string => {
  try {
    return `--columns ${(JSON.parse(list) as string[]).join(",")}`;
  } catch {
    return whole;
  }
};

/** Options of tables, which a program writes as the library says them, as flags of the command. */
const inFlags = (message: string): string =>
  message
    .replace(COLUMNS, listed)
    .replaceAll('as: "rows"', "--table")
    .replaceAll('as: "points"', "--points")
    .replace(/\bschema: ("(?:[^"\\]|\\.)*")/g, "--schema");

/**
 * What the command says of something that was thrown, options of tables as its flags, and the exit code: 2 for wrong use, 1 for anything else.
 *
 * @param error what was caught
 */
export const describeFailure = (error: unknown): Failure => {
  if (error instanceof UsageError) return { message: inFlags(withoutFunction(error.message)), exitCode: 2 };
  if (error instanceof RunError) {
    const missing = error instanceof MissingPackageError ? { package: error.package } : {};
    return { message: inFlags(withoutFunction(error.message)), exitCode: 1, ...missing };
  }
  // A fault of ours: one line as for any other, and the stack for those who look into it.
  const stack = error instanceof Error && process.env.TSGAN_DEBUG ? `\n${error.stack}` : "";
  const text = error instanceof Error ? error.message : String(error);
  return { message: `${text} (a fault of tsgan; TSGAN_DEBUG=1 shows where)${stack}`, exitCode: 1 };
};
