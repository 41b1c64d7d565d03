/** The programs and commands on the pages of the documentation. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface Block {
  /** `docs/guides/reproduce.md`. */
  readonly page: string;
  /** Line of its fence, from 1. */
  readonly line: number;
  readonly language: "sh" | "ts" | "js" | "python";
  readonly text: string;
  /** Why it is not run: what stands in `<!-- not run: … -->` before it. */
  readonly notRun?: string;
  /** Commands that are run before it, and not shown: what stands in `<!-- first: … -->` before it. */
  readonly first: readonly string[];
}

/** Pages by their paths in the repository: those that are written, and README.md. */
export const pagePaths = (repository: string): readonly string[] => [
  "README.md",
  ...readdirSync(join(repository, "docs"), { recursive: true, encoding: "utf8" })
    .map((path) => `docs/${path.replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(".md") && !path.startsWith("docs/api/"))
    .sort(),
];

const LANGUAGES: readonly string[] = ["sh", "ts", "js", "python"] satisfies Block["language"][];

/** The comments right above a line, empty lines left out. */
const notesAbove = (lines: readonly string[], at: number): string => {
  let from = at;
  while (from > 0 && /^(<!-- .* -->)?$/.test(lines[from - 1])) from--;
  return lines.slice(from, at).join("\n");
};

/** All blocks of a page that a reader may copy and run. */
export const blocksIn = (page: string, text: string): readonly Block[] => {
  const lines = text.split("\n");
  const blocks: Block[] = [];
  for (let i = 0; i < lines.length; i++) {
    const language = /^```(\S*)/.exec(lines[i])?.[1];
    if (language === undefined) continue;
    const end = lines.indexOf("```", i + 1);
    if (LANGUAGES.includes(language)) {
      const before = notesAbove(lines, i);
      const notRun = /^<!-- not run: (.+) -->$/m.exec(before)?.[1];
      blocks.push({
        page,
        line: i + 1,
        language: language as Block["language"],
        text: `${lines.slice(i + 1, end).join("\n")}\n`,
        first: [...before.matchAll(/^<!-- first: (.+) -->$/gm)].map(([, command]) => command),
        ...(notRun !== undefined && { notRun }),
      });
    }
    i = end;
  }
  return blocks;
};

export const allBlocks = (repository: string): readonly Block[] =>
  pagePaths(repository).flatMap((page) => blocksIn(page, readFileSync(join(repository, page), "utf8")));

/** The words of a command line, with quotes taken off and the comment left out. */
export const wordsOf = (line: string): string[] => {
  const words: string[] = [];
  for (const [, single, double, plain] of line.matchAll(/'([^']*)'|"([^"]*)"|(#.*$|[^\s'"]+)/g)) {
    if (plain?.startsWith("#")) break;
    words.push(single ?? double ?? plain);
  }
  return words;
};

const STEPS = "6";
/** A run that goes on must have further to go. */
const STEPS_RESUMED = "8";
/** That packs of ten divide. */
const BATCH = "20";
const SMALL: Readonly<Record<string, string>> = { "--evaluate-every": "3", "--rows": "40", "--count": "20" };

const isPictures = (data: string | undefined): boolean => /^mnist$|\/$|\.(zip|npz)$/.test(data ?? "");

/** The same command at a small size: few steps, rows and samples, and narrow networks. */
export const small = (words: readonly string[]): string[] => {
  const [command] = words;
  const out = [...words];
  for (const [option, value] of Object.entries(SMALL)) {
    const at = out.indexOf(option);
    if (at !== -1) out[at + 1] = value;
  }
  if (command === "train" && !out.includes("--print-config")) {
    const steps = out.includes("--resume") ? STEPS_RESUMED : STEPS;
    const at = out.indexOf("--steps");
    if (at === -1) out.push("--steps", steps);
    else out[at + 1] = steps;
    const isChosen = ["--resume", "--batch", "--recipe", "--config"].some((option) => out.includes(option));
    if (!isChosen) out.push("--batch", BATCH);
    if (!isChosen && !out.includes("--use") && isPictures(out[1])) out.push("--set", "model.base=8");
  }
  if (command === "evaluate") out.push("--samples", "64");
  return out;
};
