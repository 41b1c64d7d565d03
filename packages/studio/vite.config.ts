import { defineConfig } from "vite";
import { licencePlugins } from "../../scripts/licences.mjs";
import { prepareData } from "./scripts/prepare-data.mjs";
import { lessonFormulas } from "./src/lessons/formulas-plugin.ts";
import { serviceWorker } from "./src/offline/plugin.ts";

/** What threads of WebAssembly need: without these two headers a page has no SharedArrayBuffer. */
const headers = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

const licences = licencePlugins();

export default defineConfig({
  root: import.meta.dirname,
  // Relative addresses: the built page works from any folder of any host.
  base: "./",
  resolve: {
    conditions: ["tsgan-source", "module", "browser", "import", "default"],
    // Its page loads the .wasm file itself, with a bar: that of the build that every browser runs.
    alias: { "onnxruntime-web/jspi": "onnxruntime-web/webgpu" },
  },
  plugins: [
    { name: "tsgan-data", buildStart: () => prepareData() },
    lessonFormulas(),
    serviceWorker(),
    licences.page,
  ],
  worker: { format: "es", plugins: () => [licences.worker] },
  build: {
    target: "es2022",
    // Browsers that know light-dark(): what it would be lowered to follows the system alone, not the page's choice.
    cssTarget: ["chrome123", "edge123", "firefox120", "safari17.5"],
    chunkSizeWarningLimit: 600,
  },
  server: { host: "127.0.0.1", headers },
  preview: { host: "127.0.0.1", headers },
});
