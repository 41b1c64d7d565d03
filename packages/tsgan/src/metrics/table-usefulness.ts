/**
 * What synthetic rows are good for: a model that learns from them is tested on real rows that training has not seen, beside one
 * that learns from real rows. Scores as SDMetrics' ML efficacy has them (`BinaryLogisticRegression`, `LinearRegression`).
 */
import type { CategoryColumn, Frame, FrameColumn, NumberColumn } from "../tables/index.ts";
import type { MinimiseOptions } from "./lbfgs.ts";
import { leastSquares, logisticRegression } from "./linear-models.ts";
import { encoderOf } from "./table-design.ts";

const someOfColumn = (column: FrameColumn, rows: ArrayLike<number>): FrameColumn =>
  column.kind === "number"
    ? { ...column, values: Float64Array.from(rows, (row) => column.values[row]) }
    : { ...column, values: Array.from(rows, (row) => column.values[row]) };

/** Some rows of a frame. */
export const someOfFrame = ({ columns }: Frame, rows: ArrayLike<number>): Frame => ({
  rows: rows.length,
  columns: columns.map((column) => someOfColumn(column, rows)),
});

/** The rows that have a value in a column. */
const filledIn = (frame: Frame, { kind, values }: FrameColumn): Frame => {
  const rows = Array.from({ length: frame.rows }, (_, row) => row).filter((row) =>
    kind === "number" ? !Number.isNaN(values[row]) : values[row] !== undefined,
  );
  return rows.length === frame.rows ? frame : someOfFrame(frame, rows);
};

const without = ({ rows, columns }: Frame, index: number): Frame => ({
  rows,
  columns: columns.filter((_, i) => i !== index),
});

export interface ClassificationScores {
  /** Mean over labels of 2 tp / (2 tp + fp + fn). */
  readonly f1: number;
  readonly accuracy: number;
  readonly labels: ReadonlyMap<string, number>;
}

/** How right predicted labels are. */
export const classificationScores = (
  truth: readonly string[],
  predicted: readonly string[],
): ClassificationScores => {
  const right = truth.filter((label, i) => label === predicted[i]);
  const times = (labels: readonly string[], label: string): number =>
    labels.reduce((sum, each) => sum + Number(each === label), 0);
  const labels = new Map(
    [...new Set([...truth, ...predicted])].map((label) => {
      const found = times(right, label);
      return [label, (2 * found) / (times(truth, label) + times(predicted, label))];
    }),
  );
  const f1 = [...labels.values()].reduce((sum, value) => sum + value / labels.size, 0);
  return { f1, accuracy: right.length / truth.length, labels };
};

/**
 * Logistic regression that learns a column of categories from the others in one table, tested on another; classes balanced.
 *
 * @param training the table to learn from
 * @param test the table to be right about, with the same columns
 * @param index which column is predicted
 */
export const classificationEfficacy = (
  training: Frame,
  test: Frame,
  index: number,
  options: MinimiseOptions = {},
): ClassificationScores => {
  const learnt = filledIn(training, training.columns[index]);
  const tested = filledIn(test, test.columns[index]);
  const words = (learnt.columns[index] as CategoryColumn).values as readonly string[];
  const truth = (tested.columns[index] as CategoryColumn).values as readonly string[];
  const known = [...new Set(words)];
  if (known.length === 0) return { f1: 0, accuracy: 0, labels: new Map() };
  if (known.length === 1)
    return classificationScores(
      truth,
      truth.map(() => known[0]),
    );
  const encode = encoderOf(without(learnt, index));
  const classes = Int32Array.from(words, (word) => known.indexOf(word));
  const predict = logisticRegression(encode(without(learnt, index)), classes, known.length, {
    balanced: true,
    ...options,
  });
  const scores = predict(encode(without(tested, index)));
  const predicted = truth.map((_, row) => {
    if (scores.length === 1) return known[scores[0][row] > 0 ? 1 : 0];
    return known[scores.reduce((best, values, k) => (values[row] > scores[best][row] ? k : best), 0)];
  });
  return classificationScores(truth, predicted);
};

/**
 * R² = 1 − Σ (y − ŷ)² / Σ (y − ȳ)² of a linear regression that learns a column of numbers in one table, tested on another.
 *
 * @param training the table to learn from
 * @param test the table to be right about, with the same columns
 * @param index which column is predicted
 */
export const regressionEfficacy = (
  training: Frame,
  test: Frame,
  index: number,
  options: MinimiseOptions = {},
): number => {
  const learnt = filledIn(training, training.columns[index]);
  const tested = filledIn(test, test.columns[index]);
  const { values: truth } = tested.columns[index] as NumberColumn;
  if (learnt.rows === 0) return 0;
  const encode = encoderOf(without(learnt, index));
  const { values } = learnt.columns[index] as NumberColumn;
  const predict = leastSquares(encode(without(learnt, index)), values, options);
  const [predicted] = predict(encode(without(tested, index)));
  const mean = truth.reduce((sum, value) => sum + value / truth.length, 0);
  let [errors, all] = [0, 0];
  truth.forEach((value, i) => {
    errors += (value - predicted[i]) ** 2;
    all += (value - mean) ** 2;
  });
  return all === 0 ? 0 : 1 - errors / all;
};

/** One column, learnt from synthetic rows and from real ones. */
export interface Efficacy {
  readonly column: string;
  readonly measure: "F1" | "R²";
  /** Macro F1 or R² on the real rows of the test. */
  readonly synthetic: number;
  readonly real: number;
  /** Of categories, shares that are right. */
  readonly accuracy?: { readonly synthetic: number; readonly real: number };
  /** What who knows no other column reaches: F1 of the most frequent value, R² 0. */
  readonly chance: number;
}

/** Different values up to which a column is predicted. */
const MOST_CLASSES = 20;
/** Columns that are predicted, the first ones: each takes a model of all others. */
const MOST_TARGETS = 24;
/** R² that counts as the worst: one column may be predicted any amount worse than by its mean. */
const WORST = -1;

const classesOf = ({ values }: CategoryColumn): number => new Set(values.filter((x) => x !== undefined)).size;

/** The share of the test that is the most frequent value, as macro F1. */
const chanceOf = ({ values }: CategoryColumn): number => {
  const words = values.filter((word) => word !== undefined);
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const [usual] = [...counts].reduce((best, each) => (each[1] > best[1] ? each : best));
  return classificationScores(
    words,
    words.map(() => usual),
  ).f1;
};

/**
 * Each column in turn, predicted from the others.
 *
 * @param synthetic the table to learn from
 * @param real the table to compare with: learnt from, too
 * @param test held-out rows, which both are tested on
 */
export const efficacyOf = (
  synthetic: Frame,
  real: Frame,
  test: Frame,
  options: MinimiseOptions = {},
): readonly Efficacy[] =>
  real.columns.slice(0, MOST_TARGETS).flatMap((column, i): Efficacy[] => {
    if (column.kind === "number") {
      const score = (training: Frame) => Math.max(WORST, regressionEfficacy(training, test, i, options));
      return [
        { column: column.name, measure: "R²", synthetic: score(synthetic), real: score(real), chance: 0 },
      ];
    }
    const tested = test.columns[i] as CategoryColumn;
    const sizes = [column, tested].map(classesOf);
    if (sizes[0] < 2 || sizes[0] > MOST_CLASSES || sizes[1] < 2) return [];
    const [own, known] = [synthetic, real].map((training) =>
      classificationEfficacy(training, test, i, options),
    );
    return [
      {
        column: column.name,
        measure: "F1",
        synthetic: own.f1,
        real: known.f1,
        accuracy: { synthetic: own.accuracy, real: known.accuracy },
        chance: chanceOf(tested),
      },
    ];
  });

/** What the real rows must teach beyond chance for a column to count. */
const LEAST_LIFT = 0.1;

export const teaches = ({ real, chance }: Efficacy): boolean => real - chance > LEAST_LIFT;

/** Share of what real rows teach beyond chance that synthetic ones teach, too, from 0 to 1. */
export const usefulnessOf = ({ synthetic, real, chance }: Efficacy): number =>
  Math.min(1, Math.max(0, (synthetic - chance) / (real - chance)));
