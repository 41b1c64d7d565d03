import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { kinds as definedKinds } from "./define/definition.ts";

const src = dirname(fileURLToPath(import.meta.url));
const repository = join(src, "../../..");

/**
 * Kilobytes, minified and gzipped: all that the root index names, what a page that trains takes of it, all distances, one loss,
 * and what a page takes that draws samples from a generator.onnx. Each is what was measured, and 3 % more. Raise them knowingly: a
 * definition brings its facts, some 0.3 kB each, a formula 0.1; classes of folders are 0.6 kB, what
 * is asked of things of one's own 2.5. The upper limits, 110 for training, 25 for
 * distances, 12 for a loss and 130 for drawing and for the element that does it, are promises.
 */
const BUDGETS = { whole: 206, training: 110, distances: 14.6, hinge: 5.7, drawing: 27.3, sampler: 38.5 };

/** Lines of a file that somebody has written, at most: a longer one is about more than one thing. */
const MOST_LINES = 400;
const GENERATED = ["graph/onnx.proto.ts"];

interface Row {
  readonly name: string;
  readonly mayUse: string;
}

/** Rows of CONTRIBUTING.md's table whose first heading is given, from the top: what it names first and what that may use. */
const tableOf = (heading: string): readonly Row[] => {
  const lines = readFileSync(join(repository, "CONTRIBUTING.md"), "utf8").split("\n");
  const first = lines.findIndex((line) => line.startsWith(`| ${heading} `)) + 2;
  const rows = lines
    .slice(first, lines.indexOf("", first))
    .map((line) => line.split("|").map((c) => c.trim()));
  return rows.map((cells) => ({ name: cells[1].replace(/[`/]+$|^`/g, ""), mayUse: cells.at(-2) as string }));
};

const allowedIn = (table: readonly Row[], name: string): readonly string[] => {
  const row = table.findIndex((each) => each.name === name);
  const { mayUse } = table[row];
  if (mayUse === "nothing") return [];
  if (mayUse === "all above") return table.slice(0, row).map((each) => each.name);
  return mayUse.split(", ");
};

/** Those that `name` may not use: itself and what is below it. */
const notAbove = (table: readonly Row[], name: string): readonly string[] =>
  table.slice(table.findIndex((each) => each.name === name)).map((each) => each.name);

/** Test helpers. They use everything, and nothing that is published uses them. */
const TESTING = "testing";

interface Source {
  /** Path within `src`. */
  readonly path: string;
  /** First folder of the path, or "" for files beside the folders. */
  readonly folder: string;
  readonly text: string;
}

const folderOf = (path: string): string => (path.includes("/") ? path.split("/")[0] : "");

const sourcesIn = (src: string): readonly Source[] =>
  readdirSync(src, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => /\.tsx?$/.test(path) && !path.includes(".test.") && folderOf(path) !== TESTING)
    .map((path) => ({ path, folder: folderOf(path), text: readFileSync(join(src, path), "utf8") }));

const foldersIn = (src: string): readonly string[] =>
  readdirSync(src).filter((name) => statSync(join(src, name)).isDirectory() && name !== TESTING);

const importsOf = ({ text }: Source): string[] =>
  ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);

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

/**
 * Files that import one another, however indirectly: one line a circle. Imports of types count: a file that needs
 * another's types cannot be understood, or moved, without it.
 */
const circlesIn = (sources: readonly Source[]): string[] => {
  const uses = new Map(
    sources.map((source) => [
      source.path,
      importsOf(source)
        .filter((specifier) => specifier.startsWith("."))
        .map((specifier) => join(dirname(source.path), specifier).replaceAll("\\", "/")),
    ]),
  );
  // Tarjan 1972: files that reach each other, found in one walk.
  const found = new Map<string, number>();
  const reach = new Map<string, number>();
  const open: string[] = [];
  const circles: string[][] = [];
  const visit = (path: string): void => {
    const first = found.size;
    found.set(path, first);
    reach.set(path, first);
    open.push(path);
    for (const used of uses.get(path) ?? []) {
      if (!uses.has(used)) continue;
      if (!found.has(used)) visit(used);
      if (open.includes(used)) reach.set(path, Math.min(reach.get(path) ?? 0, reach.get(used) ?? 0));
    }
    if (reach.get(path) !== first) return;
    const circle = open.splice(open.indexOf(path));
    if (circle.length > 1 || uses.get(path)?.includes(path)) circles.push(circle.sort());
  };
  for (const path of uses.keys()) if (!found.has(path)) visit(path);
  return circles.map((circle) => circle.join(" ↔ "));
};

const runtimeCode = join(repository, "node_modules/onnxruntime-web/dist/ort.wasm.bundle.min.mjs");

const bundleForBrowser = (entry: string | { readonly contents: string }) =>
  build({
    ...(typeof entry === "string" ? { entryPoints: [entry] } : { stdin: { ...entry, resolveDir: src } }),
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    conditions: ["tsgan-source"],
    // What is loaded for a GPU only is no part of it.
    external: ["onnxruntime-web", "#onnxruntime-wasm", "*/captured.web.ts", "*/half.ts"],
    metafile: true,
    write: false,
    logLevel: "silent",
  });

/** A package's name, and what its package.json says that it uses. */
const manifestOf = (folder: string): { readonly name: string; readonly uses: readonly string[] } => {
  const manifest = JSON.parse(readFileSync(join(repository, "packages", folder, "package.json"), "utf8"));
  const { dependencies, optionalDependencies, peerDependencies, devDependencies } = manifest;
  const uses = Object.keys({
    ...dependencies,
    ...optionalDependencies,
    ...peerDependencies,
    ...devDependencies,
  });
  return { name: manifest.name, uses };
};

describe("the packages", () => {
  const table = tableOf("package");
  const names = table.map(({ name }) => name);
  const packages = readdirSync(join(repository, "packages")).map((folder) => ({
    folder,
    ...manifestOf(folder),
  }));

  it("are those of CONTRIBUTING.md's table", () => {
    expect(packages.map(({ name }) => name).sort()).toEqual([...names].sort());
  });

  it("may use only packages above them", () => {
    for (const name of names) {
      const bad = allowedIn(table, name).filter(
        (used) => notAbove(table, name).includes(used) || !names.includes(used),
      );
      expect(bad).toEqual([]);
    }
  });

  it.each(packages)("$name uses only what the table allows it and its package.json names", (own) => {
    const allowed = allowedIn(table, own.name);
    expect(own.uses.filter((used) => names.includes(used) && !allowed.includes(used))).toEqual([]);
    const root = join(repository, "packages", own.folder, "src");
    const breaches = sourcesIn(root).flatMap((source) =>
      importsOf(source)
        .filter((specifier) =>
          specifier.startsWith(".")
            ? relative(root, join(root, dirname(source.path), specifier)).startsWith("..")
            : names.some((name) => specifier === name || specifier.startsWith(`${name}/`)) &&
              !own.uses.some((name) => specifier === name || specifier.startsWith(`${name}/`)),
        )
        .map((specifier) => `${source.path} imports ${specifier}`),
    );
    expect(breaches).toEqual([]);
  });

  it.each(packages)(`$name has no file of more than ${MOST_LINES} lines`, ({ folder }) => {
    const long = sourcesIn(join(repository, "packages", folder, "src"))
      .filter(({ path }) => !GENERATED.includes(path))
      .map(({ path, text }) => ({ path, lines: text.trimEnd().split("\n").length }))
      .filter(({ lines }) => lines > MOST_LINES)
      .map(({ path, lines }) => `${path}: ${lines}`);
    expect(long).toEqual([]);
  });

  it.each(packages)("$name has no files that import one another", ({ folder }) => {
    expect(circlesIn(sourcesIn(join(repository, "packages", folder, "src")))).toEqual([]);
  });
});

it.each(["cli", "dev", "studio"])("the folders of %s are those of CONTRIBUTING.md's table", (name) => {
  const text = readFileSync(join(repository, "CONTRIBUTING.md"), "utf8");
  const [table] = text.slice(text.indexOf(`| folder of \`packages/${name}/src\``)).split("\n\n");
  const named = table
    .split("\n")
    .flatMap((row) => [...row.split("|")[1].matchAll(/`([a-z]+)\/`/g)].map(([, folder]) => folder));
  expect(named.sort()).toEqual([...foldersIn(join(repository, "packages", name, "src"))].sort());
});

/** What runs in a browser but for some folders. */
const libraries = [
  { name: "tsgan", root: src, nodeOnly: ["node"] },
  { name: "theory", root: join(repository, "packages/theory/src"), nodeOnly: [] },
  { name: "study", root: join(repository, "packages/study/src"), nodeOnly: ["node", "redis"] },
];

describe.each(libraries)("the folders of $name", ({ name, root, nodeOnly }) => {
  const sources = sourcesIn(root);
  const found = foldersIn(root);
  const table = found.length === 0 ? [] : tableOf(`folder of \`packages/${name}/src\``);
  const folders = table.map((row) => row.name);

  it("are those of CONTRIBUTING.md's table", () => {
    expect(found.filter((folder) => !folders.includes(folder))).toEqual([]);
    expect(folders.filter((folder) => !found.includes(folder))).toEqual([]);
  });

  it("may use only folders above them", () => {
    for (const folder of folders) {
      const bad = allowedIn(table, folder).filter(
        (used) => notAbove(table, folder).includes(used) || !folders.includes(used),
      );
      expect(bad).toEqual([]);
    }
  });

  it("import only what the table allows them", () => {
    const breaches = sources.flatMap((source) =>
      importsOf(source)
        .filter((specifier) => specifier.startsWith("."))
        .map((specifier) => folderOf(relative(root, join(root, dirname(source.path), specifier))))
        .filter((used) => {
          if (used === "" || used === source.folder) return false;
          return source.folder === "" ? used === TESTING : !allowedIn(table, source.folder).includes(used);
        })
        .map((used) => `${source.path} uses ${used}/`),
    );
    expect(breaches).toEqual([]);
  });

  const portable = sources.filter(
    ({ path, folder }) => !nodeOnly.includes(folder) && !path.endsWith(".node.ts"),
  );

  it("import no module of Node.js, and nothing that needs it", () => {
    const forbidden = new RegExp(
      `^node:|^onnxruntime-node|^sharp$|/(${["node", ...nodeOnly].join("|")})(/|$)`,
    );
    const breaches = portable.flatMap((source) =>
      importsOf(source)
        .filter((specifier) => forbidden.test(specifier))
        .map((specifier) => `${source.path} imports ${specifier}`),
    );
    expect(breaches).toEqual([]);
  });

  it("use neither process nor Buffer", () => {
    const breaches = portable.flatMap((source) =>
      [...freeNames(source)]
        .filter((name) => name === "process" || name === "Buffer" || name === "__dirname")
        .map((name) => `${source.path} uses ${name}`),
    );
    expect(breaches).toEqual([]);
  });

  it.each(["", ...folders].filter((folder) => !nodeOnly.includes(folder)))(
    "bundle for a browser: %s",
    async (folder) => {
      const { metafile } = await bundleForBrowser(join(root, folder, "index.ts"));
      expect(Object.keys(metafile.inputs).filter((path) => /\/src\/(node|redis)\//.test(path))).toEqual([]);
    },
  );
});

describe("adding, as CONTRIBUTING.md says", () => {
  /** `kind | file (function) | list | contract`; paths are within `src`, but for those that begin at the repository. */
  const kinds = readFileSync(join(repository, "CONTRIBUTING.md"), "utf8")
    .split("\n")
    .map(
      (line) =>
        /^\| (\w[\w ]*\w) +\| `(\S+)\/NAME\.ts` \(`(\w+)`\) +\| (.+?) +\| (.+?) +\|$/.exec(line) ?? [],
    )
    .filter(({ length }) => length > 0)
    .map(([, kind, folder, define, list, contract]) => ({ kind, folder, define, list, contract }));

  it("has a row for each kind of definition", () => {
    const named = kinds.map(({ define }) => define.replace("define", "").toLowerCase());
    expect(named.sort()).toEqual(definedKinds.map((kind) => kind.replaceAll(" ", "")).sort());
  });

  it.each(kinds)("a $kind is a file, and a row in its list", ({ folder, define, list, contract }) => {
    const place = folder.startsWith("packages/") ? join(repository, folder) : join(src, folder);
    const fileOf = (cell: string): string => {
      const [, path] = /`(\S+)`/.exec(cell) ?? [];
      return cell.endsWith("beside it") ? join(place, path) : join(src, path);
    };
    const made = new RegExp(`^export const \\w+[^=]*= ${define}\\(`, "m");
    const files = readdirSync(place).filter(
      (file) => /^[^.]+\.ts$/.test(file) && made.test(readFileSync(join(place, file), "utf8")),
    );
    expect(files.length).toBeGreaterThan(2);
    const listed = readFileSync(fileOf(list), "utf8");
    expect(files.filter((file) => !listed.includes(`"./${file}"`))).toEqual([]);
    expect(statSync(fileOf(contract)).isFile()).toBe(true);
  });
});

it("zod, which is large, is loaded only where there is something to check", () => {
  const sources = sourcesIn(src);
  const loads = (text: string, from: string): boolean =>
    new RegExp(`^(?:import|export) (?!type\\b)[^;]*? from "${from}";`, "m").test(text);
  const checkers = sources.filter(({ text }) => loads(text, "zod")).map(({ path }) => path);
  expect(checkers.length).toBeGreaterThan(1);
  const dragged = checkers.flatMap((checker) =>
    sources.filter(({ text }) => loads(text, `[^"]*/${checker.split("/").at(-1)}`)).map(({ path }) => path),
  );
  expect(dragged).toEqual([]);
});

describe("tsgan in a browser", () => {
  it.each([
    ["whole", join(src, "index.ts")],
    [
      "training",
      {
        contents: `
          import { data, resolveConfig, train } from "./index.ts";
          train({ config: resolveConfig({ data: "ring" }), dataset: data.ring() });`,
      },
    ],
    ["distances", { contents: `export * from "./distances/index.ts";` }],
    ["hinge", { contents: `export { hinge } from "./losses/index.ts";` }],
    ["drawing", { contents: `export { loadModel } from "./runtime/index.ts";` }],
    ["sampler", { contents: `export { defineSampler } from "./page/index.ts";` }],
  ] as const)("stays within its budget of bytes: %s", async (name, entry) => {
    const { outputFiles, metafile } = await bundleForBrowser(entry);
    // The code around the .wasm of ONNX Runtime counts where it is most of what there is.
    const runtime = name === "drawing" || name === "sampler" ? gzipSync(readFileSync(runtimeCode)).length : 0;
    const kilobytes = (gzipSync(outputFiles[0].contents).length + runtime) / 1000;
    console.log(
      `tsgan for the browser, ${name}: ${kilobytes.toFixed(1)} kB gzipped, without the .wasm of ONNX Runtime`,
    );
    expect(kilobytes).toBeLessThan(BUDGETS[name]);
    const [output] = Object.values(metafile.outputs);
    const judging = Object.entries(output.inputs).filter(
      ([path, { bytesInOutput }]) => /\/(metrics|figure)\//.test(path) && bytesInOutput > 0,
    );
    expect(judging.length > 0).toBe(name === "whole");
  });
});
