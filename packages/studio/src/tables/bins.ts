/** Columns as shares of bins or words, so that real and synthetic ones can be drawn over each other. */
import type { FrameColumn } from "tsgan/tables";

/** What a column is counted by: real and synthetic values by the same. */
export type Scale =
  | {
      readonly kind: "number";
      readonly low: number;
      readonly high: number;
      /** Bins of equal width from `low` to `high`; of few whole numbers, one for each. */
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
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let isWhole = true;
  for (const value of column.values) {
    if (Number.isNaN(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
    isWhole &&= Number.isInteger(value);
  }
  if (low > high) return { kind: "number", low: 0, high: 1, bins: 1 };
  if (isWhole && high - low < BINS) {
    return { kind: "number", low: low - 0.5, high: high + 0.5, bins: high - low + 1 };
  }
  return { kind: "number", low, high, bins: BINS };
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
