/** What the columns of a table are, by their values. */
import { dateFormatOf, parseDate } from "./dates.ts";
import { type DecimalMark, isMissingText, parseNumber } from "./number-text.ts";
import { codePattern, personalPattern } from "./patterns.ts";
import type { ColumnSchema, TableSchema } from "./schema.ts";
import type { Column, Table } from "./table.ts";

/** How often each text comes in a column. */
export type Counts = ReadonlyMap<string, number>;

export const isMissing = (text: string): boolean => text === "" || isMissingText(text);

/** Different words that may stand among numbers, such as "unknown". */
const MOST_WORDS = 10;
/** Values that are looked at for what they look like. */
const LOOKED = 1000;

/** Codes, not numbers: 007, or a number with a sign of its own kind. */
const CODE = /^[+-]?0\d/;

/** Digits behind the decimal mark; undefined for exponents. */
const decimalsOf = (text: string, mark: DecimalMark): number | undefined => {
  if (/[ed]/i.test(text)) return undefined;
  const at = text.lastIndexOf(mark);
  return at === -1 ? 0 : text.length - at - 1;
};

const numberSchema = (name: string, counts: Counts, mark: DecimalMark): ColumnSchema | undefined => {
  const texts: string[] = [];
  let numbers = 0;
  let words = 0;
  let rowsOfWords = 0;
  const decimals = new Set<number | undefined>();
  for (const [text, count] of counts) {
    if (isMissing(text)) {
      texts.push(text);
      continue;
    }
    if (parseNumber(text, mark) === undefined) {
      words++;
      rowsOfWords += count;
      if (words > MOST_WORDS) return undefined;
      texts.push(text);
      continue;
    }
    if (CODE.test(text)) return undefined;
    numbers += count;
    decimals.add(decimalsOf(text, mark));
  }
  if (numbers === 0 || rowsOfWords > numbers) return undefined;
  const digits = decimals.has(undefined)
    ? undefined
    : Math.min(15, Math.max(...(decimals as ReadonlySet<number>)));
  return {
    name,
    kind: "number",
    ...(digits !== undefined && { decimals: digits }),
    ...(digits !== undefined && digits > 0 && decimals.size === 1 && { fixed: true }),
    ...(texts.length > 0 && { texts }),
  };
};

/** Words in a column's name that say that its values name something. */
const NAMING = new Set(
  "id ids key uuid guid number no nr num code ssn phone tel telephone mobile iban account index serial".split(
    " ",
  ),
);

const isNaming = (name: string): boolean =>
  name
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .some((word) => NAMING.has(word));

/** Rows below which nothing is said about whether values repeat. */
const FEW = 5;
/** Digits of whole numbers that are phones, accounts and the like, where no two are alike. */
const LONG = 9;

/** Numbers that name the rows: a count, or different whole numbers in a column called so. */
const numberIdentifier = (name: string, counts: Counts, rows: number): ColumnSchema | undefined => {
  if (counts.size < FEW || counts.size < 0.95 * rows) return undefined;
  const texts = [...counts.keys()];
  if (!texts.every((text) => /^\d+$/.test(text))) return undefined;
  const long = texts.filter((text) => text.length >= LONG).length > 0.9 * texts.length;
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const text of texts) {
    low = Math.min(low, Number(text));
    high = Math.max(high, Number(text));
  }
  const counted = counts.size === rows && high - low + 1 === rows;
  if (!counted && !long && !isNaming(name)) return undefined;
  const pattern = counted || !long ? "counter" : (codePattern(texts.slice(0, LOOKED)) ?? "counter");
  return { name, kind: "identifier", pattern };
};

const BOOLEANS = [
  "true,false",
  "yes,no",
  "y,n",
  "t,f",
  "on,off",
  "1,0",
  "ja,nein",
  "oui,non",
  "si,no",
  "sí,no",
].map((pair) => new Set(pair.split(",")));

const isBoolean = (texts: readonly string[]): boolean =>
  texts.length === 2 && BOOLEANS.some((pair) => texts.every((text) => pair.has(text.toLowerCase())));

/** Dates of no known format: digits in their place would be no dates. */
const DATED = /^\d{4}([-/.])\d\d?\1\d\d?\b/;

/** Categories above which values that mostly differ are names or texts. */
const MANY = 20;
/** Characters of a category, on average: longer ones are texts. */
const LONG_TEXT = 50;

const wordsSchema = (name: string, texts: readonly string[], rows: number): ColumnSchema => {
  const distinct = texts.length;
  const personal = distinct > 1 ? personalPattern(texts.slice(0, LOOKED)) : undefined;
  if (personal !== undefined) return { name, kind: "identifier", pattern: personal };
  const looked = texts.slice(0, LOOKED);
  const length = looked.reduce((sum, text) => sum + text.length, 0) / looked.length;
  const differ = distinct >= FEW && (distinct > 0.8 * rows || (distinct > MANY && distinct > 0.5 * rows));
  if (differ || (distinct > MANY && length > LONG_TEXT)) {
    const isCode = length <= LONG_TEXT && !looked.some((text) => DATED.test(text));
    const pattern = isCode ? codePattern(looked) : undefined;
    return pattern === undefined ? { name, kind: "text" } : { name, kind: "identifier", pattern };
  }
  return { name, kind: isBoolean(texts) ? "boolean" : "category" };
};

/** What a column is, by its values. */
export const recogniseColumn = ({ name, values }: Column, mark: DecimalMark): ColumnSchema => {
  const counts = values.counts();
  if (counts.size === 1) return { name, kind: "constant", value: values.at(0) };
  const present = [...counts.keys()].filter((text) => !isMissing(text));
  if (present.length === 0) return { name, kind: "category" };
  const format = dateFormatOf(present.slice(0, LOOKED));
  if (format !== undefined && present.every((text) => parseDate(text, format) !== undefined)) {
    const texts = [...counts.keys()].filter(isMissing);
    return { name, kind: "date", format, ...(texts.length > 0 && { texts }) };
  }
  const identified = numberIdentifier(name, counts, values.length);
  if (identified !== undefined) return identified;
  const numeric = numberSchema(name, counts, mark);
  if (numeric !== undefined) return numeric;
  const missing = [...counts].reduce((sum, [text, count]) => sum + (isMissing(text) ? count : 0), 0);
  return wordsSchema(name, present, values.length - missing);
};

/** What the columns of a table are. Numbers are read as its `dialect` writes them. */
export const recognise = ({ columns, dialect }: Table): TableSchema => ({
  columns: columns.map((column) => recogniseColumn(column, dialect.decimal)),
});

/** Rows below which a generator can only learn a table by heart. */
export const LEAST_TABLE = 10;

/**
 * Whether a table is no cloud of points: it has columns of other things than numbers, or missing values. A word among numbers
 * alone may be a slip of the pen, and so may a missing value where there are too few rows to learn such a table.
 */
export const isMixed = (table: Table): boolean =>
  recognise(table).columns.some((column) => {
    if (column.kind === "number") {
      return table.rows >= LEAST_TABLE && (column.texts?.every(isMissing) ?? false);
    }
    if (column.kind === "constant") return parseNumber(column.value, table.dialect.decimal) === undefined;
    return column.kind !== "identifier" || column.pattern !== "counter";
  });
