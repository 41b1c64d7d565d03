/**
 * The licences of what others have written and a bundle of ours contains: one text, which is shipped beside the bundle. Node.js
 * built-ins only.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const runtime = join(root, "packages/tsgan/assets/onnxruntime");

/** ONNX Runtime's own licence, without the words on the folder where it is kept. */
const ofRuntime = () => {
  const text = readFileSync(join(runtime, "LICENSE"), "utf8");
  return text.slice(text.indexOf("MIT License"));
};

/** Texts of packages that have none in them. */
const texts = {
  "@bufbuild/protobuf": () => readFileSync(join(root, "scripts/licences/protobuf-es.txt"), "utf8"),
  // With the words on its rights that its files begin with.
  "@docsearch/css": () => readFileSync(join(root, "scripts/licences/docsearch.txt"), "utf8"),
  "onnxruntime-common": ofRuntime,
  // Its WebAssembly contains much of others.
  "onnxruntime-web": () => `${ofRuntime()}\n${readFileSync(join(runtime, "ThirdPartyNotices.txt"), "utf8")}`,
};

/** `…/node_modules/@scope/name/dist/x.js` → `…/node_modules/@scope/name` */
const PACKAGE = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

const noticeOf = (folder) => {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((file) => /^(licen[cs]e|copying)/i.test(file));
  const text = texts[name]?.() ?? (file && readFileSync(join(folder, file), "utf8"));
  if (!text || !license)
    throw new Error(`licences: ${name} ${version} brings none along; add its text to scripts/licences.mjs`);
  return { title: `${name} ${version}: ${license}`, text: text.trim() };
};

/**
 * @param {Iterable<string>} files modules of a bundle: those below `node_modules/` are of others
 * @returns {string} packages by name, each with its version, licence and text
 * @throws {Error} for a package without a licence
 */
export const licencesOf = (files) => {
  const paths = [...files].map((file) => file.replaceAll("\\", "/").replace(/^\0/, ""));
  const folders = new Set(paths.flatMap((path) => PACKAGE.exec(path)?.[0] ?? []));
  const notices = new Map([...folders].map(noticeOf).map(({ title, text }) => [title, text]));
  const rule = "=".repeat(80);
  return [...notices]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([title, text]) => `${rule}\n${title}\n${rule}\n\n${text}\n`)
    .join("\n");
};

/**
 * Plugins of Vite that write `licences.txt` beside a page: one for the page's build, one for those of its workers.
 *
 * @param {Iterable<string>} others modules of bundles beside the page that another builder has made
 */
export const licencePlugins = (others = []) => {
  const files = new Set(others);
  const collect = (bundle) => {
    for (const chunk of Object.values(bundle)) for (const id of chunk.moduleIds ?? []) files.add(id);
  };
  return {
    page: {
      name: "tsgan-licences",
      // What a page is written with before anybody asks for it goes nowhere.
      apply: (_config, { command, isSsrBuild }) => command === "build" && !isSsrBuild,
      // The last of the builds: by then the page's modules have asked for all workers.
      generateBundle(_options, bundle) {
        collect(bundle);
        this.emitFile({ type: "asset", fileName: "licences.txt", source: licencesOf(files) });
      },
    },
    worker: { name: "tsgan-licences-of-workers", generateBundle: (_options, bundle) => collect(bundle) },
  };
};
