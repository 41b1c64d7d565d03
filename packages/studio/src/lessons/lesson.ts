/**
 * What a lesson is: controls whose values live in the URL, and what they show, computed by the library. Plain data without
 * a page, so that a test in Node computes what the page must show.
 */
import { type FigureSpec, formatFixed } from "tsgan/figure";

export interface NumberField {
  readonly kind: "number";
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly default: number;
  /** For a time: what a button plays through, by this much a frame. */
  readonly play?: number;
  /** How the value reads; default: with the decimals of the step. */
  readonly format?: (value: number) => string;
}

export interface ChoiceField {
  readonly kind: "choice";
  readonly label: string;
  readonly default: string;
  /** Values with their names. */
  readonly choices: Readonly<Record<string, string>>;
}

/** Heights that can be changed one by one. */
export interface ListField {
  readonly kind: "list";
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly default: readonly number[];
  /** The list after entry `index` has been set to `value`; default: only that entry changes. */
  readonly set?: (list: readonly number[], index: number, value: number) => number[];
}

export type Field = NumberField | ChoiceField | ListField;
export type Fields = Readonly<Record<string, Field>>;

type ValueOf<F extends Field> = F extends NumberField
  ? number
  : F extends ListField
    ? readonly number[]
    : F extends { readonly choices: infer C }
      ? keyof C & string
      : never;

export type StateOf<F extends Fields> = { readonly [K in keyof F]: ValueOf<F[K]> };
export type State = Readonly<Record<string, number | string | readonly number[]>>;

/** A number shown beside the figure. */
export interface Readout {
  readonly label: string;
  /** Null where it is infinite. */
  readonly value: number | null;
  readonly unit?: string;
  /** Default 4. */
  readonly decimals?: number;
  /** What to make of it. */
  readonly note?: string;
}

/** A point of a figure that can be dragged, or moved by arrow keys. */
export interface Handle {
  /** What it moves, for a screen reader. */
  readonly label: string;
  readonly figure: number;
  readonly panel: number;
  readonly x: number;
  readonly y: number;
  /** Index into the figures' palette. */
  readonly color: number;
  readonly shape?: "round" | "wide" | "tall";
  readonly value: { readonly now: number; readonly min: number; readonly max: number; readonly text: string };
  /** The state when it is dragged to a place of the panel, in the units of its axes. */
  drag(at: { readonly x: number; readonly y: number }): State;
  /** The state after arrow keys: steps to the right or upwards. */
  nudge(steps: number, axis: "x" | "y"): State;
}

export interface Show {
  readonly figures: readonly FigureSpec[];
  readonly readouts: readonly Readout[];
  readonly handles: readonly Handle[];
}

export interface Reference {
  readonly text: string;
  readonly arxiv?: string;
  readonly url?: string;
}

export interface Link {
  readonly text: string;
  /** The playground's query. */
  readonly query: string;
}

export interface Lesson {
  readonly fields: Fields;
  /** What to look at, in one or two paragraphs. `_{…}` and `^{…}` are subscript and superscript, as in figures. */
  readonly look: readonly string[];
  /** Things to try: a button for each, which sets what differs from the defaults. */
  readonly tries: readonly { readonly text: string; readonly state: State }[];
  /** What follows for training. */
  readonly means: readonly string[];
  readonly papers: readonly Reference[];
  readonly playground: readonly Link[];
  /** Where the numbers come from, when they are not computed on the page. */
  readonly origin?: string;
  /** Figure and panel of the picture on the overview. */
  readonly picture: readonly [figure: number, panel: number];
  show(state: State): Promise<Show>;
}

interface Definition<F extends Fields> extends Omit<Lesson, "fields" | "show" | "tries"> {
  readonly fields: F;
  readonly tries: readonly { readonly text: string; readonly state: Partial<StateOf<F>> }[];
  show(state: StateOf<F>, handle: HandleMaker<F>): Promise<Show>;
}

type NumberKeys<F extends Fields> = {
  [K in keyof F & string]: F[K] extends NumberField ? K : never;
}[keyof F & string];

interface HandleOptions<F extends Fields>
  extends Pick<Handle, "label" | "panel" | "x" | "y" | "color" | "shape"> {
  /** Default: the first. */
  readonly figure?: number;
  /** Number that a movement to the right raises. */
  readonly along?: NumberKeys<F>;
  /** Number that a movement upwards raises. */
  readonly up?: NumberKeys<F>;
  /** The numbers that belong to a place; default: its x and y themselves. */
  readonly place?: (at: { readonly x: number; readonly y: number }) => Partial<Record<NumberKeys<F>, number>>;
}

/** Makes handles that move the lesson's numbers. */
export type HandleMaker<F extends Fields> = (options: HandleOptions<F>) => Handle;

const decimalsOf = (step: number): number => Math.max(0, Math.min(6, Math.ceil(-Math.log10(step) - 1e-9)));

/** The value as a multiple of the step within the bounds. */
export const snap = ({ min, max, step }: NumberField | ListField, value: number): number => {
  const snapped = min + Math.round((value - min) / step) * step;
  return Number(Math.min(max, Math.max(min, snapped)).toFixed(decimalsOf(step)));
};

export const formatField = (field: NumberField, value: number): string =>
  field.format?.(value) ?? value.toFixed(decimalsOf(field.step)).replace("-", "−");

const handleMaker =
  <F extends Fields>(fields: F, state: StateOf<F>): HandleMaker<F> =>
  ({ along, up, place, figure = 0, ...rest }) => {
    const numberField = (key: string): NumberField => {
      const field = fields[key];
      if (field.kind !== "number") throw new Error(`handle: ${key} must be a number; it is a ${field.kind}`);
      return field;
    };
    const numberAt = (key: string): number => (state as State)[key] as number;
    const keys = [along, up].filter((key) => key !== undefined);
    const main = keys[0];
    const changed = (values: Readonly<Record<string, number | undefined>>): State => ({
      ...(state as State),
      ...Object.fromEntries(
        Object.entries(values)
          .filter((entry): entry is [string, number] => entry[1] !== undefined)
          .map(([key, value]) => [key, snap(numberField(key), value)]),
      ),
    });
    return {
      ...rest,
      figure,
      value: {
        now: numberAt(main),
        min: numberField(main).min,
        max: numberField(main).max,
        text: keys
          .map((key) => `${fields[key].label} ${formatField(numberField(key), numberAt(key))}`)
          .join(", "),
      },
      drag: (at) =>
        changed(
          place?.(at) ?? {
            ...(along !== undefined && { [along]: at.x }),
            ...(up !== undefined && { [up]: at.y }),
          },
        ),
      nudge(steps, axis) {
        const key = (axis === "x" ? (along ?? up) : (up ?? along)) as string;
        return changed({ [key]: numberAt(key) + steps * numberField(key).step });
      },
    };
  };

/** A lesson with the types of its own controls checked. */
export const defineLesson = <const F extends Fields>(definition: Definition<F>): Lesson => ({
  ...definition,
  tries: definition.tries as Lesson["tries"],
  show: (state) => {
    const typed = state as StateOf<F>;
    return definition.show(typed, handleMaker(definition.fields, typed));
  },
});

export const defaultsOf = (fields: Fields): State =>
  Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, field.default]));

const readField = (field: Field, text: string): State[string] | undefined => {
  switch (field.kind) {
    case "number": {
      const value = Number(text);
      return text.trim() === "" || !Number.isFinite(value) ? undefined : snap(field, value);
    }
    case "choice":
      return Object.hasOwn(field.choices, text) ? text : undefined;
    case "list": {
      const list = text.split(",").map(Number);
      const fits =
        list.length === field.default.length &&
        list.every((value) => value >= field.min && value <= field.max);
      return fits ? list : undefined;
    }
  }
};

/** The state that a query describes; what it does not name, or names badly, is at its default. */
export const readState = (fields: Fields, query: URLSearchParams): State =>
  Object.fromEntries(
    Object.entries(fields).map(([key, field]) => {
      const text = query.get(key);
      return [key, (text === null ? undefined : readField(field, text)) ?? field.default];
    }),
  );

/** The query of a state: what is not at its default. */
export const writeState = (fields: Fields, state: State): URLSearchParams =>
  new URLSearchParams(
    Object.entries(fields)
      .map(([key, field]) => [key, String(state[key]), String(field.default)])
      .filter(([, value, usual]) => value !== usual)
      .map(([key, value]) => [key, value]),
  );

/** The nearest index of a value in an ascending list. */
export const nearestIndex = (values: readonly number[], value: number): number => {
  let best = 0;
  for (let i = 1; i < values.length; i++) {
    if (Math.abs(values[i] - value) < Math.abs(values[best] - value)) best = i;
  }
  return best;
};

/** The smallest of the given sizes that holds a value, so that an axis changes in steps and not with every movement. */
export const tier = (value: number, sizes: readonly number[]): number =>
  sizes.find((size) => size >= value) ?? sizes[sizes.length - 1];

/** Remembers the last result, for what only some of the controls change. */
export const remember = <Args extends readonly number[], T>(
  compute: (...args: Args) => Promise<T>,
): ((...args: Args) => Promise<T>) => {
  let last: { readonly args: Args; readonly result: Promise<T> } | undefined;
  return (...args) => {
    if (last?.args.every((value, i) => value === args[i]) !== true) last = { args, result: compute(...args) };
    return last.result;
  };
};

/** A readout as text in the figures' markup: with its decimals, or a power of ten where those would show nothing. */
export const formatReadout = ({ value, decimals = 4 }: Readout): string => {
  if (value === null) return "∞";
  const size = Math.abs(value);
  if (value === 0 || (size >= 0.5 * 10 ** -decimals && size < 1e5)) return formatFixed(value, decimals);
  const [mantissa, exponent] = value.toExponential(2).replaceAll("-", "−").replace("+", "").split("e");
  return `${mantissa}×10^{${exponent}}`;
};
