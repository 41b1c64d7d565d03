/** config.json of a run that may have been made, or changed, by anybody. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { resolveConfig } from "../config/index.ts";
import { RunError, UsageError } from "../errors.ts";
import { rowsFromCsv } from "../tables/index.ts";
import { examineRun } from "./doctor.ts";
import { version } from "./environment.ts";
import { storedConfig } from "./stored-config.ts";

const config = resolveConfig({ data: "ring", model: "mlp", loss: "hinge" });
const dataset = { name: "ring", shape: [2] };
const rows = Array.from({ length: 40 }, (_, i) => `${i * 1.5},${i % 3 ? "a" : "b"},x\n`).join("");
const { table } = rowsFromCsv(`n,c,k\n${rows}`, "t.csv");

let folder: string;
beforeAll(() => {
  folder = join(mkdtempSync(join(tmpdir(), "tsgan-stored-")), "run");
  mkdirSync(folder);
});
afterAll(() => rmSync(join(folder, ".."), { recursive: true, force: true }));

const read = (change: object): unknown => {
  writeFileSync(join(folder, "config.json"), JSON.stringify({ version, ...config, dataset, ...change }));
  return storedConfig(folder);
};

it("is read as it was written, a table's plan with it", () => {
  expect(read({})).toEqual(config);
  expect(read({ dataset: { ...dataset, table, contents: "12" } })).toEqual(config);
});

const [number] = table.columns;

it.each<[string, unknown]>([
  ["no shape", { name: "ring" }],
  ["a shape of fractions", { ...dataset, shape: [0.5] }],
  ["a shape of many sides", { ...dataset, shape: new Array(1000).fill(1) }],
  ["classes that are no texts", { ...dataset, classes: [1, {}] }],
  ["a size that is none", { ...dataset, size: "many" }],
  ["pairs that are none", { ...dataset, pairs: true }],
  ["a table that is none", { ...dataset, table: {} }],
  ["columns of no kind", { ...dataset, table: { ...table, columns: [{ name: "n", kind: "constructor" }] } }],
  [
    "a sum of itself",
    { ...dataset, table: { ...table, columns: [number, { kind: "sum", name: "all", of: ["n", "all"] }] } },
  ],
  [
    "a sum of columns that are not there",
    { ...dataset, table: { ...table, columns: [number, { kind: "sum", name: "all", of: ["n", "m"] }] } },
  ],
  ["fewer counts than choices", { ...dataset, table: { ...table, columns: [{ ...number, counts: [] }] } }],
  [
    "bounds the wrong way round",
    { ...dataset, table: { ...table, columns: [{ ...number, low: 2, high: 1 }] } },
  ],
  ["numbers near the largest", { ...dataset, table: { ...table, columns: [{ ...number, high: 1e308 }] } }],
  [
    "a format that takes for ever to compare",
    { ...dataset, table: { ...table, columns: [{ ...number, format: "DM".repeat(20) }] } },
  ],
  [
    "a pattern of a million letters",
    {
      ...dataset,
      table: { ...table, columns: [{ kind: "identifier", name: "n", pattern: "A".repeat(1e6) }] },
    },
  ],
  ["a billion decimals", { ...dataset, table: { ...table, columns: [{ ...number, decimals: 1e9 }] } }],
])("is none with a dataset of %s", (_, changed) => {
  expect(() => read({ dataset: changed })).toThrow(RunError);
  expect(() => read({ dataset: changed })).toThrow(
    "config.json: expected the configuration of a run, with its dataset",
  );
});

it.each<[object, string]>([
  [{ hidden: 3 }, "hidden"],
  [{ batch: "many" }, "batch"],
  [{ loss: 7 }, "loss"],
  [{ model: { name: "mlp", hidden: [-1] } }, "hidden"],
  [{ optimizer: { name: "adam", learningRate: { kind: "bent" } } }, "unknown schedule"],
])("is checked key by key: %j", (change, message) => {
  expect(() => read(change)).toThrow(UsageError);
  expect(() => read(change)).toThrow(message);
});

it("asks for the files of --use by name, and loads nothing by itself", () => {
  const uses = [{ file: "/tmp/evil.mjs", sha256: "0".repeat(64) }, 3, { file: {} }];
  expect(() => read({ loss: "mine", uses })).toThrow(
    "the run was made with --use /tmp/evil.mjs: give it again",
  );
  expect(read({ uses: "none" })).toEqual(config);
});

it.each<[unknown, string]>([
  [null, "config.json: expected the configuration of a run, with its dataset"],
  [[], "config.json: expected the configuration of a run, with its dataset"],
  [{ game: "mine" }, "config.json: expected the settings of a game; batch: "],
  [
    { game: "mine", batch: 4, players: { a: 3 }, networks: [], techniques: [], steps: 1, logEvery: 1 },
    "config.json: expected the settings of a game; players.a: ",
  ],
  [
    { game: "mine", batch: 4, players: {}, networks: [], techniques: [], steps: 1, logEvery: 1 },
    "config.json: expected the configuration of a run, with its dataset",
  ],
])("is examined, or refused in words: %j", async (stored, message) => {
  writeFileSync(join(folder, "config.json"), JSON.stringify(stored));
  await expect(examineRun(folder)).rejects.toThrow(RunError);
  await expect(examineRun(folder)).rejects.toThrow(message);
});
