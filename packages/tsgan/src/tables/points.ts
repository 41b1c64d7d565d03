/** Points from a table: a row is a point, a column a coordinate. */

import { type FiniteDataset, fromExamples } from "../data/finite.ts";
import type { Reading } from "../data/reading.ts";
import { RunError } from "../errors.ts";
import { isMissingText, parseNumber } from "./number-text.ts";
import {
  type Column,
  columnsOption,
  describeTable,
  readTable,
  type Table,
  type TableOptions,
} from "./table.ts";
import { numbersFrom } from "./texts.ts";

/** The numbers of a column; NaN where a field is none. */
const numbersOf = ({ values }: Column, { dialect }: Table): Float64Array =>
  numbersFrom(values, (field) => {
    const value = parseNumber(field, dialect.decimal);
    return value === undefined || !Number.isFinite(Math.fround(value)) ? Number.NaN : value;
  });

/** Says what stands where a number should, and what could be done. */
const complain = (table: Table, columns: readonly Float64Array[], column: number): RunError => {
  const { name, lines } = table;
  const numbers = columns[column];
  const row = numbers.findIndex(Number.isNaN);
  const { name: title, values } = table.columns[column];
  const field = values.at(row);
  const place = `${name}, line ${lines[row]}, column ${title}`;
  const others = table.columns.filter((_, i) => !columns[i].some(Number.isNaN)).map((other) => other.name);
  const choice =
    others.length === 0
      ? ""
      : `, or take the columns of numbers alone with ${columnsOption(others.slice(0, 10))}`;
  const wrong = numbers.reduce((sum, value) => sum + (Number.isNaN(value) ? 1 : 0), 0);
  const often = wrong === 1 ? "" : ` (and in ${wrong - 1} more rows)`;
  const got = isMissingText(field) ? `no value ("${field}")` : `"${field.slice(0, 40)}"`;
  const isLarge = Number.isFinite(parseNumber(field, table.dialect.decimal) ?? Number.NaN);
  return new RunError(
    `${place}: expected a finite number${isLarge ? ", at most 3.4e38 in size" : ""}; got ${got}${often}; the file looks like ${describeTable(table)}; mend the rows, take them as they are with as: "rows"${choice}`,
  );
};

const rangeOf = (values: Float64Array): readonly [low: number, high: number] => {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
};

/**
 * The points of a table, all of whose columns must be numbers.
 *
 * @param path what errors call the table
 * @throws RunError, with line and column, where one is not
 */
export const pointsOfTable = (table: Table, path = table.name): FiniteDataset => {
  const { name, rows } = table;
  const columns = table.columns.map((column) => numbersOf(column, table));
  const bad = columns.findIndex((values) => values.some(Number.isNaN));
  if (bad !== -1) throw complain(table, columns, bad);
  if (rows < 2) {
    throw new RunError(
      `${name}: expected at least 2 points; got ${rows}; the file looks like ${describeTable(table)}`,
    );
  }
  const examples = new Float32Array(rows * columns.length);
  columns.forEach((values, column) => {
    values.forEach((value, row) => {
      examples[row * columns.length + column] = value;
    });
  });
  const ranges = columns.map(rangeOf);
  const constant = table.columns.filter((_, i) => ranges[i][0] === ranges[i][1]).map((column) => column.name);
  const notes = [...table.notes];
  if (constant.length > 0 && constant.length < columns.length) {
    notes.push(`the same everywhere: ${constant.join(", ")}; naming the other columns leaves it out`);
  }
  const reading: Reading = {
    source: "table",
    path,
    examples: rows,
    table: {
      described: describeTable(table),
      columns: table.columns.map((column, i) => ({
        name: column.name,
        low: ranges[i][0],
        high: ranges[i][1],
      })),
    },
    ...(notes.length > 0 && { notes }),
  };
  return { ...fromExamples({ name, shape: [columns.length], examples }), reading };
};

/**
 * One point a row, one coordinate a column. `readTable` says what is understood; a column that only names the rows is left
 * out.
 *
 * @param source text, or the bytes of a text
 * @param name what the data set and the errors are called
 * @throws RunError with line, column and what stood there where a field is not a finite number
 */
export const pointsFromCsv = (
  source: string | Uint8Array,
  name: string,
  options: TableOptions = {},
): FiniteDataset => pointsOfTable(readTable(source, name, options));
