/** Wrong use of a command: what its options refuse, and what `parseArgs` does. */
import { UsageError } from "tsgan";

export const isWrongUse = (error: unknown): error is Error =>
  error instanceof UsageError ||
  (error instanceof Error && String((error as { code?: unknown }).code).startsWith("ERR_PARSE_ARGS"));
