/** A plan that was written down once, and may have been changed by anybody since. */
import { isRecord } from "../options.ts";
import { isDateFormat, LARGEST, LONGEST_PATTERN, type TablePlan } from "../tables/index.ts";

type Parts = Readonly<Record<string, unknown>>;

const isText = (value: unknown): value is string => typeof value === "string";
const isNumber = (value: unknown): value is number => typeof value === "number" && Math.abs(value) <= LARGEST;
const isList = <Value>(value: unknown, is: (item: unknown) => item is Value): value is readonly Value[] =>
  Array.isArray(value) && value.every(is);
const isMaybe = (value: unknown): boolean => value === undefined || typeof value === "boolean";

const isNormal = (value: unknown): value is Parts =>
  isRecord(value) &&
  isNumber(value.mean) &&
  isNumber(value.deviation) &&
  value.deviation > 0 &&
  isNumber(value.weight) &&
  value.weight >= 0;

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

/** As many counts as there are choices. */
const areCounts = (value: unknown, choices: number): boolean =>
  choices > 0 && isList(value, isCount) && value.length === choices;

const kinds: Readonly<Record<string, (plan: Parts) => boolean>> = {
  number: ({ normals, values, texts, counts, low, high, decimals, fixed, format }) =>
    isList(normals, isNormal) &&
    isList(values, isNumber) &&
    isList(texts, isText) &&
    areCounts(counts, normals.length + values.length + texts.length) &&
    isNumber(low) &&
    isNumber(high) &&
    low <= high &&
    (decimals === undefined || (isCount(decimals) && decimals <= 100)) &&
    isMaybe(fixed) &&
    (format === undefined || (isText(format) && isDateFormat(format))),
  category: ({ values, counts, others }) =>
    isList(values, isText) &&
    areCounts(counts, values.length + (others === undefined ? 0 : 1)) &&
    (others === undefined ||
      (isRecord(others) && isList(others.values, isText) && areCounts(others.counts, others.values.length))),
  sum: ({ of, decimals, fixed }) =>
    isList(of, isText) &&
    (decimals === undefined || (isCount(decimals) && decimals <= 100)) &&
    isMaybe(fixed),
  constant: ({ value }) => isText(value),
  identifier: ({ pattern }) => isText(pattern) && pattern.length <= LONGEST_PATTERN,
  omitted: () => true,
};

const isColumn = (value: unknown): value is Parts =>
  isRecord(value) &&
  isText(value.name) &&
  isText(value.kind) &&
  Object.hasOwn(kinds, value.kind) &&
  kinds[value.kind](value);

const isPair = (value: unknown): value is Parts =>
  isRecord(value) && isList(value.below, isText) && value.below.length === 2;

/** Whether each sum is of columns that are there, none of which is a sum. */
const areSumsOfOthers = (columns: readonly Parts[]): boolean => {
  const others = new Set(columns.filter(({ kind }) => kind !== "sum").map(({ name }) => name));
  return columns.every(
    ({ kind, of }) => kind !== "sum" || (of as readonly string[]).every((name) => others.has(name)),
  );
};

/** Whether a value of unknown shape is a plan of a table. */
export const isTablePlan = (value: unknown): value is TablePlan =>
  isRecord(value) &&
  isList(value.columns, isColumn) &&
  areSumsOfOthers(value.columns) &&
  isCount(value.rows) &&
  isText(value.separator) &&
  (value.decimal === "." || value.decimal === ",") &&
  isMaybe(value.alone) &&
  (value.constraints === undefined || isList(value.constraints, isPair));
