// Nothing here is for tsgan but the headers, which allow threads.
const headers = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

export default {
  // Relative addresses: the built page works in any folder of any host.
  base: "./",
  worker: { format: "es" },
  // Vite 7's development server loses the .wasm file without this line; Vite 8 does not need it.
  // optimizeDeps: { exclude: ["tsgan"], include: ["tsgan > papaparse"] },
  server: { headers },
  preview: { headers },
};
