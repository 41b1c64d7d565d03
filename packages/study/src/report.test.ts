import { describe, expect, it } from "vitest";
import type { TrialRecord } from "./record.ts";
import { aRecord, aStudy } from "./records.test.helpers.ts";
import { type StudyReportInput, studyReportHtml } from "./report.ts";
import { summarise } from "./summary.ts";
import { modelsCsv, trialsCsv } from "./tables.ts";

const study = aStudy({ seeds: [1, 2], defaultsFirst: true });
const records = [0, 1, 2].flatMap((sample) =>
  [1, 2].flatMap((seed) =>
    ["a", "b"].map((model) =>
      aRecord({
        model,
        sample,
        seed,
        evaluations: [
          {
            step: 50,
            metrics: { fid: 10 + sample + seed / 4 + (model === "a" ? 0 : 20), precision: 0.8, recall: 0.4 },
          },
        ],
      }),
    ),
  ),
);
const failed = (record: TrialRecord): TrialRecord => ({
  ...record,
  status: "failed",
  error: "step 3: <NaN>",
  evaluations: [],
});

const page = (
  of: readonly TrialRecord[] = records,
  more: Partial<StudyReportInput> = {},
  definition = study,
): string => studyReportHtml({ summary: summarise(definition, of), ...more });

describe("the report of a study", () => {
  it("loads nothing from anywhere, and needs no script", () => {
    const html = page().replaceAll("http://www.w3.org/2000/svg", "");
    expect(html).not.toMatch(/<script|<link|https?:|@import|url\(/);
  });

  it("says what is real, what failed and why, and what is missing", () => {
    const html = page([failed(records[0]), ...records.slice(1, 10)]);
    expect(html).toContain("9 of 12 trials finished, 1 failed, 2 not there yet.");
    expect(html).toContain("The study is not finished: 2 trials of 12 are not there yet");
    expect(html).toMatch(/With \d draws (each|and)[^<]*lower FID than/);
    expect(html).toContain("1 failed trial, and why");
    expect(html).toContain("<code>mnist_a_sample-0_seed-1</code>: step 3: &lt;NaN&gt;");
    expect(html).not.toContain("<NaN>");
    expect(page()).not.toContain("not finished");
  });

  it("shows the samples of the best trial of each model, and warnings", () => {
    const samples = new Map([["mnist_a_sample-0_seed-1", Uint8Array.of(1, 2, 3)]]);
    const html = page(records, { samples, warnings: ["record.json of x: <odd>"] });
    expect(html).toContain('src="data:image/png;base64,AQID" alt="Samples of a on mnist"');
    expect(html).toContain("record.json of x: &lt;odd&gt;");
  });

  it("embeds images of any size", () => {
    const png = Uint8Array.from({ length: 100_000 }, (_, i) => i % 251);
    const html = page(records, { samples: new Map([["mnist_a_sample-0_seed-1", png]]) });
    expect(html).toContain(Buffer.from(png).toString("base64"));
  });

  it("stands a study without results, with failures only, with one model, with a single trial", () => {
    expect(page([])).toContain("No trial has a figure to compare by yet.");
    expect(page(records.map(failed))).toContain("12 failed trials, and why");
    const lone = aStudy({ models: study.models.slice(0, 1), samples: 1 });
    const html = page(records.slice(0, 1), {}, lone);
    expect(html).not.toContain("<h3>Ranking</h3>");
    for (const text of [page([]), page(records.map(failed)), html]) {
      expect(text).not.toMatch(/NaN[^&]|undefined|Infinity/);
    }
  });

  it("stands a study in which all results are equal", () => {
    const models = ["a", "b", "c", "d"].map((name) => ({ ...study.models[0], name }));
    const equal = models.flatMap(({ name }) =>
      [0, 1].map((sample) =>
        aRecord({ model: name, sample, evaluations: [{ step: 50, metrics: { polygonF1: 0 } }] }),
      ),
    );
    expect(page(equal, {}, aStudy({ models, samples: 2 }))).toContain("cannot be told apart by polygon F1");
  });

  it("keeps apart more models than the palette has colours", () => {
    const models = Array.from({ length: 9 }, (_, i) => ({ ...study.models[0], name: `m${i}` }));
    const many = models.flatMap(({ name }, i) =>
      [0, 1].map((sample) => aRecord({ model: name, sample, fid: [10 + i + sample] })),
    );
    expect(page(many, {}, aStudy({ models, samples: 2 }))).toContain("stroke-dasharray");
  });
});

describe("the tables", () => {
  const lines = (text: string) => text.trimEnd().split("\n");

  it("have a row for each evaluation of each trial, and for each trial without one", () => {
    const bad = { ...failed(records[0]), error: 'a "quoted", reason' };
    const [header, first, second, ...rest] = lines(trialsCsv([bad, ...records.slice(1)]));
    expect(header).toBe(
      "trial,data,model,sample,seed,status,error,parameter.learningRate,step,fid,precision,recall,f1",
    );
    expect(first).toBe('mnist_a_sample-0_seed-1,mnist,a,0,1,failed,"a ""quoted"", reason",0.001,,,,,');
    expect(second).toMatch(
      /^mnist_b_sample-0_seed-1,mnist,b,0,1,finished,,0\.001,50,30\.25,0\.8,0\.4,0\.5333/,
    );
    expect(rest).toHaveLength(10);
  });

  it("have a row for each model on each data set, with the numbers in full", () => {
    const summary = summarise(study, records);
    const [header, ...rows] = lines(modelsCsv(summary)).map((line) => line.split(","));
    expect(rows.map((row) => row.slice(0, 4))).toEqual([
      ["mnist", "a", "fid", "1"],
      ["mnist", "b", "fid", "2"],
    ]);
    for (const row of rows) expect(row).toHaveLength(header.length);
    expect(Number(rows[0][header.indexOf("median")])).toBe(summary.data[0].models[0].median?.value);
    expect(rows[0][header.indexOf("f1.best")]).toBe(String((2 * 0.8 * 0.4) / (0.8 + 0.4)));
  });
});
