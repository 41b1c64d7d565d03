/**
 * Forms and addresses. A field is an option as a page shows it: what it may be, what it means and what it is where nothing is
 * said come from the option's schema; the page adds what it is called there and which control it has.
 */
import {
  choice,
  describeOption,
  formatOption,
  integer,
  number,
  type Option,
  parseOption,
} from "tsgan/define";
import { messageOf } from "../engine/message-of.ts";

/** Where the handle of a slider may stand. */
export interface Slider {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  /** For a time: what a button plays through, by this much a frame. */
  readonly play?: number | undefined;
}

/** How many entries a list may have that are written one by one, and what they are called. */
export interface Entries {
  readonly least: number;
  readonly most: number;
  /** "Width of layer": its number follows. */
  readonly label: string;
  /** What is added and removed: "a layer". */
  readonly one: string;
}

/**
 * A box to check, words of a menu or side by side, a text that is read, a slider, buttons for each entry of a list, or a text for
 * each of them.
 */
export type ControlKind = "check" | "select" | "radio" | "text" | "slider" | "list" | "entries";

/** An option with what a page says of it. */
export interface Look<T> {
  readonly option: Option<T>;
  /** Name in the address; default: that of the setting. */
  readonly key?: string;
  /** Default: what the option means. */
  readonly label?: string;
  readonly control?: ControlKind;
  /** What can be chosen, as it is written, with what people read. */
  readonly titles?: Readonly<Record<string, string>>;
  readonly slider?: Slider;
  readonly entries?: Entries;
  /** For what no schema can read: throws with what is allowed. */
  parse?(text: string): T;
  format?(value: T): string;
  /** For people; default: the title, or as it is written. */
  describe?(value: T): string;
  /** The list after entry `index` has been set to `value`; default: only that entry changes. */
  set?(list: readonly number[], index: number, value: number): readonly number[];
}

export interface Field<T = unknown> {
  /** As the schema has it. */
  readonly name: string;
  /** In the address. */
  readonly key: string;
  readonly label: string;
  /** What it is, with the paper's symbol: "λ: weight of the penalty". */
  readonly meaning: string;
  /** What may be written: "a number at least 0". */
  readonly takes: string;
  readonly control: ControlKind;
  readonly inputMode: "decimal" | "numeric" | "text";
  readonly titles: Readonly<Record<string, string>>;
  readonly slider: Slider | undefined;
  /** Of a list whose entries are written one by one: each of them. */
  readonly entries: (Entries & { readonly field: Field<number> }) | undefined;
  /** The value where nothing is said; undefined where the thing works it out. */
  readonly initial: T;
  /** Throws with what is allowed. */
  parse(text: string): T;
  /** The text that `parse` reads back; empty for what the thing works out. */
  format(value: T): string;
  /** For people. */
  describe(value: T): string;
  set(list: readonly number[], index: number, value: number): readonly number[];
}

/** Options, or options with their looks, by name. */
export type Looks = Readonly<Record<string, Option<unknown> | Look<unknown>>>;
type ValueOf<L> = L extends Look<infer T> ? T : L extends Option<infer T> ? T : never;
export type FieldsOf<L> = { readonly [K in keyof L]: Field<ValueOf<L[K]>> };
export type Fields = Readonly<Record<string, Field>>;
export type ValuesOf<F> = { readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never };

const decimalsOf = (step: number): number => Math.max(0, Math.min(6, Math.ceil(-Math.log10(step) - 1e-9)));

/** The value as a multiple of the step, between the ends of the slider. */
export const snap = ({ from, to, step }: Slider, value: number): number => {
  const snapped = from + Math.round((value - from) / step) * step;
  return Number(Math.min(to, Math.max(from, snapped)).toFixed(decimalsOf(step)));
};

const inputModes: Partial<Record<Option<unknown>["type"], Field["inputMode"]>> = {
  number: "decimal",
  integer: "numeric",
};

const takesOf = ({ option, titles, slider }: Look<unknown>, example: string): string => {
  if (titles !== undefined) return `one of ${Object.keys(titles).join(", ")}`;
  if (option.type === "numbers") {
    const range = slider === undefined ? "" : `, from ${slider.from} to ${slider.to} each`;
    return `${describeOption(option)}${range}, such as ${example}`;
  }
  return slider === undefined ? describeOption(option) : `a number from ${slider.from} to ${slider.to}`;
};

const controlOf = ({ option, titles, slider, entries }: Look<unknown>): ControlKind => {
  if (entries !== undefined) return "entries";
  if (titles !== undefined) return "select";
  if (slider !== undefined) return option.type === "numbers" ? "list" : "slider";
  return option.type === "flag" ? "check" : "text";
};

/** A number as a slider can show it: what lies beyond its ends is taken too, and the option's own bounds may be the same. */
const placed = ({ slider, option }: Look<unknown>, text: string): string => {
  const isNumber = option.type !== "numbers" && text.trim() !== "" && Number.isFinite(Number(text));
  return slider !== undefined && isNumber ? String(snap(slider, Number(text))) : text;
};

/** Whether a list has as many entries as there are controls for, each between their ends. */
const fits = ({ slider, option }: Look<unknown>, value: unknown): boolean =>
  slider === undefined ||
  !Array.isArray(value) ||
  (value.length === (option.default as readonly number[]).length &&
    value.every((each) => each >= slider.from && each <= slider.to));

/** An entry of a list: within the bounds of all of them. */
const entryOf = ({ bounds = {}, default: usual }: Option<unknown>, { label }: Entries): Field<number> => {
  const { integer: isWhole = false, ...ends } = bounds;
  const about = { default: (usual as readonly number[])[0], means: label, ...ends };
  return fieldOf("entry", isWhole ? integer(about) : number(about)) as unknown as Field<number>;
};

const fieldOf = (name: string, given: Option<unknown> | Look<unknown>): Field => {
  const base: Look<unknown> = "option" in given ? given : { option: given };
  const { option, key = name, label, slider, entries } = base;
  const { type, means, symbol, bounds, otherwise = "by itself", default: initial } = option;
  const isOpen = initial === undefined;
  const words = option.choices ?? (type === "flag" && isOpen ? ["true", "false"] : undefined);
  const titles =
    base.titles ??
    (words && {
      ...(isOpen && { "": otherwise }),
      ...Object.fromEntries(words.map((word) => [word, word])),
    });
  const look: Look<unknown> = titles === undefined ? base : { ...base, titles };
  const hasSign = bounds?.least === undefined || bounds.least < 0;
  const format = (value: unknown): string =>
    look.format?.(value) ?? (value === undefined ? "" : formatOption(option, value));
  const takes = takesOf(look, isOpen ? "" : format(initial));
  const read = (text: string): unknown => {
    if (isOpen && text.trim() === "") return undefined;
    if (titles !== undefined && !Object.hasOwn(titles, text)) throw new Error(takes);
    try {
      const value = parseOption("", key, option, placed(look, text));
      if (fits(look, value)) return value;
    } catch {
      // Its message names the thing; here it is the setting that is named.
    }
    throw new Error(takes);
  };
  return {
    name,
    key,
    label: label ?? means,
    meaning: `${symbol === undefined ? "" : `${symbol}: `}${means}${isOpen ? ` (empty: ${otherwise})` : ""}`,
    takes,
    control: look.control ?? controlOf(look),
    // Keyboards for whole numbers have no minus sign.
    inputMode: type === "integer" && hasSign ? "text" : (inputModes[type] ?? "text"),
    titles: titles ?? {},
    slider,
    entries: entries && { ...entries, field: entryOf(option, entries) },
    initial,
    parse: (text) => (look.parse === undefined ? read(text) : look.parse(text)),
    format,
    describe: (value) =>
      look.describe?.(value) ?? titles?.[format(value)] ?? (value === undefined ? otherwise : format(value)),
    set: (list, index, value) =>
      look.set?.(list, index, value) ?? list.map((old, i) => (i === index ? value : old)),
  };
};

/** A field for each option, in the order of the table. */
export const fieldsOf = <const L extends Looks>(looks: L): FieldsOf<L> =>
  Object.fromEntries(
    Object.entries(looks).map(([name, look]) => [name, fieldOf(name, look)]),
  ) as unknown as FieldsOf<L>;

/** One of some words, which people read as their titles. */
export const titled = <const Titles extends Readonly<Record<string, string>>>(
  titles: Titles,
  {
    default: usual,
    means,
    ...look
  }: { readonly default: keyof NoInfer<Titles> & string; readonly means: string } & Pick<
    Look<string>,
    "key" | "label" | "control"
  >,
): Look<keyof Titles & string> => ({
  ...look,
  option: choice(Object.keys(titles) as (keyof Titles & string)[], { default: usual, means }),
  titles,
});

/** A number as a slider, by default between the bounds of the option; of a list, each entry. */
export const slider = <T extends number | readonly number[]>(
  option: Option<T>,
  {
    from = option.bounds?.least,
    to = option.bounds?.most,
    step = 1,
    play,
    ...look
  }: Partial<Slider> & Pick<Look<T>, "label" | "describe" | "set"> = {},
): Look<T> => {
  if (from === undefined || to === undefined) throw new Error(`slider of ${option.means}: it needs two ends`);
  const describe = (value: T): string =>
    typeof value === "number" ? value.toFixed(decimalsOf(step)).replace("-", "−") : value.join(", ");
  // Lists stand in addresses with commas, as they have since 0.1.
  const format = (value: T): string => String(value);
  return { describe, format, ...look, option, slider: { from, to, step, play } };
};

/** All fields with their initial values. */
export const initialOf = <F extends Fields>(fields: F): ValuesOf<F> =>
  Object.fromEntries(Object.entries(fields).map(([name, { initial }]) => [name, initial])) as ValuesOf<F>;

/** The same fields of one of several things: their keys in an address are `b.key`. */
export const fieldsUnder = <F extends Fields>(prefix: string, fields: F): F =>
  Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, { ...field, key: `${prefix}.${field.key}` }]),
  ) as F;

/** Writes into an address what differs from the usual. */
export const writeFields = <F extends Fields>(
  query: URLSearchParams,
  fields: F,
  values: ValuesOf<F>,
  usual: ValuesOf<F> = initialOf(fields),
): void => {
  for (const [name, { key, format }] of Object.entries(fields)) {
    const text = format(values[name]);
    if (text !== format(usual[name])) query.set(key, text);
  }
};

/** Reads an address part by part. What cannot be read is the usual instead, and a notice says so. */
export const addressReader = (query: URLSearchParams) => {
  const notices: string[] = [];
  const known = new Set<string>();
  /**
   * @param otherwise where the address says nothing
   * @param shown what a notice says is used instead of what cannot be read
   */
  const take = <T, U = T>(field: Field<T>, otherwise: U, shown = otherwise as unknown as T): T | U => {
    const { key } = field;
    known.add(key);
    const text = query.get(key);
    if (text === null) return otherwise;
    try {
      const value = field.parse(text);
      const { slider } = field;
      if (slider !== undefined && (Number(text) < slider.from || Number(text) > slider.to)) {
        notices.push(
          `${key}=${text} in the address: expected ${field.takes}; using ${field.describe(value)}.`,
        );
      }
      return value;
    } catch (error) {
      const expected = messageOf(error);
      notices.push(`${key}=${text} in the address: expected ${expected}; using ${field.describe(shown)}.`);
      return otherwise;
    }
  };
  return {
    take,
    all: <F extends Fields>(fields: F, usual: ValuesOf<F> = initialOf(fields)): ValuesOf<F> =>
      Object.fromEntries(
        Object.entries(fields).map(([name, field]) => [name, take(field, usual[name])]),
      ) as ValuesOf<F>,
    /** What the address says, and nothing of the rest, which is as `otherwise`. */
    given: <F extends Fields>(fields: F, otherwise: ValuesOf<F>): Partial<ValuesOf<F>> =>
      Object.fromEntries(
        Object.entries(fields)
          .map(([name, field]) => [name, take(field, undefined, otherwise[name])])
          .filter(([, value]) => value !== undefined),
      ) as Partial<ValuesOf<F>>,
    /** What was wrong so far; of a whole address, with what it has beside the settings. */
    notices: (page: string): readonly string[] => [
      ...notices,
      ...[...query.keys()].flatMap((key) =>
        known.has(key) ? [] : `${key} in the address is not a setting of ${page}; it is left out.`,
      ),
    ],
  };
};

/** What was read of an address. */
export interface Read<S> {
  readonly state: S;
  /** What could not be read; the usual stands in its place. */
  readonly notices: readonly string[];
}

/** Reads and writes the values of some fields. @param page what notices call it: "this lesson" */
export const fieldsIn = <F extends Fields>(fields: F, page: string) => ({
  read(query: URLSearchParams): Read<ValuesOf<F>> {
    const address = addressReader(query);
    return { state: address.all(fields), notices: address.notices(page) };
  },
  write(values: ValuesOf<F>): URLSearchParams {
    const query = new URLSearchParams();
    writeFields(query, fields, values);
    return query;
  },
});
