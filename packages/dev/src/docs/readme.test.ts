/** What the README says of what there is, held against what there is. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { experiments } from "@tsgan/theory";
import { losses, models } from "tsgan";
import { repository } from "tsgan/testing";
import { expect, it } from "vitest";
import { PUBLISHED } from "../install/pack.ts";

const readme = readFileSync(join(repository, "README.md"), "utf8");

it("has a row for each module that can be imported, and no other", () => {
  const source = join(repository, "packages/tsgan/src");
  const modules = readdirSync(source)
    .filter((name) => name !== "testing" && existsSync(join(source, name, "index.ts")))
    .map((name) => `tsgan/${name}`);
  const packages = PUBLISHED.filter((name) => name !== "tsgan").map((name) => `@tsgan/${name}`);
  const rows = [...readme.matchAll(/^\| `(@?tsgan\/[a-z]+)` +\|/gm)].map(([, name]) => name);
  expect(rows.sort()).toEqual([...modules, ...packages].sort());
});

it("counts losses, models and experiments as they are", () => {
  expect(readme).toContain(`| ${losses.catalogue.all.length} adversarial losses,`);
  expect(readme).toContain(`| ${models.catalogue.all.length}, from \`mlp\` to \`r3gan\``);
  expect(experiments.names.length, "twelve, it says").toBe(12);
  expect(readme).toContain("twelve experiments");
});

it.each(PUBLISHED)("what is published has a page for npm and the licence: %s", (name) => {
  const folder = join(repository, "packages", name);
  const licence = readFileSync(join(repository, "LICENSE"), "utf8");
  expect(readFileSync(join(folder, "README.md"), "utf8")).toMatch(/^# /);
  expect(readFileSync(join(folder, "LICENSE"), "utf8")).toBe(licence);
});
