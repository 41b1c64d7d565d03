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

/** Some rows of a frame, one behind the other: numbers as they are, NaN where there are none, and words by the numbers of `codes`. */
const numbered = (
  { columns }: Frame,
  rows: Uint32Array,
  codes: readonly Map<string | undefined, number>[],
): Float64Array => {
  const out = new Float64Array(rows.length * columns.length);
  columns.forEach(({ kind, values }, c) => {
    const own = codes[c];
    for (let i = 0; i < rows.length; i++) {
      const value = values[rows[i]];
      if (kind !== "number" && !own.has(value as string | undefined))
        own.set(value as string | undefined, own.size);
      out[i * columns.length + c] =
        kind === "number" ? (value as number) : own.get(value as string | undefined)!;
    }
  });
  return out;
};

/**
 * Distance of each row to the closest of a reference: the mean over the columns, as SDMetrics' distance to the closest record.
 * Numbers are as far apart as the range of the reference has it, at most 1; categories and missing values are 0 apart where they are
 * equal, and 1 where not.
 *
 * @param rows of `frame` that are looked at, and those of `reference`
 * @param others rows of `reference` that are looked at; all without
 * @param scale the table by whose ranges numbers are measured; distances to two tables compare when both are measured by one
 * @returns as many distances in [0, 1] as `rows`
 */
export const closestRecords = (
  frame: Frame,
  reference: Frame,
  rows: Uint32Array = Uint32Array.from({ length: frame.rows }, (_, i) => i),
  others: Uint32Array = Uint32Array.from({ length: reference.rows }, (_, i) => i),
  scale: Frame = reference,
): Float64Array => {
  const ranges = Float64Array.from(scale.columns, rangeOf);
  const count = frame.columns.length;
  const codes = frame.columns.map(() => new Map<string | undefined, number>());
  const [own, theirs] = [numbered(frame, rows, codes), numbered(reference, others, codes)];
  const distances = new Float64Array(rows.length);
  for (let i = 0; i < distances.length; i++) {
    let least = Number.POSITIVE_INFINITY;
    for (let j = 0; j < theirs.length; j += count) {
      let sum = 0;
      for (let c = 0; c < count && sum < least; c++) {
        const [x, y] = [own[i * count + c], theirs[j + c]];
        // NaN, which equals nothing, is equal to itself here.
        if (x === y || (Number.isNaN(x) && Number.isNaN(y))) continue;
        const apart = Math.abs(x - y) / ranges[c];
        // A number and none are NaN apart, which counts as 1.
        if (apart < 1) sum += apart;
        else sum += 1;
      }
      if (sum < least) least = sum;
    }
    distances[i] = least / count;
  }
  return distances;
};

/** Share of the synthetic rows that are closer to one table than to another. */
export const closerShare = (near: Float64Array, far: Float64Array): number =>
  near.reduce((sum, distance, i) => sum + (distance < far[i] ? 1 : 0), 0) / near.length;

/**
 * SDMetrics' DCROverfittingProtection, from that share of the training table and a held-out one.
 *
 * @param closer the share of the synthetic rows that are closer to the training table than to the held-out one
 * @returns in [0, 1], 1 where at most half of the rows are closer
 */
export const overfittingProtection = (closer: number): number => Math.min(1, 2 * (1 - closer));

export interface ClosestRecords {
  /**
   * Median distance of synthetic rows to their closest training row over that of held-out rows: 1 where they are as far as fresh
   * rows, near 0 where they are copies.
   */
  readonly ratio: number;
  /** Share of the synthetic rows that are closer to the training rows than to the held-out ones: ½ where nothing is learnt by heart. */
  readonly closerToTraining: number;
  /** SDMetrics' DCROverfittingProtection: 1 where no row is nearer to training than chance has it. */
  readonly protection: number;
  /** SDMetrics' DCRBaselineProtection. */
  readonly baseline: number;
}

/** Rows that distances are taken to, at most: a second or two. */
const MOST_ROWS = 5000;

/**
 * Distances to training rows against those of held-out rows, and against distances to as many held-out ones. `synthetic`
 * rows are judged, `training` and `heldOut` are real; `seed` chooses the `samples` rows of each that are compared.
 */
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
  const random = randomFrame(training, rows.length, seed);
  const near = closestRecords(synthetic, training, rows, chosen("closest/training", training, most));
  // By the range of training as well: the few rows held out have a smaller one, by which all would be farther.
  const far = closestRecords(synthetic, heldOut, rows, chosen("closest/held-out", heldOut, most), training);
  const closer = closerShare(near, far);
  const all = chosen("closest/all", training, MOST_ROWS);
  const others = chosen("closest/fresh", heldOut, samples);
  const usual = median(closestRecords(heldOut, training, others, all));
  const own = median(closestRecords(synthetic, training, rows, all));
  return {
    ratio: usual === 0 ? 1 : own / usual,
    closerToTraining: closer,
    protection: overfittingProtection(closer),
    baseline: baselineProtection(training, synthetic, random, rows, all),
  };
};

/** How far numbers may be apart, relative to the synthetic one, for rows to count as the same. */
const TOLERANCE = 0.01;

/**
 * SDMetrics' NewRowSynthesis: share of synthetic rows that are no real row, where categories and missing values are equal and numbers
 * within 1 % of their size are, too. Dates count in seconds since 1970, so that nearly all are within 1 %.
 */
export const newRowSynthesis = (
  real: Frame,
  synthetic: Frame,
  rows: Uint32Array = Uint32Array.from({ length: synthetic.rows }, (_, i) => i),
): number => {
  const wordsOf = ({ columns }: Frame, row: number): string =>
    JSON.stringify(
      columns.map(({ kind, values }) =>
        kind === "number" ? Number.isNaN(values[row]) : (values[row] ?? null),
      ),
    );
  const groups = new Map<string, number[]>();
  for (let row = 0; row < real.rows; row++) {
    const key = wordsOf(real, row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  const numbers = real.columns.flatMap(({ kind, values }, i) =>
    kind === "number" ? [{ values, own: synthetic.columns[i].values as Float64Array }] : [],
  );
  const isKnown = (row: number): boolean =>
    (groups.get(wordsOf(synthetic, row)) ?? []).some((other) =>
      numbers.every(({ values, own }) => {
        const x = own[row];
        return Number.isNaN(x) || Math.abs(values[other] - x) <= Math.abs(TOLERANCE * x);
      }),
    );
  return 1 - rows.reduce((sum, row) => sum + Number(isKnown(row)), 0) / rows.length;
};

/**
 * Rows drawn without a look at the distribution: numbers even over the range, categories all alike, as much missing as there is.
 *
 * @param real the table whose columns, ranges and categories they have
 * @param rows how many
 * @param seed that of the draws
 */
export const randomFrame = (real: Frame, rows: number, seed: number): Frame => ({
  rows,
  columns: real.columns.map((column): FrameColumn => {
    const random = randomStream(seed, `table/random/${column.name}`);
    if (column.kind === "number") {
      const present = column.values.filter((value) => !Number.isNaN(value)).sort();
      const missing = 1 - present.length / real.rows;
      const isWhole = present.every(Number.isInteger);
      const [low, reach] = [present[0], (present.at(-1) ?? 0) - present[0] + Number(isWhole)];
      const draw = (): number => {
        if (present.length === 0 || random.uniform() < missing) return Number.NaN;
        const value = low + reach * random.uniform();
        return isWhole ? Math.floor(value) : value;
      };
      return { ...column, values: Float64Array.from({ length: rows }, draw) };
    }
    const present = column.values.filter((word) => word !== undefined);
    const known = [...new Set(present)];
    const missing = 1 - present.length / real.rows;
    const draw = (): string | undefined =>
      known.length === 0 || random.uniform() < missing ? undefined : known[random.integer(known.length)];
    return { ...column, values: Array.from({ length: rows }, draw) };
  }),
});

/**
 * SDMetrics' DCRBaselineProtection: min(1, median distance to the closest record over that of random rows); NaN where that is 0.
 *
 * @param real the table that was learnt
 * @param synthetic the rows that are judged, of which `rows` are looked at
 * @param random rows that were drawn without a look at the table
 * @param others rows of `real` that are looked at; all without
 */
export const baselineProtection = (
  real: Frame,
  synthetic: Frame,
  random: Frame,
  rows?: Uint32Array,
  others?: Uint32Array,
): number => {
  const usual = median(closestRecords(random, real, undefined, others));
  return usual === 0
    ? Number.NaN
    : Math.min(1, median(closestRecords(synthetic, real, rows, others)) / usual);
};
