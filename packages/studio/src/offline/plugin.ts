/** Builds the service worker beside the page, as `sw.js`, with the names of all files that were built. */
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const NAME = "sw.js";

export const serviceWorker = (): Plugin => ({
  name: "tsgan-service-worker",
  apply: "build",
  buildStart() {
    this.emitFile({
      type: "chunk",
      id: fileURLToPath(new URL("service-worker.ts", import.meta.url)),
      fileName: NAME,
    });
  },
  generateBundle: {
    order: "post",
    handler(_options, bundle) {
      const chunk = bundle[NAME];
      if (chunk?.type !== "chunk") throw new Error(`${NAME} was not built`);
      if (chunk.imports.length > 0)
        throw new Error(`${NAME}: it must stand alone; it imports ${chunk.imports}`);
      const files = Object.keys(bundle)
        .filter((name) => name.startsWith("assets/") && !name.endsWith(".map"))
        .sort();
      // Their names hold hashes of their contents; the page's is changed with them.
      const version = createHash("sha256").update(files.join("\n")).digest("hex").slice(0, 12);
      chunk.code = chunk.code
        .replaceAll("__BUILT_FILES__", JSON.stringify(files))
        .replaceAll("__BUILT_VERSION__", JSON.stringify(version));
    },
  },
});
