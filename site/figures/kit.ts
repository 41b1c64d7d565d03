/** What a figure of the catalogue is: a function of its handles, drawn when the site is built and again in the page. */
import { type FigureSpec, figure, frames } from "tsgan/figure";

/** A handle that the reader moves. */
export type Control =
  | {
      readonly kind: "range";
      readonly name: string;
      readonly label: string;
      readonly min: number;
      readonly max: number;
      readonly step: number;
      readonly start: number;
      /** The handle moves over powers of ten: the figure gets 10^value. */
      readonly log?: boolean;
      /** It can be played from its start to its end. */
      readonly plays?: boolean;
    }
  | {
      readonly kind: "choice";
      readonly name: string;
      readonly label: string;
      readonly options: readonly string[];
      readonly start: string;
    };

export type Values = Readonly<Record<string, number | string>>;

export interface Look {
  readonly width: number;
  readonly theme: "light" | "dark";
}

export interface Drawn {
  /** What it shows, in a sentence with its numbers. */
  readonly says: string;
  svg(look: Look): string;
  /** The values of the first panel's axes at a place of the picture. */
  valuesAt?(x: number, y: number, width: number): { readonly x: number; readonly y: number };
}

export interface Figure {
  /** What is to be seen, for those who do not see it. */
  readonly alt: string;
  readonly controls: readonly Control[];
  /** The handle that follows a pointer that drags over the first panel. */
  readonly drag?: { readonly x?: string; readonly y?: string };
  draw(values: Values): Drawn | Promise<Drawn>;
}

export const range = (
  name: string,
  label: string,
  [min, max, step]: readonly [number, number, number],
  start: number,
  more: { readonly log?: boolean; readonly plays?: boolean } = {},
): Control => ({ kind: "range", name, label, min, max, step, start, ...more });

export const choice = (
  name: string,
  label: string,
  options: readonly string[],
  start = options[0],
): Control => ({
  kind: "choice",
  name,
  label,
  options,
  start,
});

/** What a figure is given for the places of its handles. */
export const valuesOf = (
  controls: readonly Control[],
  places: Values = Object.fromEntries(controls.map(({ name, start }) => [name, start])),
): Values =>
  Object.fromEntries(
    controls.map((control) => {
      const place = places[control.name];
      if (control.kind === "choice") return [control.name, place];
      return [control.name, control.log === true ? 10 ** Number(place) : Number(place)];
    }),
  );

/** A number as captions have it: three digits that count, and a true minus. */
export const short = (value: number): string => {
  const rounded = Number(value.toPrecision(3));
  const text =
    Math.abs(rounded) >= 1e4 || (rounded !== 0 && Math.abs(rounded) < 1e-3)
      ? rounded.toExponential()
      : String(rounded);
  return text.replaceAll("-", "−");
};

/** A plot. */
export const plot = (says: string, spec: FigureSpec): Drawn => ({
  says,
  svg: (look) => figure(spec, look),
  valuesAt: (x, y, width) => frames(spec, { width })[0].valuesAt(x, y),
});

/** Makes what is dear once for the same values. */
export const remembered = <Key extends readonly unknown[], T>(
  make: (...key: Key) => T,
): ((...key: Key) => T) => {
  let last: { readonly key: string; readonly made: T } | undefined;
  return (...key) => {
    const text = JSON.stringify(key);
    if (last?.key !== text) last = { key: text, made: make(...key) };
    return last.made;
  };
};

/** `count` numbers from `from` to `to`. */
export const steps = (from: number, to: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));
