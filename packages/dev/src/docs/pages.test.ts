/** What the pages show can be run, or says why not. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as tsgan from "tsgan";
import { repository } from "tsgan/testing";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { allBlocks, blocksIn, pagePaths, small, wordsOf } from "./pages.ts";

const blocks = allBlocks(repository);

describe("blocks of the pages", () => {
  it("are found with their language, their line and why they are not run", () => {
    const page =
      "# A\n\n```sh\nnpx tsgan losses # all\n```\n\n<!-- not run: it serves -->\n\n```ts\nrun();\n```\n\n```text\nx\n```\n";
    expect(blocksIn("a.md", page)).toEqual([
      { page: "a.md", line: 3, language: "sh", text: "npx tsgan losses # all\n", first: [] },
      { page: "a.md", line: 9, language: "ts", text: "run();\n", first: [], notRun: "it serves" },
    ]);
  });

  it("are run, nearly all of them", () => {
    const without = blocks.filter(({ notRun }) => notRun !== undefined);
    // Each has a reason of its own; raise this knowingly.
    expect(without.length, without.map(({ page, line }) => `${page}:${line}`).join(" ")).toBeLessThanOrEqual(
      MOST,
    );
    expect(blocks.length).toBeGreaterThan(70);
    for (const { notRun = "" } of without) expect(notRun.length).toBeGreaterThan(15);
  });

  it("of programs have no syntax that TypeScript does not know", () => {
    const wrong = blocks
      .filter(({ language }) => language === "ts" || language === "js")
      .filter(
        ({ text }) => (ts.transpileModule(text, { reportDiagnostics: true }).diagnostics ?? []).length > 0,
      );
    expect(wrong.map(({ page, line }) => `${page}:${line}`)).toEqual([]);
  });
});

it("pages have a name for each column of a table, and no heading two levels below the one before", () => {
  const faults = pagePaths(repository).flatMap((page) => {
    const text = readFileSync(join(repository, page), "utf8").replaceAll(/^```[\s\S]*?^```$/gm, "");
    const levels = [...text.matchAll(/^(#+) (.*)$/gm)].map(([, marks, words]) => ({
      level: marks.length,
      words,
    }));
    const jumps = levels.filter(({ level }, i) => i > 0 && level > levels[i - 1].level + 1);
    const headers = [...text.matchAll(/^\|(.*)\|\n\|[ :|-]+\|$/gm)].map(([, cells]) => cells);
    const nameless = headers.filter((cells) => cells.split("|").some((cell) => cell.trim() === ""));
    return [...jumps.map(({ words }) => words), ...nameless].map((fault) => `${page}: ${fault}`);
  });
  expect(faults).toEqual([]);
});

/** Blocks that are not run. */
const MOST = 30;

describe("a command", () => {
  it("is cut into words as a shell does, without its comment", () => {
    expect(
      wordsOf(`npx tsgan train a.csv --set 'techniques=[{"name":"ema"}]' --where "age>=40" # more`),
    ).toEqual([
      "npx",
      "tsgan",
      "train",
      "a.csv",
      "--set",
      'techniques=[{"name":"ema"}]',
      "--where",
      "age>=40",
    ]);
  });

  it("is run with few steps, rows and samples", () => {
    expect(small(["train", "ring", "--steps", "2000"])).toEqual([
      "train",
      "ring",
      "--steps",
      "6",
      "--batch",
      "20",
    ]);
    expect(small(["train", "--resume", "--out", "a"])).toEqual([
      "train",
      "--resume",
      "--out",
      "a",
      "--steps",
      "8",
    ]);
    expect(small(["train", "mnist", "--print-config"])).toEqual(["train", "mnist", "--print-config"]);
    expect(small(["sample", "a", "--rows", "1000"])).toEqual(["sample", "a", "--rows", "40"]);
  });
});

it("the names of ours on the page for people from Python exist", () => {
  const page = readFileSync(join(repository, "docs/from-python.md"), "utf8");
  const named = page
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .flatMap((line) => [...line.split("|")[2].matchAll(/`([\w.]+)`/g)].map(([, name]) => name));
  expect(named.length).toBeGreaterThan(40);
  const found = (name: string): unknown =>
    name.split(".").reduce<unknown>((within, key) => (within as Record<string, unknown>)?.[key], tsgan);
  expect(named.filter((name) => found(name) === undefined)).toEqual([]);
});
