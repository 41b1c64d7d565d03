/** Rows from a trained generator, one stretch after the other, so that there may be any number of them. */
import { UsageError } from "../errors.ts";
import { type Cell, type DecodedRows, type RowReader, rowReader } from "./decode.ts";
import type { EncodedRows } from "./encoded.ts";
import type { TablePlan } from "./plan.ts";
import { type Condition, queryOf } from "./where.ts";

/**
 * What makes encoded rows: a trainer, or an exported generator. Stretch `index` is the same whenever it is asked for.
 *
 * @param asked place in the condition vector of what all of them are asked to be; as the table has it without
 */
export type MakeRows = (index: number, count: number, asked: number | undefined) => Promise<EncodedRows>;

export interface SampleRowsOptions {
  readonly rows: number;
  readonly seed: number;
  /** All of which each row meets. */
  readonly where?: readonly Condition[] | undefined;
}

/** Some rows, of which some meet the conditions. */
export interface Stretch {
  readonly decoded: DecodedRows;
  /** Numbers in the stretch of those that meet them. */
  readonly kept: Uint32Array;
}

/** Rows made at a time. */
export const STRETCH = 2000;
/** Rows without one that meets the conditions, after which it is given up. */
const PATIENCE = 200_000;

const pluralRows = (count: number): string => `${count.toLocaleString("en-US")} rows`;

/** What reads stretches of rows, and knows which of them are kept. */
export interface StretchReader {
  readonly reader: RowReader;
  /** Whether rows may be made that are not kept. */
  readonly rejects: boolean;
  stretch(index: number, count: number): Promise<Stretch>;
}

/**
 * What reads stretches of rows of a table: made by `make`, decoded by the `plan` and the `seed`, and kept where they meet the
 * conditions.
 *
 * @throws UsageError for conditions on what is not there
 */
export const stretchReader = (
  plan: TablePlan,
  make: MakeRows,
  { seed, where = [] }: Pick<SampleRowsOptions, "seed" | "where">,
): StretchReader => {
  const reader = rowReader(plan);
  const { asked, filter, rejects } = queryOf(plan, reader, where);
  return {
    reader,
    rejects,
    stretch: async (index, count) => {
      const encoded = await make(index, count, asked);
      const decoded = reader.decode(encoded, index * STRETCH, seed);
      const all = new Uint32Array(encoded.count);
      for (let row = 0; row < all.length; row++) all[row] = row;
      return { decoded, kept: rejects ? all.filter((row) => filter(decoded, row)) : all };
    },
  };
};

/** How far sampling has come: rows made so far, and those of them that met the conditions. */
export interface Sampled {
  readonly made: number;
  readonly accepted: number;
}

/**
 * Stretches in their order, `ahead` of which are made at the same time, until there are enough rows.
 *
 * @param make what makes a stretch of `count` rows; more than are wanted where it `rejects` some
 * @param kept how many rows of a stretch meet the conditions
 * @returns each with how many of its rows are wanted
 * @throws UsageError where none meets them
 */
export async function* inOrder<Made>(
  make: (index: number, count: number) => Promise<Made>,
  kept: (made: Made) => number,
  {
    rows,
    where = [],
    rejects,
    ahead,
  }: Omit<SampleRowsOptions, "seed"> & { readonly rejects: boolean; readonly ahead: number },
): AsyncGenerator<Sampled & { readonly stretch: Made; readonly wanted: number }> {
  const begun: Promise<Made>[] = [];
  const countOf = (index: number): number =>
    rejects ? STRETCH : Math.min(STRETCH, Math.max(0, rows - index * STRETCH));
  let next = 0;
  const begin = (): void => {
    for (; begun.length < ahead && countOf(next) > 0; next++) {
      const stretch = make(next, countOf(next));
      // Whoever waits for it is told.
      stretch.catch(() => {});
      begun.push(stretch);
    }
  };
  let [made, accepted] = [0, 0];
  try {
    for (let index = 0; accepted < rows; index++) {
      begin();
      const stretch = await (begun.shift() as Promise<Made>);
      begin();
      const wanted = Math.min(kept(stretch), rows - accepted);
      made += countOf(index);
      accepted += wanted;
      if (wanted > 0) yield { stretch, wanted, made, accepted };
      if (accepted === 0 && made >= PATIENCE) {
        const text = where.map((each) => `${each.column}${each.operator}${each.value}`).join(", ");
        throw new UsageError(
          `where: none of ${pluralRows(made)} met ${text === "" ? "the constraints" : text}; ask for less`,
        );
      }
    }
  } finally {
    // What is being made must not outlive its maker.
    await Promise.allSettled(begun);
  }
}

/**
 * Rows of a table, sampled a stretch at a time until as many meet the conditions as are asked for. While one stretch is
 * read, the next is made.
 *
 * @param plan what the columns are, and how rows are read from numbers
 * @param make what gives rows of the generator, as numbers
 * @param options how many `rows` are asked for, the `seed` of the draws, and the conditions (`where`)
 * @throws UsageError for conditions on what is not there, or that no row meets
 */
export const sampleRows = (
  plan: TablePlan,
  make: MakeRows,
  options: SampleRowsOptions,
): {
  readonly reader: RowReader;
  stretches(): AsyncGenerator<Sampled & { readonly rows: readonly (readonly Cell[])[] }>;
} => {
  const { reader, rejects, stretch } = stretchReader(plan, make, options);
  return {
    reader,
    async *stretches() {
      const all = inOrder(stretch, ({ kept }) => kept.length, { ...options, rejects, ahead: 2 });
      for await (const { stretch: found, wanted, made, accepted } of all) {
        const kept = found.kept.subarray(0, wanted);
        yield { rows: Array.from(kept, (row) => reader.cells(found.decoded, row)), made, accepted };
      }
    },
  };
};
