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

/**
 * What to say of something that was thrown, and the exit code: 2 for wrong use, 1 for anything else.
 *
 * @param error what was caught
 */
export const describeFailure = (error: unknown): Failure => {
  if (error instanceof UsageError) return { message: withoutFunction(error.message), exitCode: 2 };
  if (error instanceof RunError) {
    const missing = error instanceof MissingPackageError ? { package: error.package } : {};
    return { message: withoutFunction(error.message), exitCode: 1, ...missing };
  }
  // A fault of ours: one line as for any other, and the stack for those who look into it.
  const stack = error instanceof Error && process.env.TSGAN_DEBUG ? `\n${error.stack}` : "";
  const text = error instanceof Error ? error.message : String(error);
  return { message: `${text} (a fault of tsgan; TSGAN_DEBUG=1 shows where)${stack}`, exitCode: 1 };
};
