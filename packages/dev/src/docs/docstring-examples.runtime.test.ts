/** The examples in the documentation of the public API pass the type checker as programs of their own would, and they run. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { repository } from "tsgan/testing";
import { afterAll, describe, expect, it, vi } from "vitest";
import { publicFunctions } from "./public-functions.ts";
import { typeErrors } from "./type-errors.ts";

/** Within the repository, so that what runs finds the packages. */
const artifacts = join(repository, "test-artifacts");
mkdirSync(artifacts, { recursive: true });
const folder = mkdtempSync(join(artifacts, "examples-"));
const before = process.cwd();
// Some of them write files.
process.chdir(folder);
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

const examples = publicFunctions(repository).flatMap(({ name, tags }) =>
  tags
    .filter((tag) => tag.name === "example")
    .map(({ text }, i) => ({
      of: name,
      text: `${text.replace(/^```ts\n([\s\S]*)\n```$/, "$1")}\n`,
      path: join(folder, `${name.replaceAll(/\W+/g, "-")}-${i}.ts`),
    })),
);

describe("examples of docstrings", () => {
  it("are whole programs, some fifty of them", () => {
    expect(examples.length).toBeGreaterThan(50);
    expect(examples.filter(({ text }) => !text.startsWith("import ")).map(({ of }) => of)).toEqual([]);
  });

  it("pass the type checker", () => {
    expect(typeErrors(new Map(examples.map(({ path, text }) => [path, `${text}export {};\n`])))).toEqual([]);
  });

  it.each(examples)("run: $of", async ({ path, text }) => {
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    try {
      writeFileSync(path, text);
      await import(/* @vite-ignore */ pathToFileURL(path).href);
      // Comments after a printed graph say what it prints.
      const said = [...text.matchAll(/^\/\/ (.*)$/gm)].map(([, line]) => line);
      const printed = log.mock.calls.map(String).join("\n");
      if (text.includes("console.log(print(")) expect(printed.split("\n")).toEqual(said);
    } finally {
      log.mockRestore();
    }
  });
});
