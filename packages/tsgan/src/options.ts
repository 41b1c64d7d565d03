/** Checks of options, with errors in the project's grammar. */
import { UsageError } from "./errors.ts";

/** Throws unless `value` is a finite number, of at least `least` and at most `most` where they are given. */
export const checkNumber = (
  where: string,
  name: string,
  value: unknown,
  { least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY } = {},
): void => {
  if (typeof value === "number" && Number.isFinite(value) && value >= least && value <= most) return;
  const low = least === Number.NEGATIVE_INFINITY ? "" : ` of at least ${least}`;
  const high = most === Number.POSITIVE_INFINITY ? "" : `${low === "" ? " of" : " and"} at most ${most}`;
  throw new UsageError(`${where}: ${name} must be a finite number${low}${high}; got ${value}`);
};

/** Throws unless `value` is an integer of at least `least`. */
export const checkInteger = (where: string, name: string, value: unknown, least: number): void => {
  if (Number.isInteger(value) && (value as number) >= least) return;
  throw new UsageError(`${where}: ${name} must be an integer of at least ${least}; got ${value}`);
};

/** Throws unless `value` is one of `choices`. */
export const checkChoice = (
  where: string,
  name: string,
  value: unknown,
  choices: readonly string[],
): void => {
  if (choices.includes(value as string)) return;
  throw new UsageError(`${where}: ${name} must be one of ${choices.join(", ")}; got ${value}`);
};
