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
])("is none with a dataset of %s", (_, changed) => {
  expect(() => read({ dataset: changed })).toThrow(RunError);
  expect(() => read({ dataset: changed })).toThrow(
    "config.json: expected the configuration of a run, with its dataset",
  );
});

const planOf = (...columns: readonly unknown[]): object => ({ ...table, columns });
const [digits, words] = [
  Array.from({ length: 4 }, (_, i) => i),
  Array.from({ length: 4 }, (_, i) => `w${i}`),
];

it.each<[string, unknown, string]>([
  ["nothing", null, "table: expected object, received null"],
  ["nothing of one", {}, "table.columns: expected array, received undefined"],
  [
    "columns of no kind",
    planOf({ name: "n", kind: "constructor" }),
    "table.columns.0.kind: expected a column of the kind number, category, sum, constant, identifier or omitted",
  ],
  [
    "a sum of itself",
    planOf(number, { kind: "sum", name: "all", of: ["n", "all"] }),
    'table.columns.1.of: expected columns that are there, none of them a sum; got "all"',
  ],
  [
    "a sum of columns that are not there",
    planOf(number, { kind: "sum", name: "all", of: ["n", "m"] }),
    'table.columns.1.of: expected columns that are there, none of them a sum; got "m"',
  ],
  ["no counts", planOf({ ...number, counts: [] }), "table.columns.0.counts: Too small"],
  [
    "fewer counts than choices",
    planOf({ kind: "category", name: "c", values: words, counts: digits.slice(1) }),
    "table.columns.0.counts: expected 4 counts, one for each choice; got 3",
  ],
  [
    "others that are not counted",
    planOf({ kind: "category", name: "c", values: [], counts: [1], others: { values: words, counts: [1] } }),
    "table.columns.0.others.counts: expected 4 counts, one for each choice; got 1",
  ],
  [
    "bounds the wrong way round",
    planOf({ ...number, low: 2, high: 1 }),
    "table.columns.0.high: expected at least low (2); got 1",
  ],
  ["numbers near the largest", planOf({ ...number, high: 1e308 }), "table.columns.0.high: Too big"],
  [
    "a format that takes for ever to compare",
    planOf({ ...number, format: "DM".repeat(20) }),
    "table.columns.0.format: expected a format of dates",
  ],
  [
    "a pattern of a million letters",
    planOf({ kind: "identifier", name: "n", pattern: "A".repeat(1e6) }),
    "table.columns.0.pattern: Too big",
  ],
  ["a billion decimals", planOf({ ...number, decimals: 1e9 }), "table.columns.0.decimals: Too big"],
  [
    "a constraint of three",
    { ...table, constraints: [{ below: words }] },
    "table.constraints.0.below: Too big",
  ],
  [
    "a separator that is none",
    { ...table, separator: 1 },
    "table.separator: expected string, received number",
  ],
])("is refused in one line with a table's plan of %s", (_, changed, message) => {
  const from = (): unknown => read({ dataset: { ...dataset, table: changed } });
  expect(from).toThrow(RunError);
  expect(from).toThrow(`config.json: dataset.${message}`);
  expect(from).toThrow(/^[^\n]+; put the file back as it was, or train anew$/);
});

it("is read of any kind of column, and of what a later version adds", () => {
  const columns = [
    { kind: "sum", name: "all", of: ["n"], decimals: 2, fixed: true, low: 0, high: 9 },
    { kind: "category", name: "c", values: ["a"], counts: [3, 2], others: { values: ["b"], counts: [2] } },
    { kind: "identifier", name: "id", pattern: "counter" },
    { kind: "omitted", name: "text" },
  ];
  const plan = { ...planOf(...table.columns, ...columns), constraints: [{ below: ["n", "n"] }], later: true };
  expect(read({ dataset: { ...dataset, table: plan } })).toEqual(config);
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
