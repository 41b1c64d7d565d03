/** Rows as lines of text: as the table that they are like, or as JSON. */
import { bytesOf, type Sink } from "./bytes.ts";
import {
  type ColumnReader,
  type DecodedColumn,
  type DecodedRows,
  MOST_DECIMALS,
  numberText,
  type RowReader,
} from "./decode.ts";
import type { TablePlan } from "./plan.ts";
import { isMissing } from "./recognise.ts";

export type RowFormat = "csv" | "jsonl";

/** How a table is written. */
export interface Written {
  readonly format: RowFormat;
  readonly separator: string;
  readonly decimal: TablePlan["decimal"];
}

const quoted = (text: string, separator: string): string =>
  text.includes('"') || text.includes(separator) || /[\r\n]/.test(text) || text !== text.trim()
    ? `"${text.replaceAll('"', '""')}"`
    : text;

/** The line of names; JSON has none. */
const headerLine = (names: readonly string[], { separator, format }: Written): string =>
  format === "csv" ? `${names.map((name) => quoted(name, separator)).join(separator)}\n` : "";

/** Numbers are numbers in JSON, and missing values null. */
const jsonText = (text: string, isNumber: boolean, decimal: string): string => {
  if (!isNumber) return JSON.stringify(isMissing(text) ? null : text);
  const value = Number(decimal === "," ? text.replace(",", ".") : text);
  return JSON.stringify(Number.isFinite(value) ? value : text);
};

/** Texts of numbers that are kept: dates come again. */
const MOST_KEPT = 2 ** 16;
/** Below 10¹⁵, decimal places and float64 are the same. */
const MOST_EXACT = 1e15;

type WriteCell = (rows: DecodedColumn, row: number, sink: Sink, first: number) => void;

/** Of identifiers that count the rows. */
const numberedWriter = (
  { before, after }: NonNullable<ColumnReader["numbered"]>,
  { format, separator }: Written,
): WriteCell => {
  const needsQuotes = format === "jsonl" || quoted(before + after, separator) !== before + after;
  const quote = needsQuotes ? '"' : "";
  const [begin, end] = [bytesOf(quote + before), bytesOf(after + quote)];
  return (_, row, sink, first) => {
    sink.bytes(begin);
    sink.decimal(first + row + 1, 0, false, 0);
    sink.bytes(end);
  };
};

const cellWriter = ({ texts, plan }: ColumnReader, { format, separator, decimal }: Written): WriteCell => {
  const isJson = format === "jsonl";
  const written = (text: string, isNumber: boolean): string =>
    isJson ? jsonText(text, isNumber, decimal) : quoted(text, separator);
  const known: Uint8Array[] = [];
  const bytesAt = (place: number): Uint8Array => {
    known[place] ??= bytesOf(written(texts[place], plan !== undefined && place < plan.values.length));
    return known[place];
  };
  const kept = new Map<number, Uint8Array>();
  const textOf = (value: number): Uint8Array => {
    let bytes = kept.get(value);
    if (bytes === undefined) {
      bytes = bytesOf(written(numberText(plan!, value, decimal), true));
      if (kept.size < MOST_KEPT) kept.set(value, bytes);
    }
    return bytes;
  };
  const { decimals = MOST_DECIMALS + 1, format: date, fixed = false } = plan ?? {};
  const isPlain = date === undefined && decimals <= MOST_DECIMALS && (isJson || separator !== decimal);
  const scale = 10 ** decimals;
  const mark = (isJson ? "." : decimal).charCodeAt(0);
  return ({ places, values, own }, row, sink) => {
    const place = places[row];
    if (place >= 0) return sink.bytes(bytesAt(place));
    if (values === undefined) return sink.text(written(own![row], false));
    const value = values[row];
    if (!isPlain || Math.abs(value) * scale > MOST_EXACT) return sink.bytes(textOf(value));
    sink.decimal(Math.round(value * scale), decimals, fixed && !isJson, mark);
  };
};

/** What writes rows: the line of names, and rows to a sink. */
export interface RowWriter {
  readonly header: string;
  write(rows: DecodedRows, row: number, sink: Sink): void;
}

/**
 * What writes rows as CSV, with fields in quotes where they need them, or as a line of JSON each. The `columns` and
 * their `names` are those of a reader.
 *
 * @param written the format, the separator and the decimal mark
 */
export const rowWriter = (
  { columns, names }: Pick<RowReader, "columns" | "names">,
  written: Written,
): RowWriter => {
  const isJson = written.format === "jsonl";
  const cells = columns.map((column, i) => {
    const before = isJson
      ? `${i === 0 ? "{" : ","}${JSON.stringify(names[i])}:`
      : i === 0
        ? ""
        : written.separator;
    return {
      before: bytesOf(before),
      write: column.numbered ? numberedWriter(column.numbered, written) : cellWriter(column, written),
    };
  });
  const end = bytesOf(isJson ? "}\n" : "\n");
  return {
    header: headerLine(names, written),
    write: (rows, row, sink) => {
      for (let i = 0; i < cells.length; i++) {
        const { before, write } = cells[i];
        sink.bytes(before);
        write(rows.columns[i], row, sink, rows.first);
      }
      sink.bytes(end);
    },
  };
};
