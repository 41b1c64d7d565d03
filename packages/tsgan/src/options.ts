/** Checks of single values, with errors in the project's grammar. */
import { UsageError, unknownName } from "./errors.ts";

/** Refuses the first key that is not known, with the nearest name. @throws UsageError */
export const checkKeys = (where: string, given: object, known: readonly string[]): void => {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    const [first, second] = known;
    const example = [first, second].filter((name) => name !== undefined).join(", ");
    throw new UsageError(
      `${where}: options must be an object, such as {${example}}; got ${JSON.stringify(given)}`,
    );
  }
  for (const key of Object.keys(given)) {
    if (known.includes(key)) continue;
    if (known.length === 0) throw new UsageError(`${where}: it takes no options; got "${key}"`);
    throw unknownName(`option of ${where}`, key, known);
  }
};

/** Whether a value of unknown shape is an object with keys: no list, and not null. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What a value is, for errors: `a list`, `a promise, of an async function`. */
export const describeValue = (value: unknown): string => {
  if (value === null || value === undefined) return "nothing";
  if (value instanceof Promise) return "a promise, as async functions give";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return `an object {${Object.keys(value).join(", ")}}`;
  if (typeof value === "function") return "a function";
  return typeof value === "string" ? JSON.stringify(value) : String(value);
};

/** What a number may be. */
export interface Bounds {
  readonly least?: number | undefined;
  readonly most?: number | undefined;
  /** The value must be larger than this. */
  readonly above?: number | undefined;
  readonly below?: number | undefined;
  readonly integer?: boolean | undefined;
}

const boundsText = ({ least, most, above, below }: Bounds): string => {
  const parts = [
    least !== undefined && `of at least ${least}`,
    above !== undefined && `above ${above}`,
    // Of integers, that is no limit that anybody has set.
    most !== undefined &&
      most !== Number.MAX_SAFE_INTEGER &&
      (least === undefined ? `of at most ${most}` : `at most ${most}`),
    below !== undefined && `below ${below}`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? "" : ` ${parts.join(" and ")}`;
};

/** A value as an error shows it. What comes from a file may have a `toString` that is no function. */
export const shownValue = (value: unknown): string =>
  typeof value === "object" ? JSON.stringify(value) : String(value);

/** Throws unless `value` is a finite number within the bounds. */
export const checkNumber = (where: string, name: string, value: unknown, bounds: Bounds = {}): void => {
  const { least, most, above, below, integer = false } = bounds;
  const fits =
    typeof value === "number" &&
    Number.isFinite(value) &&
    (!integer || Number.isInteger(value)) &&
    (least === undefined || value >= least) &&
    (most === undefined || value <= most) &&
    (above === undefined || value > above) &&
    (below === undefined || value < below);
  if (fits) return;
  const kind = integer ? "an integer" : "a finite number";
  // "4" of a file is no number, and must not look like one.
  const got = typeof value === "string" ? JSON.stringify(value) : shownValue(value);
  throw new UsageError(`${where}: ${name} must be ${kind}${boundsText(bounds)}; got ${got}`);
};

/** GiB of one array, at most: as much as a checkpoint may have. */
const MOST_ROOM = 2;

/**
 * Refuses what would ask for more memory than one array may have, before it is asked for.
 *
 * @param count numbers that it holds, of so many bytes each
 * @throws UsageError `where: what must take at most 2 GiB; got …; remedy`
 */
export const checkRoom = (
  where: string,
  what: string,
  count: number,
  remedy: string,
  bytesEach: 1 | 4 = 4,
): void => {
  const room = (count * bytesEach) / 2 ** 30;
  if (room <= MOST_ROOM) return;
  throw new UsageError(
    `${where}: ${what} must take at most ${MOST_ROOM} GiB; got ${Number(room.toPrecision(3))} GiB; ${remedy}`,
  );
};

/**
 * Checks that `value` is an integer of at least `least`.
 *
 * @param where what the error begins with
 * @param name that of the option
 * @throws UsageError where it is not
 */
export const checkInteger = (where: string, name: string, value: unknown, least: number): void =>
  checkNumber(where, name, value, { least, integer: true });

/** Throws unless `value` is one of `choices`. */
export const checkChoice = (
  where: string,
  name: string,
  value: unknown,
  choices: readonly string[],
): void => {
  if (choices.includes(value as string)) return;
  throw new UsageError(`${where}: ${name} must be one of ${choices.join(", ")}; got ${shownValue(value)}`);
};
