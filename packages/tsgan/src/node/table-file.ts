/** Tables in files, looked at before anything is trained on them. */
import { basename } from "node:path";
import type { ConfigInput } from "../config/index.ts";
import { catalogue } from "../data/index.ts";
import {
  describeColumn,
  describeConstraint,
  describeTable,
  heldConstraints,
  isMixed,
  readTable,
  recognise,
  type TableSchema,
} from "../tables/index.ts";
import { type DatasetOptions, firstBytes, holdsPoints } from "./datasets.ts";
import { readBytes } from "./files.ts";

/** Bytes that are looked at to tell points from rows. */
const LOOKED = 2 ** 20;
const NEWLINE = 10;

/**
 * What the table in a file is taken as where nobody says: rows where it has columns of other things than numbers, or missing
 * values; points otherwise. Undefined for what is no file, or holds no table.
 *
 * @param path the file
 */
export const recogniseFile = (path: string, columns?: readonly string[]): DatasetOptions["as"] => {
  if (catalogue.has(path)) return undefined;
  try {
    if (!holdsPoints(path)) return undefined;
    const head = firstBytes(path, LOOKED);
    const whole = head.length < LOOKED ? head : head.subarray(0, head.lastIndexOf(NEWLINE) + 1);
    return isMixed(readTable(whole, basename(path), { columns })) ? "rows" : "points";
  } catch {
    // Whoever opens it says what is wrong.
    return undefined;
  }
};

/**
 * Parts of a configuration with what the rows of their table are taken as, where none of them says so: rows where there is a
 * schema, else what the file looks like.
 *
 * @param inputs the last of which has the last word
 * @returns the part to add; empty where it is said, or the data are no file
 */
export const recognisedAs = (...inputs: readonly ConfigInput[]): Pick<ConfigInput, "as"> => {
  const last = <Key extends "data" | "as" | "schema" | "columns">(key: Key): ConfigInput[Key] =>
    inputs.findLast((input) => input[key] !== undefined)?.[key];
  const data = last("data");
  if (typeof data !== "string" || last("as") !== undefined) return {};
  const as = last("schema") === undefined ? recogniseFile(data, last("columns")) : "rows";
  return as === undefined ? {} : { as };
};

/** What was understood of a table. */
export interface InspectedTable {
  readonly schema: TableSchema;
  /** How many rows there are, and how the file is written. */
  readonly described: string;
  /** A line for each column, and for each constraint that all rows keep. */
  readonly lines: readonly string[];
}

/**
 * What the columns of a table in a file are.
 *
 * @param path the file
 * @param options the `columns` to look at, by name, in this order; all without
 * @throws UsageError, RunError for what is no table
 */
export const inspectTable = (
  path: string,
  options: { readonly columns?: readonly string[] | undefined } = {},
): InspectedTable => {
  const table = readTable(readBytes(path), basename(path), options);
  const schema = recognise(table);
  return {
    schema,
    described: `${path}: ${table.rows.toLocaleString("en-US")} rows; ${describeTable(table)}`,
    lines: [
      ...table.notes,
      ...schema.columns.map(describeColumn),
      ...heldConstraints(table, schema).map(
        (constraint) => `${describeConstraint(constraint)}; to keep it so: ${JSON.stringify(constraint)}`,
      ),
    ],
  };
};
