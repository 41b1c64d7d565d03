/** Plans from a table and its schema, and the table in their terms. */
import { RunError, UsageError } from "../errors.ts";
import { randomStream } from "../random/index.ts";
import { boundsOf } from "./bounds.ts";
import { columnNumber } from "./dates.ts";
import { gaussianMixture, membership } from "./mixture.ts";
import type { DecimalMark } from "./number-text.ts";
import { unlikePattern } from "./patterns.ts";
import {
  type CategoryPlan,
  type ColumnPlan,
  hasNumber,
  isLearnt,
  LARGEST,
  LEAST_SPREAD,
  type LearntPlan,
  type NumberPlan,
  type TablePlan,
} from "./plan.ts";
import { type Counts, isMissing, LEAST_TABLE } from "./recognise.ts";
import type { ColumnSchema, DateSchema, NumberSchema, TableSchema } from "./schema.ts";
import { sumsOf } from "./sums.ts";
import type { Column, Table } from "./table.ts";
import { numbersFrom, type Texts } from "./texts.ts";

/** A learnt column in a plan's terms: for each row its choice, and its number where it has one. */
export interface EncodedColumn {
  readonly choice: Uint8Array | Uint16Array;
  readonly number?: Float32Array;
}

/**
 * A value that fewer rows have belongs to a person, not to the table: it is never written. Below `SMALL` rows nothing is
 * common, and all values stay.
 */
const LEAST_ROWS = 3;
const SMALL = 30;

const leastRows = (rows: number): number => (rows < SMALL ? 1 : LEAST_ROWS);

/** Different numbers up to which each is a choice of its own. */
const FEW_VALUES = 20;
/** Share of the rows from which on a single number among many is a choice of its own, such as the 0 of many bills. */
const SPIKE = 0.05;
/** Categories that have a choice of their own; what is less frequent shares one. */
export const MOST_CATEGORIES = 200;
/** Numbers that a mixture is fitted to. */
const FITTED = 20_000;

const byCount = (counts: Iterable<readonly [string, number]>): (readonly [string, number])[] =>
  [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));

const categoryPlan = (name: string, counts: Counts, rows: number): CategoryPlan | undefined => {
  const least = leastRows(rows);
  const common = byCount(counts).filter(([, count]) => count >= least);
  if (common.length === 0) return undefined;
  const own = common.slice(0, MOST_CATEGORIES);
  const others = common.slice(MOST_CATEGORIES);
  const hidden = rows - common.reduce((sum, [, count]) => sum + count, 0);
  const shared = others.reduce((sum, [, count]) => sum + count, 0) + hidden;
  // What is too rare to be written is drawn from the others, or from the common ones.
  const drawn = others.length > 0 ? others : own;
  return {
    kind: "category",
    name,
    values: own.map(([value]) => value),
    counts: [...own.map(([, count]) => count), ...(shared > 0 ? [shared] : [])],
    ...(shared > 0 && {
      others: { values: drawn.map(([value]) => value), counts: drawn.map(([, count]) => count) },
    }),
  };
};

/** The numbers of a column; NaN where a row has a text. */
const numbersOf = (
  values: Texts,
  { format, texts }: { readonly format?: string | undefined; readonly texts?: readonly string[] | undefined },
  mark: DecimalMark,
): Float64Array => {
  const special = new Set(texts ?? []);
  return numbersFrom(values, (text) =>
    special.has(text) ? Number.NaN : (columnNumber(text, mark, format) ?? Number.NaN),
  );
};

/** Numbers without NaN. */
const present = (numbers: Float64Array): Float64Array => {
  const out = new Float64Array(numbers.length);
  let count = 0;
  for (const x of numbers) if (!Number.isNaN(x)) out[count++] = x;
  return out.subarray(0, count);
};

const without = (numbers: Float64Array, some: ReadonlySet<number>): Float64Array => {
  const out = new Float64Array(numbers.length);
  let count = 0;
  for (const x of numbers) if (!some.has(x)) out[count++] = x;
  return out.subarray(0, count);
};

const rowsWhere = (numbers: Float64Array, is: (x: number) => boolean): Uint32Array => {
  const out = new Uint32Array(numbers.length);
  let count = 0;
  for (let row = 0; row < numbers.length; row++) if (is(numbers[row])) out[count++] = row;
  return out.subarray(0, count);
};

type Run = readonly [value: number, count: number];

/** Of sorted numbers: how many are different, the first of these, and those that come often. */
const frequent = (
  sorted: Float64Array,
  most: number,
  fewest: number,
): { readonly different: number; readonly first: readonly Run[]; readonly frequent: readonly Run[] } => {
  const [first, often]: Run[][] = [[], []];
  let different = 0;
  for (let begin = 0; begin < sorted.length; ) {
    let end = begin + 1;
    while (end < sorted.length && sorted[end] === sorted[begin]) end++;
    different++;
    const run: Run = [sorted[begin], end - begin];
    if (different <= most) first.push(run);
    if (end - begin >= fewest) often.push(run);
    begin = end;
  }
  return { different, first, frequent: often };
};

const numberPlan = (
  where: string,
  { name, values }: Column,
  schema: NumberSchema | DateSchema,
  numbers: Float64Array,
): NumberPlan | undefined => {
  const rows = numbers.length;
  const least = leastRows(rows);
  const sorted = present(numbers).sort();
  const texts = values.of(rowsWhere(numbers, Number.isNaN)).counts();
  const kept = byCount(texts).filter(([text, count]) => count >= least || isMissing(text));
  if (sorted.length === 0) return undefined;
  const [first, last] = [sorted[0], sorted[sorted.length - 1]];
  if (-first > LARGEST || last > LARGEST || (last > first && last - first < LEAST_SPREAD)) {
    throw new RunError(
      `${where}: expected numbers up to ${LARGEST} that are not all within ${LEAST_SPREAD}; got ${first} to ${last}; ` +
        "write them in another unit, or leave the column out in a schema (kind omit)",
    );
  }
  const fewest = Math.max(least, SPIKE * rows);
  const runs = frequent(sorted, FEW_VALUES, fewest);
  const bounds = boundsOf(where, sorted, least, schema);
  const isInside = ([value]: Run): boolean => value >= bounds.low && value <= bounds.high;
  const repeated = runs.different <= FEW_VALUES && runs.different * 3 <= sorted.length;
  const common = (repeated ? runs.first.filter(([, count]) => count >= least) : runs.frequent).filter(
    isInside,
  );
  const few = repeated && common.length > 0;
  const single = few ? common : common.slice(0, FEW_VALUES);
  const isSingle = new Set(single.map(([value]) => value));
  const rest = few ? new Float64Array(0) : without(sorted, isSingle);
  const stride = Math.max(1, rest.length / FITTED);
  const fitted = new Float64Array(Math.min(rest.length, FITTED));
  for (let i = 0; i < fitted.length; i++) fitted[i] = rest[Math.floor(i * stride)];
  const normals = fitted.length === 0 ? [] : gaussianMixture(fitted);
  const { decimals, fixed, format } = { decimals: undefined, fixed: undefined, format: undefined, ...schema };
  return {
    kind: "number",
    name,
    normals,
    values: single.map(([value]) => value),
    texts: kept.map(([text]) => text),
    counts: [
      ...normals.map(({ weight }) => Math.max(1, Math.round(weight * rest.length))),
      ...single.map(([, count]) => count),
      ...kept.map(([, count]) => count),
    ],
    ...bounds,
    ...(decimals !== undefined && { decimals }),
    ...(fixed !== undefined && { fixed }),
    ...(format !== undefined && { format }),
  };
};

/** u is kept so near to ±1, as in the authors' code. */
const MOST = 0.99;
/** A number is encoded as (x − mean) / (4 deviations). */
export const SCALE = 4;

const choices = (rows: number, size: number): Uint8Array | Uint16Array =>
  size <= 256 ? new Uint8Array(rows) : new Uint16Array(rows);

const nearestOf = (values: readonly number[], x: number): number =>
  values.reduce((best, value, i) => (Math.abs(value - x) < Math.abs(values[best] - x) ? i : best), 0);

const encodeNumbers = (plan: NumberPlan, values: Texts, numbers: Float64Array): EncodedColumn => {
  const { normals, values: single, texts, counts, name } = plan;
  const random = randomStream(0, `table/mode/${name}`);
  const choice = choices(values.length, counts.length);
  const number = hasNumber(plan) ? new Float32Array(values.length) : undefined;
  const singles = new Map(single.map((value, i) => [value, normals.length + i]));
  const words = new Map(texts.map((text, i) => [text, normals.length + single.length + i]));
  const shares = new Float64Array(normals.length);
  // A word that is too rare to be written becomes the most frequent of what can be.
  const usual = counts.indexOf(Math.max(...counts));
  numbers.forEach((x, row) => {
    if (Number.isNaN(x)) {
      choice[row] = words.get(values.at(row)) ?? usual;
      return;
    }
    const known = singles.get(x);
    if (known !== undefined) {
      choice[row] = known;
      return;
    }
    if (number === undefined) {
      choice[row] = nearestOf(single, x);
      return;
    }
    membership(normals, x, shares);
    let left = random.uniform();
    let mode = 0;
    while (mode < normals.length - 1 && left >= shares[mode]) left -= shares[mode++];
    const { mean, deviation } = normals[mode];
    choice[row] = mode;
    number[row] = Math.max(-MOST, Math.min(MOST, (x - mean) / (SCALE * deviation)));
  });
  return { choice, ...(number && { number }) };
};

const encodeCategories = ({ values: known, counts }: CategoryPlan, values: Texts): EncodedColumn => {
  const index = new Map(known.map((value, i) => [value, i]));
  const choice = choices(values.length, counts.length);
  for (let row = 0; row < choice.length; row++) {
    choice[row] = index.get(values.at(row)) ?? counts.length - 1;
  }
  return { choice };
};

interface Fitted {
  readonly plan: ColumnPlan;
  readonly encoded?: EncodedColumn;
}

const fitColumn = (column: Column, schema: ColumnSchema, table: Table): Fitted => {
  const { name, values } = column;
  const omitted: Fitted = { plan: { kind: "omitted", name } };
  switch (schema.kind) {
    case "constant":
      return { plan: { kind: "constant", name, value: schema.value } };
    case "identifier":
      return { plan: { kind: "identifier", name, pattern: unlikePattern(schema.pattern, values) } };
    case "text":
    case "omit":
      return omitted;
    case "boolean":
    case "category": {
      const plan = categoryPlan(name, values.counts(), values.length);
      return plan === undefined ? omitted : { plan, encoded: encodeCategories(plan, values) };
    }
    default: {
      const numbers = numbersOf(values, schema, table.dialect.decimal);
      const where = `${table.name}, column ${name}`;
      const plan = numberPlan(where, column, schema, numbers);
      if (plan !== undefined) return { plan, encoded: encodeNumbers(plan, values, numbers) };
      const what = schema.kind === "date" ? `a date of the format ${schema.format}` : "a number";
      throw new RunError(
        `${where}: expected ${what}; got none ("${values.at(0).slice(0, 40)}" …); say what the column is in the schema`,
      );
    }
  }
};

/** Some rows of a column. */
export const someOf = (column: Column, rows: Uint32Array | undefined): Column =>
  rows === undefined ? column : { name: column.name, values: column.values.of(rows) };

export interface FittedTable {
  readonly plan: TablePlan;
  /** Of the columns that are learnt, in their order. */
  readonly encoded: readonly EncodedColumn[];
}

/**
 * Plans and encodes a table: what each column becomes, and the numbers that its rows are.
 *
 * @param schema what the columns are, as `recognise` or a person says
 * @param training the rows to learn from; all without
 * @throws RunError for too few rows, or none to learn from
 */
export const fitTable = (table: Table, schema: TableSchema, training?: Uint32Array): FittedTable => {
  const { name, dialect } = table;
  const rows = training?.length ?? table.rows;
  if (rows < LEAST_TABLE) {
    throw new RunError(
      `${name}: expected at least ${LEAST_TABLE} rows; got ${rows}, which a generator learns by heart; give more rows`,
    );
  }
  const sums = new Map(sumsOf(table, schema).map((plan) => [plan.name, plan]));
  const fitted = table.columns.map((column, i): Fitted => {
    const sum = sums.get(column.name);
    if (sum !== undefined) return { plan: sum };
    const own = schema.columns[i];
    // Identifiers of rows that are held out are not to come again, either.
    return fitColumn(own.kind === "identifier" ? column : someOf(column, training), own, table);
  });
  const encoded = fitted.flatMap((each) => each.encoded ?? []);
  if (!fitted.some(({ plan }) => isVaried(plan))) {
    throw new UsageError(
      `${name}: expected a column of numbers, dates or categories to learn; got ${schema.columns
        .map((each) => `${each.name} (${each.kind})`)
        .slice(0, 10)
        .join(", ")}; say what the columns are in a schema`,
    );
  }
  return {
    plan: {
      columns: fitted.map(({ plan }) => plan),
      rows,
      separator: dialect.separator,
      decimal: dialect.decimal,
      ...(schema.constraints && {
        constraints: schema.constraints.flatMap(({ below }) => (below === undefined ? [] : [{ below }])),
      }),
    },
    encoded,
  };
};

/** A table in the terms of a plan that was made before. @throws RunError for a column that is not there */
export const encodeTable = (table: Table, plan: TablePlan, training?: Uint32Array): FittedTable => ({
  plan,
  encoded: plan.columns.filter(isLearnt).map((own): EncodedColumn => {
    const column = table.columns.find(({ name }) => name === own.name);
    if (column === undefined) {
      throw new RunError(
        `${table.name}: expected the column ${own.name} of the table that the run began with; got ${table.columns
          .map(({ name }) => name)
          .slice(0, 20)
          .join(", ")}; put the table back as it was, or begin another run`,
      );
    }
    const { values } = someOf(column, training);
    if (own.kind === "category") return encodeCategories(own, values);
    return encodeNumbers(own, values, numbersOf(values, own, plan.decimal));
  }),
});

const isVaried = (plan: ColumnPlan): plan is LearntPlan =>
  (plan.kind === "number" && (plan.normals.length > 0 || plan.counts.length > 1)) ||
  (plan.kind === "category" && plan.counts.length > 1);
