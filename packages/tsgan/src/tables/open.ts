/** The data set of a table: what its columns are, planned and encoded. */
import type { FiniteDataset } from "../data/finite.ts";
import type { Reading } from "../data/reading.ts";
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
}

/** The rows of a table to learn from. @throws RunError, UsageError for what cannot be learnt, or does not fit the schema */
export const rowsOfTable = (
  table: Table,
  { schema: given, schemaName = "schema" }: RowsOptions = {},
  path = table.name,
): TableDataset & FiniteDataset => {
  const guessed = recognise(table);
  const schema = given === undefined ? guessed : overridden(guessed, given, schemaName);
  const fitted = fitTable(table, schema);
  const reading: Reading = {
    source: "table",
    path,
    examples: table.rows,
    rows: describeTable(table),
    notes: [...table.notes, ...describeSchema(schema)],
  };
  return tableDataset(table.name, fitted, reading);
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
