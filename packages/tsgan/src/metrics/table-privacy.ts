/** Whether a synthetic table gives rows of the real one away. */
import { randomStream } from "../random/index.ts";
import { median } from "../statistics/index.ts";
import type { Frame, FrameColumn } from "../tables/index.ts";

const keyOf = ({ columns }: Frame, row: number): string =>
  JSON.stringify(
    columns.map(({ kind, values }) => {
      const value = values[row];
      return kind === "number" && Number.isNaN(value) ? null : (value ?? null);
    }),
  );

/** Share of the synthetic rows that equal a real one in all columns. */
export const exactCopies = (real: Frame, synthetic: Frame): number => {
  const known = new Set(Array.from({ length: real.rows }, (_, row) => keyOf(real, row)));
  let copies = 0;
  for (let row = 0; row < synthetic.rows; row++) if (known.has(keyOf(synthetic, row))) copies++;
  return copies / synthetic.rows;
};

const rangeOf = ({ kind, values }: FrameColumn): number => {
  if (kind !== "number") return 0;
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return high > low ? high - low : 0;
};

/**
 * How far two values are apart, from 0 to 1: numbers by the range of the reference, categories and missing values by whether they
 * are equal.
 */
const apart = (
  { kind, values }: FrameColumn,
  i: number,
  reference: FrameColumn,
  j: number,
  range: number,
): number => {
  const [a, b] = [values[i], reference.values[j]];
  if (kind !== "number") return a === b ? 0 : 1;
  const [x, y] = [a as number, b as number];
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) && Number.isNaN(y) ? 0 : 1;
  return range === 0 ? (x === y ? 0 : 1) : Math.min(1, Math.abs(x - y) / range);
};

/**
 * Distance of each row to the closest of a reference: the mean over the columns, as SDMetrics' distance to the closest record.
 *
 * @param rows of `frame` that are looked at, and those of `reference`
 */
export const closestRecords = (
  frame: Frame,
  reference: Frame,
  rows: Uint32Array = Uint32Array.from({ length: frame.rows }, (_, i) => i),
  others: Uint32Array = Uint32Array.from({ length: reference.rows }, (_, i) => i),
): Float64Array => {
  const ranges = reference.columns.map(rangeOf);
  const count = frame.columns.length;
  return Float64Array.from(rows, (row) => {
    let least = Number.POSITIVE_INFINITY;
    for (const other of others) {
      let sum = 0;
      for (let c = 0; c < count && sum < least; c++) {
        sum += apart(frame.columns[c], row, reference.columns[c], other, ranges[c]);
      }
      if (sum < least) least = sum;
    }
    return least / count;
  });
};

export interface ClosestRecords {
  /**
   * Median distance of synthetic rows to their closest training row over that of held-out rows: 1 where they are as far as fresh
   * rows, near 0 where they are copies.
   */
  readonly ratio: number;
  /** Share of the synthetic rows that are closer to the training rows than to the held-out ones: ½ where nothing is learnt by heart. */
  readonly closerToTraining: number;
  /** SDMetrics' DCROverfittingProtection: min(1, 2 (1 − that share)). */
  readonly protection: number;
}

/** Rows that distances are taken to, at most: a second or two. */
const MOST_ROWS = 5000;

/** Distances to training rows against those of held-out rows, and against distances to as many held-out ones. */
export const closestRecordTest = (
  synthetic: Frame,
  training: Frame,
  heldOut: Frame,
  { seed, samples }: { readonly seed: number; readonly samples: number },
): ClosestRecords => {
  const chosen = (name: string, { rows }: Frame, count: number): Uint32Array =>
    randomStream(seed, name).permutation(rows).slice(0, count);
  const most = Math.min(training.rows, heldOut.rows, MOST_ROWS);
  const rows = chosen("closest/samples", synthetic, samples);
  const near = closestRecords(synthetic, training, rows, chosen("closest/training", training, most));
  const far = closestRecords(synthetic, heldOut, rows, chosen("closest/held-out", heldOut, most));
  const closer = near.reduce((sum, distance, i) => sum + (distance < far[i] ? 1 : 0), 0) / rows.length;
  const all = chosen("closest/all", training, MOST_ROWS);
  const others = chosen("closest/fresh", heldOut, samples);
  const usual = median(closestRecords(heldOut, training, others, all));
  const own = median(closestRecords(synthetic, training, rows, all));
  return {
    ratio: usual === 0 ? 1 : own / usual,
    closerToTraining: closer,
    protection: Math.min(1, 2 * (1 - closer)),
  };
};
