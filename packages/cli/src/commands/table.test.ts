import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "tsgan";
import { parseSchema } from "tsgan/tables";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { tableCommand } from "./table.ts";
import { configOf } from "./train-config.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tsgan-table-"));
  file = join(folder, "people.csv");
  const rows = Array.from({ length: 40 }, (_, i) => `${i + 1},${i % 3 ? "DE" : "FR"},${20 + (i % 9)}`);
  writeFileSync(file, ["id,country,age", ...rows].join("\n"));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const inspect = async (...args: readonly string[]): Promise<string> => {
  let printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += text;
    return true;
  });
  await tableCommand().parseAsync(["inspect", ...args], { from: "user" });
  return printed;
};

describe("tsgan table inspect", () => {
  it("says what each column is", async () => {
    const printed = await inspect(file);
    expect(printed.replace(/\s+/g, " ")).toContain(
      "40 rows; 3 columns (id, country, age) separated by commas",
    );
    expect(printed.split("\n").slice(-4, -1)).toEqual([
      "  id: identifiers, replaced by the pattern counter",
      "  country: categories",
      "  age: whole numbers",
    ]);
  });

  it("says which constraints all rows keep, as a schema has them", async () => {
    const rows = Array.from(
      { length: 90 },
      (_, i) => `${(i * i) % 53},${((i * i) % 53) + (i % 7)},x${i % 4}`,
    );
    writeFileSync(file, ["low,high,kind", ...rows].join("\n"));
    const printed = await inspect(file);
    expect(printed.trimEnd().split("\n").at(-1)).toBe(
      '  low is at most high in every row; to keep it so: {"below":["low","high"]}',
    );
  });

  it("writes a schema that training takes", async () => {
    const out = join(folder, "schema.json");
    await inspect(file, "--out", out, "--columns", "country,age");
    const schema = await parseSchema(JSON.parse(readFileSync(out, "utf8")), out);
    expect(schema.columns.map(({ name, kind }) => [name, kind])).toEqual([
      ["country", "category"],
      ["age", "number"],
    ]);
    expect(configOf(file, { schema: out })).toMatchObject({ as: "rows", schema: out });
  });
});

describe("the configuration of a table", () => {
  it("is of rows where columns are mixed, of points where it is said or there are numbers alone", () => {
    expect(configOf(file, {})).toMatchObject({ as: "rows", holdOut: 0.1, model: { name: "ctgan" } });
    expect(configOf(file, { points: true, columns: ["age"] })).toMatchObject({ model: { name: "mlp" } });
    expect(configOf(file, { columns: ["age"] })).toMatchObject({ as: "points", model: { name: "mlp" } });
    expect(configOf(file, { table: true, columns: ["age"] })).toMatchObject({ model: { name: "ctgan" } });
    expect(configOf(file, { steps: 7, batch: 20 })).toMatchObject({ steps: 7, batch: 20 });
  });

  it("is trained with differential privacy where it is asked for: rows one by one, and a seed that nobody guesses", () => {
    const asked = { private: { epsilon: 2, clip: 0.5 } };
    const config = configOf(file, asked);
    expect(config.techniques).toEqual([
      { name: "ema", decay: 0.99 },
      { name: "differential-privacy", epsilon: 2, delta: 1e-5, clip: 0.5 },
    ]);
    expect(config.model).toMatchObject({ name: "ctgan", packing: 1 });
    expect(config.seed).toBeGreaterThanOrEqual(2 ** 32);
    expect(configOf(file, asked).seed).not.toBe(config.seed);
    expect(configOf(file, { ...asked, seed: 7 }).seed).toBe(7);
    expect(() => configOf("mnist", asked)).toThrow("--private is for rows of a table");
  });

  it("keeps the networks of tables under another loss", () => {
    expect(configOf(file, { loss: "hinge" })).toMatchObject({
      loss: { name: "hinge" },
      model: { name: "ctgan" },
    });
  });

  it("is refused flags that exclude each other", () => {
    expect(() => configOf(file, { table: true, points: true })).toThrow(UsageError);
  });
});

it("prints nothing of a table that acts on a terminal", async () => {
  writeFileSync(
    file,
    ["\u001b[2Jname,\u009b31mkind", ..."abcdefghijkl".split("").map((a) => `${a},\u001b]0;t\u0007`)].join(
      "\n",
    ),
  );
  for (const args of [[], ["--json"]]) expect(await inspect(file, ...args)).not.toMatch(/(?!\n)\p{Cc}/u);
});
