/** An option of a definition as a field of a form: which control shows it, and how its value is written and read. */
import { describeOption, formatOption, type Option, type OptionTable, parseOption } from "tsgan/define";

export interface OptionField {
  readonly name: string;
  /** What it is, with the paper's symbol: "λ: weight of the penalty". */
  readonly meaning: string;
  /** What may be written: "a number at least 0". */
  readonly takes: string;
  /** A box to check, one of `choices`, or a text that `parse` reads. */
  readonly control: "check" | "select" | "text";
  readonly inputMode: "decimal" | "numeric" | "text";
  /** What can be chosen: texts that `parse` reads, with what people read. */
  readonly choices: Readonly<Record<string, string>>;
  /** The value where nothing is said; undefined where the thing works it out. */
  readonly initial: unknown;
  /** @throws UsageError `where: name must be …; got …` */
  parse(text: string): unknown;
  /** The text that `parse` reads back; empty for what the thing works out. */
  format(value: unknown): string;
}

const inputModes: Partial<Record<Option<unknown>["type"], OptionField["inputMode"]>> = {
  number: "decimal",
  integer: "numeric",
};

/** @param where what the thing is called in errors */
const fieldOf = (where: string, name: string, option: Option<unknown>): OptionField => {
  const { type, means, symbol, bounds, otherwise = "by itself" } = option;
  const isOpen = option.default === undefined;
  const words = option.choices ?? (type === "flag" && isOpen ? ["true", "false"] : undefined);
  const hasSign = bounds?.least === undefined || bounds.least < 0;
  return {
    name,
    meaning: `${symbol === undefined ? "" : `${symbol}: `}${means}${isOpen ? ` (empty: ${otherwise})` : ""}`,
    takes: describeOption(option),
    control: words !== undefined ? "select" : type === "flag" ? "check" : "text",
    // Keyboards for whole numbers have no minus sign.
    inputMode: type === "integer" && hasSign ? "text" : (inputModes[type] ?? "text"),
    choices: Object.fromEntries([
      ...(isOpen ? [["", otherwise]] : []),
      ...(words ?? []).map((word) => [word, word]),
    ]),
    initial: option.default,
    parse: (text) => (isOpen && text.trim() === "" ? undefined : parseOption(where, name, option, text)),
    format: (value) => (value === undefined ? "" : formatOption(option, value)),
  };
};

/** A field for each option of a thing, in the order of its table. */
export const fieldsOf = ({
  name,
  options,
}: {
  readonly name: string;
  readonly options: OptionTable;
}): readonly OptionField[] =>
  Object.entries(options).map(([option, schema]) => fieldOf(name, option, schema));
