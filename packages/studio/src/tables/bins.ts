/** Columns as shares of bins or words, so that real and synthetic ones can be drawn over each other. */
import type { FrameColumn } from "tsgan/tables";

/** What a column is counted by: real and synthetic values by the same. */
export type Scale =
  | {
      readonly kind: "number";
      readonly low: number;
      readonly high: number;
      /** Bins of equal width from `low` to `high`; of whole numbers each holds as many of the steps that they come in. */
      readonly bins: number;
    }
  | {
      readonly kind: "category";
      readonly words: readonly string[];
      /** Different values that have no bar of their own. */
      readonly others: number;
    };

/** Of the values that are there; `missing` of all. Of a category the last one is that of all others, where there are some. */
export interface Shares {
  readonly shares: readonly number[];
  readonly missing: number;
}

const BINS = 24;
/** Categories that have a bar of their own. */
const WORDS = 6;

/** The greatest common divisor. */
const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));

export const scaleOf = (column: FrameColumn): Scale => {
  if (column.kind === "category") {
    const counts = new Map<string, number>();
    for (const word of column.values) {
      if (word !== undefined) counts.set(word, (counts.get(word) ?? 0) + 1);
    }
    const words = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([word]) => word);
    // One value more takes no more room than the bar of "others" would.
    const shown = words.length <= WORDS + 1 ? words : words.slice(0, WORDS);
    return { kind: "category", words: shown, others: words.length - shown.length };
  }
  const values = column.values.filter((value) => !Number.isNaN(value));
  if (values.length === 0) return { kind: "number", low: 0, high: 1, bins: 1 };
  let [low, high] = [values[0], values[0]];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (high === low) return { kind: "number", low, high, bins: 1 };
  if (!values.every(Number.isSafeInteger)) return { kind: "number", low, high, bins: BINS };
  const step = values.reduce((common, value) => divisor(common, value - low), 0);
  const steps = (high - low) / step + 1;
  const width = step * Math.ceil(steps / BINS);
  const bins = Math.ceil((steps * step) / width);
  const begin = low - step / 2;
  return { kind: "number", low: begin, high: begin + bins * width, bins };
};

export const sharesOf = (scale: Scale, column: FrameColumn): Shares => {
  const isNumber = scale.kind === "number";
  const size = isNumber ? scale.bins : scale.words.length + (scale.others > 0 ? 1 : 0);
  const counts = new Array<number>(size).fill(0);
  let present = 0;
  const count = (at: number): void => {
    present++;
    counts[Math.max(0, Math.min(size - 1, at))]++;
  };
  if (isNumber && column.kind === "number") {
    const width = (scale.high - scale.low) / scale.bins;
    for (const value of column.values) {
      if (!Number.isNaN(value)) count(width > 0 ? Math.floor((value - scale.low) / width) : 0);
    }
  } else if (!isNumber && column.kind === "category") {
    const at = new Map(scale.words.map((word, i) => [word, i]));
    for (const word of column.values) if (word !== undefined) count(at.get(word) ?? size - 1);
  }
  const rows = column.values.length;
  return {
    shares: counts.map((each) => (present === 0 ? 0 : each / present)),
    missing: rows === 0 ? 0 : 1 - present / rows,
  };
};
