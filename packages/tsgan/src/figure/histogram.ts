/** Counting values into bins of equal width. */
import { UsageError } from "../errors.ts";
import { aroundBounds, extent } from "./scale.ts";
import type { Numbers } from "./spec.ts";

export interface HistogramOptions {
  /** Number of bins; default 30. */
  bins?: number;
  /** Left end of the first and right end of the last bin; default: the extent of the values. */
  range?: readonly [number, number];
  /** Heights that make the whole area 1, in place of counts; default false. */
  density?: boolean;
}

/**
 * A histogram with bins [e_i, e_{i+1}), the last one closed. Values outside the range, or not finite, are not counted.
 *
 * @param values any numbers
 * @returns `edges` (bins + 1) and `heights` (bins): what a histogram mark takes
 * @throws UsageError for a number of bins that is not a positive integer, or an empty range
 */
export const histogram = (
  values: Numbers,
  options: HistogramOptions = {},
): { edges: number[]; heights: number[] } => {
  const { bins = 30, density = false } = options;
  if (!(Number.isInteger(bins) && bins >= 1)) {
    throw new UsageError(`histogram: bins must be a positive integer; got ${bins}`);
  }
  const [low, high] = options.range ?? rangeOf(values);
  if (!(Number.isFinite(low) && Number.isFinite(high) && low < high)) {
    throw new UsageError(`histogram: the range needs finite bounds, the lower first; got [${low}, ${high}]`);
  }
  const edges = Array.from({ length: bins + 1 }, (_, i) => low + ((high - low) * i) / bins);
  const heights = new Array<number>(bins).fill(0);
  let counted = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? Number.NaN;
    if (!(value >= low && value <= high)) continue;
    heights[Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins))]++;
    counted++;
  }
  if (density && counted > 0) {
    const area = (counted * (high - low)) / bins;
    for (let i = 0; i < bins; i++) heights[i] /= area;
  }
  return { edges, heights };
};

const rangeOf = (values: Numbers): readonly [number, number] => {
  const [low, high] = extent(
    Array.from(values, (value) => value ?? Number.NaN),
    "linear",
  ) ?? [0, 1];
  return aroundBounds(low, high);
};
