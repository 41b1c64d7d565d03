/** Where this code lies, and the files of ONNX Runtime's WebAssembly, also where tsgan is part of a bundle. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { RunError } from "../errors.ts";

const { url } = import.meta as { readonly url?: string };

/** Whether this is part of a bundle of CommonJS, where `import.meta` is empty. */
export const isCommonJs = url === undefined;

/** The file that is run. */
export const here: string = url ?? pathToFileURL(process.argv[1] ?? join(process.cwd(), "program.js")).href;

const FILES = ["ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm"] as const;
const ASSETS = "assets/onnxruntime";

const has = (folder: string): boolean => FILES.every((file) => existsSync(join(folder, file)));

/** The folder of the package as it is found from a file. */
const installedFrom = (origin: string): readonly string[] => {
  try {
    return [dirname(createRequire(origin).resolve("tsgan/package.json"))];
  } catch {
    return [];
  }
};

/**
 * Addresses of the two files that WebAssembly needs; undefined where they lie in the package that this code is part of, as they
 * usually do.
 *
 * @throws RunError where a bundle has left them behind
 */
export const wasmFiles = (
  origin = here,
  cwd = process.cwd(),
): { readonly mjs: string; readonly wasm: string } | undefined => {
  const own = fileURLToPath(new URL(".", origin));
  if (has(join(own, "../..", ASSETS))) return undefined;
  const folders = [
    own,
    ...[origin, join(cwd, "package.json")].flatMap(installedFrom).map((folder) => join(folder, ASSETS)),
  ];
  const folder = folders.find(has);
  if (folder === undefined) {
    throw new RunError(
      `device wasm: ${FILES.join(" and ")} are not beside ${fileURLToPath(origin)}, and tsgan is not installed there; ` +
        `copy them there from node_modules/tsgan/${ASSETS}/, or leave tsgan out of the bundle (external: ["tsgan"])`,
    );
  }
  const [mjs, wasm] = FILES.map((file) => pathToFileURL(join(folder, file)).href);
  return { mjs, wasm };
};
