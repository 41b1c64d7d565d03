/** Columns that others add up to, as a schema's constraints say. */
import { RunError, UsageError } from "../errors.ts";
import { parseNumber } from "./number-text.ts";
import type { SumPlan } from "./plan.ts";
import type { TableSchema } from "./schema.ts";
import type { Table } from "./table.ts";
import { numbersFrom } from "./texts.ts";

/** The row that differs most from its sum, where the decimal places do not explain it. */
const checkRows = (
  { name, columns, lines, dialect }: Table,
  [total, ...parts]: readonly string[],
  decimals: number,
): void => {
  const numbersOf = (each: string): Float64Array =>
    numbersFrom(
      columns.find((column) => column.name === each)!.values,
      (text) => parseNumber(text, dialect.decimal) ?? Number.NaN,
    );
  const [whole, ...others] = [total, ...parts].map(numbersOf);
  const unit = 10 ** -decimals;
  for (let row = 0; row < whole.length; row++) {
    const sum = others.reduce((all, numbers) => all + numbers[row], 0);
    // Parts that were rounded each may be half a unit off.
    const slack = 0.5 * unit * (parts.length + 1) + 1e-9 * Math.abs(sum);
    if (!(Math.abs(whole[row] - sum) > slack)) continue;
    throw new RunError(
      `${name}, line ${lines[row]}: expected ${total} to be ${parts.join(" + ")} as the schema says; got ${whole[row]} and ${others.map((numbers) => numbers[row]).join(" + ")}; mend the row, or leave the constraint out`,
    );
  }
};

/**
 * The columns that are added up.
 *
 * @throws UsageError for columns that are no numbers, or sums of sums
 * @throws RunError, with its line, for a row that is not what the schema says
 */
export const sumsOf = (table: Table, { columns, constraints = [] }: TableSchema): readonly SumPlan[] => {
  const totals = constraints.flatMap(({ sum }) => (sum === undefined ? [] : [sum]));
  return totals.map((sum): SumPlan => {
    const [name, ...of] = sum;
    for (const each of sum) {
      const own = columns.find((column) => column.name === each);
      if (own?.kind !== "number") {
        throw new UsageError(
          `${table.name}: a sum must be one of numbers; got ${each} (${own?.kind}) in ${name} = ${of.join(" + ")}; say "kind": "number" of it, or leave the constraint out`,
        );
      }
    }
    const other = totals.find(([total]) => of.includes(total));
    if (other !== undefined || new Set(sum).size < sum.length) {
      throw new UsageError(
        `${table.name}: a sum must be one of other columns that are no sums; got ${name} = ${of.join(" + ")}; write it out`,
      );
    }
    const own = columns.find((column) => column.name === name);
    const { decimals, fixed, low, high } = own?.kind === "number" ? own : {};
    checkRows(table, sum, decimals ?? 6);
    return {
      kind: "sum",
      name,
      of,
      ...(decimals !== undefined && { decimals }),
      ...(fixed !== undefined && { fixed }),
      ...(low !== undefined && { low }),
      ...(high !== undefined && { high }),
    };
  });
};
