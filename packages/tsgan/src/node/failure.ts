/** What is said about an error, and the exit code that goes with it. */
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
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

/** The folder of all packages of tsgan, in a checkout and where they are installed. */
const PACKAGES = fileURLToPath(new URL("../../../", import.meta.url));

/** The first place in a stack that is in a file of the user's own, loaded with --use: in none of a package. */
const ownPlace = (stack: string): string | undefined => {
  for (const [, url, line] of stack.matchAll(
    /(?:at |\()((?:file:\/\/)?(?:\/|[A-Za-z]:\\)[^()\n]*):(\d+):\d+\)?$/gm,
  )) {
    const path = url.startsWith("file:") ? fileURLToPath(url) : url;
    if (!path.startsWith(PACKAGES) && !/[\\/]node_modules[\\/]/.test(path)) {
      return `${relative(process.cwd(), path)}, line ${line}`;
    }
  }
  return undefined;
};

/** Whether Node.js says that the folder in which the process works was removed. */
const hasNoFolder = (error: unknown): boolean =>
  error instanceof Error && "syscall" in error && error.syscall === "uv_cwd";

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
  if (hasNoFolder(error)) {
    return { message: "the folder that the command runs in was removed; change to another one", exitCode: 1 };
  }
  // A fault: one line as for any other, and the stack for those who look into it.
  const { stack = "", message: text } = error instanceof Error ? error : { message: String(error) };
  const place = ownPlace(stack);
  const where = place === undefined ? "" : `${place}: `;
  const whose = place === undefined ? "a fault of tsgan" : "in code of your own";
  const shown = process.env.TSGAN_DEBUG ? `\n${stack}` : "";
  return { message: `${where}${text} (${whose}; TSGAN_DEBUG=1 shows where)${shown}`, exitCode: 1 };
};
