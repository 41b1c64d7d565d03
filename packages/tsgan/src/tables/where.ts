/** Conditions on rows, as `--where "age>=40"` writes them. */
import { nearest, UsageError } from "../errors.ts";
import { columnNumber } from "./dates.ts";
import type { DecodedRows, RowReader } from "./decode.ts";
import { parseNumber } from "./number-text.ts";
import { arrange, type ColumnPlan, type SumPlan, type TablePlan } from "./plan.ts";

const OPERATORS = ["!=", ">=", "<=", "=", ">", "<"] as const;
type Operator = (typeof OPERATORS)[number];

export interface Condition {
  readonly column: string;
  readonly operator: Operator;
  readonly value: string;
}

const FORM = /^\s*(.+?)\s*(!=|>=|<=|==|=|>|<)\s*(.*?)\s*$/s;

const unquoted = (text: string): string => /^(["'])(.*)\1$/s.exec(text)?.[2] ?? text;

/**
 * A condition on a column of a table, from text such as `age>=40`, `city=Bern` or `income<=2e4`.
 *
 * @param text a column's name, =, !=, <, <=, > or >=, and a value
 * @throws UsageError for what is no condition
 */
export const parseCondition = (text: string): Condition => {
  const [, column, operator, value] = FORM.exec(text) ?? [];
  if (column === undefined) {
    throw new UsageError(
      `where: expected a condition such as country=DE or "age>=40" (${OPERATORS.join(" ")}); got "${text}"`,
    );
  }
  const plain = operator === "==" ? "=" : (operator as Operator);
  return { column: unquoted(column), operator: plain, value: unquoted(value) };
};

const planOf = ({ columns }: TablePlan, { column }: Condition): ColumnPlan => {
  const found = columns.find(({ name }) => name === column);
  if (found !== undefined && found.kind !== "omitted") return found;
  const names = columns.filter(({ kind }) => kind !== "omitted").map(({ name }) => name);
  const meant = nearest(column, names);
  throw new UsageError(
    `where: there is no column "${column}"${found === undefined ? "" : " in the samples: it is left out"}${meant === undefined ? "" : `; did you mean "${meant}"?`} (columns: ${names.slice(0, 20).join(", ")})`,
  );
};

/** Whether a row meets conditions. */
export type Filter = (rows: DecodedRows, row: number) => boolean;

const compare = (operator: Operator, a: number | string, b: number | string): boolean => {
  switch (operator) {
    case "=":
      return a === b;
    case "!=":
      return a !== b;
    case ">=":
      return a >= b;
    case "<=":
      return a <= b;
    case ">":
      return a > b;
    case "<":
      return a < b;
  }
};

const filterOf = (plan: TablePlan, { names, text }: RowReader, condition: Condition): Filter => {
  const { operator, value, column } = condition;
  const own = planOf(plan, condition);
  const at = names.indexOf(column);
  if (own.kind === "number" || own.kind === "sum") {
    const texts = own.kind === "sum" ? [""] : own.texts;
    if (texts.includes(value) && (operator === "=" || operator === "!=")) {
      return (rows, row) => compare(operator, text(rows, at, row), value);
    }
    const bound = columnNumber(value, plan.decimal, own.format);
    if (bound === undefined) {
      const what = own.format === undefined ? "a number" : `a date of the format ${own.format}`;
      throw new UsageError(`where: column ${column} must be compared with ${what}; got "${value}"`);
    }
    return (rows, row) => {
      const number = rows.columns[at].values![row];
      return Number.isNaN(number) ? operator === "!=" : compare(operator, number, bound);
    };
  }
  if (operator !== "=" && operator !== "!=") {
    throw new UsageError(
      `where: column ${column} has no order; use = or !=; got "${column}${operator}${value}"`,
    );
  }
  if (own.kind === "category" && operator === "=") {
    const known = [...own.values, ...(own.others?.values ?? [])];
    if (!known.includes(value)) {
      const meant = nearest(value, known);
      throw new UsageError(
        `where: column ${column} never is "${value}"${meant === undefined ? "" : `; did you mean "${meant}"?`} (it is ${known.slice(0, 10).join(", ")}${known.length > 10 ? ", …" : ""})`,
      );
    }
  }
  return (rows, row) => compare(operator, text(rows, at, row), value);
};

export interface Query {
  readonly filter: Filter;
  /** Position in the condition vector of what the model can be asked for. */
  readonly asked: number | undefined;
  /** Whether rows may be made that the filter refuses. */
  readonly rejects: boolean;
}

const askedBy = (plan: TablePlan, { column, operator, value }: Condition): number | undefined => {
  if (operator !== "=") return undefined;
  const slot = arrange(plan).slots.find((each) => each.plan.name === column);
  if (slot?.condition === undefined) return undefined;
  const { plan: own } = slot;
  const choice =
    own.kind === "category"
      ? own.values.indexOf(value)
      : own.values.indexOf(parseNumber(value, plan.decimal) ?? Number.NaN);
  return choice < 0 ? undefined : slot.condition + choice;
};

/** Sums with bounds of their own. */
const boundedSums = ({ columns }: TablePlan): readonly SumPlan[] =>
  columns.filter(
    (column): column is SumPlan =>
      column.kind === "sum" && (column.low !== undefined || column.high !== undefined),
  );

/**
 * What conditions, and the constraints of the table, mean for sampling: one of them can be asked of the model, and all are
 * looked at in the rows that it makes.
 *
 * @throws UsageError for columns or values that are not there
 */
export const queryOf = (plan: TablePlan, reader: RowReader, conditions: readonly Condition[]): Query => {
  const { names } = reader;
  const filters = conditions.map((condition) => filterOf(plan, reader, condition));
  for (const { below } of plan.constraints ?? []) {
    const [low, high] = below.map((name) => names.indexOf(name));
    if (low === -1 || high === -1) continue;
    filters.push(({ columns }, row) => {
      const [a, b] = [columns[low].values?.[row], columns[high].values?.[row]];
      return !(Number(a) > Number(b));
    });
  }
  for (const { name, low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY } of boundedSums(plan)) {
    const at = names.indexOf(name);
    filters.push(({ columns }, row) => {
      const value = Number(columns[at].values?.[row]);
      return !(value < low || value > high);
    });
  }
  const asked = conditions.map((condition) => askedBy(plan, condition)).find((at) => at !== undefined);
  return {
    asked,
    filter: (rows, row) => filters.every((filter) => filter(rows, row)),
    rejects: filters.length > 0,
  };
};
