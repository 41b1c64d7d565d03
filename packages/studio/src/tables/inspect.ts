/** What was understood of a table, for the page: a view of each column, as `tsgan table inspect` says it. */
import {
  type ColumnPlan,
  type ColumnSchema,
  columnNumber,
  describeColumn,
  describeConstraint,
  describeTable,
  type Frame,
  frameOfTable,
  heldConstraints,
  isMissingText,
  type Table,
  type TablePlan,
  type TableSchema,
} from "tsgan/tables";
import { type Scale, type Shares, scaleOf, sharesOf } from "./bins.ts";
import { type Rule, rulesOf } from "./rules.ts";

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

export interface RuleView {
  readonly rule: Rule;
  /** `total is not negative` */
  readonly says: string;
  /** Rows of the table that lie beyond the bounds. */
  readonly beyond: number;
}

export interface Inspection {
  readonly name: string;
  readonly rows: number;
  /** How the file is written. */
  readonly described: string;
  readonly notes: readonly string[];
  readonly columns: readonly ColumnView[];
  readonly schema: TableSchema;
  /** What its rows must keep. */
  readonly rules: readonly RuleView[];
  /** Constraints that all rows keep, and that nobody has asked for. */
  readonly held: readonly RuleView[];
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

const describeRule = (rule: Rule): string => {
  if ("constraint" in rule) return describeConstraint(rule.constraint);
  const { column, low, high } = rule.range;
  if (low === 0 && high === undefined) return `${column} is not negative`;
  if (high === undefined) return `${column} is at least ${low}`;
  return low === undefined ? `${column} is at most ${high}` : `${column} is from ${low} to ${high}`;
};

/** Rows whose value lies beyond bounds. */
const rowsBeyond = (
  { column, ...bounds }: Extract<Rule, { range: unknown }>["range"],
  { dialect }: Table,
  { columns }: TableSchema,
  frame: Frame,
): number => {
  const own = columns.find(({ name }) => name === column);
  const drawn = frame.columns.find(({ name }) => name === column);
  if (drawn?.kind !== "number") return 0;
  const format = own?.kind === "date" ? own.format : undefined;
  const numberOf = (bound: number | string | undefined, otherwise: number): number =>
    typeof bound === "string"
      ? (columnNumber(bound, dialect.decimal, format) ?? otherwise)
      : (bound ?? otherwise);
  const low = numberOf(bounds.low, Number.NEGATIVE_INFINITY);
  const high = numberOf(bounds.high, Number.POSITIVE_INFINITY);
  return drawn.values.reduce((count, value) => count + (value < low || value > high ? 1 : 0), 0);
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
  const rules = rulesOf(schema).map((rule): RuleView => {
    const beyond = "range" in rule ? rowsBeyond(rule.range, table, schema, frame) : 0;
    return { rule, says: describeRule(rule), beyond };
  });
  const held = heldConstraints(table, schema).map(
    (constraint): RuleView => ({
      rule: { constraint },
      says: describeConstraint(constraint),
      beyond: 0,
    }),
  );
  const described = describeTable(table).replace(NAMES, "");
  return { name, rows, described, notes, columns, schema, rules, held, guessed };
};
