/** Rows as lines of text: as the table that they are like, or as JSON. */
import type { Cell } from "./decode.ts";
import { isMissing } from "./recognise.ts";

export type RowFormat = "csv" | "jsonl";

const quoted = (text: string, separator: string): string =>
  text.includes('"') || text.includes(separator) || /[\r\n]/.test(text) || text !== text.trim()
    ? `"${text.replaceAll('"', '""')}"`
    : text;

/** The line of names; JSON has none. */
export const headerLine = (names: readonly string[], separator: string, format: RowFormat): string =>
  format === "csv" ? `${names.map((name) => quoted(name, separator)).join(separator)}\n` : "";

/** Numbers are numbers in JSON, and missing values null. */
const jsonValue = ({ text, value }: Cell, decimal: string): unknown => {
  if (value === undefined) return isMissing(text) ? null : text;
  const plain = decimal === "," ? text.replace(",", ".") : text;
  return Number.isFinite(Number(plain)) ? Number(plain) : text;
};

export const rowLine = (
  cells: readonly Cell[],
  names: readonly string[],
  { separator, decimal }: { readonly separator: string; readonly decimal: string },
  format: RowFormat,
): string => {
  if (format === "csv") return `${cells.map(({ text }) => quoted(text, separator)).join(separator)}\n`;
  const entries = cells.map((cell, i) => [names[i], jsonValue(cell, decimal)] as const);
  return `${JSON.stringify(Object.fromEntries(entries))}\n`;
};
