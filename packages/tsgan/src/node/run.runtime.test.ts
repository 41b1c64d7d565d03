import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ConfigInput } from "../config/index.ts";
import { defineDataset, fromExamples, ring } from "../data/index.ts";
import { number, register } from "../define/index.ts";
import { RunError, UsageError } from "../errors.ts";
import { openDataset } from "./datasets.ts";
import { openRun } from "./open-run.ts";
import { startRun } from "./run.ts";
import type { RunEvent } from "./run-events.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tsgan-start-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const small: ConfigInput = {
  data: "ring",
  model: { name: "mlp", latent: 2, hidden: [8] },
  batch: 8,
  steps: 6,
  sampleEvery: 3,
  checkpointEvery: 2,
  keepCheckpoints: 2,
};

describe("startRun", () => {
  it("tells what it does in the order in which it does it; samples are drawn meanwhile, before a checkpoint", async () => {
    const events: string[] = [];
    const onEvent = (event: RunEvent): void => {
      if (event.type === "start") events.push(`start ${event.step}`);
      else if (event.type === "step") events.push(`step ${event.record.step}`);
      else if (event.type === "sample" || event.type === "checkpoint")
        events.push(`${event.type} ${event.step}`);
    };
    const out = join(folder, "order");
    const result = await startRun({ config: small, out, onEvent });
    expect(events.filter((event) => !event.startsWith("sample"))).toEqual([
      ...["start 0", "step 1", "step 2", "checkpoint 2", "step 3", "step 4", "checkpoint 4"],
      ...["step 5", "step 6", "checkpoint 6"],
    ]);
    expect(events.filter((event) => event.startsWith("sample"))).toEqual([
      "sample 0",
      "sample 3",
      "sample 6",
    ]);
    for (const [before, sample, after] of [
      ["start 0", "sample 0", "checkpoint 2"],
      ["step 3", "sample 3", "checkpoint 4"],
      ["step 6", "sample 6", "checkpoint 6"],
    ]) {
      expect(events.indexOf(sample)).toBeGreaterThan(events.indexOf(before));
      expect(events.indexOf(sample)).toBeLessThan(events.indexOf(after));
    }
    expect(result).toEqual({
      step: 6,
      stopped: false,
      sample: join(out, "samples", "step-000006.png"),
      report: join(out, "report.html"),
      generator: join(out, "generator.onnx"),
    });
    expect(existsSync(join(out, ".lock"))).toBe(false);
  });

  it("trains on a data set with options, by name or itself, writes them down, and keeps them when it is resumed", async () => {
    const modesOf = (run: string) =>
      JSON.parse(readFileSync(join(folder, run, "config.json"), "utf8")).dataset.classes.length;
    const dataOptions = { modes: 5, radius: 1, deviation: 0.1 };
    await startRun({ config: { ...small, dataOptions }, out: join(folder, "five") });
    await startRun({ config: { ...small, data: ring(dataOptions) }, out: join(folder, "itself") });
    const text = (run: string, file: string) => readFileSync(join(folder, run, file), "utf8");
    expect(text("itself", "config.json")).toBe(text("five", "config.json"));
    expect(text("itself", "metrics.jsonl")).toBe(text("five", "metrics.jsonl"));
    expect(modesOf("five")).toBe(5);
    const resume = (changed: ConfigInput["dataOptions"]) =>
      startRun({
        config: { ...small, dataOptions: changed, steps: 8 },
        out: join(folder, "five"),
        resume: true,
      });
    await expect(resume({ modes: 6 })).rejects.toThrow(
      "dataOptions must stay as it is when a run is resumed",
    );
    expect((await resume(dataOptions)).step).toBe(8);
    expect(modesOf("five")).toBe(5);
  });

  it("opens a registered data set by its name", async () => {
    const diagonal = defineDataset({
      name: "diagonal",
      title: "a diagonal",
      holds: "points",
      shape: [2],
      options: { length: number({ default: 1, above: 0, means: "length" }) },
      open: ({ length }) =>
        fromExamples({
          name: "diagonal",
          shape: [2],
          examples: Float32Array.from({ length: 100 }, (_, i) => (length * (i >> 1)) / 50),
        }),
    });
    const undo = register(diagonal);
    const out = join(folder, "diagonal");
    await startRun({ config: { ...small, data: "diagonal", dataOptions: { length: 2 } }, out });
    expect(await openDataset("diagonal", { settings: { length: 3 } })).toMatchObject({
      size: 50,
      options: { length: 3 },
    });
    await expect(openDataset("diagonal", { size: 8 })).rejects.toThrow("it consists of points");
    undo();
    await expect(openDataset("diagonal")).rejects.toThrow('unknown data set "diagonal"');
    await expect(openDataset(folder, { settings: { length: 3 } })).rejects.toThrow(
      "options are for data sets that have a name; leave them out",
    );
    const { config } = JSON.parse(`{"config":${readFileSync(join(out, "config.json"), "utf8")}}`);
    expect(config).toMatchObject({ data: "diagonal", dataOptions: { length: 2 }, dataset: { size: 50 } });
  });

  it("writes no time into the metrics: the same run gives the same bytes", async () => {
    await startRun({ config: small, out: join(folder, "again") });
    const metrics = (run: string) => readFileSync(join(folder, run, "metrics.jsonl"), "utf8");
    expect(metrics("again")).toBe(metrics("order"));
  });

  it("reports what looks wrong with the data, and stops before the first step where it cannot work", async () => {
    const file = join(folder, "far.csv");
    const warnings: string[] = [];
    const onEvent = (event: RunEvent): void => {
      if (event.type === "warning") warnings.push(event.message);
    };
    writeFileSync(file, Array.from({ length: 20 }, (_, i) => `${1000 * i},${-i}`).join("\n"));
    await startRun({ config: { ...small, data: file, steps: 1 }, out: join(folder, "far"), onEvent });
    expect(warnings).toEqual([expect.stringContaining("a generator starts near 0, so scale them")]);
    expect(readFileSync(join(folder, "far", "report.html"), "utf8")).toContain("a generator starts near 0");

    writeFileSync(file, "1,2\n".repeat(20));
    const out = join(folder, "same");
    await expect(startRun({ config: { ...small, data: file }, out })).rejects.toThrow(RunError);
    expect(existsSync(out)).toBe(false);
  });

  it("writes nothing where the model does not fit", async () => {
    const out = join(folder, "misfit");
    await expect(startRun({ config: { ...small, model: "dcgan" }, out })).rejects.toThrow(UsageError);
    expect(existsSync(out)).toBe(false);
  });

  it("warns where the data have changed since the run began", async () => {
    const file = join(folder, "grows.csv");
    const rows = Array.from({ length: 20 }, (_, i) => `${Math.sin(i + 1)},${Math.cos(i + 1)}`);
    const options = { config: { ...small, data: file }, out: join(folder, "grows"), resume: true };
    writeFileSync(file, rows.join("\n"));
    await startRun(options);
    writeFileSync(file, rows.slice(1).join("\n"));
    const warnings: string[] = [];
    await startRun({
      ...options,
      onEvent: (event) => void (event.type === "warning" && warnings.push(event.message)),
    });
    expect(warnings).toEqual([
      "data set grows.csv: it has changed since the run began: 20 examples of [2] then, 19 examples of [2] now",
    ]);
  });
});

describe("a semi-supervised run", () => {
  const config: ConfigInput = {
    ...small,
    data: "mnist",
    model: { name: "sgan", base: 2, features: 8, labelledBatch: 4 },
    labelsPerClass: 3,
    steps: 2,
  };

  it("ends with the test accuracy of its classifier: in the result, the metrics and the report", async () => {
    const out = join(folder, "classes");
    const { testAccuracy } = await startRun({ config, out });
    const lines = readFileSync(join(out, "metrics.jsonl"), "utf8").trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line).testAccuracy)).toEqual([undefined, testAccuracy]);
    expect(testAccuracy).toBeGreaterThan(0);
    expect(testAccuracy).toBeLessThan(0.5);
    expect(readFileSync(join(out, "report.html"), "utf8")).toContain(
      `test accuracy of the classifier ${(100 * (testAccuracy as number)).toFixed(2)} %`,
    );
  });

  it("says where nothing is left to test on", async () => {
    const warnings: string[] = [];
    const onEvent = (event: RunEvent): void => {
      if (event.type === "warning") warnings.push(event.message);
    };
    const points = { ...config, data: "moons", model: { name: "sgan", hidden: [8], labelledBatch: 4 } };
    await startRun({ config: { ...points, labelsPerClass: undefined }, out: join(folder, "moons"), onEvent });
    expect(warnings).toEqual([
      "data set moons has no test split: the accuracy of the classifier is not measured",
    ]);
  });

  it("is refused where labels are counted for a model that does not need them", async () => {
    const out = join(folder, "unasked");
    await expect(startRun({ config: { ...config, model: "dcgan" }, out })).rejects.toThrow(
      "config: labelsPerClass is for semi-supervised models (sgan); model dcgan is none; leave it out",
    );
    expect(existsSync(out)).toBe(false);
  });
});

describe("openRun", () => {
  it("gives the samples of any checkpoint without the data", async () => {
    const out = join(folder, "gone");
    const data = join(folder, "gone.csv");
    writeFileSync(data, Array.from({ length: 20 }, (_, i) => `${Math.sin(i)},${Math.cos(i)}`).join("\n"));
    await startRun({ config: { ...small, data }, out });
    rmSync(data);
    const { trainer, data: open } = openRun(out);
    expect(trainer.progress.step).toBe(6);
    expect(await trainer.sample(3)).toHaveLength(6);
    await expect(open()).rejects.toThrow("there is no such file");
    await trainer.dispose();
    const earlier = openRun(out, { step: 4 });
    expect(earlier.trainer.progress.step).toBe(4);
    expect(() => openRun(out, { step: 2 })).toThrow("there is no checkpoint of step 2; it has 4, 6");
    await earlier.trainer.dispose();
  });
});
