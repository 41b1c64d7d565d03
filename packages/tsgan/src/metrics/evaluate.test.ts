import { describe, expect, it } from "vitest";
import { fromExamples, polygons, ring } from "../data/index.ts";
import { frechetDistance, matrix, moments } from "../distances/index.ts";
import { RunError } from "../errors.ts";
import { randomStream } from "../random/index.ts";
import { checkMetrics, evaluate } from "./evaluate.ts";
import type { FeatureExtractor } from "./extractor.ts";
import { rawExtractor } from "./features/raw.ts";
import { distancesToPolygons } from "./polygon-fit.ts";
import { referenceOf } from "./reference.ts";

const subjectOf = async (samples: Float32Array) => {
  const dataset = ring();
  const extractor = rawExtractor(dataset.shape);
  const reference = await referenceOf(dataset, extractor, { count: 3000 });
  return { samples, dataset, extractor, reference, seed: 1 };
};

const drawn = async (count: number, seed = 5): Promise<Float32Array> =>
  (await ring().draw(seed, 0, count)).examples;

const figuresOf = async (samples: Float32Array, metrics?: readonly string[]) => {
  const { figures } = await evaluate(await subjectOf(samples), { metrics });
  return Object.fromEntries(figures.map(({ key, value }) => [key, value]));
};

describe("evaluate", () => {
  it("finds fresh data good in every way", async () => {
    const figures = await figuresOf(await drawn(2000));
    expect(figures.precision).toBeGreaterThan(0.9);
    expect(figures.recall).toBeGreaterThan(0.9);
    expect(figures.coverage).toBeGreaterThan(0.85);
    expect(figures.modesCovered).toBe(8);
    expect(figures.highQuality).toBeCloseTo(0.989, 2);
    expect(figures.klToUniform).toBeLessThan(0.01);
    expect(figures.slicedWasserstein).toBeLessThan(0.2);
  });

  it("sees one mode as one mode, however good its samples", async () => {
    const one = (await drawn(1000)).map((_, i) => (i % 2 === 0 ? 2 : 0) + 0.01 * Math.sin(i));
    const figures = await figuresOf(one);
    expect(figures.modesCovered).toBe(1);
    expect(figures.klToUniform).toBeCloseTo(Math.log(8), 6);
    expect(figures.recall).toBeLessThan(0.2);
  });

  it("says with each figure what it depends on", async () => {
    const { figures } = await evaluate(await subjectOf(await drawn(500)), { metrics: ["fid"] });
    expect(figures[0].note).toBe(
      "500 samples against 3000, features: coordinates; compare only at the same count and features",
    );
  });

  it("knows beforehand which metrics do not apply", () => {
    const dataset = ring();
    const subject = { dataset, extractor: rawExtractor(dataset.shape) };
    expect(() => checkMetrics(subject, ["swd", "modes"])).not.toThrow();
    expect(() => checkMetrics(subject, ["swd", "ms-ssim"])).toThrow(
      "metric ms-ssim: it is for images; the data are points",
    );
  });

  it.each<[string, readonly string[] | undefined, Float32Array, string]>([
    ["an unknown metric", ["fidd"], new Float32Array(8), 'unknown metric "fidd"; did you mean "fid"?'],
    [
      "one sample",
      undefined,
      new Float32Array(2),
      "evaluate: needs at least 2 samples of [2]; got 2 values; draw more",
    ],
    [
      "half a sample",
      undefined,
      new Float32Array(5),
      "evaluate: needs at least 2 samples of [2]; got 5 values",
    ],
    [
      "NaN",
      undefined,
      Float32Array.of(0, 0, 0, Number.NaN),
      "evaluate: sample 1 holds NaN; the run has diverged; take an earlier checkpoint",
    ],
  ])("refuses %s", async (_, metrics, samples, message) => {
    await expect(figuresOf(samples, metrics)).rejects.toThrow(message);
  });

  it.each<[string, string, string]>([
    ["a metric of images", "ms-ssim", "it is for images; the data are points"],
    ["a metric of classes", "is", "it needs a classifier; the features are coordinates"],
    ["endless data", "nearest", "the data are drawn afresh: there is nothing to memorise"],
    [
      "too few samples for neighbours",
      "precision-recall",
      "its 5 nearest neighbours need 6 samples and 6 training examples; got 4 and 3000",
    ],
  ])("leaves out %s, says why, and gives the rest", async (_, metric, reason) => {
    const { figures, leftOut } = await evaluate(await subjectOf(new Float32Array(8)), {
      metrics: [metric, "swd"],
    });
    expect(leftOut).toEqual([{ metric, reason }]);
    expect(figures.map(({ key }) => key)).toEqual(["slicedWasserstein"]);
  });

  it("leaves out what fails while it is computed, and what comes out as no number", async () => {
    const examples = new Float32Array(2 * 20).fill(1);
    const dataset = fromExamples({ name: "points", shape: [2], examples });
    const extractor = rawExtractor([2]);
    const reference = await referenceOf(dataset, extractor);
    const refusing = {
      ...extractor,
      features: async () => {
        throw new RunError("model.onnx: the layer must give one row for each image; got [3] for 4");
      },
    };
    const subject = { samples: examples, dataset, extractor, reference, seed: 1 };
    expect((await evaluate(subject, { metrics: ["nearest"] })).leftOut).toEqual([
      { metric: "nearest", reason: "all training examples are alike, so that none of them is near or far" },
    ]);
    expect((await evaluate({ ...subject, extractor: refusing }, { metrics: ["fid"] })).leftOut).toEqual([
      { metric: "fid", reason: "model.onnx: the layer must give one row for each image; got [3] for 4" },
    ]);
  });

  it("marks figures that so few samples cannot give", async () => {
    const shape = [1, 8, 8];
    const examples = new Float32Array(64 * 100);
    randomStream(1, "x").fillUniform(examples, -1, 1);
    const dataset = fromExamples({ name: "x", shape, examples });
    const pixels = rawExtractor(shape);
    const classifier: FeatureExtractor = {
      ...pixels,
      classes: 20,
      features: async (images) => {
        const { features } = await pixels.features(images);
        const probabilities = matrix(features.rows, 20, new Float64Array(20 * features.rows).fill(1 / 20));
        return { features, probabilities };
      },
    };
    const reference = await referenceOf(dataset, classifier);
    const marks = async (count: number) => {
      const samples = examples.slice(0, 64 * count);
      const subject = { samples, dataset, extractor: classifier, reference, seed: 1 };
      const { figures } = await evaluate(subject, { metrics: ["fid", "is", "modes"] });
      return Object.fromEntries(figures.map(({ key, unreliable }) => [key, unreliable]));
    };
    expect(await marks(15)).toEqual({
      fid: "64 features of only 15 samples: a covariance of so few is singular, and the figure far too high",
      inceptionScore: "15 samples a split cannot show 20 classes: it is at most 15",
      modesCovered: "15 samples cannot cover 20 modes",
      klToUniform: undefined,
    });
    expect((await marks(100)).fid).toBeUndefined();
  });

  it("compares no example of the data with itself for the MS-SSIM of pairs", async () => {
    const shape = [1, 16, 16];
    const examples = new Float32Array(256 * 3);
    randomStream(1, "x").fillUniform(examples, -1, 1);
    const dataset = fromExamples({ name: "x", shape, examples });
    const extractor = rawExtractor(shape);
    const reference = await referenceOf(dataset, extractor);
    const samples = new Float32Array(256 * 60);
    randomStream(2, "x").fillUniform(samples, -1, 1);
    const subject = { samples, dataset, extractor, reference, seed: 1 };
    const { figures } = await evaluate(subject, { metrics: ["ms-ssim"] });
    expect(Number(figures[0].note.match(/pairs; (.*) for the data/)?.[1])).toBeLessThan(0.1);
  });

  it("tells copies of a training set from fresh data", async () => {
    const normal = (seed: number, count: number): Float32Array => {
      const out = new Float32Array(2 * count);
      randomStream(seed, "normal").fillNormal(out);
      return out;
    };
    const dataset = fromExamples({ name: "points", shape: [2], examples: normal(1, 500) });
    const extractor = rawExtractor([2]);
    const reference = await referenceOf(dataset, extractor);
    const ratio = async (samples: Float32Array) => {
      const subject = { samples, dataset, extractor, reference, seed: 1 };
      const { figures } = await evaluate(subject, { metrics: ["nearest"] });
      return figures.map(({ value }) => value);
    };
    expect((await ratio(normal(2, 300)))[0]).toBeCloseTo(1, 0);
    expect(await ratio(normal(1, 300))).toEqual([0, 1]);
  });
});

describe("referenceOf", () => {
  it("has the moments of all examples, read in stretches", async () => {
    const examples = new Float32Array(3 * 2500);
    randomStream(1, "x").fillNormal(examples, 100, 2);
    const dataset = fromExamples({ name: "x", shape: [3], examples });
    const { moments: found, count } = await referenceOf(dataset, rawExtractor([3]));
    expect(count).toBe(2500);
    const expected = moments(matrix(2500, 3, examples));
    expect(frechetDistance(found, expected)).toBeLessThan(1e-10);
    found.covariance.data.forEach((value, i) => {
      expect(value).toBeCloseTo(expected.covariance.data[i], 9);
    });
  });
});

describe("the Fréchet distance of pixels", () => {
  it("takes a pixel that never changes", async () => {
    const examples = new Float32Array(3 * 1500);
    randomStream(1, "x").fillNormal(examples);
    for (let i = 0; i < examples.length; i += 3) examples[i] = -0.1;
    const dataset = fromExamples({ name: "x", shape: [3], examples });
    const extractor = rawExtractor([3]);
    const reference = await referenceOf(dataset, extractor);
    expect(reference.moments.covariance.data[0]).toBe(0);
    const subject = { samples: examples, dataset, extractor, reference, seed: 1 };
    expect((await evaluate(subject, { metrics: ["fid"] })).figures[0].value).toBeLessThan(1e-9);
  });
});

describe("distancesToPolygons", () => {
  it("is near 0 for triangles of the data set, and far above the threshold for others", async () => {
    const { examples } = await polygons({ split: "test" }).draw(1, 0, 40);
    const own = distancesToPolygons(examples, 28);
    expect(own.filter((distance) => distance < 0.75).length).toBeGreaterThanOrEqual(38);
    const squares = (await polygons({ vertices: 4 }).draw(1, 0, 10)).examples;
    for (const distance of distancesToPolygons(squares, 28)) expect(distance).toBeGreaterThan(0.75);
    for (const distance of distancesToPolygons(new Float32Array(784), 28))
      expect(distance).toBeGreaterThan(100);
  });
});
