/** The axes of parallel coordinates: where each run stands on each. */
import { shortNumber } from "../ui/chart-data.ts";

export interface Dimension {
  readonly name: string;
  /** Of each run; undefined where it has none. */
  readonly values: readonly (number | string | undefined)[];
  /** Drawn apart: a figure, not a setting. */
  readonly isFigure: boolean;
}

export interface Axis {
  readonly name: string;
  readonly isFigure: boolean;
  /** Of each run: from 0 at the bottom to 1 at the top. */
  readonly places: readonly (number | undefined)[];
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
}

/** Values that are this many times apart are told apart on a log axis alone. */
const LOG_FROM = 50;

/** Numbers by size, on a log scale where they reach far; words in their order. */
export const axisOf = ({ name, values, isFigure }: Dimension): Axis => {
  const given = values.filter((value) => value !== undefined);
  const numbers = given.filter(
    (value): value is number => typeof value === "number" && Number.isFinite(value),
  );
  if (numbers.length < given.length || numbers.length === 0) {
    const words = [...new Set(given.map(String))].sort();
    const place = (word: string): number =>
      words.length === 1 ? 0.5 : 1 - words.indexOf(word) / (words.length - 1);
    return {
      name,
      isFigure,
      places: values.map((value) => (value === undefined ? undefined : place(String(value)))),
      ticks: words.map((word) => ({ at: place(word), text: word })),
    };
  }
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const isLog = low > 0 && high / low >= LOG_FROM;
  const scaled = (value: number): number => (isLog ? Math.log(value) : value);
  const place = (value: number): number =>
    high === low ? 0.5 : (scaled(value) - scaled(low)) / (scaled(high) - scaled(low));
  return {
    name,
    isFigure,
    places: values.map((value) => (typeof value === "number" ? place(value) : undefined)),
    ticks: [...new Set([low, high])].map((value) => ({ at: place(value), text: shortNumber(value) })),
  };
};
