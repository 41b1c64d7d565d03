/** What somebody who has synthetic rows may find out about the rows that were learnt. */
import { randomStream } from "../random/index.ts";
import { interquartileRange, median } from "../statistics/index.ts";
import type { Frame, FrameColumn } from "../tables/index.ts";
import { closestRecords } from "./table-privacy.ts";

/** Normal quantile of a 95 % interval. */
const Z = 1.959964;

/** Wilson's 95 % interval of a share of so many trials. */
export const wilson = (share: number, trials: number): readonly [low: number, high: number] => {
  const z2 = (Z * Z) / trials;
  const centre = (share + z2 / 2) / (1 + z2);
  const reach = (Z * Math.sqrt((share * (1 - share)) / trials + z2 / (4 * trials))) / (1 + z2);
  return [Math.max(0, centre - reach), Math.min(1, centre + reach)];
};

export interface Membership {
  /** Share of rows that are told rightly: ½ where nothing is given away. */
  readonly accuracy: number;
  /** 95 % interval. */
  readonly interval: readonly [low: number, high: number];
  /** Rows of training, and as many held out. */
  readonly rows: number;
}

/**
 * The nearest-record attack: shown rows of which half were learnt, it names those learnt that are nearer to a synthetic
 * row than the median of all (GAN-Leaks, Chen et al. 2020, full black box, without calibration). Rows at the median
 * count half. The rows of `training` were learnt, those of `heldOut` were not; `seed` chooses at most `samples` rows of
 * each.
 */
export const membershipAttack = (
  synthetic: Frame,
  training: Frame,
  heldOut: Frame,
  { seed, samples }: { readonly seed: number; readonly samples: number },
): Membership => {
  const count = Math.min(training.rows, heldOut.rows, samples);
  const chosen = (name: string, { rows }: Frame): Uint32Array =>
    randomStream(seed, name).permutation(rows).slice(0, count);
  const members = closestRecords(training, synthetic, chosen("membership/training", training));
  const others = closestRecords(heldOut, synthetic, chosen("membership/held-out", heldOut));
  const limit = median([...members, ...others]);
  const told = (distances: Float64Array, nearer: boolean): number =>
    distances.reduce((sum, d) => sum + (d === limit ? 0.5 : Number(d < limit === nearer)), 0);
  const accuracy = (told(members, true) + told(others, false)) / (2 * count);
  return { accuracy, interval: wilson(accuracy, 2 * count), rows: count };
};

/** Rows of a value from which on it is nobody's own. */
const RARE = 3;
/** A number is by itself where the next different one is farther than this share of the interquartile range. */
const APART = 0.25;

/**
 * Values of a column that one or two rows have: categories, and numbers that lie by themselves. A number among others
 * says nothing of a row, however seldom just it comes. The column's `kind` says which of the two.
 */
export const rareValues = ({ kind, values }: FrameColumn): ReadonlySet<string | number> => {
  const counts = new Map<string | number, number>();
  for (const value of values) {
    if (value !== undefined && !Number.isNaN(value)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const isRare = (value: string | number): boolean => counts.get(value)! < RARE;
  if (kind !== "number") return new Set([...counts.keys()].filter(isRare));
  const numbers = [...(counts.keys() as MapIterator<number>)].sort((a, b) => a - b);
  if (numbers.length < 2) return new Set();
  const present = values.filter((value) => !Number.isNaN(value));
  const far = APART * (interquartileRange(present) || (numbers[numbers.length - 1] - numbers[0]) / 100);
  return new Set(
    numbers.filter(
      (value, i) =>
        isRare(value) &&
        value - (numbers[i - 1] ?? Number.NEGATIVE_INFINITY) > far &&
        (numbers[i + 1] ?? Number.POSITIVE_INFINITY) - value > far,
    ),
  );
};

export interface RareLeaks {
  /** Share of the rows that hold a rare value. */
  readonly share: number;
  /** Of each column, its rare values and how many of them came again. */
  readonly columns: readonly { readonly column: string; readonly rare: number; readonly leaked: number }[];
}

/**
 * Rare values of the training table in other rows.
 *
 * @param frame the table that is looked through, such as the synthetic one
 */
export const rareLeaks = (training: Frame, frame: Frame): RareLeaks => {
  const hit = new Uint8Array(frame.rows);
  const columns = training.columns.map((column, i) => {
    const rare = rareValues(column);
    const seen = new Set<string | number>();
    frame.columns[i].values.forEach((value, row) => {
      if (value === undefined || !rare.has(value)) return;
      hit[row] = 1;
      seen.add(value);
    });
    return { column: column.name, rare: rare.size, leaked: seen.size };
  });
  return { share: hit.reduce((sum, each) => sum + each, 0) / Math.max(1, frame.rows), columns };
};
