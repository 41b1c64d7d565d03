/** The programs and commands of the pages run, each page in a folder of its own, from top to bottom, at small sizes. */
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { repository } from "tsgan/testing";
import { afterAll, describe, expect, it, vi } from "vitest";
import { makeOwnFiles } from "./own-files.ts";
import { allBlocks, type Block, small, wordsOf } from "./pages.ts";
import { typeErrors } from "./type-errors.ts";

/** Within the repository, so that programs find the packages. */
const artifacts = join(repository, "test-artifacts");
mkdirSync(artifacts, { recursive: true });
const root = mkdtempSync(join(artifacts, "pages-"));
const before = process.cwd();
afterAll(() => {
  process.chdir(before);
  rmSync(root, { recursive: true });
});

/** Programs of `examples/`, which their own test runs, and shows to be those of the page. */
const shown = new Set(
  readdirSync(join(repository, "examples"))
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(join(repository, "examples", name), "utf8")),
);
const blocks = allBlocks(repository).filter(({ notRun, text }) => notRun === undefined && !shown.has(text));
const isProgram = ({ language }: Block): boolean => language === "ts" || language === "js";

const folderOf = (page: string): string => join(root, page.replaceAll(/[/.]/g, "-"));
/** A program whose first line is its name is saved under it, as its reader does. */
const fileOf = ({ page, line, language, text }: Block): string =>
  join(
    folderOf(page),
    /^\/\/ ([\w-]+\.ts)$/m.exec(text.split("\n", 1)[0])?.[1] ?? `line-${line}.${language}`,
  );

/** Commands that other tests run: installing, the repository's own scripts, and changing folders. */
const isElsewhere = ([first, second]: readonly string[]): boolean =>
  first === undefined ||
  (first === "npm" && ["install", "i", "run", "test"].includes(second ?? "")) ||
  first === "cd";

const runProgram = async (block: Block): Promise<void> => {
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  try {
    process.chdir(folderOf(block.page));
    await import(/* @vite-ignore */ pathToFileURL(fileOf(block)).href);
  } finally {
    log.mockRestore();
  }
};

/** The built command, as people run it. */
const command = join(repository, "packages/cli/bin/tsgan.js");

const runCommands = ({ page, text, first }: Block): void => {
  for (const line of [...first, ...text.split("\n")]) {
    const words = wordsOf(line);
    if (isElsewhere(words)) continue;
    expect(words.slice(0, 2), line).toEqual(["npx", "tsgan"]);
    const { status, stderr } = spawnSync(process.execPath, [command, ...small(words.slice(2))], {
      cwd: folderOf(page),
      env: { ...process.env, TSGAN_CACHE: join(root, "cache"), NO_COLOR: "1" },
      encoding: "utf8",
    });
    expect(status, `${line}\n${stderr}`).toBe(0);
  }
};

describe("programs on the pages", () => {
  it("pass the type checker", () => {
    const programs = blocks.filter(({ language }) => language === "ts");
    expect(
      typeErrors(new Map(programs.map((block) => [fileOf(block), `${block.text}export {};\n`]))),
    ).toEqual([]);
  });
});

const pages = [...new Set(blocks.map(({ page }) => page))];
describe.each(pages)("%s", (page) => {
  const own = blocks.filter((block) => block.page === page);
  it("runs from top to bottom", async () => {
    await makeOwnFiles(folderOf(page));
    vi.stubEnv("TSGAN_CACHE", join(root, "cache"));
    for (const block of own.filter(isProgram)) writeFileSync(fileOf(block), block.text);
    mkdirSync(join(folderOf(page), "examples"), { recursive: true });
    copyFileSync(
      join(repository, "examples/attention-gan.ts"),
      join(folderOf(page), "examples/attention-gan.ts"),
    );
    for (const block of own) {
      try {
        if (isProgram(block)) await runProgram(block);
        else runCommands(block);
      } catch (error) {
        throw new Error(`${page}:${block.line}: ${error instanceof Error ? error.message : error}`, {
          cause: error,
        });
      }
    }
  });
});
