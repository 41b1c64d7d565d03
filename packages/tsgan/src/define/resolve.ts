/** Options as people give them, checked against the table of a thing and filled up with its defaults. */
import { checkKeys, shownValue } from "../options.ts";
import type { Option, OptionsOf, OptionTable, ResolvedOptions } from "./option.ts";

/**
 * All options of a table with their values: those given, checked, and the defaults of the others.
 *
 * @param where what the thing is called in errors
 * @throws UsageError for an option that does not exist (with the nearest name), or a value that it does not take
 */
export const resolveOptions = <Table extends OptionTable>(
  where: string,
  table: Table,
  given: OptionsOf<Table> = {},
): ResolvedOptions<Table> => {
  checkKeys(where, given, Object.keys(table));
  const entries = Object.entries<Option<unknown>>(table).map(([name, option]) => {
    const value = (given as Readonly<Record<string, unknown>>)[name];
    return [name, value === undefined ? option.default : option.check(where, name, value)];
  });
  return Object.fromEntries(entries) as ResolvedOptions<Table>;
};

/** The number that a text says; the text itself where it says none, for the error. */
const readNumber = (text: string): number | string =>
  text.trim() === "" || Number.isNaN(Number(text)) ? text : Number(text);

/** The numbers of a list with commas or hyphens between; a hyphen after a digit is none of a number's own. */
const readNumbers = (text: string): readonly (number | string)[] =>
  text.trim() === ""
    ? []
    : text
        .replace(/([\d.])-/g, "$1,")
        .split(",")
        .map(readNumber);

/**
 * The value of an option from text, as an address, a form or `--set` writes it.
 *
 * @param where what the error begins with: the thing that has the option
 * @param name that of the option
 * @throws UsageError
 */
export const parseOption = <T>(where: string, name: string, option: Option<T>, text: string): T => {
  switch (option.type) {
    case "number":
    case "integer":
      return option.check(where, name, readNumber(text));
    case "flag":
      return option.check(where, name, text === "true" ? true : text === "false" ? false : text);
    case "numbers":
      return option.check(where, name, readNumbers(text));
    case "choice":
    case "text":
      return option.check(where, name, text);
    default: {
      let read: unknown = text;
      try {
        read = JSON.parse(text);
      } catch {
        // A name without quotes.
      }
      return option.check(where, name, read);
    }
  }
};

/**
 * The text that `parseOption` reads back.
 *
 * @param option the option, whose type says how it is written
 * @param value a value that it takes
 */
export const formatOption = (option: Option<unknown>, value: unknown): string => {
  if (option.type === "numbers") return (value as readonly number[]).join("-");
  return shownValue(value);
};

/**
 * `a number of at least 0`: what an option takes, for help and documentation. It says the type, its `bounds` or its
 * `choices`.
 */
export const describeOption = ({ type, bounds, choices }: Option<unknown>): string => {
  if (choices !== undefined) return choices.map((each) => JSON.stringify(each)).join(" or ");
  const noun = {
    number: "a number",
    integer: "a whole number",
    flag: "true or false",
    text: "a text",
    numbers: "a list of numbers",
    schedule: "a number or a schedule",
    choice: "a word",
    value: "a value",
  }[type];
  const { least, most, above, below } = bounds ?? {};
  const limits = [
    least !== undefined && `at least ${least}`,
    above !== undefined && `above ${above}`,
    most !== undefined && `at most ${most}`,
    below !== undefined && `below ${below}`,
  ].filter((part) => part !== false);
  return limits.length === 0 ? noun : `${noun} ${limits.join(", ")}`;
};
