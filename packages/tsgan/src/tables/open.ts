/** The data set of a table: what its columns are, planned and encoded. */
import type { FiniteDataset } from "../data/finite.ts";
import type { Reading } from "../data/reading.ts";
import { randomStream } from "../random/index.ts";
import { type TableDataset, tableDataset } from "./dataset.ts";
import { describeSchema } from "./describe.ts";
import { fitTable } from "./fit.ts";
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
}

const someRows = (table: Table, rows: Uint32Array): Table => ({
  ...table,
  rows: rows.length,
  columns: table.columns.map(({ name, values }) => ({
    name,
    values: Array.from(rows, (row) => values[row]),
  })),
  lines: Array.from(rows, (row) => table.lines[row]),
});

/** The rows of training and those held out: a choice that depends on their number alone. */
const split = (table: Table, share: number): { readonly training: Table; readonly heldOut?: Table } => {
  const count = Math.floor(share * table.rows);
  if (count === 0) return { training: table };
  const order = randomStream(0, "table/hold-out").permutation(table.rows);
  return {
    training: someRows(table, order.slice(count).sort()),
    heldOut: someRows(table, order.slice(0, count).sort()),
  };
};

/** The rows of a table to learn from. @throws RunError, UsageError for what cannot be learnt, or does not fit the schema */
export const rowsOfTable = (
  table: Table,
  { schema: given, schemaName = "schema", holdOut = 0 }: RowsOptions = {},
  path = table.name,
): TableDataset & FiniteDataset => {
  const guessed = recognise(table);
  const schema = given === undefined ? guessed : overridden(guessed, given, schemaName);
  const rows = split(table, holdOut);
  const held = rows.heldOut?.rows ?? 0;
  const reading: Reading = {
    source: "table",
    path,
    examples: table.rows,
    rows: describeTable(table),
    notes: [
      ...table.notes,
      ...describeSchema(schema),
      ...(held > 0 ? [`held out to judge by: ${held.toLocaleString("en-US")} rows`] : []),
    ],
  };
  return tableDataset(table.name, fitTable(rows.training, schema), { reading, rows });
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
