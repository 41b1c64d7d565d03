import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const src = dirname(fileURLToPath(import.meta.url));

/** Minified and gzipped. Raise it knowingly. */
const BUDGET_KILOBYTES = 100;

/** Rows of CONTRIBUTING.md's table, from the top: a folder and what it may use. */
const table = [
  ...readFileSync(join(src, "../../../CONTRIBUTING.md"), "utf8").matchAll(
    /^\| `(\w+)\/`\s*\|[^|]*\|\s*([^|]*?)\s*\|$/gm,
  ),
].map(([, folder, mayUse]) => ({ folder, mayUse }));
const folders = table.map(({ folder }) => folder);

/** Test helpers. They use everything, and nothing that is published uses them. */
const TESTING = "testing";

const allowedIn = (folder: string): readonly string[] => {
  const row = folders.indexOf(folder);
  const { mayUse } = table[row];
  if (mayUse === "nothing") return [];
  if (mayUse === "all above") return folders.slice(0, row);
  return mayUse.split(", ");
};

interface Source {
  /** Path within `src`. */
  readonly path: string;
  /** First folder of the path, or "" for files beside the folders. */
  readonly folder: string;
  readonly text: string;
}

const folderOf = (path: string): string => (path.includes("/") ? path.split("/")[0] : "");

const sources: readonly Source[] = readdirSync(src, { recursive: true, encoding: "utf8" })
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts") && folderOf(path) !== TESTING)
  .map((path) => ({ path, folder: folderOf(path), text: readFileSync(join(src, path), "utf8") }));

const importsOf = ({ text }: Source): string[] =>
  ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);

const runsInNodeOnly = ({ path, folder }: Source): boolean => folder === "node" || path.endsWith(".node.ts");

/** Names used as variables, not as members: `process.env`, but not `job.process`. */
const freeNames = ({ path, text }: Source): Set<string> => {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    const member =
      ts.isIdentifier(node) && ts.isPropertyAccessExpression(node.parent) && node.parent.name === node;
    if (ts.isIdentifier(node) && !member) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true));
  return names;
};

const bundleForBrowser = (entry: string) =>
  build({
    entryPoints: [join(src, entry)],
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    conditions: ["tsgan-source"],
    external: ["onnxruntime-web"],
    metafile: true,
    write: false,
    logLevel: "silent",
  });

describe("the folders of the library", () => {
  it("are those of CONTRIBUTING.md's table", () => {
    const found = readdirSync(src).filter(
      (name) => statSync(join(src, name)).isDirectory() && name !== TESTING,
    );
    expect(found.filter((folder) => !folders.includes(folder))).toEqual([]);
    expect(folders.length).toBeGreaterThan(10);
  });

  it("may use only folders above them", () => {
    for (const folder of folders) {
      const below = folders.slice(folders.indexOf(folder));
      expect(allowedIn(folder).filter((used) => below.includes(used) || !folders.includes(used))).toEqual([]);
    }
  });

  it("import only what the table allows them", () => {
    const breaches = sources.flatMap((source) =>
      importsOf(source)
        .filter((specifier) => specifier.startsWith("."))
        .map((specifier) => folderOf(relative(src, join(src, dirname(source.path), specifier))))
        .filter((used) => {
          if (used === "" || used === source.folder) return false;
          return source.folder === "" ? used === TESTING : !allowedIn(source.folder).includes(used);
        })
        .map((used) => `${source.path} uses ${used}/`),
    );
    expect(breaches).toEqual([]);
  });
});

describe("everything but node/", () => {
  const portable = sources.filter((source) => !runsInNodeOnly(source));

  it("imports no module of Node.js and nothing from node/", () => {
    const breaches = portable.flatMap((source) =>
      importsOf(source)
        .filter((specifier) => /^node:|\/node\/|onnxruntime-node|^sharp$/.test(specifier))
        .map((specifier) => `${source.path} imports ${specifier}`),
    );
    expect(breaches).toEqual([]);
  });

  it("uses neither process nor Buffer", () => {
    const breaches = portable.flatMap((source) =>
      [...freeNames(source)]
        .filter((name) => name === "process" || name === "Buffer" || name === "__dirname")
        .map((name) => `${source.path} uses ${name}`),
    );
    expect(breaches).toEqual([]);
  });

  it.each(folders.filter((folder) => folder !== "node" && readdirSync(src).includes(folder)))(
    "%s bundles for a browser",
    async (folder) => {
      const { metafile } = await bundleForBrowser(`${folder}/index.ts`);
      expect(Object.keys(metafile.inputs).filter((path) => path.includes("/src/node/"))).toEqual([]);
    },
  );

  it("stays within its budget of bytes", async () => {
    const { outputFiles } = await bundleForBrowser("index.ts");
    const kilobytes = gzipSync(outputFiles[0].contents).length / 1000;
    console.log(`tsgan for the browser: ${kilobytes.toFixed(1)} kB gzipped, without ONNX Runtime`);
    expect(kilobytes).toBeLessThan(BUDGET_KILOBYTES);
  });
});
