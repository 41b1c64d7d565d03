/** The data set of a table: what its columns are, planned and encoded. */
import type { FiniteDataset } from "../data/finite.ts";
import type { Reading } from "../data/reading.ts";
import { randomStream } from "../random/index.ts";
import { brokenConstraints } from "./constraints.ts";
import { type TableDataset, tableDataset } from "./dataset.ts";
import { describeSchema } from "./describe.ts";
import { encodeTable, type FittedTable, fitTable, someOf } from "./fit.ts";
import type { TableRows } from "./frame.ts";
import type { TablePlan } from "./plan.ts";
import { recognise } from "./recognise.ts";
import { overridden, type TableSchema } from "./schema.ts";
import { describeTable, readTable, type Table, type TableOptions } from "./table.ts";

export interface RowsOptions extends TableOptions {
  /** What a person says about columns, against what would be guessed. */
  readonly schema?: TableSchema | undefined;
  /** What errors call the schema. */
  readonly schemaName?: string | undefined;
  /** Share of the rows that is kept from training, to judge by; none without. */
  readonly holdOut?: number | undefined;
  /** Whether the rows stay in memory, for metrics, or how many fields they may have to do so; true without. */
  readonly keepRows?: boolean | number | undefined;
  /** Whether training is to see each row by itself and nothing can be asked for, as differential privacy asks; false without. */
  readonly alone?: boolean | undefined;
  /** Whether training is to see rows as often as they come and nothing can be asked for, as the model tvae asks; false without. */
  readonly asIs?: boolean | undefined;
  /** How rows are encoded, where that was found before: of a run that goes on, or is judged. */
  readonly plan?: TablePlan | undefined;
}

const someRows = ({ columns }: Table, rows: Uint32Array): TableRows => ({
  rows: rows.length,
  columns: columns.map((column) => someOf(column, rows)),
});

/** Fields of a table up to which rows that come again are counted. */
const MOST_COUNTED = 1_000_000;

/** Rows that are the same as an earlier one in all columns, in words; none where there are none, or too many fields to look. */
const repeatedRows = ({ columns, rows }: Table): readonly string[] => {
  if (rows * columns.length > MOST_COUNTED) return [];
  const known = new Set<string>();
  for (let row = 0; row < rows; row++) known.add(columns.map(({ values }) => values.at(row)).join("\0"));
  const count = rows - known.size;
  if (count === 0) return [];
  return [count === 1 ? "1 row comes again" : `${count.toLocaleString("en-US")} rows come again`];
};

/** Fewer held-out rows say nothing, and a small table needs each row to learn from. */
const LEAST_HELD_OUT = 10;

/**
 * The rows of training and those held out: a choice that depends on their number alone, so that runs of other seeds are judged by
 * the same rows, and one that goes on trains on those it began with.
 */
const split = (rows: number, share: number): readonly [training?: Uint32Array, heldOut?: Uint32Array] => {
  const count = Math.floor(share * rows);
  if (count < LEAST_HELD_OUT) return [];
  const order = randomStream(0, "table/hold-out").permutation(rows);
  return [order.slice(count).sort(), order.slice(0, count).sort()];
};

const fitAs = (
  { plan, encoded }: FittedTable,
  { alone = false, asIs = false }: Pick<RowsOptions, "alone" | "asIs">,
): FittedTable => ({
  plan: { ...plan, ...(alone && { alone }), ...(asIs && { asIs }) },
  encoded,
});

/**
 * The rows of a table to learn from.
 *
 * @param path what errors call the table
 * @throws RunError, UsageError for what cannot be learnt, or does not fit the schema
 */
export const rowsOfTable = (
  table: Table,
  { schema: given, schemaName = "schema", holdOut = 0, keepRows = true, alone, asIs, plan }: RowsOptions = {},
  path = table.name,
): TableDataset & FiniteDataset => {
  const guessed = recognise(table);
  const schema = given === undefined ? guessed : overridden(guessed, given, schemaName);
  const [training, heldOut] = split(table.rows, holdOut);
  const reading: Reading = {
    source: "table",
    path,
    examples: training?.length ?? table.rows,
    rows: describeTable(table),
    notes: [
      ...table.notes,
      ...repeatedRows(table),
      ...describeSchema(schema),
      ...brokenConstraints(table, schema).map((broken) => `${broken}; such rows are not made`),
      ...(heldOut ? [`held out to judge by: ${heldOut.length.toLocaleString("en-US")} rows`] : []),
      ...(holdOut > 0 && heldOut === undefined
        ? [`held out to judge by: none; ${100 * holdOut} % of the rows are fewer than ${LEAST_HELD_OUT}`]
        : []),
    ],
  };
  const fitted =
    plan === undefined
      ? fitAs(fitTable(table, schema, training), { alone, asIs })
      : encodeTable(table, plan, training);
  const fields = table.rows * table.columns.length;
  if (typeof keepRows === "number" ? fields > keepRows : !keepRows)
    return tableDataset(table.name, fitted, { reading });
  const rows: TableDataset["rows"] = {
    training: () => (training === undefined ? table : someRows(table, training)),
    ...(heldOut && { heldOut: () => someRows(table, heldOut) }),
  };
  return tableDataset(table.name, fitted, { reading, rows });
};

/**
 * Rows of a CSV as a data set: mixed columns, whose kinds are recognised.
 *
 * @param source text, or the bytes of a text
 * @param name what the data set and the errors are called
 */
export const rowsFromCsv = (
  source: string | Uint8Array,
  name: string,
  options: RowsOptions = {},
): TableDataset & FiniteDataset => rowsOfTable(readTable(source, name, options), options);
