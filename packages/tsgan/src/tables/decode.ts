/** Rows of text from rows of numbers and choices. */
import { randomStream } from "../random/index.ts";
import { formatDate, resolutionOf } from "./dates.ts";
import { cumulative, pick } from "./draws.ts";
import { type EncodedRows, rowsOfSamples } from "./encoded.ts";
import { type EncodedColumn, SCALE } from "./fit.ts";
import { fromPattern, numberedPattern } from "./patterns.ts";
import {
  type ColumnPlan,
  isLearnt,
  type NumberForm,
  type NumberPlan,
  type SumPlan,
  type TablePlan,
} from "./plan.ts";

/** Significant digits of numbers whose decimal places are not known. */
const DIGITS = 6;

/** Decimal places up to which numbers are whole multiples of 10^−decimals, and are written without an exponent. */
export const MOST_DECIMALS = 6;

export const numberText = (
  { decimals, fixed, format }: NumberForm,
  value: number,
  mark: TablePlan["decimal"],
): string => {
  if (format !== undefined) return formatDate(value, format);
  const text =
    decimals === undefined
      ? String(Number(value.toPrecision(DIGITS)))
      : fixed
        ? value.toFixed(decimals)
        : String(Number(value.toFixed(decimals)));
  const clean = /^-0(?:\.0*)?$/.test(text) ? text.slice(1) : text;
  return mark === "," ? clean.replace(".", ",") : clean;
};

/** The nearest value that can be written: samples are compared and filtered as they are written. */
const rounding = ({
  decimals,
  format,
  low,
  high,
}: NumberForm & Pick<NumberPlan, "low" | "high">): ((value: number) => number) => {
  const inside = (value: number): number => Math.min(high, Math.max(low, value));
  if (format !== undefined) {
    const step = resolutionOf(format);
    return (value) => Math.round(inside(value) / step) * step;
  }
  if (decimals === undefined) return (value) => Number(inside(value).toPrecision(DIGITS));
  if (decimals > MOST_DECIMALS) return (value) => Number(inside(value).toFixed(decimals));
  const scale = 10 ** decimals;
  return (value) => Math.round(inside(value) * scale) / scale;
};

/** One value of a sampled row. */
export interface Cell {
  readonly text: string;
  /** Of numbers, and of dates in seconds. */
  readonly value?: number;
}

/** Values of one column of some rows: each is one of the column's texts, a number, or a text of its own. */
export interface DecodedColumn {
  /** Places in the column's texts; −1 of what is none of them. */
  readonly places: Int32Array;
  /** Of numbers, and of dates in seconds; NaN where a row has none. */
  readonly values?: Float64Array | undefined;
  /** Of identifiers that are not just numbered. */
  readonly own?: readonly string[] | undefined;
}

/** How a column is read. */
export interface ColumnReader {
  readonly name: string;
  /** Of a column of numbers: how they are written, and those among the texts. */
  readonly plan?: (NumberForm & Pick<NumberPlan, "values">) | undefined;
  /** Of identifiers that are the number of the row, what stands around it. */
  readonly numbered?: ReturnType<typeof numberedPattern>;
  /** Values that are known before: categories, frequent numbers, words among numbers. */
  readonly texts: readonly string[];
  /** @param first number of the first row */
  decode(encoded: EncodedColumn | undefined, count: number, first: number, seed: number): DecodedColumn;
}

/** What a column is that others add up to; where one of them has no number, it is missing. */
const addedUp = (
  plan: SumPlan,
  parts: readonly (DecodedColumn | undefined)[],
  count: number,
): DecodedColumn => {
  const round = rounding({ ...plan, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY });
  const [places, values] = [new Int32Array(count), new Float64Array(count)];
  for (let row = 0; row < count; row++) {
    const sum = parts.reduce((total, part) => total + (part?.values?.[row] ?? Number.NaN), 0);
    values[row] = round(sum);
    places[row] = Number.isNaN(sum) ? 0 : -1;
  }
  return { places, values };
};

const readerOf = (plan: ColumnPlan, mark: TablePlan["decimal"]): ColumnReader | undefined => {
  const { name } = plan;
  const streamOf = (first: number, seed: number) => randomStream(seed, `table/cells/${name}`, first);
  switch (plan.kind) {
    case "omitted":
      return undefined;
    case "sum":
      // Its values come from other columns, once these are read.
      return {
        name,
        plan: { ...plan, values: [] },
        texts: [""],
        decode: (_, count) => ({ places: new Int32Array(count) }),
      };
    case "constant":
      return {
        name,
        texts: [plan.value],
        decode: (_, count) => ({ places: new Int32Array(count) }),
      };
    case "identifier": {
      const numbered = numberedPattern(plan.pattern);
      return {
        name,
        numbered,
        texts: [],
        decode: (_, count, first, seed) => {
          if (numbered !== undefined) return { places: new Int32Array(count).fill(-1) };
          const random = streamOf(first, seed);
          const own = Array.from({ length: count }, (_, i) => fromPattern(plan.pattern, first + i, random));
          return { places: new Int32Array(count).fill(-1), own };
        },
      };
    }
    case "category": {
      const { values, others } = plan;
      const sums = others && cumulative(others.counts);
      return {
        name,
        texts: others === undefined ? values : [...values, ...others.values],
        decode: (encoded, count, first, seed) => {
          const places = new Int32Array(count);
          const random = streamOf(first, seed);
          places.set(encoded!.choice);
          if (sums === undefined) return { places };
          for (let i = 0; i < count; i++) {
            if (places[i] >= values.length) places[i] = values.length + pick(sums, random);
          }
          return { places };
        },
      };
    }
    case "number": {
      const { normals, values, texts } = plan;
      const round = rounding(plan);
      const ownTexts = values.map((value) => numberText(plan, value, mark));
      return {
        name,
        plan,
        texts: [...ownTexts, ...texts],
        decode: (encoded, count) => {
          const { choice, number } = encoded!;
          const places = new Int32Array(count);
          const decoded = new Float64Array(count);
          for (let i = 0; i < count; i++) {
            const place = choice[i] - normals.length;
            places[i] = Math.max(-1, place);
            if (place >= 0) {
              decoded[i] = place < values.length ? values[place] : Number.NaN;
              continue;
            }
            const { mean, deviation } = normals[choice[i]];
            decoded[i] = round(Math.max(-1, Math.min(1, number![i])) * SCALE * deviation + mean);
          }
          return { places, values: decoded };
        },
      };
    }
  }
};

/** Some rows as they will be written. */
export interface DecodedRows {
  readonly count: number;
  /** Number of the first row. */
  readonly first: number;
  /** In the order of the reader's. */
  readonly columns: readonly DecodedColumn[];
}

/** What reads rows of a table. */
export interface RowReader {
  /** The columns that are written, in the order of the table. */
  readonly columns: readonly ColumnReader[];
  readonly names: readonly string[];
  /** @param first number of the first row: identifiers count on from it */
  decode(encoded: EncodedRows, first: number, seed: number): DecodedRows;
  /** A value as text. */
  text(rows: DecodedRows, column: number, row: number): string;
  cells(rows: DecodedRows, row: number): Cell[];
  /** Rows of cells from samples [n, width], of which the first is row number `first`. */
  read(samples: Float32Array, first: number, seed: number): Cell[][];
}

/**
 * What reads the rows of a generator's output: turns numbers into cells, row by row, as the `plan` of the table says.
 */
export const rowReader = (plan: TablePlan): RowReader => {
  const learnt = plan.columns.filter(isLearnt);
  const columns = plan.columns.flatMap((column) => {
    const reader = readerOf(column, plan.decimal);
    const at = (learnt as readonly ColumnPlan[]).indexOf(column);
    return reader === undefined ? [] : [{ column, reader, at }];
  });
  const readers = columns.map(({ reader }) => reader);
  const encode = rowsOfSamples(plan);
  const text: RowReader["text"] = (rows, column, row) => {
    const { places, values, own } = rows.columns[column];
    const reader = readers[column];
    if (places[row] >= 0) return reader.texts[places[row]];
    const { numbered } = reader;
    if (numbered !== undefined) return `${numbered.before}${rows.first + row + 1}${numbered.after}`;
    return own?.[row] ?? numberText(reader.plan!, values![row], plan.decimal);
  };
  const decode: RowReader["decode"] = (encoded, first, seed) => {
    const { count } = encoded;
    const read = columns.map(({ reader, at }) => reader.decode(encoded.columns[at], count, first, seed));
    const named = (name: string): DecodedColumn | undefined =>
      read[columns.findIndex(({ reader }) => reader.name === name)];
    columns.forEach(({ column }, i) => {
      if (column.kind === "sum") read[i] = addedUp(column, column.of.map(named), count);
    });
    return { count, first, columns: read };
  };
  const cells: RowReader["cells"] = (rows, row) =>
    rows.columns.map(({ values }, column): Cell => {
      const value = values?.[row];
      const own = text(rows, column, row);
      return value === undefined || Number.isNaN(value) ? { text: own } : { text: own, value };
    });
  return {
    columns: readers,
    names: readers.map(({ name }) => name),
    decode,
    text,
    cells,
    read: (samples, first, seed) => {
      const rows = decode(encode(samples), first, seed);
      return Array.from({ length: rows.count }, (_, row) => cells(rows, row));
    },
  };
};
