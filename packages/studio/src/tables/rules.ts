/** What synthetic rows must keep, as one list of rules: bounds of columns, and constraints between them. */
import type { ColumnSchema, Constraint, TableSchema } from "tsgan/tables";

/** The bounds of one column; dates as they are written. */
export interface Range {
  readonly column: string;
  readonly low?: number | string | undefined;
  readonly high?: number | string | undefined;
}

export type Rule = { readonly range: Range } | { readonly constraint: Constraint };

type Bounded = Extract<ColumnSchema, { kind: "number" | "date" }>;

export const isBounded = (column: ColumnSchema): column is Bounded =>
  column.kind === "number" || column.kind === "date";

/** The rules of a schema: its columns' bounds, then its constraints. */
export const rulesOf = ({ columns, constraints = [] }: TableSchema): readonly Rule[] => [
  ...columns.filter(isBounded).flatMap(({ name, low, high }): readonly Rule[] => {
    const has = low !== undefined || high !== undefined;
    return has ? [{ range: { column: name, low, high } }] : [];
  }),
  ...constraints.map((constraint): Rule => ({ constraint })),
];

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const withBounds = (
  schema: TableSchema,
  name: string,
  { low, high }: Omit<Range, "column">,
): TableSchema => ({
  ...schema,
  columns: schema.columns.map((column): ColumnSchema => {
    if (column.name !== name || !isBounded(column)) return column;
    const { low: _, high: __, ...rest } = column;
    return {
      ...rest,
      ...(low !== undefined && { low }),
      ...(high !== undefined && { high }),
    } as Bounded;
  }),
});

const withConstraints = (
  { constraints: _, ...rest }: TableSchema,
  all: readonly Constraint[],
): TableSchema => (all.length === 0 ? rest : { ...rest, constraints: [...all] });

/** A schema without one of its rules. */
export const withoutRule = (schema: TableSchema, rule: Rule): TableSchema => {
  if ("range" in rule) return withBounds(schema, rule.range.column, {});
  return withConstraints(
    schema,
    (schema.constraints ?? []).filter((each) => !same(each, rule.constraint)),
  );
};

/** A schema with one more rule, in place of `before` where that is given. Bounds take the place of the column's own. */
export const withRule = (schema: TableSchema, rule: Rule, before?: Rule): TableSchema => {
  if ("range" in rule) {
    return withBounds(
      before === undefined ? schema : withoutRule(schema, before),
      rule.range.column,
      rule.range,
    );
  }
  const { constraints = [] } = schema;
  if (before !== undefined && "constraint" in before) {
    const put = constraints.map((each) => (same(each, before.constraint) ? rule.constraint : each));
    return withConstraints(schema, put);
  }
  const rest = before === undefined ? schema : withoutRule(schema, before);
  const isThere = constraints.some((each) => same(each, rule.constraint));
  return withConstraints(rest, isThere ? constraints : [...constraints, rule.constraint]);
};

/**
 * A bound as it was typed, of a column of that kind; undefined where nothing was.
 *
 * @throws Error for what is no number, where one is asked for
 */
export const boundOf = (text: string, { name, kind }: Bounded): number | string | undefined => {
  const typed = text.trim();
  if (typed === "" || kind === "date") return typed || undefined;
  const number = Number(typed.replace(",", "."));
  if (Number.isFinite(number)) return number;
  throw new Error(`column ${name}: expected a number as its bound; got “${typed}”`);
};
