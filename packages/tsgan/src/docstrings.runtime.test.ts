/**
 * What the documentation in the sources says of the public API is there, and its examples are right: they pass the type
 * checker as a program of its own would, and they run.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import ts from "typescript";
import { afterAll, describe, expect, it, vi } from "vitest";
import { repository } from "./testing/repository.ts";

const src = dirname(fileURLToPath(import.meta.url));

/** Folders whose public API is held to it, and what must have an example. */
const folders: Readonly<Record<string, readonly string[]>> = {
  graph: ["input", "constant", "grad", "toOnnx", "conv2d", "matmul", "print", "defineOp"],
  runtime: ["compile", "State"],
  losses: ["hinge", "custom", "combine", "catalogue", "defineLoss", "defineTerm"],
  penalties: ["r1", "catalogue", "definePenalty"],
};

const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(join(src, "../tsconfig.json"), ts.sys.readFile).config,
  ts.sys,
  join(src, ".."),
);

interface Documented {
  readonly folder: string;
  readonly name: string;
  readonly text: string;
  readonly examples: readonly string[];
}

/** The exports of a folder's index with their documentation. */
const documentedExports = (folder: string, program: ts.Program): Documented[] => {
  const checker = program.getTypeChecker();
  const index = program.getSourceFile(join(src, folder, "index.ts")) as ts.SourceFile;
  return checker.getExportsOfModule(checker.getSymbolAtLocation(index) as ts.Symbol).map((exported) => {
    const symbol =
      (exported.flags & ts.SymbolFlags.Alias) === 0 ? exported : checker.getAliasedSymbol(exported);
    const examples = symbol
      .getJsDocTags(checker)
      .filter(({ name }) => name === "example")
      .map(({ text }) => ts.displayPartsToString(text).replace(/^```ts\n([\s\S]*)\n```$/, "$1"));
    const text = ts.displayPartsToString(symbol.getDocumentationComment(checker));
    return { folder, name: exported.name, text, examples };
  });
};

const indexes = Object.keys(folders).map((folder) => join(src, folder, "index.ts"));
const documented = (() => {
  const program = ts.createProgram(indexes, options);
  return Object.keys(folders).flatMap((folder) => documentedExports(folder, program));
})();
const examples = documented.flatMap(({ folder, name, examples }) =>
  examples.map((text, i) => ({ of: `${folder}: ${name}`, text, path: join(src, `example-${name}-${i}.ts`) })),
);

/** What the type checker says of files that are not on the disk. */
const typeErrors = (files: ReadonlyMap<string, string>): string[] => {
  const strict = { ...options, noUnusedLocals: false, composite: false, declaration: false, noEmit: true };
  const host = ts.createCompilerHost(strict);
  const { readFile, fileExists } = host;
  host.readFile = (path) => files.get(path) ?? readFile(path);
  host.fileExists = (path) => files.has(path) || fileExists(path);
  const program = ts.createProgram([...files.keys()], strict, host);
  return [...files.keys()].flatMap((path) =>
    program
      .getSemanticDiagnostics(program.getSourceFile(path))
      .map(({ messageText }) => `${path}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`),
  );
};

/** Within the repository, so that what runs finds the runtime that is installed there. */
const artifacts = join(repository, "test-artifacts");
mkdirSync(artifacts, { recursive: true });
const folder = mkdtempSync(join(artifacts, "examples-"));
afterAll(() => rmSync(folder, { recursive: true }));

const bundled = async (text: string, name: string): Promise<string> => {
  const { outputFiles } = await build({
    stdin: { contents: text, resolveDir: src, loader: "ts" },
    bundle: true,
    platform: "node",
    format: "esm",
    conditions: ["tsgan-source"],
    write: false,
  });
  const file = join(folder, `${name.replaceAll(/\W+/g, "-")}.mjs`);
  writeFileSync(file, outputFiles[0].contents);
  return pathToFileURL(file).href;
};

describe("the public API", () => {
  it.each(Object.keys(folders))("of %s/ has a docstring for everything", (folder) => {
    const bare = documented.filter((entry) => entry.folder === folder && entry.text === "");
    expect(bare.map(({ name }) => name)).toEqual([]);
  });

  it("has an example where people start", () => {
    const without = Object.entries(folders).flatMap(([folder, names]) =>
      names.filter(
        (name) => !documented.some((d) => d.folder === folder && d.name === name && d.examples.length > 0),
      ),
    );
    expect(without).toEqual([]);
  });
});

describe("examples", () => {
  it("pass the type checker", () => {
    expect(typeErrors(new Map(examples.map(({ path, text }) => [path, `${text}\nexport {};\n`])))).toEqual(
      [],
    );
  });

  it.each(examples)("run: $of", async ({ of, text }) => {
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    try {
      await import(/* @vite-ignore */ await bundled(text, of));
      // Comments after a printed line say what it prints.
      const said = [...text.matchAll(/^\/\/ (.*)$/gm)].map(([, line]) => line);
      const printed = log.mock.calls.map(String).join("\n");
      if (text.includes("console.log(print(")) expect(printed.split("\n")).toEqual(said);
    } finally {
      log.mockRestore();
    }
  });
});
