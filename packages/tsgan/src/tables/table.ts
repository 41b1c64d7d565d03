/**
 * Tables from delimited text as people have it: separated by commas, semicolons, tabs, bars or spaces, with quotes,
 * comments, a line of names or none, in UTF-8, UTF-16 or Windows-1252. A table is its columns as text; what a column means
 * is for others to say (`points.ts`).
 */
import { nearest, RunError, UsageError } from "../errors.ts";
import { decodeText } from "./decode-text.ts";
import { type Dialect, dialectOf, eachRow, usualWidth } from "./dialect.ts";
import { isMissingText, parseNumber } from "./number-text.ts";
import { type Texts, textsBuilder } from "./texts.ts";

export interface Column {
  /** As the file has it, or its number counted from 1. */
  readonly name: string;
  /** One field a row, without the white space around it. */
  readonly values: Texts;
}

export interface Table {
  /** What the user calls it, and errors do. */
  readonly name: string;
  readonly columns: readonly Column[];
  readonly rows: number;
  /** Line of the text on which a row begins, counted from 1. */
  readonly lines: readonly number[];
  readonly dialect: Dialect;
  /** Whether the names of the columns come from the file. */
  readonly named: boolean;
  /** What was left out of the columns, in words: a column that only names the rows. */
  readonly notes: readonly string[];
  readonly encoding: string;
}

export interface TableOptions {
  /** Columns to take, by name or by number counted from 1; all, without. */
  readonly columns?: readonly string[] | undefined;
}

/** The option that takes the columns of these `names`, as a program writes it; the command says its flag instead (`describeFailure`). */
export const columnsOption = (names: readonly string[]): string =>
  `columns: [${names.map((name) => JSON.stringify(name)).join(", ")}]`;

const SEPARATOR_NAMES = {
  ",": "commas",
  ";": "semicolons",
  "\t": "tabs",
  "|": "bars",
  " ": "spaces",
} as const;

/** `2 columns (x, y) separated by semicolons, decimal comma` Of the `dialect` it says what separates the columns, and what is not usual. */
export const describeTable = ({ columns, dialect, named }: Table): string => {
  const names = columns.slice(0, 8).map(({ name }) => name);
  const list = named ? ` (${names.join(", ")}${columns.length > 8 ? ", …" : ""})` : "";
  const separated = columns.length > 1 ? ` separated by ${SEPARATOR_NAMES[dialect.separator]}` : "";
  const parts = [`${columns.length} ${columns.length === 1 ? "column" : "columns"}${list}${separated}`];
  if (dialect.decimal === ",") parts.push("decimal comma");
  if (!named) parts.push("no line of names");
  if (dialect.comment !== undefined) parts.push(`comments after ${dialect.comment}`);
  return parts.join(", ");
};

const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^\s*<\?xml/i, "XML"],
  [/^\s*<[a-z!]/i, "a page of HTML"],
  [/^\s*[[{]\s*["{[\]}]/, "JSON"],
  [/^%PDF/, "a PDF"],
];

const checkKind = (text: string, name: string): void => {
  const kind = KINDS.find(([pattern]) => pattern.test(text.slice(0, 1000)))?.[1];
  if (kind === undefined) return;
  throw new RunError(`${name}: expected a table of separated columns; got ${kind}; save it as CSV`);
};

/** Excel's first line `sep=;`. */
const SEP_LINE = /^sep=(.)\r?\n/i;
const isSeparator = (mark: string): mark is Dialect["separator"] => mark in SEPARATOR_NAMES;

/** Whether the first row names the columns: words above numbers, or nothing but words that do not come again. */
const hasNames = (rows: readonly string[][], { decimal }: Dialect): boolean => {
  const [first, ...rest] = rows;
  if (rest.length === 0) return first.every((field) => isWord(field, decimal));
  const below = (column: number) =>
    rest.slice(0, 300).flatMap((row) => (row[column] === undefined ? [] : [row[column]]));
  // pandas names the columns of an array 0, 1, 2, …: whole numbers in order, above columns that are each whole or not. Whoever
  // writes 0.0 as 0 and 0.5 as 0.5 may have a first point (0, 1).
  const offset = first[0] === "" ? 1 : 0;
  const counted = first.length - offset >= 2 && first.slice(offset).every((field, i) => field === String(i));
  if (counted) {
    if (offset === 1) return true;
    const shares = first.map((_, i) => {
      const others = below(i);
      return others.filter((field) => /^[+-]?\d+$/.test(field)).length / Math.max(1, others.length);
    });
    return shares.every((share) => share === 0 || share === 1) && shares.includes(0);
  }
  if (first.some((field) => parseNumber(field, decimal) !== undefined)) return false;
  const words = first.filter((field) => isWord(field, decimal));
  if (words.length === 0) return false;
  const above = first.some((field, i) => {
    const others = below(i);
    const numbers = others.filter((other) => parseNumber(other, decimal) !== undefined).length;
    return isWord(field, decimal) && 2 * numbers > others.length;
  });
  return (
    above || (new Set(words).size === words.length && first.every((field, i) => !below(i).includes(field)))
  );
};

const isWord = (field: string, decimal: Dialect["decimal"]): boolean =>
  !isMissingText(field) && parseNumber(field, decimal) === undefined;

/** The names that numpy.savetxt writes into the comment above the first row, which is so many lines down. */
const commentedNames = (
  text: string,
  dialect: Dialect,
  rows: readonly string[][],
  above: number,
): string[] | undefined => {
  const { comment, separator, decimal } = dialect;
  const line = comment && text.split(/\r\n|\n|\r/, above).at(-1);
  if (comment === undefined || !line?.startsWith(comment)) return undefined;
  let names: string[] | undefined;
  eachRow(line.slice(comment.length), { separator }, (fields) => {
    names ??= fields.map((field) => field.trim());
  });
  const fits = names?.length === rows[0].length && names.every((field) => isWord(field, decimal));
  return fits ? names : undefined;
};

/** Names made different: a second x becomes "x (2)". */
const distinct = (names: readonly string[]): string[] => {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name} (${times})`;
  });
};

/** Whether values are 0, 1, 2, … or 1, 2, 3, …, as pandas and R number the rows. */
const countsRows = (values: Texts): boolean => {
  const start = Number(values.at(0));
  if ((start !== 0 && start !== 1) || values.length < 2) return false;
  for (let i = 0; i < values.length; i++) if (values.at(i) !== String(start + i)) return false;
  return true;
};

/** Whether values tell the rows apart: whole numbers or words, no two alike. A column of measurements has others. */
const namesRows = (values: Texts): boolean => {
  const different = values.counts();
  if (different.size < values.length) return false;
  for (const value of different.keys()) if (/^[+-]?\d*[.,]\d+(?:e[+-]?\d+)?$/i.test(value)) return false;
  return true;
};

/** The columns asked for, by name or by number. */
const choose = (name: string, columns: readonly Column[], wanted: readonly string[]): Column[] =>
  wanted.map((word) => {
    const byName = columns.find((column) => column.name === word.trim());
    const byNumber = /^\d+$/.test(word.trim()) ? columns[Number(word) - 1] : undefined;
    const found = byName ?? byNumber;
    if (found !== undefined) return found;
    const names = columns.map((column) => column.name);
    const meant = nearest(word.trim(), names);
    const hint = meant === undefined ? "" : `; did you mean "${meant}"?`;
    throw new UsageError(
      `${name}: there is no column "${word}"${hint} (columns: ${names.slice(0, 20).join(", ")}${names.length > 20 ? ", …" : ""})`,
    );
  });

/** Rows that are looked at for names and widths, before the others are read. */
const HEAD = 1000;

/** A row that is not as wide as the others. */
interface Odd {
  readonly line: number;
  readonly fields: readonly string[];
}

interface Columns {
  readonly values: readonly Texts[];
  /** Line on which each row begins. */
  readonly lines: readonly number[];
  readonly header: string[] | undefined;
  readonly odd: Odd | undefined;
}

/** Columns of rows that come one after the other; the first ones have been looked at. */
const columnsFrom = (
  head: readonly string[][],
  namesOf: (rows: readonly string[][]) => string[] | undefined,
) => {
  // Fields without content behind the last column, as in `1,2,`, are none: only where all rows end so, since a missing value in
  // the last column of some is its own.
  const used = Math.max(0, ...head.map((row) => row.findLastIndex((field) => field !== "") + 1));
  let drops = used < usualWidth(head);
  const cut = (row: readonly string[]): string[] => (drops ? row.slice(0, used) : [...row]);
  const rows = head.map(cut);
  const header = namesOf(rows);
  const isInside = header === rows[0];
  const rest = isInside ? head.slice(1) : head;
  const width = usualWidth(rest);
  const builders = Array.from({ length: width }, textsBuilder);
  const lines: number[] = [];
  /** The first rows that do not fit: where the ends are dropped, and where they are not. */
  let [short, other]: (Odd | undefined)[] = [];
  return {
    rest,
    header,
    isInside,
    push: (fields: readonly string[], line: number): void => {
      drops &&= fields.findLastIndex((field) => field !== "") < used;
      if (fields.length !== width) {
        other ??= { line, fields };
        if (fields.length < used) short ??= { line, fields };
      }
      for (let i = 0; i < width; i++) builders[i].push(fields[i] ?? "");
      lines.push(line);
    },
    end: (): Columns => ({
      values: builders.slice(0, drops ? Math.min(used, width) : width).map((builder) => builder.texts()),
      lines,
      header: drops ? header?.slice(0, used) : header,
      odd: drops ? short : other,
    }),
  };
};

/**
 * A table from text, or from the bytes of a text.
 *
 * @param source the text, or its bytes, in UTF-8, UTF-16 or Windows-1252
 * @param name what the table and the errors are called
 * @throws RunError for what is no table: without rows, binary, of lines that differ in their number of columns (with the line)
 * @throws UsageError for a column that is not there
 * @example
 * ```ts
 * import { describeTable, readTable, recognise } from "tsgan/tables";
 *
 * const table = readTable("age;city\n31;Bern\n44;Basel\n", "people.csv");
 * console.log(describeTable(table)); // 2 columns (age, city) separated by semicolons
 * console.log(recognise(table).columns.map(({ kind }) => kind));
 * ```
 */
export const readTable = (source: string | Uint8Array, name: string, options: TableOptions = {}): Table => {
  const { encoding, parts: decoded } = decodeText(source, name);
  const parts = decoded();
  let first = parts.next().value ?? "";
  checkKind(first, name);
  const directive = SEP_LINE.exec(first)?.[1];
  if (directive !== undefined) first = first.slice(first.indexOf("\n") + 1);
  const guessed = dialectOf(first);
  const dialect =
    directive !== undefined && isSeparator(directive) ? { ...guessed, separator: directive } : guessed;
  const firstLine = directive === undefined ? 1 : 2;

  const head: string[][] = [];
  const headLines: number[] = [];
  const namesOf = (rows: readonly string[][]): string[] | undefined =>
    hasNames(rows, dialect) ? rows[0] : commentedNames(first, dialect, rows, headLines[0] - firstLine);
  let columns: ReturnType<typeof columnsFrom> | undefined;
  const begin = (): NonNullable<typeof columns> => {
    const begun = columnsFrom(head, namesOf);
    const skipped = begun.isInside ? 1 : 0;
    begun.rest.forEach((row, i) => {
      begun.push(row, headLines[i + skipped]);
    });
    return begun;
  };
  function* whole(): Generator<string> {
    yield first;
    yield* parts;
  }
  eachRow(
    whole(),
    dialect,
    (fields, line) => {
      const row = fields.map((field) => field.trim());
      if (columns !== undefined) return columns.push(row, line);
      head.push(row);
      headLines.push(line);
      if (head.length === HEAD) columns = begin();
    },
    {
      firstLine,
      onQuote: (line) => {
        throw new RunError(
          `${name}, line ${line}: a quotation mark is not closed where its field ends; write "" for one within a field`,
        );
      },
    },
  );
  if (head.length === 0) throw new RunError(`${name}: expected a table; got a file without a row`);
  columns ??= begin();
  const { values, lines, header, odd } = columns.end();
  if (lines.length === 0) {
    throw new RunError(`${name}: expected rows of values; got the line of names ${header?.join(", ")} alone`);
  }
  const width = values.length;
  // R's write.table names all columns but that of the row names. A title above the names is none of them.
  if (header?.length === width - 1 && !columns.rest[0].every((field) => isWord(field, dialect.decimal))) {
    header.unshift("");
  }
  checkWidths({ name, odd, width, dialect, header });

  const unnamed = header !== undefined ? (i: number) => `column ${i + 1}` : (i: number) => String(i + 1);
  const names = distinct(Array.from({ length: width }, (_, i) => header?.[i] || unnamed(i)));
  const all = names.map((each, i): Column => ({ name: each, values: values[i] }));
  const notes: string[] = [];
  let chosen: readonly Column[] = all;
  if (options.columns !== undefined) chosen = choose(name, all, options.columns);
  else if (isIndex(all, header)) {
    chosen = all.slice(1);
    notes.push("the first column only names the rows and is left out");
  }
  const named = header !== undefined;
  return { name, columns: chosen, rows: lines.length, lines, dialect, named, notes, encoding };
};

/**
 * Whether the first column is the index that pandas and R write: without a name among names, it tells the rows apart; without a
 * line of names, it counts them, and two others stay.
 */
const isIndex = (columns: readonly Column[], header: readonly string[] | undefined): boolean => {
  if (columns.length < 2) return false;
  const { values } = columns[0];
  if (header === undefined) return columns.length > 2 && countsRows(values);
  return /^(?:|unnamed: 0)$/i.test(header[0]) && (countsRows(values) || namesRows(values));
};

const checkWidths = (parts: {
  readonly name: string;
  readonly odd: Odd | undefined;
  readonly width: number;
  readonly dialect: Dialect;
  readonly header: readonly string[] | undefined;
}): void => {
  const { name, odd, width, dialect, header } = parts;
  const seen = `${width} ${width === 1 ? "column" : "columns"}, separated by ${SEPARATOR_NAMES[dialect.separator]}`;
  if (odd !== undefined) {
    const line = odd.fields.join(dialect.separator).slice(0, 60);
    throw new RunError(
      `${name}, line ${odd.line}: expected ${width} columns as in most lines; got ${odd.fields.length} ("${line}"); the file looks like ${seen}`,
    );
  }
  if (header !== undefined && header.length !== width) {
    throw new RunError(
      `${name}: expected as many names as columns; got ${header.length} (${header.join(", ")}) above ${width} columns; is the first line a title?`,
    );
  }
};
