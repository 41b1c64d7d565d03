import { expect, it } from "vitest";
import { overrideConfig, resolveConfig } from "./index.ts";

const table = { data: "t.csv", as: "rows" } as const;
const moments = [expect.objectContaining({ name: "second-moments", weight: 10 })];

it("rows of a table have second moments as a term; nothing else has, nor a run that was written down without", () => {
  expect(resolveConfig(table).terms).toEqual(moments);
  expect(resolveConfig({ data: "ring" }).terms).toEqual([]);
  const old = { ...resolveConfig(table), terms: [] };
  expect(resolveConfig(old).terms).toEqual([]);
  expect(overrideConfig(old, { model: "ctgan" }).terms).toEqual([]);
});

it("a model brings settings of its own, below those that are said", () => {
  const config = resolveConfig(table, { model: "tvae" });
  expect(config).toMatchObject({
    penalties: [],
    terms: [],
    techniques: [],
    optimizer: { generator: { learningRate: 1e-3, beta1: 0.9, weightDecay: 1e-5 } },
    batch: 500,
  });
  const own = {
    model: { name: "tvae" },
    optimizer: { name: "adam", learningRate: 5e-4 },
    techniques: ["ema"],
  };
  expect(resolveConfig(table, own)).toMatchObject({
    optimizer: { generator: { learningRate: 5e-4 } },
    techniques: [{ name: "ema" }],
  });
  expect(resolveConfig(config)).toEqual(config);
});

it("a technique brings settings, too: a private generator is shown no real rows by a term", () => {
  const config = resolveConfig(table, { techniques: [{ name: "differential-privacy" }] });
  expect(config.terms).toEqual([]);
  expect(config.penalties).toEqual(resolveConfig(table).penalties);
});
