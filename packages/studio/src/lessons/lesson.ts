/**
 * What a lesson is: controls whose values live in the URL, and what they show, computed by the library. Plain data without
 * a page, so that a test in Node computes what the page must show.
 */
import { type FigureSpec, formatFixed } from "tsgan/figure";
import {
  type Fields,
  type FieldsOf,
  fieldsOf,
  type Looks,
  type Slider,
  snap,
  type ValuesOf,
} from "../ui/fields.ts";
import { toldApart } from "./tell-apart.ts";

/** What its controls are set to, by their names. */
export type State = Readonly<Record<string, unknown>>;
export type StateOf<L extends Looks> = ValuesOf<FieldsOf<L>>;

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
  /** A state with it dragged to a place of the panel, in the units of its axes. */
  drag(state: State, at: { readonly x: number; readonly y: number }): State;
  /**
   * A state after arrow keys: steps to the right or upwards. Of the state that is given, which may be newer than the one the
   * handle was made for: keys come faster than figures.
   */
  nudge(state: State, steps: number, axis: "x" | "y"): State;
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
  /** A question to be answered by trying: the state that shows it, and what is then seen. */
  readonly question: { readonly text: string; readonly state: State; readonly answer: string };
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

interface Definition<L extends Looks> extends Omit<Lesson, "fields" | "show" | "tries" | "question"> {
  /** Options of the experiment, or of the lesson alone, with their looks. */
  readonly fields: L;
  readonly tries: readonly { readonly text: string; readonly state: Partial<StateOf<L>> }[];
  readonly question: Omit<Lesson["question"], "state"> & { readonly state: Partial<StateOf<L>> };
  show(state: StateOf<L>, handle: HandleMaker<L>): Promise<Show>;
}

type NumberKeys<L extends Looks> = {
  [K in keyof L & string]: StateOf<L>[K] extends number ? K : never;
}[keyof L & string];

interface HandleOptions<L extends Looks>
  extends Pick<Handle, "label" | "panel" | "x" | "y" | "color" | "shape"> {
  /** Default: the first. */
  readonly figure?: number;
  /** Number that a movement to the right raises. */
  readonly along?: NumberKeys<L>;
  /** Number that a movement upwards raises. */
  readonly up?: NumberKeys<L>;
  /** The numbers that belong to a place; default: its x and y themselves. */
  readonly place?: (at: { readonly x: number; readonly y: number }) => Partial<Record<NumberKeys<L>, number>>;
}

/** Makes handles that move the lesson's numbers. */
export type HandleMaker<L extends Looks> = (options: HandleOptions<L>) => Handle;

const handleMaker =
  <L extends Looks>(fields: Fields, state: State): HandleMaker<L> =>
  ({ along, up, place, figure = 0, ...rest }) => {
    const sliderOf = (key: string): Slider => {
      const { slider } = fields[key];
      if (slider === undefined) throw new Error(`handle: ${key} must be a number with a slider`);
      return slider;
    };
    const numberIn = (from: State, key: string): number => from[key] as number;
    const keys = [along, up].filter((key) => key !== undefined);
    const main = keys[0];
    const changed = (from: State, values: Readonly<Record<string, number | undefined>>): State => ({
      ...from,
      ...Object.fromEntries(
        Object.entries(values)
          .filter((entry): entry is [string, number] => entry[1] !== undefined)
          .map(([key, value]) => [key, snap(sliderOf(key), value)]),
      ),
    });
    return {
      ...rest,
      figure,
      value: {
        now: numberIn(state, main),
        min: sliderOf(main).from,
        max: sliderOf(main).to,
        text: keys
          .map((key) => `${fields[key].label} ${fields[key].describe(numberIn(state, key))}`)
          .join(", "),
      },
      drag: (from, at) =>
        changed(
          from,
          place?.(at) ?? {
            ...(along !== undefined && { [along]: at.x }),
            ...(up !== undefined && { [up]: at.y }),
          },
        ),
      nudge(from, steps, axis) {
        const key = (axis === "x" ? (along ?? up) : (up ?? along)) as string;
        return changed(from, { [key]: numberIn(from, key) + steps * sliderOf(key).step });
      },
    };
  };

/** A lesson with the types of its own controls checked. */
export const defineLesson = <const L extends Looks>(definition: Definition<L>): Lesson => {
  const fields: Fields = fieldsOf(definition.fields);
  return {
    ...definition,
    fields,
    tries: definition.tries as Lesson["tries"],
    question: definition.question as Lesson["question"],
    async show(state) {
      const shown = await definition.show(state as StateOf<L>, handleMaker<L>(fields, state));
      return { ...shown, figures: toldApart(shown.figures) };
    },
  };
};

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
