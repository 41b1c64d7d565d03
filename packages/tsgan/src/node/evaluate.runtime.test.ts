import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ConfigInput } from "../config/index.ts";
import { register } from "../define/index.ts";
import { matrix } from "../distances/index.ts";
import { defineFeatures } from "../metrics/index.ts";
import { randomStream } from "../random/index.ts";
import { openDataset } from "./datasets.ts";
import { examineRun } from "./doctor.ts";
import { evaluateRun, extractorFor, openJudge } from "./evaluate.ts";
import { openRun } from "./open-run.ts";
import { startRun } from "./run.ts";

let folder: string;
let cache: string | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tsgan-evaluate-"));
  cache = process.env.TSGAN_CACHE;
  process.env.TSGAN_CACHE = join(folder, "cache");
});
afterEach(() => {
  if (cache === undefined) delete process.env.TSGAN_CACHE;
  else process.env.TSGAN_CACHE = cache;
  rmSync(folder, { recursive: true });
});

const steady = { name: "adam", learningRate: 1e-3 };
const ringRun: ConfigInput = {
  data: "ring",
  optimizer: { generator: steady, discriminator: steady },
  model: { name: "mlp", latent: 2, hidden: [16] },
  batch: 32,
  steps: 60,
  sampleEvery: 60,
  checkpointEvery: 20,
  evaluateEvery: 20,
  evaluateSamples: 200,
};
const metricsOf = (out: string) => readFileSync(join(out, "metrics.jsonl"), "utf8");

describe("a run that is evaluated while it trains", () => {
  it("writes figures every so often, the same ones when it was interrupted, and keeps the best state", async () => {
    const [whole, parts] = [join(folder, "whole"), join(folder, "parts")];
    await startRun({ config: ringRun, out: whole });
    await startRun({ config: { ...ringRun, steps: 40 }, out: parts });
    await startRun({ config: ringRun, out: parts, resume: true });
    expect(metricsOf(parts)).toBe(metricsOf(whole));
    const judged = metricsOf(whole)
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { step: number; coverage?: number })
      .filter(({ coverage }) => coverage !== undefined);
    expect(judged.map(({ step }) => step)).toEqual([20, 40, 60]);
    const best = judged.reduce((a, b) => ((b.coverage ?? 0) > (a.coverage ?? 0) ? b : a));
    for (const out of [whole, parts])
      expect(openRun(out, { step: "best" }).trainer.progress.step).toBe(best.step);
    const html = readFileSync(join(whole, "report.html"), "utf8");
    expect(html).toContain("Density and coverage");
    expect(html).toContain('<h2 id="health">Health</h2>');
  });

  it("is judged and examined from its folder", async () => {
    const out = join(folder, "run");
    await startRun({ config: { ...ringRun, steps: 20 }, out });
    const run = openRun(out);
    const { figures, ...rest } = await evaluateRun(run, { samples: 300, metrics: ["modes", "fid"] });
    await run.trainer.dispose();
    expect(rest).toEqual({
      step: 20,
      samples: 300,
      seed: 1,
      features: { name: "coordinates", description: "the coordinates themselves" },
      trainingExamples: 10_000,
      leftOut: [],
    });
    expect(figures.map(({ key }) => key)).toContain("fid");
    expect((await examineRun(out)).step).toBe(20);
  });

  it("is not ended by a metric that cannot be computed", async () => {
    const out = join(folder, "run");
    const warnings: string[] = [];
    await startRun({
      config: { ...ringRun, evaluateSamples: 4, evaluateMetrics: ["precision-recall", "ms-ssim", "swd"] },
      out,
      onEvent: (event) => {
        if (event.type === "warning") warnings.push(event.message);
      },
    });
    expect(warnings.filter((message) => message.includes("left out"))).toEqual([
      "metric precision-recall is left out: its 5 nearest neighbours need 6 samples and 6 training examples; got 4 and 10000",
      "metric ms-ssim is left out: it is for images; the data are points",
    ]);
    expect(metricsOf(out).match(/"slicedWasserstein"/g)).toHaveLength(3);
    const run = openRun(out);
    await expect(evaluateRun(run, { metrics: ["ms-ssim"] })).rejects.toThrow(
      "metric ms-ssim: it is for images; the data are points",
    );
    await run.trainer.dispose();
  });

  it("says that nothing was judged best where nothing was judged", async () => {
    const out = join(folder, "run");
    await startRun({ config: { ...ringRun, steps: 10, evaluateEvery: undefined }, out });
    expect(() => openRun(out, { step: "best" })).toThrow(
      `${out}: no checkpoint was judged best; train with --evaluate-every`,
    );
  });

  it("leaves the reason in its records when it diverges", async () => {
    const out = join(folder, "run");
    const optimizer = { name: "sgd", learningRate: 1e4 };
    const config: ConfigInput = {
      ...ringRun,
      evaluateEvery: undefined,
      loss: { name: "least-squares" },
      optimizer: { generator: optimizer, discriminator: optimizer },
    };
    await expect(startRun({ config, out })).rejects.toThrow("is not finite");
    const examination = await examineRun(out);
    expect(examination.step).toBeUndefined();
    expect(examination.verdicts[0]).toMatchObject({ kind: "diverged", severity: "alarm" });
  });
});

/** Coordinates times a factor, which neither name nor description tell. */
const times = (factor: number) =>
  defineFeatures({
    name: "times",
    title: "coordinates times a factor",
    suits: "points",
    options: {},
    create: () => ({
      open: ({ data: { shape } }) => ({
        name: "times",
        description: "coordinates, scaled",
        inputShape: shape,
        features: async (examples) => ({
          features: matrix(
            examples.length / 2,
            2,
            examples.map((value) => factor * value),
          ),
        }),
        dispose: async () => {},
      }),
    }),
  });

describe("openJudge", () => {
  const digits = (count: number) => openDataset("mnist").then((dataset) => dataset.draw(3, 0, count));

  it("keeps the statistics of a training set, and reads the very same ones", async () => {
    const dataset = await openDataset("ring");
    const first = await openJudge(dataset);
    const [file] = readdirSync(join(folder, "cache", "statistics"));
    const path = join(folder, "cache", "statistics", file);
    const written = statSync(path).mtimeMs;
    const second = await openJudge(dataset);
    expect(second.reference).toEqual(first.reference);
    expect(statSync(path).mtimeMs).toBe(written);
    writeFileSync(path, "damaged");
    expect((await openJudge(dataset)).reference).toEqual(first.reference);
  });

  it("takes the classifier of the data set, and pixels where there is none", async () => {
    const names = ["mnist", "stacked-mnist", "fashion-mnist", "polygons", "ring"].map(async (name) => {
      const { shape } = await openDataset(name);
      return (await extractorFor({ name, shape })).name;
    });
    expect(await Promise.all(names)).toEqual([
      "mnist classifier",
      "mnist classifier of each channel",
      "fashion-mnist classifier",
      "pixels",
      "coordinates",
    ]);
    expect((await extractorFor({ name: "mnist", shape: [1, 32, 32] })).name).toBe("pixels");
    await expect(extractorFor({ name: "mnist", shape: [1, 28, 28] }, { layer: "x" })).rejects.toThrow(
      "--layer names a layer of an ONNX file: give --features FILE, too",
    );
  });

  it("finds features by name, registered ones too, and names the nearest where there is none", async () => {
    const points = { name: "ring", shape: [2] };
    const grey = { name: "polygons", shape: [1, 28, 28] };
    expect((await extractorFor(grey, { features: "mnist" })).name).toBe("mnist classifier");
    await expect(extractorFor(grey, { features: "minst" })).rejects.toThrow(
      /^unknown features "minst"; did you mean "mnist"\? \(known: .*\), nor is there a file of that name$/,
    );
    await expect(extractorFor(points, { features: "mnist" })).rejects.toThrow(
      "features mnist: it is for images of [1,28,28]; the data have [2]",
    );
    const undo = register(times(2));
    expect((await extractorFor(points, { features: "times" })).description).toBe("coordinates, scaled");
    undo();
  });

  it("does not take the statistics of features that have changed since, under the same name", async () => {
    const dataset = await openDataset("ring");
    const mean = async (factor: number): Promise<number> => {
      const judge = await openJudge(dataset, { features: times(factor)() });
      return judge.reference.moments.covariance.data[0];
    };
    expect((await mean(3)) / (await mean(1))).toBeCloseTo(9, 6);
  });

  it("counts the modes of stacked digits", async () => {
    const dataset = await openDataset("stacked-mnist");
    const { examples, labels } = await dataset.draw(5, 0, 500);
    const extractor = await extractorFor(dataset);
    const { probabilities } = await extractor.features(examples);
    let right = 0;
    labels?.forEach((label, i) => {
      const row = probabilities?.data.subarray(1000 * i, 1000 * i + 1000) ?? new Float64Array(1);
      if (row.indexOf(row.reduce((a, b) => Math.max(a, b), 0)) === label) right++;
    });
    expect(right / 500).toBeGreaterThan(0.96);
  });

  it("orders real digits, noisy digits and noise by FID", async () => {
    const dataset = await openDataset("mnist");
    // As if it were endless, so that the statistics are those of 10,000 digits, not of all.
    const judge = await openJudge({ ...dataset, size: Number.POSITIVE_INFINITY });
    const { examples } = await digits(1000);
    const noise = new Float32Array(examples.length);
    randomStream(1, "noise").fillUniform(noise, -1, 1);
    const fid = async (samples: Float32Array) =>
      (await judge.judge(samples, { metrics: ["fid"] })).figures[0].value;
    const [real, noisy, nothing] = [
      await fid(examples),
      await fid(examples.map((value, i) => 0.7 * value + 0.3 * noise[i])),
      await fid(noise),
    ];
    expect(real).toBeLessThan(0.1 * noisy);
    expect(noisy).toBeLessThan(nothing);
  });
});
