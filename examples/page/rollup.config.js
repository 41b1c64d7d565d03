// The same page by rollup: npm install --save-dev rollup @rollup/plugin-node-resolve @rollup/plugin-commonjs; npx rollup -c
import { copyFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import commonjs from "@rollup/plugin-commonjs";
import nodeResolve from "@rollup/plugin-node-resolve";

/** rollup does not know of the page and of ONNX Runtime's .wasm file: they are copied beside the scripts. */
const copies = {
  name: "copies",
  writeBundle: async () => {
    const file = "ort-wasm-simd-threaded.wasm";
    await copyFile("index.html", "dist/index.html");
    await copyFile(fileURLToPath(import.meta.resolve(`tsgan/${file}`)), `dist/${file}`);
  },
};

export default {
  input: ["page.js", "worker.js"],
  output: { dir: "dist", format: "es" },
  plugins: [nodeResolve({ browser: true }), commonjs(), copies],
  // Only the device webgpu needs it.
  external: ["onnxruntime-web/jspi", "onnxruntime-web/webgpu"],
};
