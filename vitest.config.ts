import { defineConfig } from "vitest/config";

/** Tests by need: `unit` runs without ONNX Runtime, `runtime` with it, `browser` in a Chromium, `long` trains. */
const project = (name: string, include: string[], exclude: string[] = []) => ({
  resolve: { conditions: ["tsgan-source", "node", "import", "module", "default"] },
  ssr: { resolve: { conditions: ["tsgan-source", "node", "import", "module", "default"] } },
  test: {
    name,
    include,
    exclude: ["**/node_modules/**", "**/dist/**", ...exclude],
    setupFiles: ["packages/tsgan/src/testing/no-math-random.ts"],
    testTimeout: name === "unit" ? 20_000 : 600_000,
    hookTimeout: 600_000,
  },
});

const special = ["**/*.runtime.test.ts", "**/*.browser.test.ts", "**/*.long.test.ts"];

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      project("unit", ["packages/*/src/**/*.test.ts"], special),
      project("runtime", ["packages/*/src/**/*.runtime.test.ts"]),
      project("browser", ["packages/*/src/**/*.browser.test.ts"]),
      project("long", ["packages/*/src/**/*.long.test.ts"]),
    ],
  },
});
