/** What every metric keeps. A new metric is a row. */
import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { type Dataset, fromExamples, polygons, ring } from "../data/index.ts";
import { register } from "../define/index.ts";
import { matrix } from "../distances/index.ts";
import { UsageError } from "../errors.ts";
import { randomStream } from "../random/index.ts";
import { rowsFromCsv } from "../tables/index.ts";
import { featuresTable, metricOptionsTable, metricsTable } from "../testing/metrics-page.ts";
import { withTables } from "../testing/tables.ts";
import { catalogue, knownFigures, metricCharts, metricOf } from "./catalogue.ts";
import { chartsOf } from "./charts.ts";
import { checkMetrics, evaluate } from "./evaluate.ts";
import type { FeatureExtractor } from "./extractor.ts";
import { rawExtractor } from "./features/raw.ts";
import { defineMetric, type Subject } from "./metric.ts";
import { referenceOf } from "./reference.ts";

const drawn = async (dataset: Dataset, count: number, seed = 5): Promise<Float32Array> =>
  (await dataset.draw(seed, 0, count)).examples;

const uniform = (seed: number, count: number): Float32Array => {
  const out = new Float32Array(count);
  randomStream(seed, "x").fillUniform(out, -1, 1);
  return out;
};

/** By the sign of the first pixels, two classes each. */
const classifier = (shape: readonly number[]): FeatureExtractor => {
  const pixels = rawExtractor(shape);
  return {
    ...pixels,
    name: "signs",
    classes: 4,
    features: async (images) => {
      const { features } = await pixels.features(images);
      const probabilities = new Float64Array(4 * features.rows);
      for (let i = 0; i < features.rows; i++) {
        const [a, b] = features.data.subarray(i * features.columns);
        probabilities[4 * i + 2 * Number(a > 0) + Number(b > 0)] = 1;
      }
      return { features, probabilities: matrix(features.rows, 4, probabilities) };
    },
  };
};

const SHAPE = [1, 12, 12] as const;
const images = (): Dataset => fromExamples({ name: "images", shape: SHAPE, examples: uniform(1, 144 * 300) });

const subjectOf = async (
  dataset: Dataset,
  extractor: FeatureExtractor,
  count: number,
  rest: Partial<Subject> = {},
): Promise<Subject> => ({
  samples: await drawn(dataset, count),
  dataset,
  extractor,
  reference: await referenceOf(dataset, extractor, { count: 500 }),
  seed: 1,
  ...rest,
});

const ofPoints = (): Promise<Subject> => subjectOf(ring(), rawExtractor([2]), 400);
const ofImages = (rest: Partial<Subject> = {}): Promise<Subject> =>
  subjectOf(images(), rawExtractor(SHAPE), 300, rest);
const ofClasses = (): Promise<Subject> => subjectOf(images(), classifier(SHAPE), 300);

interface Row {
  /** What it can judge. */
  readonly subject: () => Promise<Subject>;
  /** What it cannot, and why. */
  readonly unfit?: { readonly subject: () => Promise<Subject>; readonly reason: string };
  /** Other options than the usual ones, which change a figure or a note. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Figures of samples that are examples of the data, and of others. */
  readonly figures: Readonly<Record<string, (value: number) => boolean>>;
}

const near =
  (wanted: number, by: number) =>
  (value: number): boolean =>
    Math.abs(value - wanted) <= by;

/** Rows of the table itself, rare ones as often as training sees them. */
const ofRows = (): Promise<Subject> => {
  const visits = readFileSync(new URL("fixtures/visits.csv", import.meta.url));
  const dataset = rowsFromCsv(visits, "visits.csv", { holdOut: 0.3 });
  return subjectOf(dataset, rawExtractor(dataset.shape), 200);
};
const notRows = { subject: ofPoints, reason: "it is for tables of mixed columns" };

const rows: Readonly<Record<string, Row>> = {
  "table-quality": {
    subject: ofRows,
    unfit: notRows,
    options: { correlationThreshold: 0, associationThreshold: 0 },
    figures: { tableQuality: near(0.9, 0.1), columnShapes: near(0.9, 0.1), pairTrends: near(0.85, 0.15) },
  },
  "table-privacy": {
    subject: ofRows,
    unfit: notRows,
    options: { samples: 10 },
    figures: {
      exactCopies: near(0.9, 0.1),
      newRows: near(0, 0.1),
      rareLeaks: near(0, 0.1),
      copiesHeldOut: near(0, 0),
      rareHeldOut: near(0, 0.1),
      closestRatio: near(0, 0.1),
      closerToTraining: near(0.8, 0.1),
      overfittingProtection: near(0.4, 0.2),
      baselineProtection: near(0, 0.1),
      membershipAccuracy: near(0.8, 0.2),
    },
  },
  "table-detection": {
    subject: ofRows,
    unfit: notRows,
    options: { samples: 50 },
    figures: { detection: near(0.7, 0.3), detectionAuc: near(0.5, 0.15) },
  },
  "table-usefulness": {
    subject: ofRows,
    unfit: notRows,
    options: { samples: 60 },
    figures: {
      usefulness: near(0.9, 0.2),
      syntheticF1: near(0.6, 0.2),
      realF1: near(0.6, 0.2),
      syntheticAccuracy: near(0.6, 0.2),
      realAccuracy: near(0.6, 0.2),
      syntheticR2: near(0.5, 0.4),
      realR2: near(0.5, 0.4),
    },
  },
  fid: { subject: ofPoints, figures: { fid: near(0, 0.1) } },
  cmmd: { subject: ofPoints, options: { bandwidth: 1 }, figures: { cmmd: near(0, 10) } },
  kid: { subject: ofPoints, options: { subsets: 3, size: 50 }, figures: { kid: near(0, 1) } },
  is: {
    subject: ofClasses,
    unfit: { subject: ofImages, reason: "it needs a classifier; the features are pixels" },
    options: { splits: 2 },
    figures: { inceptionScore: near(4, 0.5) },
  },
  "precision-recall": {
    subject: ofPoints,
    unfit: {
      subject: async () => ({ ...(await ofPoints()), samples: new Float32Array(8) }),
      reason: "its 5 nearest neighbours need 6 samples and 6 training examples; got 4 and 500",
    },
    options: { k: 2, most: 100 },
    figures: {
      precision: near(0.9, 0.1),
      recall: near(0.9, 0.1),
      density: near(1, 0.2),
      coverage: near(0.9, 0.1),
    },
  },
  swd: {
    subject: ofPoints,
    options: { directions: 8, most: 50 },
    figures: { slicedWasserstein: near(0, 0.4) },
  },
  "ms-ssim": {
    subject: ofImages,
    unfit: { subject: ofPoints, reason: "it is for images; the data are points" },
    options: { pairs: 7 },
    figures: { msSsim: near(0, 0.1) },
  },
  modes: {
    subject: ofPoints,
    unfit: { subject: ofImages, reason: "it needs known modes: ring, grid, or a data set with a classifier" },
    figures: { modesCovered: near(8, 0), highQuality: near(0.989, 0.02), klToUniform: near(0, 0.05) },
  },
  nearest: {
    subject: ofImages,
    unfit: { subject: ofPoints, reason: "the data are drawn afresh: there is nothing to memorise" },
    options: { queries: 3 },
    figures: { nearestRatio: near(0, 0), copies: near(1, 0) },
  },
  polygons: {
    subject: () => {
      const few = { ...polygons(), size: 40 };
      const invert = async (tests: Float32Array) => new Float64Array(tests.length / 784).fill(2);
      return subjectOf(few, rawExtractor([1, 28, 28]), 12, { invert });
    },
    unfit: { subject: ofImages, reason: "it is for the data set polygons" },
    options: { images: 5, delta: 0.4 },
    figures: {
      polygonPrecision: near(1, 0),
      polygonRecall: near(1, 0),
      polygonF1: near(1, 0),
    },
  },
};

it("every metric has a row, and every row a metric", () => {
  expect(Object.keys(rows).sort()).toEqual([...catalogue.names].sort());
});

describe.each(catalogue.all.map((factory) => [factory.definition.name, factory] as const))(
  "%s",
  (name, factory) => {
    const { title, papers = [], figures, options, suits } = factory.definition;
    const row = rows[name];

    it("has a title, papers, labels, places of its own, and words for each option", () => {
      for (const words of [title, suits]) expect(words).not.toMatch(/\.$|^$/);
      for (const { arxiv } of papers) if (arxiv !== undefined) expect(arxiv).toMatch(/^\d{4}\.\d{4,5}$/);
      expect(papers.length > 0 || name === "nearest").toBe(true);
      for (const { label, better, rank } of Object.values(figures)) {
        expect(label).not.toMatch(/\.$|^$/);
        expect(rank === undefined).toBe(better === "neither");
        expect(
          knownFigures().filter((other) => other.rank === rank && rank !== undefined).length,
        ).toBeLessThan(2);
      }
      for (const { means } of Object.values(options)) expect(means).not.toMatch(/\.$|^$/);
    });

    it("gives the figures that it announces, of fresh examples what they should be, and says what they depend on", async () => {
      const { figures: found, leftOut } = await evaluate(await row.subject(), { metrics: [name] });
      expect(leftOut).toEqual([]);
      expect(found.map(({ key }) => key)).toEqual(Object.keys(row.figures));
      for (const { key, value, label, better, note } of found) {
        expect({ label, better }).toEqual({ label: figures[key].label, better: figures[key].better });
        expect([key, value, row.figures[key](value)]).toEqual([key, value, true]);
        expect(note).not.toMatch(/\.$|^$/);
      }
      const computed = Object.keys(figures).filter((key) => figures[key].from === undefined);
      expect(Object.keys(row.figures)).toEqual(computed);
    });

    it("gives the same figures again, whatever was computed before it", async () => {
      const subject = await row.subject();
      const alone = await evaluate(subject, { metrics: [name] });
      const after = await evaluate(subject, { metrics: [...catalogue.names, name] });
      expect(after.figures.slice(-alone.figures.length)).toEqual(alone.figures);
    });

    it("says why it cannot judge what it cannot", async () => {
      const { subject, reason } = row.unfit ?? {};
      if (subject === undefined) return;
      const { figures: found, leftOut } = await evaluate(await subject(), { metrics: [name] });
      expect(found).toEqual([]);
      expect(leftOut).toEqual([{ metric: name, reason }]);
    });

    it("takes options, which the figure or its note shows, and names the nearest where there is none", async () => {
      for (const option of Object.keys(options)) {
        expect(() => metricOf({ name, [`${option}x`]: 1 })).toThrow(
          `unknown option of ${name} "${option}x"; did you mean "${option}"?`,
        );
      }
      expect(Object.keys(row.options ?? {}).sort()).toEqual(Object.keys(options).sort());
      if (row.options === undefined) return;
      const subject = await row.subject();
      const usual = await evaluate(subject, { metrics: [name] });
      for (const [option, value] of Object.entries(row.options)) {
        const other = await evaluate(subject, { metrics: [{ name, [option]: value }] });
        expect(other.leftOut).toEqual([]);
        expect(other.figures).not.toEqual(usual.figures);
        const thing = await evaluate(subject, { metrics: [factory.create({ [option]: value })] });
        expect(thing).toEqual(other);
      }
    });

    it("is drawn, each figure in one chart", () => {
      const keys = Object.keys(figures).filter((key) => figures[key].from === undefined);
      const shown = chartsOf(new Set(keys), metricCharts());
      expect(shown.flatMap(({ series }) => Object.keys(series)).sort()).toEqual([...keys].sort());
    });
  },
);

describe("a metric of one's own", () => {
  let undo = () => {};
  afterEach(() => undo());
  const farthest = defineMetric({
    name: "farthest",
    title: "distance of the farthest sample from the origin",
    suits: "points",
    figures: { farthest: { label: "farthest sample", better: "lower", rank: 5 } },
    options: {},
    create: () => ({
      unfit: ({ dataset }) =>
        dataset.shape.length === 1 ? undefined : "it is for points; the data are images",
      compute: ({ rows: { rows: count, columns, data } }) => {
        const lengths = Array.from({ length: count }, (_, i) =>
          Math.hypot(...data.subarray(i * columns, (i + 1) * columns)),
        );
        return [{ key: "farthest", value: Math.max(...lengths), note: `of ${count}` }];
      },
    }),
  });

  it("counts like a built-in one where it is registered: unasked, by name, in checks and among the charts", async () => {
    const subject = await ofPoints();
    expect(() => checkMetrics(subject, ["farthest"])).toThrow('unknown metric "farthest"');
    undo = register(farthest);
    const { figures } = await evaluate(subject);
    expect(figures.find(({ key }) => key === "farthest")).toMatchObject({
      label: "farthest sample",
      better: "lower",
      note: "of 400",
    });
    expect((await evaluate(subject, { metrics: ["farthest"] })).figures.length).toBe(1);
    expect((await evaluate(subject, { training: true })).figures.map(({ key }) => key)).not.toContain(
      "farthest",
    );
    const { dataset, extractor } = await ofImages();
    expect(() => checkMetrics({ dataset, extractor }, ["farthest"])).toThrow(
      "metric farthest: it is for points; the data are images",
    );
    expect(chartsOf(new Set(["farthest"]), metricCharts())).toEqual([
      { title: "farthest sample", label: "farthest sample", series: { farthest: "farthest sample" } },
    ]);
  });

  it("needs no registration where it is given itself", async () => {
    const { figures } = await evaluate(await ofPoints(), { metrics: [farthest()] });
    expect(figures.map(({ key }) => key)).toEqual(["farthest"]);
  });

  it("is told of a figure that it did not announce, and of a name that a figure cannot have", async () => {
    const silent = defineMetric({
      name: "silent",
      title: "gives what it does not announce",
      suits: "all",
      figures: { loud: { label: "loud", better: "neither" } },
      options: {},
      create: () => ({ compute: () => [{ key: "quiet", value: 1, note: "" }] }),
    });
    const wrong = evaluate(await ofPoints(), { metrics: [silent()] });
    await expect(wrong).rejects.toThrow(UsageError);
    await expect(wrong).rejects.toThrow(
      'metric silent: it gave the figure "quiet", which its definition does not name; it names loud',
    );
    for (const key of ["step", "my figure"]) {
      expect(() =>
        defineMetric({
          name: "bad",
          title: "bad",
          suits: "all",
          figures: { [key]: { label: "x", better: "neither" } },
          options: {},
          create: () => ({ compute: () => [] }),
        }),
      ).toThrow(
        `metric bad: figures must have names of letters and digits, such as {"fid": {…}}, and not "step"; got "${key}"`,
      );
    }
  });
});

it("docs/metrics.md holds the definitions as they are", async () => {
  const page = "../../../../docs/metrics.md";
  const written = readFileSync(new URL(page, import.meta.url), "utf8");
  await expect(
    withTables(written, {
      metrics: metricsTable(),
      "metric-options": metricOptionsTable(),
      features: featuresTable(),
    }),
  ).toMatchFileSnapshot(page);
});
