import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Frame, type FrameColumn, frameOfTable, readTable, rowsOfTable } from "../tables/index.ts";
import { minimise } from "./lbfgs.ts";
import { membershipAttack, rareLeaks, rareValues, wilson } from "./table-attacks.ts";
import { detectionFolds, logisticDetection, rocAuc } from "./table-detection.ts";
import {
  baselineProtection,
  closerShare,
  closestRecords,
  newRowSynthesis,
  overfittingProtection,
  randomFrame,
} from "./table-privacy.ts";
import {
  classificationEfficacy,
  classificationScores,
  efficacyOf,
  regressionEfficacy,
  someOfFrame,
  usefulnessOf,
} from "./table-usefulness.ts";

interface NewRows {
  readonly columns: readonly string[];
  readonly score: number;
}
type Scores = Readonly<Record<"f1" | "macro" | "accuracy", number>>;

interface Golden {
  readonly real: string;
  readonly synthetic: string;
  readonly folds: string;
  readonly LogisticDetection: number;
  readonly "LogisticDetection as it is": number;
  readonly NewRowSynthesis: number;
  readonly "NewRowSynthesis of few columns": NewRows;
  readonly "NewRowSynthesis of held-out rows": NewRows;
  readonly DCROverfittingProtection: number;
  readonly closer_to_training: number;
  readonly DCRBaselineProtection: number;
  readonly BinaryLogisticRegression: {
    readonly column: string;
    readonly positive: string;
    readonly synthetic: Scores;
    readonly training: Scores;
  };
  readonly LinearRegression: Readonly<Record<string, Readonly<Record<"synthetic" | "training", number>>>>;
}

const fixture = (name: string): string => readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8");
const goldens = JSON.parse(fixture("judgement.json")) as {
  readonly tables: Readonly<Record<string, Golden>>;
};

const framesOf = ({ real, synthetic }: Pick<Golden, "real" | "synthetic">) => {
  const table = readTable(fixture(real), real);
  const { table: plan } = rowsOfTable(table);
  return {
    real: frameOfTable(table, plan),
    synthetic: frameOfTable(readTable(fixture(synthetic), synthetic), plan),
  };
};

const everyOther = (frame: Frame, from: number): Frame =>
  someOfFrame(
    frame,
    Array.from({ length: Math.ceil((frame.rows - from) / 2) }, (_, i) => 2 * i + from),
  );

const rolledColumn = (column: FrameColumn, by: number): FrameColumn => {
  const { length } = column.values;
  const at = (i: number): number => (i - by + length) % length;
  return column.kind === "number"
    ? { ...column, values: column.values.map((_, i) => column.values[at(i)]) }
    : { ...column, values: column.values.map((_, i) => column.values[at(i)]) };
};

const few = ({ rows, columns }: Frame, names: readonly string[]): Frame => ({
  rows,
  columns: columns.filter(({ name }) => names.includes(name)),
});

const near = (got: number, expected: number): void => expect(Math.abs(got - expected)).toBeLessThan(1e-6);
/** Where SDMetrics' models are fitted until they no longer change. */
const FITTED = { iterations: 20_000, tolerance: 1e-8 };

describe.each(Object.entries(goldens.tables))("judged as SDMetrics does, %s:", (_, golden) => {
  const { real, synthetic } = framesOf(golden);
  const [training, heldOut] = [everyOther(real, 0), everyOther(real, 1)];
  const indexOf = (name: string): number => real.columns.findIndex((column) => column.name === name);

  it("LogisticDetection, with its folds", () => {
    const folds = Uint8Array.from(golden.folds, Number);
    near(logisticDetection(real, synthetic, folds, FITTED).score, golden.LogisticDetection);
    // With the iterations of an evaluation, and as SDMetrics stops early.
    const usual = logisticDetection(real, synthetic, folds).score;
    expect(Math.abs(usual - golden["LogisticDetection as it is"])).toBeLessThan(2e-3);
  });

  it("DCROverfittingProtection and DCRBaselineProtection", () => {
    const closer = closerShare(closestRecords(synthetic, training), closestRecords(synthetic, heldOut));
    near(closer, golden.closer_to_training);
    near(overfittingProtection(closer), golden.DCROverfittingProtection);
    const random = { ...real, columns: real.columns.map((column, i) => rolledColumn(column, 7 * i + 1)) };
    near(baselineProtection(real, synthetic, random), golden.DCRBaselineProtection);
  });

  it("NewRowSynthesis", () => {
    near(newRowSynthesis(real, synthetic), golden.NewRowSynthesis);
    const { columns, score } = golden["NewRowSynthesis of few columns"];
    near(newRowSynthesis(few(training, columns), few(synthetic, columns)), score);
    const { score: ofHeldOut } = golden["NewRowSynthesis of held-out rows"];
    near(newRowSynthesis(few(training, columns), few(heldOut, columns)), ofHeldOut);
  });

  it("BinaryLogisticRegression", () => {
    const { column, positive, ...scores } = golden.BinaryLogisticRegression;
    for (const [rows, expected] of [
      [synthetic, scores.synthetic],
      [training, scores.training],
    ] as const) {
      const { f1, accuracy, labels } = classificationEfficacy(rows, heldOut, indexOf(column), FITTED);
      near(f1, expected.macro);
      near(accuracy, expected.accuracy);
      near(labels.get(positive)!, expected.f1);
    }
  });

  it("LinearRegression", () => {
    for (const [column, expected] of Object.entries(golden.LinearRegression)) {
      near(regressionEfficacy(synthetic, heldOut, indexOf(column), FITTED), expected.synthetic);
      near(regressionEfficacy(training, heldOut, indexOf(column), FITTED), expected.training);
    }
  });
});

describe("by hand:", () => {
  const numbers = (name: string, values: readonly number[]): FrameColumn => ({
    name,
    kind: "number",
    values: Float64Array.from(values),
  });
  const words = (name: string, values: readonly (string | undefined)[]): FrameColumn => ({
    name,
    kind: "category",
    values,
  });
  const frame = (...columns: readonly FrameColumn[]): Frame => ({ rows: columns[0].values.length, columns });

  it("the minimum of a narrow valley is found", () => {
    const [x, y] = minimise(
      2,
      ([a, b], gradient) => {
        gradient[0] = 2000 * (a - 3);
        gradient[1] = 2 * (b + 1);
        return 1000 * (a - 3) ** 2 + (b + 1) ** 2;
      },
      { tolerance: 1e-9 },
    );
    expect(x).toBeCloseTo(3, 9);
    expect(y).toBeCloseTo(-1, 9);
  });

  it("the area under the curve is the share of pairs in order, ties half", () => {
    const auc = (scores: number[], positives: number[]) =>
      rocAuc(Float64Array.from(scores), (row) => positives.includes(row));
    expect(auc([1, 2, 3, 4], [2, 3])).toBe(1);
    expect(auc([1, 2, 3, 4], [0, 1])).toBe(0);
    expect(auc([1, 1, 1, 1], [0, 3])).toBe(0.5);
    expect(auc([1, 2, 2, 3], [1, 3])).toBe(0.875);
  });

  it("rows of the same kind cannot be told apart, rows that are shifted can", () => {
    const { real } = framesOf(goldens.tables.visits);
    const [a, b] = [everyOther(real, 0), everyOther(real, 1)];
    expect(logisticDetection(a, b, detectionFolds(a.rows, b.rows, 1)).score).toBeGreaterThan(0.8);
    const shifted = {
      ...b,
      columns: b.columns.map((column) =>
        column.kind === "number" ? { ...column, values: column.values.map((x) => 2 * x + 1) } : column,
      ),
    };
    const { score, auc } = logisticDetection(a, shifted, detectionFolds(a.rows, b.rows, 1));
    expect(score).toBeLessThan(0.2);
    expect(auc).toBeGreaterThan(0.9);
  });

  it("F1 is the harmonic mean of precision and recall, and macro its mean over labels", () => {
    const { f1, accuracy, labels } = classificationScores(["a", "a", "b", "b"], ["a", "b", "b", "c"]);
    expect([...labels]).toEqual([
      ["a", 2 / 3],
      ["b", 1 / 2],
      ["c", 0],
    ]);
    expect(f1).toBeCloseTo(7 / 18, 12);
    expect(accuracy).toBe(0.5);
  });

  it("synthetic rows that are as the real ones are as useful, shuffled columns are of no use", () => {
    const { real } = framesOf(goldens.tables.visits);
    const [training, test] = [everyOther(real, 0), everyOther(real, 1)];
    const shuffled = {
      ...training,
      columns: training.columns.map((column, i) => rolledColumn(column, i * 11)),
    };
    const usefulness = (synthetic: Frame) =>
      efficacyOf(synthetic, training, test)
        .filter(({ column }) => column === "hours")
        .map(usefulnessOf);
    expect(usefulness(training)).toEqual([1]);
    // Not 0: the same column, shifted by chance, tells a little.
    expect(usefulness(shuffled)[0]).toBeLessThan(0.2);
  });

  it("a column that the real rows teach nothing of, or that has one value, does no harm", () => {
    const one = frame(numbers("x", [1, 2, 3, 4]), words("y", ["a", "a", "a", "a"]));
    expect(efficacyOf(one, one, one).map(({ column, real }) => [column, Math.round(1e9 * real)])).toEqual([
      ["x", 0],
    ]);
  });

  it("random rows lie within the range, and have as much missing", () => {
    const real = frame(numbers("x", [1, 5, Number.NaN, 9]), words("y", ["a", undefined, undefined, "b"]));
    const { columns } = randomFrame(real, 2000, 3);
    const [x, y] = columns;
    const present = Array.from(x.values as Float64Array).filter((value) => !Number.isNaN(value));
    expect([...new Set(present)].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(Math.abs(present.length / 2000 - 0.75)).toBeLessThan(0.04);
    expect(new Set<unknown>(y.values)).toEqual(new Set(["a", "b", undefined]));
  });

  it("the attack tells members of a generator that gives its rows back, and nothing of fresh rows", () => {
    const { real } = framesOf(goldens.tables.visits);
    const part = (from: number) =>
      someOfFrame(
        real,
        Array.from({ length: 100 }, (_, i) => 3 * i + from),
      );
    const [training, heldOut, fresh] = [part(0), part(1), part(2)];
    const options = { seed: 1, samples: 100 };
    const found = membershipAttack(training, training, heldOut, options);
    expect(found.accuracy).toBeGreaterThan(0.95);
    expect(found.rows).toBe(100);
    const nothing = membershipAttack(fresh, training, heldOut, options);
    expect(nothing.interval[0]).toBeLessThan(0.5);
    expect(nothing.interval[1]).toBeGreaterThan(0.5);
    expect(wilson(0.5, 100).map((x) => Number(x.toFixed(4)))).toEqual([0.4038, 0.5962]);
  });

  it("where all rows are alike the attack knows nothing", () => {
    const same = frame(words("x", ["a", "a", "a"]));
    expect(membershipAttack(same, same, same, { seed: 1, samples: 9 }).accuracy).toBe(0.5);
  });

  it("rare values are words of one or two rows and numbers by themselves, and are found where they come again", () => {
    expect(rareValues(words("x", ["a", "a", "a", "b", "b", "c", undefined]))).toEqual(new Set(["b", "c"]));
    const income = numbers("y", [20, 21, 22, 23, 24, 25, 26, 27, 28, 9000, Number.NaN]);
    expect(rareValues(income)).toEqual(new Set([9000]));
    const training = frame(words("x", ["a", "a", "a", "b"]), numbers("y", [1, 2, 3, 500]));
    const leaking = frame(words("x", ["a", "b", "a", "a"]), numbers("y", [500, 500, 1, 2]));
    expect(rareLeaks(training, leaking)).toEqual({
      share: 0.5,
      columns: [
        { column: "x", rare: 1, leaked: 1 },
        { column: "y", rare: 1, leaked: 1 },
      ],
    });
  });
});
