/** The licences that are shipped beside bundles, of bundles that are made for the purpose. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { repository } from "tsgan/testing";
import { build, type Plugin } from "vite";
import { afterEach, beforeEach, expect, it } from "vitest";

const { licencesOf, licencePlugins } = (await import(
  pathToFileURL(join(repository, "scripts/licences.mjs")).href
)) as {
  licencesOf: (files: Iterable<string>) => string;
  licencePlugins: (others?: Iterable<string>) => { readonly page: Plugin; readonly worker: Plugin };
};

let folder: string;
const write = (file: string, content: string): void => {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), content);
};

const writePackage = (name: string, licence: string): void => {
  const manifest = { name, version: "1.2.3", license: "MIT", type: "module", main: "index.js" };
  write(`node_modules/${name}/package.json`, JSON.stringify(manifest));
  write(`node_modules/${name}/index.js`, `export const name = "${name}";`);
  write(`node_modules/${name}/${licence}`, `(c) the people of ${name}\n`);
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tsgan-licences-test-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const rule = "=".repeat(80);
const notice = (name: string): string =>
  `${rule}\n${name} 1.2.3: MIT\n${rule}\n\n(c) the people of ${name}\n`;

const buildPage = async (others?: Iterable<string>): Promise<string> => {
  write("index.html", '<script type="module" src="./main.js"></script>');
  write(
    "main.js",
    `import { name } from "of-page";
     new Worker(new URL("./worker.js", import.meta.url), { type: "module" }).postMessage(name);`,
  );
  write("worker.js", 'import { name } from "@scope/of-worker"; postMessage(name);');
  const licences = licencePlugins(others);
  await build({
    root: folder,
    configFile: false,
    logLevel: "silent",
    plugins: [licences.page],
    worker: { format: "es", plugins: () => [licences.worker] },
  });
  return readFileSync(join(folder, "dist/licences.txt"), "utf8");
};

it("are those of all packages in a page and its workers, and of no other", async () => {
  writePackage("of-page", "LICENSE");
  writePackage("@scope/of-worker", "licence.md");
  writePackage("of-nobody", "LICENSE");
  expect(await buildPage()).toBe(`${notice("@scope/of-worker")}\n${notice("of-page")}`);
});

it("are those of bundles beside the page, too, and of no page that is written before anybody asks for it", async () => {
  for (const name of ["of-page", "@scope/of-worker", "of-bundle", "of-server"]) writePackage(name, "LICENSE");
  const bundled = [join(folder, "node_modules/of-bundle/index.js"), join(folder, "own.js")];
  expect(await buildPage(bundled)).toBe(
    [notice("@scope/of-worker"), notice("of-bundle"), notice("of-page")].join("\n"),
  );
  write("server.js", 'export { name } from "of-server";');
  const built = await build({
    root: folder,
    configFile: false,
    logLevel: "silent",
    plugins: [licencePlugins().page],
    build: { ssr: "server.js", write: false },
  });
  const { output } = built as { readonly output: readonly { readonly fileName: string }[] };
  expect(output.map(({ fileName }) => fileName)).toEqual(["server.mjs"]);
});

it("a build ends where a package in a worker has none", async () => {
  writePackage("of-page", "LICENSE");
  writePackage("@scope/of-worker", "README.md");
  await expect(buildPage()).rejects.toThrow("licences: @scope/of-worker 1.2.3 brings none along");
});

const textOf = (name: string): string => licencesOf([join(repository, "node_modules", name, "index.js")]);

it("of packages that come without a text, it is kept here", () => {
  expect(textOf("onnxruntime-common")).toMatch(/MIT License\s+Copyright \(c\) Microsoft/);
  expect(textOf("@docsearch/css")).toMatch(/Algolia, Inc\. and contributors[\s\S]*THE SOFTWARE IS PROVIDED/);
  expect(textOf("@bufbuild/protobuf")).toMatch(/Google Inc[\s\S]*Apache License\s+Version 2\.0/);
});

it("ONNX Runtime's WebAssembly comes with those of what it contains", () => {
  const text = textOf("onnxruntime-web");
  for (const name of ["Eigen", "protocolbuffers/protobuf", "abseil-cpp", "google/flatbuffers", "dawn"])
    expect(text).toMatch(new RegExp(`^_____\\n\\n${name}$`, "m"));
});
