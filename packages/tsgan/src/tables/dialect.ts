/** How a table's text is written: what separates its columns, what begins a comment, which mark its decimals have. */
import Papa from "papaparse";
import { type DecimalMark, decimalMarkOf, isMissingText, parseNumber } from "./number-text.ts";

export type Separator = "," | ";" | "\t" | "|" | " ";

export interface Dialect {
  readonly separator: Separator;
  readonly decimal: DecimalMark;
  /** What begins a line that is a comment. */
  readonly comment?: "#" | "%" | "//";
}

/** Of those that explain a text equally well the first is taken. */
const SEPARATORS: readonly Separator[] = ["\t", ";", "|", ",", " "];
const COMMENTS = ["#", "%", "//"] as const;

/** Characters and rows that are looked at. */
const SAMPLE = 2 ** 17;
const SAMPLE_ROWS = 300;

/** Stands for white space between columns: the unit separator, which no text has. */
const UNIT = "\u001f";
const QUOTED_OR_SPACE = /("(?:[^"]|"")*")|[^\S\r\n]+/g;

/** Text and separator as the parser wants them: runs of white space, outside quotes, become one character. */
const prepared = (text: string, separator: Separator): { text: string; delimiter: string } =>
  separator === " "
    ? {
        text: text
          // Looked for at the beginning of each stretch of spaces only: a long one would take the square of its length.
          .replace(/^[^\S\r\n]+|(?<![^\S\r\n])[^\S\r\n]+$/gm, "")
          .replace(QUOTED_OR_SPACE, (_, quoted: string | undefined) => quoted ?? UNIT),
        delimiter: UNIT,
      }
    : { text, delimiter: separator };

/** What one row holds, and on which line of the text it begins, counted from 1. */
export type OnRow = (fields: string[], line: number) => void;

export interface EachRowOptions {
  /** Rows to read at most. */
  readonly rows?: number;
  readonly firstLine?: number;
  /** Told of a quotation mark that is never closed, or does not end its field. */
  readonly onQuote?: (line: number) => void;
}

/** A row that was read, but is not told of yet: where a text comes in parts, its end may be in the next one. */
interface Held {
  readonly fields: string[];
  /** Line on which it begins. */
  readonly begins: number;
  readonly isQuoted: boolean;
  /** Where what was read for it begins, and on which line. */
  readonly start: number;
  readonly line: number;
}

/**
 * Reads the rows of a text one after the other. Empty rows and comments are passed over. `separator` and `comment` are
 * those of the dialect.
 *
 * @param source the text, or the parts that it comes in: only one of them is held at a time
 * @param onRow given the fields of each row and the number of its line
 * @param options the most `rows`, the number of the first line (`firstLine`), and `onQuote`
 */
export const eachRow = (
  source: string | Iterable<string>,
  { separator, comment }: Pick<Dialect, "separator" | "comment">,
  onRow: OnRow,
  { rows = Number.POSITIVE_INFINITY, firstLine = 1, onQuote }: EachRowOptions = {},
): void => {
  let line = firstLine;
  let count = 0;
  const tell = ({ fields, begins, isQuoted }: Held): void => {
    if (isQuoted) onQuote?.(begins);
    if (count >= rows || fields.every((field) => field.trim() === "")) return;
    onRow(fields, begins);
    count++;
  };
  let newline: ReturnType<typeof newlineOf> | undefined;
  /** @returns where what is left for the next part begins */
  const readPart = (part: string, isLast: boolean): number => {
    // The line ends show once there is something behind the first.
    if (newline === undefined && !isLast && !/[\r\n][\s\S]/.test(part)) return 0;
    const { text, delimiter } = prepared(part, separator);
    newline ??= newlineOf(part);
    const mark = newline.at(-1)!;
    let cursor = 0;
    const advanceTo = (end: number): void => {
      for (let at = text.indexOf(mark, cursor); at !== -1 && at < end; ) {
        line++;
        at = text.indexOf(mark, at + 1);
      }
      cursor = end;
    };
    let held: Held | undefined;
    Papa.parse<string[]>(text, {
      delimiter,
      newline,
      comments: comment ?? false,
      step: ({ data, errors, meta }, parser) => {
        if (held !== undefined) tell(held);
        const [start, last] = [cursor, line];
        advanceTo(meta.cursor);
        // Comments before the row belong to its stretch of text: the row is what the stretch ends with.
        const height = 1 + data.reduce((sum, field) => sum + field.split(mark).length - 1, 0);
        const ended = text[meta.cursor - 1] === mark;
        held = {
          fields: data,
          begins: Math.max(last, line - height + (ended ? 0 : 1)),
          isQuoted: errors.some(({ type }) => type === "Quotes"),
          start,
          line: last,
        };
        if (count >= rows) parser.abort();
      },
    });
    if (isLast) {
      if (held !== undefined) tell(held);
      return text.length;
    }
    line = held?.line ?? line;
    return held?.start ?? 0;
  };
  // White space between columns is told from that in quotes by the text as a whole.
  const parts = typeof source === "string" ? [source] : separator === " " ? [[...source].join("")] : source;
  let rest = "";
  let before: string | undefined;
  for (const part of parts) {
    if (before !== undefined) {
      const text = rest + before;
      rest = text.slice(readPart(text, false));
      if (count >= rows) return;
    }
    before = part;
  }
  readPart(rest + (before ?? ""), true);
};

/** The line ends of a text: those that come first. */
const newlineOf = (text: string): "\r\n" | "\n" | "\r" => {
  const found = /\r\n|\n|\r/.exec(text.slice(0, SAMPLE))?.[0];
  return found === "\r" ? "\r" : found === "\r\n" ? "\r\n" : "\n";
};

/** The first rows of a text as a separator divides them. */
const sampleRows = (text: string, dialect: Pick<Dialect, "separator" | "comment">): string[][] => {
  const rows: string[][] = [];
  eachRow(text, dialect, (fields) => rows.push(fields), { rows: SAMPLE_ROWS });
  return rows;
};

/** The most frequent width of rows. */
export const usualWidth = (rows: readonly (readonly string[])[]): number => {
  const counts = new Map<number, number>();
  for (const { length } of rows) counts.set(length, (counts.get(length) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0] ?? 0;
};

interface Explained {
  readonly separator: Separator;
  readonly decimal: DecimalMark;
  /** Share of the rows that have the usual width, times that of the fields that are numbers or missing, with a floor. */
  readonly score: number;
}

/** How well a separator explains the rows: all of one width, and of numbers. */
const explain = (text: string, separator: Separator, comment: Dialect["comment"]): Explained => {
  const rows = sampleRows(text, { separator, ...(comment && { comment }) });
  const width = usualWidth(rows);
  const fields = rows.slice(1).flat();
  const decimal = decimalMarkOf(fields, separator);
  if (width < 2) return { separator, decimal, score: 0 };
  const same = rows.filter(({ length }) => length === width).length / rows.length;
  const numbers = fields.filter(
    (field) => parseNumber(field, decimal) !== undefined || isMissingText(field),
  ).length;
  return { separator, decimal, score: same * (0.25 + numbers / Math.max(1, fields.length)) };
};

const commentOf = (sample: string): Dialect["comment"] => {
  const lines = sample.split(/\r\n|\n|\r/).filter((line) => line.trim() !== "");
  return COMMENTS.find((mark) => {
    // As many as one likes stand above the rows; further down they are fewer than these.
    const first = lines.findIndex((line) => !line.startsWith(mark));
    if (first === -1) return false;
    const rest = lines.slice(first);
    const marked = rest.filter((line) => line.startsWith(mark)).length;
    return first + marked > 0 && 2 * marked < rest.length + 2;
  });
};

/** The beginning of a text, up to the end of a line. */
const beginning = (text: string): string => {
  if (text.length <= SAMPLE) return text;
  const part = text.slice(0, SAMPLE);
  return part.slice(0, Math.max(part.lastIndexOf("\n"), part.lastIndexOf("\r")) + 1) || part;
};

/** A name above numbers with a decimal comma: one column, not two. */
const ONE_COLUMN = /^(?![#%]|\/\/)[^,;\t|\r\n]+(?:\r\n|\n|\r)(?:[+-]?\d+,\d+(?:\r\n|\n|\r|$))+$/;

/** How a text is written, from its first rows. */
export const dialectOf = (text: string): Dialect => {
  const sample = beginning(text);
  if (ONE_COLUMN.test(sample)) return { separator: ";", decimal: "," };
  const comment = commentOf(sample);
  const explained = SEPARATORS.map((separator) => explain(sample, separator, comment));
  const best = explained.reduce((found, other) => (other.score > found.score ? other : found));
  // One column: what would separate others does not matter, but a comma may be its decimal mark.
  const { separator, decimal } = best.score > 0 ? best : explained[SEPARATORS.indexOf(",")];
  return { separator, decimal, ...(comment && { comment }) };
};
