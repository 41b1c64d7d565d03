import { defineDataset, ring } from "tsgan/data";
import { register } from "tsgan/define";
import { defineMetric } from "tsgan/metrics";
import { afterEach, describe, expect, it } from "vitest";
import { createAgenda } from "./agenda.ts";
import { figureKinds, figuresOf } from "./figures.ts";
import { evaluationsOf } from "./record.ts";
import { aRecord, aStudy } from "./records.test.helpers.ts";
import { studyReportHtml } from "./report.ts";
import { resolveStudy } from "./resolve.ts";
import { summarise } from "./summary.ts";
import { modelsCsv, trialsCsv } from "./tables.ts";
import { trialsOf } from "./trials.ts";

const novelty = defineMetric({
  name: "novelty",
  title: "how new samples are",
  suits: "all",
  figures: {
    novelty: { label: "novelty of samples", better: "higher", rank: 15 },
    staleness: { label: "staleness", better: "lower", from: ({ novelty: value }) => 1 - value },
  },
  options: {},
  create: () => ({ compute: () => [{ key: "novelty", value: 1, note: "always" }] }),
});

const definition = {
  name: "mine",
  data: { ring: null },
  models: { a: { config: { loss: "hinge" } }, b: { config: { loss: "wgan" } } },
  budget: { steps: 100 },
  stepUnit: "generator",
  metrics: ["novelty", "fid"],
  evaluateEvery: 50,
  earlyStopping: { metric: "novelty", first: 50, factor: 2 },
} as const;

const records = [0, 1, 2].flatMap((sample) =>
  ["a", "b"].map((model) =>
    aRecord({
      model,
      sample,
      evaluations: [{ step: 50, metrics: { fid: 9 - sample, novelty: model === "a" ? sample : sample / 9 } }],
    }),
  ),
);

let undo = () => {};
afterEach(() => undo());

describe("a metric of one's own in a study", () => {
  it("is unknown, and its figures are, until it is registered", () => {
    expect(() => resolveStudy(definition)).toThrow('study: metrics: unknown metric "novelty"');
    expect(figureKinds().map(({ key }) => key)).not.toContain("novelty");
  });

  it("is found in the definition, in early stopping and in the lines of metrics.jsonl", () => {
    undo = register(novelty);
    const study = resolveStudy(definition);
    const [trial] = trialsOf(study);
    expect(trial.config.evaluateMetrics).toEqual(["novelty", "fid"]);
    const lines = [{ step: 50, discriminatorLoss: 1, novelty: 0.25, fid: 3 }];
    expect(evaluationsOf(study, trial, lines)).toEqual([{ step: 50, metrics: { novelty: 0.25, fid: 3 } }]);
    const agenda = createAgenda({ ...study, samples: 2 });
    const [low, high] = agenda.trials.filter(({ model }) => model === "a");
    const reach = (value: number) => ({ paused: [{ step: 50, metrics: { novelty: value } }] });
    agenda.complete(high, reach(0.9));
    expect(agenda.complete(low, reach(0.1)).map(({ trial: { id }, status }) => [id, status])).toEqual([
      [low.id, "stopped"],
    ]);
  });

  it("ranks by its place, and is shown with its label, by its way, in reports and tables", () => {
    undo = register(novelty);
    const summary = summarise(aStudy(), records);
    expect(summary.data[0].metric).toEqual({ key: "novelty", label: "novelty of samples", better: "higher" });
    expect(summary.data[0].models.map(({ model }) => model)).toEqual(["a", "b"]);
    expect(summary.data[0].models[0].best).toMatchObject({ value: 2 });
    const html = studyReportHtml({ summary });
    expect(html).toContain("Ranking of the draws by novelty of samples");
    expect(html).toContain("staleness ↓");
    expect(modelsCsv(summary).split("\n")[0]).toContain(",novelty.best,");
    expect(trialsCsv(records).split("\n")[0]).toMatch(/,fid,novelty,staleness$/);
    expect(summarise(aStudy(), records, { rankBy: "fid" }).data[0].metric?.key).toBe("fid");
  });
});

it("figures that follow from others are added where those are there, and no number is kept that is none", () => {
  const of = (metrics: Record<string, number>) => figuresOf({ step: 1, metrics });
  expect(of({ precision: 0.5, recall: 0.25 }).f1).toBeCloseTo(1 / 3, 15);
  expect(of({ precision: 0, recall: 0 }).f1).toBe(0);
  expect(of({ precision: 0.5 })).toEqual({ precision: 0.5 });
  expect(of({ fid: Number.NaN })).toEqual({});
});

it("a data set of one's own is found by a study once it is registered", () => {
  const own = { ...definition, metrics: ["fid"], earlyStopping: undefined, data: { "my-ring": null } };
  expect(() => resolveStudy(own)).toThrow('study: data.my-ring: unknown data set "my-ring"');
  undo = register(
    defineDataset({
      name: "my-ring",
      title: "another ring",
      holds: "points",
      options: {},
      open: () => ring(),
    }),
  );
  const [trial] = trialsOf(resolveStudy(own));
  expect(trial.config).toMatchObject({ data: "my-ring", model: { name: "mlp" } });
});
