import { defineConfig } from "vitest/config";

/** Milliseconds. A loaded machine is several times slower than an idle one. */
const timeouts = { unit: 60_000, runtime: 120_000, browser: 180_000, long: 600_000 };

/** Tests by need: `unit` runs without ONNX Runtime, `runtime` with it, `browser` in a Chromium, `long` trains. */
const project = (name: keyof typeof timeouts, include: string[], exclude: string[] = []) => ({
  resolve: { conditions: ["tsgan-source", "node", "import", "module", "default"] },
  ssr: { resolve: { conditions: ["tsgan-source", "node", "import", "module", "default"] } },
  test: {
    name,
    include,
    exclude: ["**/node_modules/**", "**/dist/**", ...exclude],
    setupFiles: ["packages/tsgan/src/testing/no-math-random.ts"],
    testTimeout: timeouts[name],
    // A browser shares the machine with the tests beside it, and now and then misses a moment that a test waits for.
    retry: name === "browser" ? 2 : 0,
    hookTimeout: timeouts[name],
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
