/** What was understood of a table, in words. */
import type { ColumnSchema, TableSchema } from "./schema.ts";

const several = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

const textsOf = (texts: readonly string[] | undefined): string =>
  texts === undefined || texts.length === 0
    ? ""
    : `, or ${texts.map((text) => (text === "" ? "missing" : `"${text}"`)).join(", ")}`;

/**
 * `age: whole numbers, or missing`
 *
 * @param column its name, kind, and what is known of its values
 */
export const describeColumn = (column: ColumnSchema): string => {
  const { name } = column;
  switch (column.kind) {
    case "number": {
      const { decimals, texts } = column;
      const what =
        decimals === undefined
          ? "numbers"
          : decimals === 0
            ? "whole numbers"
            : `numbers of ${several(decimals, "decimal")}`;
      return `${name}: ${what}${textsOf(texts)}`;
    }
    case "date":
      return `${name}: dates ${column.format}${textsOf(column.texts)}`;
    case "category":
      return `${name}: categories`;
    case "boolean":
      return `${name}: two values`;
    case "constant":
      return `${name}: always ${column.value === "" ? "missing" : `"${column.value}"`}`;
    case "identifier":
      return `${name}: identifiers, replaced by the pattern ${column.pattern}`;
    case "text":
      return `${name}: free text, left out`;
    case "omit":
      return `${name}: left out`;
  }
};

/** `start is at most end in every row` */
export const describeConstraint = ({
  below,
  sum: [total, ...parts] = [],
}: NonNullable<TableSchema["constraints"]>[number]): string =>
  below === undefined
    ? `${total} is ${parts.join(" + ")} in every row`
    : `${below[0]} is at most ${below[1]} in every row`;

/** The columns by kind, a line each: what is learnt, and what becomes of the rest. The `constraints` come last. */
export const describeSchema = ({ columns, constraints = [] }: TableSchema): string[] => {
  const learnt = columns.filter(({ kind }) => ["number", "date", "category", "boolean"].includes(kind));
  const kinds = [
    ["numbers", "number"],
    ["dates", "date"],
    ["categories", "category"],
    ["two values", "boolean"],
  ] as const;
  const lines = kinds.flatMap(([title, kind]) => {
    const names = learnt.filter((column) => column.kind === kind).map(({ name }) => name);
    return names.length === 0 ? [] : [`${title}: ${names.join(", ")}`];
  });
  return [
    ...lines,
    ...columns.filter((column) => !learnt.includes(column)).map(describeColumn),
    ...constraints.map(describeConstraint),
  ];
};
