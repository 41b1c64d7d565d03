import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { randomStream } from "../random/index.ts";
import { mean } from "../statistics/index.ts";
import { type Frame, frameOfTable, readTable, rowsOfTable } from "../tables/index.ts";
import { closestRecords, closestRecordTest, exactCopies } from "./table-privacy.ts";
import { correlation, ksComplement, tableQuality, tvComplement } from "./table-quality.ts";

interface Report {
  readonly thresholds: readonly [number, number];
  readonly columns: readonly (readonly [name: string, metric: string, score: number | null])[];
  readonly pairs: readonly (readonly [a: string, b: string, metric: string, score: number | null])[];
  readonly shapes: number;
  readonly trends: number;
  readonly overall: number;
}

interface Golden {
  readonly real: string;
  readonly synthetic: string;
  readonly reports: readonly Report[];
  readonly closest: readonly number[];
}

const fixture = (name: string): string => readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8");
const goldens = JSON.parse(fixture("quality.json")) as { readonly tables: Readonly<Record<string, Golden>> };

const framesOf = ({ real, synthetic }: Golden): { real: Frame; synthetic: Frame } => {
  const table = readTable(fixture(real), real);
  const { table: plan } = rowsOfTable(table);
  return {
    real: frameOfTable(table, plan),
    synthetic: frameOfTable(readTable(fixture(synthetic), synthetic), plan),
  };
};

const expectNear = (got: number, expected: number | null): void => {
  if (expected === null) expect(got).toBeNaN();
  else expect(Math.abs(got - expected)).toBeLessThan(1e-6);
};

describe.each(Object.entries(goldens.tables))("the quality of %s is SDMetrics'", (_, golden) => {
  const { real, synthetic } = framesOf(golden);

  it.each(golden.reports)("at the thresholds $thresholds", (report) => {
    const [correlationThreshold, associationThreshold] = report.thresholds;
    const quality = tableQuality(real, synthetic, { correlationThreshold, associationThreshold });
    expect(quality.columns.map(({ column, metric }) => [column, metric])).toEqual(
      report.columns.map(([name, metric]) => [name, metric]),
    );
    quality.columns.forEach(({ score }, i) => {
      expectNear(score, report.columns[i][2]);
    });
    expect(quality.pairs.map(({ columns: [a, b], metric }) => [a, b, metric])).toEqual(
      report.pairs.map(([a, b, metric]) => [a, b, metric]),
    );
    quality.pairs.forEach(({ score }, i) => {
      expectNear(score, report.pairs[i][3]);
    });
    expectNear(quality.shapes, report.shapes);
    expectNear(quality.trends, report.trends);
    expectNear(quality.overall, report.overall);
  });

  it("distances to the closest record are SDMetrics', too", () => {
    const rows = Uint32Array.from(golden.closest, (_, i) => i);
    closestRecords(synthetic, real, rows).forEach((distance, i) => {
      expectNear(distance, golden.closest[i]);
    });
  });
});

describe("by hand:", () => {
  it("KS is the largest distance of the distribution functions", () => {
    expect(ksComplement(Float64Array.of(1, 2, 3, 4), Float64Array.of(3, 4, 5, 6))).toBeCloseTo(0.5, 12);
    expect(ksComplement(Float64Array.of(2, 1, Number.NaN), Float64Array.of(1, 2))).toBe(1);
    expect(ksComplement(Float64Array.of(Number.NaN), Float64Array.of(1))).toBeNaN();
  });

  it("total variation is half the sum of the differences of shares", () => {
    expect(tvComplement(["a", "a", "b", "b"], ["a", "a", "a", "b"])).toBeCloseTo(0.75, 12);
    expect(tvComplement(["a", undefined], ["a"])).toBeCloseTo(1, 12);
    expect(tvComplement([undefined], ["a"])).toBeNaN();
  });

  it("a correlation is 1 on a rising line, −1 on a falling one, and none of a constant", () => {
    const x = Float64Array.of(1, 2, 3, 4);
    expect(correlation(x, Float64Array.of(2, 4, 6, 8))).toBeCloseTo(1, 12);
    expect(correlation(x, Float64Array.of(3, 2, Number.NaN, 0))).toBeCloseTo(-1, 12);
    expect(correlation(x, Float64Array.of(5, 5, 5, 5))).toBeNaN();
  });

  it("the distance to the closest record is the mean over the columns", () => {
    const frame = (x: number[], y: (string | undefined)[]): Frame => ({
      rows: x.length,
      columns: [
        { name: "x", kind: "number", values: Float64Array.from(x) },
        { name: "y", kind: "category", values: y },
      ],
    });
    const reference = frame([0, 10], ["a", "b"]);
    expect([...closestRecords(frame([5, 10, Number.NaN], ["a", "a", undefined]), reference)]).toEqual([
      0.25, 0.5, 1,
    ]);
    expect(exactCopies(reference, frame([10, 10, 0, 3], ["b", "a", "a", "a"]))).toBe(0.5);
  });
});

describe("planted leaks are found:", () => {
  const { real } = framesOf(goldens.tables.visits);
  const half = (from: number, to: number): Frame => ({
    rows: to - from,
    columns: real.columns.map((column) => ({ ...column, values: column.values.slice(from, to) }) as never),
  });
  const [training, heldOut, fresh] = [half(0, 100), half(100, 200), half(200, 300)];

  it("a generator that gives its rows back has copies, and is closer to training", () => {
    expect(exactCopies(training, training)).toBe(1);
    const { ratio, closerToTraining, protection } = closestRecordTest(training, training, heldOut, {
      seed: 1,
      samples: 100,
    });
    expect(ratio).toBe(0);
    expect(closerToTraining).toBeGreaterThan(0.95);
    expect(protection).toBeLessThan(0.1);
  });

  it("fresh rows have none, and are as close to the one as to the other", () => {
    expect(exactCopies(training, fresh)).toBe(0);
    const { ratio, closerToTraining } = closestRecordTest(fresh, training, heldOut, {
      seed: 1,
      samples: 100,
    });
    expect(Math.abs(closerToTraining - 0.5)).toBeLessThan(0.15);
    expect(Math.abs(ratio - 1)).toBeLessThan(0.25);
  });

  it("fresh rows are as close to few held-out rows as to training, where a column has a long tail", () => {
    const draw = (table: number, purpose: string, rows: number): Frame => {
      const random = randomStream(table, purpose);
      const values = Float64Array.from({ length: rows }, () => Math.exp(2 * random.normal()));
      const others = Float64Array.from({ length: rows }, () => random.uniform());
      return {
        rows,
        columns: [
          { name: "paid", kind: "number", values },
          { name: "share", kind: "number", values: others },
        ],
      };
    };
    const shares = Array.from({ length: 8 }, (_, table) => {
      const all = [
        draw(table, "fresh", 300),
        draw(table, "training", 2000),
        draw(table, "held-out", 100),
      ] as const;
      return closestRecordTest(...all, { seed: 1, samples: 300 }).closerToTraining;
    });
    expect(Math.abs(mean(shares) - 0.5)).toBeLessThan(0.04);
  });
});
