import { describe, expect, it } from "vitest";
import { resolveConfig } from "../config/index.ts";
import { chooseFrames, type ReportInput, reportedRun, reportHtml } from "./report.ts";

const dataset = { name: "mnist", shape: [1, 28, 28], size: 60_000 };

const input = (changes: Partial<ReportInput> = {}): ReportInput => ({
  run: reportedRun(resolveConfig({ data: "mnist" }), dataset, { generator: 1_234_567, discriminator: 7 }),
  dataset,
  metrics: [1, 2, 3].map((step) => ({ step, discriminatorLoss: 1 / step, generatorLoss: step, novelty: 2 })),
  samples: [0, 200].map((step) => ({ step, png: Uint8Array.of(1, 2, 3) })),
  warnings: [],
  environment: {
    tsgan: "0.1.0",
    onnxruntime: "1.30.0",
    node: "v20",
    device: "cpu",
    threads: 2,
    machine: "linux",
  },
  step: 200,
  session: { steps: 200, seconds: 25 },
  ...changes,
});

describe("the report", () => {
  it("loads nothing from anywhere", () => {
    const html = reportHtml(input()).replaceAll("http://www.w3.org/2000/svg", "");
    expect(html).not.toMatch(/https?:|src="(?!data:)|<link|@import|url\(/);
  });

  it("says how far the run came, and how fast", () => {
    expect(reportHtml(input())).toContain("200 of 2\u202f000 steps; the last 200 in 25 s, 8.0 steps/s");
  });

  it("has a chart for each known group of metrics, and one for each other metric", () => {
    const titles = [...reportHtml(input()).matchAll(/<figure>.*?font-weight[^>]*>([^<]*)</gs)].map(
      ([, text]) => text,
    );
    expect(titles).toEqual(["Losses", "novelty"]);
  });

  it("names warnings and the failure, as text and not as markup", () => {
    const html = reportHtml(input({ warnings: ["<b>odd</b>"], failure: "step 3: <NaN>" }));
    expect(html).toContain("&lt;b&gt;odd&lt;/b&gt;");
    expect(html).toContain("The run stopped: step 3: &lt;NaN&gt;");
    expect(html).not.toMatch(/<b>odd|<NaN>/);
  });

  it("says what was read of a person's files, as text", () => {
    const reading = { source: "folder", path: "<pets>", examples: 3, formats: { PNG: 2, JPEG: 1 } } as const;
    const own = { ...dataset, reading };
    const run = reportedRun(resolveConfig({ data: "mnist" }), own, { generator: 1, discriminator: 1 });
    const html = reportHtml(input({ run, dataset: own }));
    expect(html).toContain("<li>&lt;pets&gt; (folder): 3 pictures (2 PNG, 1 JPEG)</li>");
    expect(reportHtml(input())).not.toContain("What was read");
  });

  it("does without metrics and samples", () => {
    const html = reportHtml(input({ metrics: [], samples: [], step: 0, session: { steps: 0, seconds: 0 } }));
    expect(html).toContain("No step has been recorded.");
    expect(html).not.toContain("<script");
  });

  it("stays small with 100,000 lines of metrics", () => {
    const metrics = Array.from({ length: 100_000 }, (_, i) => ({
      step: i + 1,
      discriminatorLoss: Math.sin(i),
      generatorLoss: Math.cos(i * i),
      discriminatorGradient: Math.exp(Math.sin(i)),
      generatorGradient: 1,
    }));
    expect(reportHtml(input({ metrics })).length).toBeLessThan(1_000_000);
  });

  it("shows a value that is missing as a gap", () => {
    const metrics = [
      { step: 1, accuracy: 0.5 },
      { step: 2, accuracy: null },
      { step: 3, accuracy: 0.7 },
    ];
    expect(reportHtml(input({ metrics }))).not.toContain("NaN");
  });
});

describe("chooseFrames", () => {
  it("takes all, or as many as asked with the ends among them", () => {
    const frames = Array.from({ length: 500 }, (_, i) => i);
    expect(chooseFrames([1, 2, 3])).toEqual([1, 2, 3]);
    const chosen = chooseFrames(frames, 60);
    expect(chosen).toHaveLength(60);
    expect([chosen[0], chosen.at(-1)]).toEqual([0, 499]);
    expect(new Set(chosen).size).toBe(60);
  });
});
