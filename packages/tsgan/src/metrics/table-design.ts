/**
 * Tables as numbers for linear models, as SDMetrics' `HyperTransformer` and scikit-learn's `RobustScaler` have them: missing numbers
 * are the mean, categories one 0 or 1 for each value, all divided by their interquartile range.
 */
import { interquartileRange, mean, median } from "../statistics/index.ts";
import type { Frame, FrameColumn } from "../tables/index.ts";

/** Numbers, and for categories the index of each value: −1 where it was unknown. */
export interface Design {
  readonly rows: number;
  readonly numbers: readonly Float64Array[];
  readonly choices: readonly { readonly codes: Int32Array; readonly size: number }[];
}

/** What makes designs of tables with the same columns. */
export type Encode = (frame: Frame) => Design;

type Words = ReadonlyMap<string | undefined, number>;

const present = (values: Float64Array): Float64Array => values.filter((value) => !Number.isNaN(value));

/** Encodes by what a table holds: its means, and its words in the order in which they come. */
export const encoderOf = ({ columns }: Frame): Encode => {
  const words = columns.map((column): Words | undefined =>
    column.kind === "number" ? undefined : new Map([...new Set(column.values)].map((word, i) => [word, i])),
  );
  const means = columns.map((column) => {
    const there = column.kind === "number" ? present(column.values) : new Float64Array(0);
    return there.length === 0 ? 0 : mean(there);
  });
  const filled = (column: FrameColumn, i: number): Float64Array[] =>
    column.kind === "number" ? [column.values.map((value) => (Number.isNaN(value) ? means[i] : value))] : [];
  return (frame) => ({
    rows: frame.rows,
    numbers: frame.columns.flatMap(filled),
    choices: frame.columns.flatMap((column, i) =>
      column.kind === "number"
        ? []
        : [
            {
              codes: Int32Array.from(column.values, (word) => words[i]!.get(word) ?? -1),
              size: words[i]!.size,
            },
          ],
    ),
  });
};

export const rowsOfDesign = ({ numbers, choices }: Design, rows: Uint32Array): Design => ({
  rows: rows.length,
  numbers: numbers.map((values) => Float64Array.from(rows, (row) => values[row])),
  choices: choices.map(({ codes, size }) => ({ codes: Int32Array.from(rows, (row) => codes[row]), size })),
});

const behind = <List extends Float64Array | Int32Array>(out: List, a: List, b: List): List => {
  out.set(a);
  out.set(b, a.length);
  return out;
};

/** The rows of one design, then those of another. */
export const joined = (a: Design, b: Design): Design => ({
  rows: a.rows + b.rows,
  numbers: a.numbers.map((values, i) => behind(new Float64Array(a.rows + b.rows), values, b.numbers[i])),
  choices: a.choices.map(({ codes, size }, i) => ({
    codes: behind(new Int32Array(a.rows + b.rows), codes, b.choices[i].codes),
    size,
  })),
});

/** Interquartile range of `ones` ones among `rows` zeros and ones. */
const rangeOfOnes = (ones: number, rows: number): number => {
  const at = (share: number): number => {
    const position = (rows - 1) * share;
    const below = Math.floor(position);
    const value = (i: number): number => (i < rows - ones ? 0 : 1);
    return value(below) + (position - below) * (value(Math.min(below + 1, rows - 1)) - value(below));
  };
  return at(0.75) - at(0.25);
};

const orOne = (range: number): number => (range > 1e-14 ? range : 1);

/**
 * Scales by what the rows of a design are: (x − median) / interquartile range. Zeros and ones are divided alone: what is taken
 * from all rows alike is in the intercept.
 */
export interface Scaling {
  /** Weights of a linear model: numbers first, then one for each choice. */
  readonly size: number;
  readonly numbers: readonly { readonly centre: number; readonly range: number }[];
  /** Of each choice, one over its range; where the weights of a column begin. */
  readonly choices: readonly { readonly begin: number; readonly factors: Float64Array }[];
}

export const scalingOf = ({ rows, numbers, choices }: Design): Scaling => {
  let size = numbers.length;
  return {
    numbers: numbers.map((values) => ({ centre: median(values), range: orOne(interquartileRange(values)) })),
    choices: choices.map(({ codes, size: length }) => {
      const counts = new Float64Array(length);
      for (const code of codes) if (code >= 0) counts[code]++;
      const begin = size;
      size += length;
      return { begin, factors: counts.map((count) => 1 / orOne(rangeOfOnes(count, rows))) };
    }),
    size,
  };
};

/** A design in the terms of a scaling: numbers are scaled. */
export const scaled = (design: Design, { numbers }: Scaling): Design => ({
  ...design,
  numbers: design.numbers.map((values, i) => {
    const { centre, range } = numbers[i];
    return values.map((value) => (value - centre) / range);
  }),
});

/** `out[row] = weights · row`, of a scaled design; weights begin at `from`. */
export const products = (
  { rows, numbers, choices }: Design,
  scaling: Scaling,
  weights: Float64Array,
  from: number,
  out: Float64Array,
): void => {
  out.fill(0);
  numbers.forEach((values, i) => {
    const weight = weights[from + i];
    for (let row = 0; row < rows; row++) out[row] += weight * values[row];
  });
  choices.forEach(({ codes }, i) => {
    const { begin, factors } = scaling.choices[i];
    for (let row = 0; row < rows; row++) {
      const code = codes[row];
      if (code >= 0) out[row] += weights[from + begin + code] * factors[code];
    }
  });
};

/** `gradient += Σ factors[row] · row`: the transpose of `products`. */
export const addProducts = (
  { rows, numbers, choices }: Design,
  scaling: Scaling,
  each: Float64Array,
  from: number,
  gradient: Float64Array,
): void => {
  numbers.forEach((values, i) => {
    let sum = 0;
    for (let row = 0; row < rows; row++) sum += each[row] * values[row];
    gradient[from + i] += sum;
  });
  choices.forEach(({ codes }, i) => {
    const { begin, factors } = scaling.choices[i];
    for (let row = 0; row < rows; row++) {
      const code = codes[row];
      if (code >= 0) gradient[from + begin + code] += each[row] * factors[code];
    }
  });
};
