/**
 * How like a real table a synthetic one is, as SDMetrics 0.32 has it (its names, formulas, bins and thresholds), so that
 * figures compare: `KSComplement`, `TVComplement`, `CorrelationSimilarity`, `ContingencySimilarity`, `QualityReport`.
 */
import type { CategoryColumn, Frame, FrameColumn, NumberColumn } from "../tables/index.ts";

const present = (values: Float64Array): Float64Array => values.filter((value) => !Number.isNaN(value)).sort();

/**
 * 1 − sup |F_real − F_synthetic|, F the empirical distribution functions of what is present; NaN where nothing is.
 *
 * @param real values, NaN where they are missing
 * @param synthetic values of the synthetic table
 * @returns in [0, 1], 1 for equal distributions
 */
export const ksComplement = (real: Float64Array, synthetic: Float64Array): number => {
  const [a, b] = [present(real), present(synthetic)];
  if (a.length === 0 || b.length === 0) return Number.NaN;
  let [i, j, most] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const at = Math.min(a[i], b[j]);
    while (i < a.length && a[i] === at) i++;
    while (j < b.length && b[j] === at) j++;
    most = Math.max(most, Math.abs(i / a.length - j / b.length));
  }
  return 1 - most;
};

const counted = <T>(values: Iterable<T>): Map<T, number> => {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
};

/** What SDMetrics adds to a real count of 0. */
const REGULAR = 1e-6;

type Words = readonly (string | undefined)[];

/** 1 − ½ Σ |share in real − share in synthetic| over the values that are present; NaN where none is. */
export const tvComplement = (real: Words, synthetic: Words): number => {
  const isWord = (value: string | undefined): boolean => value !== undefined;
  const a = counted(real.filter(isWord));
  const b = counted(synthetic.filter(isWord));
  if (a.size === 0 || b.size === 0) return Number.NaN;
  for (const value of b.keys()) if (!a.has(value)) a.set(value, REGULAR);
  const sum = (counts: ReadonlyMap<unknown, number>) => [...counts.values()].reduce((x, y) => x + y, 0);
  const [n, m] = [sum(a), sum(b)];
  let total = 0;
  for (const [value, count] of a) total += Math.abs(count / n - (b.get(value) ?? 0) / m);
  return 1 - total / 2;
};

/**
 * Pearson's correlation of the rows where both are present; NaN where one of them is constant.
 *
 * @param x a value for each row, NaN where it is missing
 * @param y as many
 */
export const correlation = (x: Float64Array, y: Float64Array): number => {
  let [n, meanX, meanY] = [0, 0, 0];
  x.forEach((value, i) => {
    if (Number.isNaN(value) || Number.isNaN(y[i])) return;
    n++;
    meanX += (value - meanX) / n;
    meanY += (y[i] - meanY) / n;
  });
  let [xx, xy, yy] = [0, 0, 0];
  x.forEach((value, i) => {
    if (Number.isNaN(value) || Number.isNaN(y[i])) return;
    const [a, b] = [value - meanX, y[i] - meanY];
    xx += a * a;
    xy += a * b;
    yy += b * b;
  });
  return xx === 0 || yy === 0 ? Number.NaN : xy / Math.sqrt(xx * yy);
};

const BINS = 10;

/** The bin of each number among ten of equal width from the least to the greatest; missing ones with what is beyond. */
const binned = (values: Float64Array): Int32Array => {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return new Int32Array(values.length).fill(BINS + 1);
  if (low === high) [low, high] = [low - 0.5, high + 0.5];
  const step = (high - low) / BINS;
  const edges = Float64Array.from({ length: BINS + 1 }, (_, i) => (i === BINS ? high : i * step + low));
  return Int32Array.from(values, (value) => {
    if (Number.isNaN(value)) return BINS + 1;
    let bin = 0;
    while (bin <= BINS && value >= edges[bin]) bin++;
    return bin;
  });
};

/** Numbers for the words of two columns; missing ones have one of their own. */
const coded = (real: Words, synthetic: Words): readonly [Int32Array, Int32Array] => {
  const codes = new Map<string | undefined, number>();
  const codeOf = (word: string | undefined): number => {
    const known = codes.get(word) ?? codes.size;
    codes.set(word, known);
    return known;
  };
  return [Int32Array.from(real, codeOf), Int32Array.from(synthetic, codeOf)];
};

/** Columns of either kind as choices. Each table's numbers have bins of their own, as SDMetrics' report has them. */
const choices = (real: FrameColumn, synthetic: FrameColumn): readonly [Int32Array, Int32Array] =>
  real.kind === "number"
    ? [binned(real.values), binned((synthetic as NumberColumn).values)]
    : coded(real.values, (synthetic as CategoryColumn).values);

type Cells = ReadonlyMap<number, number>;

const RADIX = 2 ** 24;

const contingency = (x: Int32Array, y: Int32Array): Cells => {
  const counts = new Map<number, number>();
  for (let i = 0; i < x.length; i++) {
    const key = x[i] * RADIX + y[i];
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
};

/** 1 − ½ Σ |share in real − share in synthetic| over the pairs of choices. */
const contingencySimilarity = (real: Cells, n: number, synthetic: Cells, m: number): number => {
  let total = 0;
  for (const [key, count] of real) total += Math.abs(count / n - (synthetic.get(key) ?? 0) / m);
  for (const [key, count] of synthetic) if (!real.has(key)) total += count / m;
  return 1 - total / 2;
};

/** Cramér's V of a contingency table, √(χ² / n / (min(rows, columns) − 1)); NaN where one of the columns is constant. */
const cramersV = (cells: Cells, n: number): number => {
  const [rows, columns] = [new Map<number, number>(), new Map<number, number>()];
  for (const [key, count] of cells) {
    const [x, y] = [Math.floor(key / RADIX), key % RADIX];
    rows.set(x, (rows.get(x) ?? 0) + count);
    columns.set(y, (columns.get(y) ?? 0) + count);
  }
  const least = Math.min(rows.size, columns.size);
  if (least < 2) return Number.NaN;
  let squares = 0;
  for (const [key, count] of cells) {
    const expected = (rows.get(Math.floor(key / RADIX))! * columns.get(key % RADIX)!) / n;
    squares += (count * count) / expected;
  }
  return Math.sqrt((squares - n) / n / (least - 1));
};

export interface ColumnScore {
  readonly column: string;
  readonly metric: "KSComplement" | "TVComplement";
  readonly score: number;
}

export interface PairScore {
  readonly columns: readonly [string, string];
  readonly metric: "CorrelationSimilarity" | "ContingencySimilarity";
  /** NaN where the real columns have too little to do with each other to count. */
  readonly score: number;
}

export interface TableQuality {
  readonly columns: readonly ColumnScore[];
  readonly pairs: readonly PairScore[];
  /** Means of the scores that there are. */
  readonly shapes: number;
  readonly trends: number;
  readonly overall: number;
}

export interface QualityOptions {
  /** Pairs of real numbers of a smaller correlation do not count; 0.5 without. */
  readonly correlationThreshold?: number;
  /** Pairs with a category of a smaller Cramér's V do not count; 0.3 without. */
  readonly associationThreshold?: number;
}

const meanOf = (values: readonly number[]): number => {
  const there = values.filter((value) => !Number.isNaN(value));
  return there.length === 0 ? Number.NaN : there.reduce((sum, value) => sum + value, 0) / there.length;
};

const isConstant = (values: Float64Array): boolean => {
  const first = values.find((value) => !Number.isNaN(value));
  return values.every((value) => Number.isNaN(value) || value === first);
};

const columnScore = (real: FrameColumn, synthetic: FrameColumn): ColumnScore =>
  real.kind === "number"
    ? {
        column: real.name,
        metric: "KSComplement",
        score: ksComplement(real.values, (synthetic as NumberColumn).values),
      }
    : {
        column: real.name,
        metric: "TVComplement",
        score: tvComplement(real.values, (synthetic as CategoryColumn).values),
      };

const correlationScore = (
  real: readonly [NumberColumn, NumberColumn],
  synthetic: readonly [NumberColumn, NumberColumn],
  threshold: number,
): number => {
  if ([...real, ...synthetic].some(({ values }) => isConstant(values))) return Number.NaN;
  const own = correlation(real[0].values, real[1].values);
  if (!(Math.abs(own) > threshold)) return Number.NaN;
  return 1 - Math.abs(own - correlation(synthetic[0].values, synthetic[1].values)) / 2;
};

/** SDMetrics' quality of a synthetic table: how like the real one its columns, and its pairs of columns, are. */
export const tableQuality = (real: Frame, synthetic: Frame, options: QualityOptions = {}): TableQuality => {
  const { correlationThreshold = 0.5, associationThreshold = 0.3 } = options;
  const columns = real.columns.map((column, i) => columnScore(column, synthetic.columns[i]));
  const chosen = real.columns.map((column, i) => choices(column, synthetic.columns[i]));
  const pairs: PairScore[] = [];
  for (let i = 0; i < real.columns.length; i++) {
    for (let j = i + 1; j < real.columns.length; j++) {
      const [a, b] = [real.columns[i], real.columns[j]];
      const names = [a.name, b.name] as const;
      if (a.kind === "number" && b.kind === "number") {
        const [c, d] = [synthetic.columns[i] as NumberColumn, synthetic.columns[j] as NumberColumn];
        const score = correlationScore([a, b], [c, d], correlationThreshold);
        pairs.push({ columns: names, metric: "CorrelationSimilarity", score });
        continue;
      }
      const cells = contingency(chosen[i][0], chosen[j][0]);
      const isRelated = associationThreshold === 0 || cramersV(cells, real.rows) > associationThreshold;
      const score = isRelated
        ? contingencySimilarity(cells, real.rows, contingency(chosen[i][1], chosen[j][1]), synthetic.rows)
        : Number.NaN;
      pairs.push({ columns: names, metric: "ContingencySimilarity", score });
    }
  }
  const shapes = meanOf(columns.map(({ score }) => score));
  const trends = meanOf(pairs.map(({ score }) => score));
  return { columns, pairs, shapes, trends, overall: meanOf([shapes, trends]) };
};

/**
 * How much each two `columns` of a table of so many `rows` have to do with each other: Pearson's correlation of two numbers, Cramér's V of others, numbers in
 * ten bins. NaN where one of them is constant.
 */
export const associations = ({ rows, columns }: Frame): readonly Float64Array[] => {
  const chosen = columns.map((column) => choices(column, column)[0]);
  return columns.map((a, i) =>
    Float64Array.from(columns, (b, j) =>
      a.kind === "number" && b.kind === "number"
        ? correlation(a.values, b.values)
        : cramersV(contingency(chosen[i], chosen[j]), rows),
    ),
  );
};
