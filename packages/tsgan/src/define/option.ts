/**
 * One option of a thing: its type, default, bounds and meaning, written once. The type that TypeScript sees, the check at
 * run time, the help, the forms of the page, addresses and search ranges are all read from it.
 */
import { UsageError } from "../errors.ts";
import { type Bounds, checkChoice, checkNumber } from "../options.ts";

/** Where a study looks for good values when it is not told: bounds, and whether powers of ten are equally likely. */
export interface SearchRange {
  readonly low: number;
  readonly high: number;
  readonly log?: boolean;
}

export interface Option<T> {
  /** What kind of control shows it, and how it is read from text. */
  readonly type: "number" | "integer" | "choice" | "flag" | "text" | "numbers" | "schedule" | "value";
  /** The value where nothing is said. Undefined where it depends on the data or on other options. */
  readonly default: T;
  /** One phrase for people, without a full stop: "weight of the penalty". */
  readonly means: string;
  /** The paper's symbol: "λ". */
  readonly symbol?: string;
  /** What stands for an undefined default: "6, or 9 from 256 px on". */
  readonly otherwise?: string;
  readonly bounds?: Bounds;
  readonly choices?: readonly string[];
  readonly search?: SearchRange;
  /** `value` as the thing takes it. @throws UsageError `where: name must be …; got …` */
  check(where: string, name: string, value: unknown): T;
}

/** The options of a thing by name. */
export type OptionTable = Readonly<Record<string, Option<unknown>>>;

/** The type of an option's value. */
export type OptionValue<O> = O extends Option<infer T> ? T : never;

/** What a factory takes: any of its options. */
export type OptionsOf<Table> = { readonly [K in keyof Table]?: OptionValue<Table[K]> | undefined };

/** All options with their values. */
export type ResolvedOptions<Table> = { readonly [K in keyof Table]: OptionValue<Table[K]> };

interface About {
  readonly means: string;
  readonly symbol?: string;
}

interface NumberAbout extends About, Bounds {
  readonly default: number;
  readonly search?: SearchRange;
}

const numeric = (type: "number" | "integer", about: NumberAbout): Option<number> => {
  const { default: usual, means, symbol, search, ...given } = about;
  const bounds = type === "integer" ? { ...given, integer: true } : given;
  return {
    type,
    default: usual,
    means,
    ...(symbol !== undefined && { symbol }),
    ...(search !== undefined && { search }),
    bounds,
    check: (where, name, value) => {
      checkNumber(where, name, value, bounds);
      return value as number;
    },
  };
};

/**
 * An option that is a finite number, within bounds where they are given: `number({ default: 0.1, least: 0, means:
 * "weight" })`.
 *
 * @param about its default, its bounds (`least`, `most`, `above`, `below`), what it means, the paper's symbol, and a
 * search range for studies
 */
export const number = (about: NumberAbout): Option<number> => numeric("number", about);

/**
 * An option that is a whole number, within bounds where they are given: `integer({ default: 64, least: 1, means: "latent
 * size" })`.
 *
 * @param about as for `number`
 */
export const integer = (about: NumberAbout): Option<number> => numeric("integer", about);

/**
 * An option that is one of some words: `choice(["batch", "none"], { default: "batch", means: "normalisation" })`.
 *
 * @param choices the words that it takes
 * @param about its default and what it means
 */
export const choice = <const Choice extends string>(
  choices: readonly Choice[],
  about: About & { readonly default: NoInfer<Choice> },
): Option<Choice> => ({
  type: "choice",
  choices,
  ...about,
  check: (where, name, value) => {
    checkChoice(where, name, value, choices);
    return value as Choice;
  },
});

const refused = (where: string, name: string, expected: string, value: unknown): UsageError =>
  new UsageError(`${where}: ${name} must be ${expected}; got ${JSON.stringify(value) ?? String(value)}`);

/**
 * An option that is true or false: `flag({ default: false, means: "whether labels are read" })`.
 *
 * @param about its default and what it means
 */
export const flag = (about: About & { readonly default: boolean }): Option<boolean> => ({
  type: "flag",
  ...about,
  check: (where, name, value) => {
    if (typeof value !== "boolean") throw refused(where, name, "true or false", value);
    return value;
  },
});

/**
 * An option that is any text: `text({ default: "", means: "title" })`.
 *
 * @param about its default and what it means
 */
export const text = (about: About & { readonly default: string }): Option<string> => ({
  type: "text",
  ...about,
  check: (where, name, value) => {
    if (typeof value !== "string") throw refused(where, name, "a text", value);
    return value;
  },
});

/**
 * A list of numbers, such as the widths of layers.
 *
 * @param about its default, the bounds of each number, how many there may be (`length`), and what it means
 */
export const numbers = (
  about: About &
    Bounds & {
      readonly default: readonly number[];
      readonly length?: { readonly least?: number; readonly most?: number };
    },
): Option<readonly number[]> => {
  const { default: usual, means, symbol, length = {}, ...bounds } = about;
  const { least = 0, most = Number.POSITIVE_INFINITY } = length;
  return {
    type: "numbers",
    default: usual,
    means,
    ...(symbol !== undefined && { symbol }),
    bounds,
    check: (where, name, value) => {
      if (!Array.isArray(value))
        throw refused(where, name, `a list of numbers, such as ${JSON.stringify(usual)}`, value);
      if (value.length < least || value.length > most) {
        const wanted = most === Number.POSITIVE_INFINITY ? `at least ${least}` : `${least} to ${most}`;
        throw refused(where, name, `a list of ${wanted} numbers`, value);
      }
      value.forEach((each, i) => {
        checkNumber(where, `${name}[${i}]`, each, bounds);
      });
      return value as readonly number[];
    },
  };
};

/** An option that may be left open: the thing then works it out as `otherwise` says, and tells the value it took. */
export const auto = <T>(option: Option<T>, otherwise: string): Option<T | undefined> => ({
  ...option,
  default: undefined,
  otherwise,
  check: (where, name, value) => (value === undefined ? undefined : option.check(where, name, value)),
});

/**
 * Any other value, with a check of its own.
 *
 * @param about its default, what it means, and its `check`, which throws UsageError or gives the value; `otherwise` says
 * in words what the default is
 */
export const value = <T>(
  about: About & { readonly default: T; readonly otherwise?: string; check: Option<T>["check"] },
): Option<T> => ({ type: "value", ...about });
