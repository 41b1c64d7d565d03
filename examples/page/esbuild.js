// The same page by esbuild, which does not know of ONNX Runtime's .wasm file: it is copied beside the scripts.
import { copyFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

await build({
  entryPoints: ["page.js", "worker.js"],
  outdir: "dist",
  bundle: true,
  minify: true,
  format: "esm",
  // ONNX Runtime gets a file of its own, from which it starts its threads.
  splitting: true,
});
await copyFile("index.html", "dist/index.html");
const file = "ort-wasm-simd-threaded.wasm";
await copyFile(fileURLToPath(import.meta.resolve(`tsgan/${file}`)), `dist/${file}`);
