/** Rows from a trained generator, one stretch after the other, so that there may be any number of them. */
import { UsageError } from "../errors.ts";
import { conditionSize } from "../layout.ts";
import type { Cell, RowReader } from "./decode.ts";
import { rowReader } from "./decode.ts";
import { arrange, type TablePlan } from "./plan.ts";
import { type Condition, queryOf } from "./where.ts";

/** What makes encoded rows: a trainer, or an exported generator. Stretch `index` is the same whenever it is asked for. */
export type MakeRows = (
  index: number,
  count: number,
  conditions: Float32Array | undefined,
) => Promise<Float32Array>;

export interface SampleRowsOptions {
  readonly rows: number;
  readonly seed: number;
  /** All of which each row meets. */
  readonly where?: readonly Condition[] | undefined;
}

export interface Stretch {
  readonly rows: readonly (readonly Cell[])[];
  /** Rows made so far, and those of them that met the conditions. */
  readonly made: number;
  readonly accepted: number;
}

/** Rows made at a time. */
export const STRETCH = 2000;
/** Rows without one that meets the conditions, after which it is given up. */
const PATIENCE = 200_000;

const pluralRows = (count: number): string => `${count.toLocaleString("en-US")} rows`;

/**
 * Rows of a table's plan.
 *
 * @throws UsageError for conditions on what is not there, or that no row meets
 */
export const sampleRows = (
  plan: TablePlan,
  make: MakeRows,
  { rows, seed, where = [] }: SampleRowsOptions,
): { readonly reader: RowReader; stretches(): AsyncGenerator<Stretch> } => {
  const { layout } = arrange(plan);
  const length = conditionSize(layout);
  const reader = rowReader(plan);
  const { asked, filter, rejects } = queryOf(plan, reader.names, where);
  const conditions = (count: number): Float32Array | undefined => {
    if (asked === undefined) return undefined;
    const out = new Float32Array(count * length);
    for (let i = 0; i < count; i++) out[i * length + asked] = 1;
    return out;
  };
  return {
    reader,
    async *stretches() {
      let made = 0;
      let accepted = 0;
      for (let index = 0; accepted < rows; index++) {
        const count = rejects ? STRETCH : Math.min(STRETCH, rows - made);
        const samples = await make(index, count, conditions(count));
        const all = reader.read(samples, made, seed);
        made += count;
        const kept = rejects ? all.filter(filter).slice(0, rows - accepted) : all;
        accepted += kept.length;
        if (kept.length > 0) yield { rows: kept, made, accepted };
        if (accepted === 0 && made >= PATIENCE) {
          const text = where.map((each) => `${each.column}${each.operator}${each.value}`).join(", ");
          throw new UsageError(
            `where: none of ${pluralRows(made)} met ${text === "" ? "the constraints" : text}; ask for less`,
          );
        }
      }
    },
  };
};
