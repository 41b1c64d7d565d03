/** What was understood of a table, for the page: a view of each column, as `tsgan table inspect` says it. */
import {
  type ColumnPlan,
  type ColumnSchema,
  describeColumn,
  describeConstraint,
  describeTable,
  type Frame,
  frameOfTable,
  isMissingText,
  type Table,
  type TablePlan,
  type TableSchema,
} from "tsgan/tables";
import { type Scale, type Shares, scaleOf, sharesOf } from "./bins.ts";

export interface ColumnView {
  readonly schema: ColumnSchema;
  /** What it is, in the words of `tsgan table inspect`. */
  readonly says: string;
  /** The first different values. */
  readonly examples: readonly string[];
  /** Share of the rows. */
  readonly missing: number;
  /** Different values that are there. */
  readonly distinct: number;
  /** Of columns that are learnt. */
  readonly drawn: { readonly scale: Scale; readonly real: Shares; readonly range?: Range } | undefined;
}

/** The least and the greatest value, as they are written. */
type Range = readonly [low: string, high: string];

export interface Inspection {
  readonly name: string;
  readonly rows: number;
  /** How the file is written. */
  readonly described: string;
  readonly notes: readonly string[];
  readonly columns: readonly ColumnView[];
  readonly schema: TableSchema;
  /** Its constraints, in words. */
  readonly constraints: readonly string[];
  /** What was recognised, before anybody corrected it. */
  readonly guessed: TableSchema;
}

const LEARNT: readonly ColumnSchema["kind"][] = ["number", "date", "category", "boolean"];

export const isLearntKind = ({ kind }: ColumnSchema): boolean => LEARNT.includes(kind);

const EXAMPLES = 3;

/** The names of the columns in the description of a table: they are shown, each with what it holds. */
const NAMES = / \(.*\)/s;

const isMissing = (text: string): boolean => text === "" || isMissingText(text);

/** As much of a plan as values are read by: nothing is fitted for it. */
const planOf = (schema: ColumnSchema): ColumnPlan => {
  const { name } = schema;
  switch (schema.kind) {
    case "number":
    case "date": {
      const format = schema.kind === "date" ? schema.format : undefined;
      return {
        kind: "number",
        name,
        normals: [],
        values: [],
        texts: [],
        counts: [],
        low: 0,
        high: 0,
        format,
      };
    }
    case "category":
    case "boolean":
      return { kind: "category", name, values: [], counts: [] };
    default:
      return { kind: "omitted", name };
  }
};

const rangeOf = (values: Float64Array, texts: readonly string[]): Range | undefined => {
  let [low, high] = [-1, -1];
  values.forEach((value, i) => {
    if (Number.isNaN(value)) return;
    if (low === -1 || value < values[low]) low = i;
    if (high === -1 || value > values[high]) high = i;
  });
  return low === -1 ? undefined : [texts[low], texts[high]];
};

/** The learnt columns of a table under a schema, read as what they mean. */
const frameUnder = (table: Table, { columns }: TableSchema): Frame => {
  const plan: TablePlan = {
    columns: columns.map(planOf),
    rows: table.rows,
    separator: table.dialect.separator,
    decimal: table.dialect.decimal,
  };
  return frameOfTable(table, plan);
};

export const inspect = (table: Table, schema: TableSchema, guessed: TableSchema): Inspection => {
  const frame = frameUnder(table, schema);
  const columns = table.columns.map(({ name, values }, i): ColumnView => {
    const own = schema.columns[i];
    const counts = values.counts();
    const present = [...counts.keys()].filter((text) => !isMissing(text));
    const missing = [...counts].reduce((sum, [text, count]) => sum + (isMissing(text) ? count : 0), 0);
    const column = frame.columns.find((each) => each.name === name);
    const scale = column && scaleOf(column);
    const range = column?.kind === "number" ? rangeOf(column.values, [...values]) : undefined;
    return {
      schema: own,
      says: describeColumn(own).slice(`${name}: `.length),
      examples: present.slice(0, EXAMPLES),
      missing: missing / table.rows,
      distinct: present.length,
      drawn: column && scale && { scale, real: sharesOf(scale, column), ...(range && { range }) },
    };
  });
  const { name, rows, notes } = table;
  const constraints = (schema.constraints ?? []).map(describeConstraint);
  const described = describeTable(table).replace(NAMES, "");
  return { name, rows, described, notes, columns, schema, constraints, guessed };
};
