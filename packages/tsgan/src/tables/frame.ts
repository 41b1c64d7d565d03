/** Columns as what they mean, whatever wrote them: what tables are compared by. */
import { columnNumber } from "./dates.ts";
import type { Cell } from "./decode.ts";
import { isLearnt, type TablePlan } from "./plan.ts";
import { isMissing } from "./recognise.ts";
import type { Table } from "./table.ts";
import { numbersFrom } from "./texts.ts";

export interface NumberColumn {
  readonly name: string;
  readonly kind: "number";
  /** Dates in seconds; NaN where there is none. */
  readonly values: Float64Array;
}

export interface CategoryColumn {
  readonly name: string;
  readonly kind: "category";
  /** Undefined where there is none. */
  readonly values: readonly (string | undefined)[];
}

export type FrameColumn = NumberColumn | CategoryColumn;

/** The columns that a plan learns, in its order. */
export interface Frame {
  readonly rows: number;
  readonly columns: readonly FrameColumn[];
}

export type TableRows = Pick<Table, "columns" | "rows">;

/** The columns of a table that a plan learns. As many `rows` as the table has. */
export const frameOfTable = ({ columns, rows }: TableRows, plan: TablePlan): Frame => ({
  rows,
  columns: plan.columns.filter(isLearnt).map((own): FrameColumn => {
    const { name } = own;
    const texts = columns.find((column) => column.name === name)!.values;
    if (own.kind === "category") {
      return {
        name,
        kind: "category",
        values: Array.from(texts, (text) => (isMissing(text) ? undefined : text)),
      };
    }
    const { format } = own;
    const read = (text: string): number => columnNumber(text, plan.decimal, format) ?? Number.NaN;
    return { name, kind: "number", values: numbersFrom(texts, read) };
  }),
});

/**
 * The same of sampled rows, whose columns have `names`.
 *
 * @param plan that of the table which the rows were sampled for
 */
export const frameOfRows = (
  rows: readonly (readonly Cell[])[],
  names: readonly string[],
  plan: TablePlan,
): Frame => ({
  rows: rows.length,
  columns: plan.columns.filter(isLearnt).map(({ name, kind }): FrameColumn => {
    const at = names.indexOf(name);
    if (kind === "number") {
      return { name, kind, values: Float64Array.from(rows, (cells) => cells[at].value ?? Number.NaN) };
    }
    const textOf = ({ text }: Cell) => (isMissing(text) ? undefined : text);
    return { name, kind, values: rows.map((cells) => textOf(cells[at])) };
  }),
});
