/** Constraints between columns: rows of a table that break one, and those that all of its rows keep. */
import { RunError } from "../errors.ts";
import { columnNumber } from "./dates.ts";
import type { ColumnSchema, TableSchema } from "./schema.ts";
import { sumsOf } from "./sums.ts";
import type { Table } from "./table.ts";
import { numbersFrom } from "./texts.ts";

/** What a schema says about several columns. */
export type Constraint = NonNullable<TableSchema["constraints"]>[number];

type Below = NonNullable<Constraint["below"]>;

/** What reads the numbers of a column, dates in seconds, each column once; NaN where there is none. */
const numbersIn = ({ columns, dialect }: Table, schema: TableSchema): ((name: string) => Float64Array) => {
  const known = new Map<string, Float64Array>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const own = schema.columns.find((column) => column.name === name);
    const format = own?.kind === "date" ? own.format : undefined;
    const { values } = columns.find((column) => column.name === name)!;
    const numbers = numbersFrom(values, (text) => columnNumber(text, dialect.decimal, format) ?? Number.NaN);
    known.set(name, numbers);
    return numbers;
  };
};

/** What is wrong with the first row where one column is above the other, in words; undefined where there is none. */
const brokenBelow = (
  { name, lines, columns }: Table,
  numbersOf: (name: string) => Float64Array,
  below: Below,
): string | undefined => {
  const [low, high] = below.map(numbersOf);
  let [first, count] = [-1, 0];
  for (let row = 0; row < low.length; row++) {
    if (!(low[row] > high[row])) continue;
    if (first === -1) first = row;
    count++;
  }
  if (first === -1) return undefined;
  const texts = below.map((each) => columns.find((column) => column.name === each)!.values.at(first));
  const often = count === 1 ? "" : ` (and so in ${(count - 1).toLocaleString("en-US")} more)`;
  return `${name}, line ${lines[first]}: expected ${below[0]} to be at most ${below[1]} as the schema says; got ${texts.join(" and ")}${often}`;
};

/**
 * What rows of a table break of its schema's constraints, in words: they are learnt from all the same, and no such rows are made.
 *
 * @param schema what the columns are, and the constraints
 */
export const brokenConstraints = (table: Table, schema: TableSchema): readonly string[] => {
  const numbersOf = numbersIn(table, schema);
  return (schema.constraints ?? []).flatMap(({ below }) =>
    below === undefined ? [] : (brokenBelow(table, numbersOf, below) ?? []),
  );
};

/**
 * Refuses constraints that rows of a table break.
 *
 * @param schema what the columns are, and the constraints
 * @throws RunError with the first line that breaks one, UsageError for sums of what is no number
 */
export const checkConstraints = (table: Table, schema: TableSchema): void => {
  sumsOf(table, schema);
  const [broken] = brokenConstraints(table, schema);
  if (broken === undefined) return;
  throw new RunError(`${broken}; mend the rows, or leave the constraint out`);
};

/** Columns that are looked at: pairs grow as their square, sums as the third power. */
const MOST_COLUMNS = 24;
/** Rows of which one column would be above the other, were they put together at random: by as many, none is no chance. */
const LEAST_TELLING = 30;
/** Rows in which a part of a sum must be something. */
const LEAST_PARTS = 5;

const countOf = (length: number, is: (row: number) => boolean): number => {
  let count = 0;
  for (let row = 0; row < length; row++) if (is(row)) count++;
  return count;
};

const isNowhereAbove = (low: Float64Array, high: Float64Array): boolean => {
  for (let row = 0; row < low.length; row++) if (low[row] > high[row]) return false;
  return true;
};

/** Whether one column is never above the other, where it would be, had each row's two numbers nothing to do with each other. */
const isHeldBelow = (low: Float64Array, high: Float64Array): boolean => {
  const rows = low.length;
  // Not half of them, nor another round part: tables come sorted, and with rows that repeat.
  const away = Math.round(0.382 * rows);
  return (
    isNowhereAbove(low, high) &&
    !isNowhereAbove(high, low) &&
    countOf(rows, (row) => low[row] > high[(row + away) % rows]) >= LEAST_TELLING
  );
};

const isHeldSum = (total: Float64Array, parts: readonly Float64Array[], decimals: number): boolean => {
  const slack = 10 ** -decimals * 1e-6;
  let rows = 0;
  for (let row = 0; row < total.length; row++) {
    let sum = 0;
    for (const part of parts) sum += part[row];
    const difference = Math.abs(total[row] - sum);
    if (difference > slack + 1e-12 * Math.abs(sum)) return false;
    if (!Number.isNaN(difference)) rows++;
  }
  if (rows < 2 * LEAST_PARTS) return false;
  return parts.every((part) => countOf(rows, (row) => part[row] !== 0) >= LEAST_PARTS && differ(part));
};

/** Whether the numbers of a column are not all the same. */
const differ = (numbers: Float64Array): boolean => {
  const first = numbers.find((x) => !Number.isNaN(x));
  return numbers.some((x) => !Number.isNaN(x) && x !== first);
};

type Named = readonly [name: string, ...parts: string[]];

/** Sums of two columns that a third is in every row. */
const heldSums = (
  columns: readonly ColumnSchema[],
  numbersOf: (name: string) => Float64Array,
): readonly Named[] => {
  const numbers = columns.filter((column) => column.kind === "number");
  const sums: Named[] = [];
  for (const { name, decimals = 6 } of numbers) {
    const others = numbers.filter((column) => column.name !== name);
    others.forEach((one, i) => {
      for (const other of others.slice(i + 1)) {
        const parts = [one.name, other.name];
        if (!isHeldSum(numbersOf(name), parts.map(numbersOf), decimals)) continue;
        // A part is no sum itself, and a column the sum of one pair.
        const isTaken = sums.some(
          ([total, ...rest]) => total === name || parts.includes(total) || rest.includes(name),
        );
        if (!isTaken) sums.push([name, ...parts]);
      }
    });
  }
  return sums;
};

/** Pairs of columns, the first of which is at most the second in every row; none that follow from two others. */
const heldBelow = (
  columns: readonly ColumnSchema[],
  numbersOf: (name: string) => Float64Array,
): readonly Below[] => {
  const pairs = columns.flatMap((low) =>
    columns
      .filter((high) => high !== low && high.kind === low.kind)
      .filter((high) => isHeldBelow(numbersOf(low.name), numbersOf(high.name)))
      .map((high): Below => [low.name, high.name]),
  );
  const follows = ([low, high]: Below): boolean =>
    pairs.some(([a, b]) => a === low && b !== high && pairs.some(([c, d]) => c === b && d === high));
  return pairs.filter((pair) => !follows(pair));
};

/**
 * Constraints that all rows of a table keep, and not by chance: columns that are the sum of two others, and columns that
 * are never above another, though their ranges overlap. They are guesses, for a person to put into a schema.
 *
 * @param schema what the columns are; its own constraints, and what follows from a sum, are not among the guesses
 */
export const heldConstraints = (table: Table, schema: TableSchema): readonly Constraint[] => {
  const columns = schema.columns
    .filter(({ kind }) => kind === "number" || kind === "date")
    .slice(0, MOST_COLUMNS);
  const numbersOf = numbersIn(table, schema);
  const sums = heldSums(columns, numbersOf);
  const given = schema.constraints ?? [];
  const totals = [...sums, ...given.flatMap(({ sum }) => (sum === undefined ? [] : [sum]))];
  const isOfSum = ([low, high]: Below): boolean =>
    totals.some(([total, ...parts]) => (total === high && parts.includes(low)) || total === low);
  const isNew = (constraint: Constraint): boolean =>
    !given.some((each) => JSON.stringify(each) === JSON.stringify(constraint));
  return [
    ...sums
      .filter(([total]) => !given.some(({ sum = [] }) => sum[0] === total))
      .map((sum): Constraint => ({ sum: [...sum] })),
    ...heldBelow(columns, numbersOf)
      .filter((pair) => !isOfSum(pair))
      .map((below): Constraint => ({ below })),
  ].filter(isNew);
};
