/** The example of the first page: a page's script and its worker, beside ONNX Runtime's WebAssembly. */
import { copyFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL("demo/", import.meta.url));
const runtime = fileURLToPath(new URL("../node_modules/onnxruntime-web/dist/", import.meta.url));

/** @returns {Promise<string[]>} paths of all that its scripts contain */
export async function makeDemo(outdir) {
  const { metafile } = await build({
    entryPoints: [join(here, "page.ts"), join(here, "worker.ts")],
    outdir,
    bundle: true,
    minify: true,
    format: "esm",
    // ONNX Runtime gets a file of its own, from which it starts its threads.
    splitting: true,
    conditions: ["tsgan-source"],
    external: ["onnxruntime-web/jspi", "onnxruntime-web/webgpu"],
    logLevel: "warning",
    metafile: true,
  });
  const file = "ort-wasm-simd-threaded.wasm";
  copyFileSync(join(runtime, file), join(outdir, file));
  return Object.keys(metafile.inputs).map((path) => resolve(path));
}
