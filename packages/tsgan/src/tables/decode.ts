/** Rows of text from what a generator made. */
import { conditionSize, rowSize } from "../layout.ts";
import { type RandomStream, randomStream } from "../random/index.ts";
import { formatDate, resolutionOf } from "./dates.ts";
import { cumulative, pick } from "./draws.ts";
import { SCALE } from "./fit.ts";
import { fromPattern } from "./patterns.ts";
import { arrange, type ColumnPlan, type NumberPlan, type Slot, type TablePlan } from "./plan.ts";

/** Significant digits of numbers whose decimal places are not known. */
const DIGITS = 6;

const numberText = ({ decimals, fixed, format }: NumberPlan, value: number, mark: "." | ","): string => {
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
const rounded = ({ decimals, format, low, high }: NumberPlan, value: number): number => {
  const inside = Math.min(high, Math.max(low, value));
  if (format !== undefined) {
    const step = resolutionOf(format);
    return Math.round(inside / step) * step;
  }
  return decimals === undefined ? Number(inside.toPrecision(DIGITS)) : Number(inside.toFixed(decimals));
};

/** One value of a sampled row. */
export interface Cell {
  readonly text: string;
  /** Of numbers, and of dates in seconds. */
  readonly value?: number;
}

type Decoder = (samples: Float32Array, offset: number, row: number, random: RandomStream) => Cell;

const argmax = (samples: Float32Array, begin: number, size: number): number => {
  let best = 0;
  for (let i = 1; i < size; i++) if (samples[begin + i] > samples[begin + best]) best = i;
  return best;
};

const decoderOf = (
  plan: ColumnPlan,
  slot: Slot | undefined,
  mark: TablePlan["decimal"],
): Decoder | undefined => {
  switch (plan.kind) {
    case "omitted":
      return undefined;
    case "constant": {
      const cell: Cell = { text: plan.value };
      return () => cell;
    }
    case "identifier":
      return (_samples, _offset, row, random) => ({ text: fromPattern(plan.pattern, row, random) });
    case "category": {
      const { values, others } = plan;
      const cells = values.map((text): Cell => ({ text }));
      const sums = others && cumulative(others.counts);
      return (samples, offset, _row, random) => {
        const choice = slot!.size > 0 ? argmax(samples, offset + slot!.begin, slot!.size) : 0;
        return cells[choice] ?? { text: others!.values[pick(sums!, random)] };
      };
    }
    case "number": {
      const { normals, values, texts } = plan;
      const singles = values.map((value): Cell => ({ text: numberText(plan, value, mark), value }));
      const words = texts.map((text): Cell => ({ text }));
      return (samples, offset) => {
        const choice = slot!.size > 0 ? argmax(samples, offset + slot!.begin, slot!.size) : 0;
        if (choice >= normals.length) {
          return singles[choice - normals.length] ?? words[choice - normals.length - singles.length];
        }
        const { mean, deviation } = normals[choice];
        const u = Math.max(-1, Math.min(1, samples[offset + slot!.number!]));
        const value = rounded(plan, u * SCALE * deviation + mean);
        return { text: numberText(plan, value, mark), value };
      };
    }
  }
};

/** What reads samples of a table. */
export interface RowReader {
  /** The columns that are written, in the order of the table. */
  readonly names: readonly string[];
  /** Rows of cells from samples [n, width], of which the first is row number `first`. */
  read(samples: Float32Array, first: number, seed: number): Cell[][];
}

export const rowReader = (plan: TablePlan): RowReader => {
  const { layout, slots } = arrange(plan);
  const width = rowSize(layout) + conditionSize(layout);
  const decoders = plan.columns.flatMap((column) => {
    const slot = slots.find((each) => each.plan === column);
    const decode = decoderOf(column, slot, plan.decimal);
    return decode === undefined ? [] : [{ name: column.name, decode }];
  });
  return {
    names: decoders.map(({ name }) => name),
    read: (samples, first, seed) => {
      const count = samples.length / width;
      const rows: Cell[][] = [];
      const random = randomStream(seed, "table/cells", first);
      for (let i = 0; i < count; i++) {
        rows.push(decoders.map(({ decode }) => decode(samples, i * width, first + i, random)));
      }
      return rows;
    },
  };
};
