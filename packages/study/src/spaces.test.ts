import { choice, flag, integer, number, register, text } from "tsgan";
import { mean, mul, neg, sub } from "tsgan/graph";
import { defineLoss } from "tsgan/losses";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ModelInput, StudyDefinition } from "./definition.ts";
import { resolveStudy } from "./resolve.ts";
import { valueAt } from "./spaces.ts";
import { trialsOf } from "./trials.ts";

const mine = defineLoss({
  name: "mine",
  title: "a loss of one's own",
  scores: "unbounded",
  options: {
    slope: number({ default: 1, least: 0, means: "slope", search: { low: 0.1, high: 10, log: true } }),
    share: number({ default: 0.5, least: 0, most: 1, means: "share" }),
    margin: number({ default: 1, least: 0, means: "margin", symbol: "m" }),
    power: integer({ default: 2, least: 1, most: 4, means: "power" }),
    side: choice(["real", "fake"], { default: "real", means: "side" }),
    centred: flag({ default: false, means: "whether scores are centred" }),
    note: text({ default: "", means: "a note" }),
  },
  create: ({ slope }) => ({
    discriminator: (real, fake) => mul(sub(mean(fake), mean(real)), slope),
    generator: (_real, fake) => neg(mean(fake)),
  }),
});

const studyWith = (model: Partial<ModelInput>, change: Partial<StudyDefinition> = {}): StudyDefinition => ({
  name: "small",
  data: { ring: null },
  models: { m: { config: { loss: "mine" }, ...model } },
  budget: { steps: 100 },
  metrics: ["swd"],
  ...change,
});

const searchOf = (model: Partial<ModelInput>, change?: Partial<StudyDefinition>) =>
  resolveStudy(studyWith(model, change)).models[0].search;

let undo = () => {};
beforeEach(() => {
  undo = register(mine);
});
afterEach(() => undo());

describe("a space that the schema says", () => {
  it("is the option's search, its choices or its bounds, with the value that the model has as default", () => {
    const search = {
      "loss.slope": {},
      "loss.share": "auto",
      "loss.power": {},
      "loss.side": {},
      "loss.centred": {},
      strength: { at: "penalties.0.weight", default: 3 },
      learningRate: {},
    } as const;
    expect(searchOf({ config: { loss: { name: "mine", slope: 2 }, penalties: ["r1"] }, search })).toEqual({
      "loss.slope": { logUniform: [0.1, 10], at: "loss.slope", default: 2 },
      "loss.share": { uniform: [0, 1], at: "loss.share", default: 0.5 },
      "loss.power": { uniform: [1, 4], at: "loss.power", integer: true, default: 2 },
      "loss.side": { choice: ["real", "fake"], at: "loss.side", default: "real" },
      "loss.centred": { choice: [false, true], at: "loss.centred", default: false },
      strength: { logUniform: [0.01, 100], at: "penalties.0.weight", default: 3 },
      // It changes over the run there: there is no one value that it has.
      learningRate: { logUniform: [1e-5, 1e-2], at: "optimizer.*.learningRate" },
    });
  });

  it("stands in the configuration of each trial", () => {
    const search = { "loss.power": {}, "loss.side": {}, "loss.centred": {} };
    const drawn = trialsOf(resolveStudy(studyWith({ search }, { samples: 60 }))).map(
      ({ config }) => config.loss as Readonly<Record<string, unknown>>,
    );
    const values = (name: string) => new Set(drawn.map((loss) => loss[name]));
    expect(values("power")).toEqual(new Set([1, 2, 3, 4]));
    expect(values("side")).toEqual(new Set(["real", "fake"]));
    expect(values("centred")).toEqual(new Set([true, false]));
  });

  it("may be said for all that the definitions of loss, penalties, terms and techniques say, at once", () => {
    const { search } = resolveStudy(
      studyWith({ config: { loss: "mine", penalties: ["r1"], techniques: ["ema"] }, search: "auto" }),
    ).models[0];
    expect(Object.keys(search)).toEqual([
      "learningRate",
      "loss.slope",
      "penalties.0.weight",
      "techniques.0.decay",
    ]);
    expect(search["techniques.0.decay"]).toMatchObject({ uniform: [0.9, 0.9999], default: 0.999 });
  });

  it.each<[string, Partial<ModelInput>, string]>([
    [
      "an option without a range",
      { search: { "loss.margin": {} } },
      "study: models.m.search.loss.margin must be a range; got nothing; margin (m) has none of its own; give uniform, logUniform, choice or fixed",
    ],
    ["a text", { search: { "loss.note": "auto" } }, "a note has none of its own"],
    [
      "what has no schema",
      { search: { "optimizer.*.learningRate.from": {} } },
      "the schema says nothing of optimizer.*.learningRate.from",
    ],
    [
      "an option that is not there",
      { search: { "loss.slpe": {} } },
      'study: models.m.search.loss.slpe: unknown option of mine "slpe"; did you mean "slope"?',
    ],
  ])("is refused for %s", (_, model, message) => {
    expect(() => searchOf(model)).toThrow(message);
  });

  it("is one on all data sets, or refused", () => {
    const data = {
      ring: { set: { "penalties.0": { name: "r1" } } },
      grid: { set: { "penalties.0": { name: "wgan-div" } } },
    };
    expect(() => searchOf({ search: { "penalties.0.weight": {} } }, { data })).toThrow(
      "the ranges of what penalties.0.weight leads to differ",
    );
  });
});

describe("values of a space", () => {
  it.each<[string, object, string]>([
    [
      "a word that is not among the choices",
      { "loss.side": { choice: ["real", "fakee"] } },
      "study: models.m.search.loss.side.choice[1] must be one of real, fake; got fakee",
    ],
    [
      "a fixed one",
      { "loss.side": { fixed: "both" } },
      "models.m.search.loss.side.fixed must be one of real, fake",
    ],
    [
      "a default",
      { "loss.slope": { default: -1 } },
      "models.m.search.loss.slope.default must be a finite number of at least 0; got -1",
    ],
    ["a word for a number", { learningRate: { choice: ["fast"] } }, "models.m.search.learningRate.choice[0]"],
    ["a number for a word", { "loss.side": { choice: [1] } }, "must be one of real, fake; got 1"],
  ])("that the option does not take are refused before the study begins: %s", (_, search, message) => {
    expect(() => searchOf({ search: search as ModelInput["search"] & object })).toThrow(message);
  });

  it("are whole numbers where the option is, ends included, each as likely as another", () => {
    const { batch } = searchOf({
      search: { batch: { logUniform: [16, 256] }, "loss.power": { uniform: [1, 4] } },
    });
    expect(batch).toMatchObject({ integer: true });
    const draws = (space: Parameters<typeof valueAt>[0]) =>
      Array.from({ length: 1000 }, (_, i) => Number(valueAt(space, i / 1000)));
    const sizes = draws(batch);
    expect([Math.min(...sizes), valueAt(batch, 0.9999)]).toEqual([16, 256]);
    expect(sizes.every(Number.isInteger)).toBe(true);
    const powers = draws({ uniform: [1, 4], at: "", integer: true });
    for (const power of [1, 2, 3, 4]) expect(powers.filter((each) => each === power)).toHaveLength(250);
  });
});
