/** Many rows of a table are made by several threads. Needs the build (`npx tsc -b`). */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repository } from "tsgan/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runIn } from "../command.test.helpers.ts";

const table = join(repository, "packages/tsgan/src/tables/fixtures/penguins.csv");

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tsgan-rows-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const tsgan = async (...args: readonly string[]): Promise<string> => {
  const { code, stdout, stderr } = await runIn(folder, args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
};
const lines = (name: string): string[] => readFileSync(join(folder, name), "utf8").split("\n");

it("rows are the same, whether threads make them or not, with conditions and without", async () => {
  await tsgan("train", table, "--out", "run", "--steps", "30", "--batch", "100", "--quiet");
  await tsgan("sample", "run", "--rows", "60001", "--out", "many.csv");
  await tsgan("sample", "run", "--rows", "5000", "--out", "few.csv");
  expect(lines("many.csv").length).toBe(60_003);
  expect(lines("many.csv").slice(0, 5001)).toEqual(lines("few.csv").slice(0, 5001));

  const where = ["--where", "year=2008", "--where", "body_mass_g>=4000"];
  await tsgan("sample", "run", "--rows", "50001", ...where, "--out", "heavy.csv");
  await tsgan("sample", "run", "--rows", "100", ...where, "--out", "some.csv");
  const heavy = lines("heavy.csv");
  expect(heavy.length).toBe(50_003);
  expect(heavy.slice(0, 101)).toEqual(lines("some.csv").slice(0, 101));
  for (const line of heavy.slice(1, -1)) expect(Number(line.split(",")[5])).toBeGreaterThanOrEqual(4000);
});

it("a condition that no row meets is refused in one line, and leaves no thread running", async () => {
  const { code, stderr } = await runIn(folder, [
    ...["sample", "run", "--rows", "50000", "--where", "body_mass_g>=90000", "--out", "none.csv"],
  ]);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: "error: where: none of 200,000 rows met body_mass_g>=90000; ask for less\n",
  });
});

it("a count, which is for pictures, is refused, and nothing is written", async () => {
  const { code, stderr } = await runIn(folder, ["sample", "run", "--count", "5", "--out", "five.csv"]);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: "error: sample: --count is for pictures; --rows says how many rows; leave it out\n",
  });
  expect(existsSync(join(folder, "five.csv"))).toBe(false);
});
