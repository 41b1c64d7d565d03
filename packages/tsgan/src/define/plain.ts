/** Options as JSON holds them: what a page is told of things whose code is elsewhere. */
import {
  auto,
  choice,
  flag,
  integer,
  number,
  numbers,
  type Option,
  type OptionTable,
  text,
  value,
} from "./option.ts";

/** An option without its check. A default that is left out depends on the data or on other options. */
export type PlainOption = Omit<Option<unknown>, "check" | "default"> & { readonly default?: unknown };
export type PlainOptions = Readonly<Record<string, PlainOption>>;

/**
 * The options of a thing as plain data.
 *
 * @param table the schema of a definition
 */
export const plainOptions = (table: OptionTable): PlainOptions =>
  Object.fromEntries(Object.entries(table).map(([name, { check: _, ...plain }]) => [name, plain]));

/** An option of the type, with the check that all of the type have. */
const typed = ({ type, means, bounds = {}, choices = [] }: PlainOption): Option<unknown> => {
  switch (type) {
    case "number":
      return number({ means, default: 0, ...bounds });
    case "integer":
      return integer({ means, default: 0, ...bounds });
    case "choice":
      return choice(choices, { means, default: choices[0] ?? "" });
    case "flag":
      return flag({ means, default: false });
    case "text":
      return text({ means, default: "" });
    case "numbers":
      return numbers({ means, default: [], ...bounds });
    default:
      return value({ means, default: undefined, check: (_where, _name, given) => given });
  }
};

/**
 * The options that `plainOptions` wrote down. They check types, bounds and choices; what an option checks by itself, such as the
 * length of a list, is for where its code is.
 *
 * @param plain what `plainOptions` gave, after JSON
 */
export const optionsFrom = (plain: PlainOptions): OptionTable =>
  Object.fromEntries(
    Object.entries(plain).map(([name, option]) => {
      const { check } = typed(option);
      const { otherwise = "by itself", default: usual } = option;
      const made: Option<unknown> = { ...option, default: usual, check };
      return [name, usual === undefined ? auto(made, otherwise) : made];
    }),
  );
