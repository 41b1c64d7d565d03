/**
 * The workloads in Chromium, each in a fresh page: milliseconds until the first iteration is done, the page's start and the
 * loading of ONNX Runtime included, and for one of those that follow.
 *
 *   node packages/dev/dist/bench/browser.js [--only NAME[,NAME]] [--repeats N] [--rounds N] [--other FILE] [--json]
 *
 * `--other` is the built `bench/workloads.js` of another tsgan (0.1: packages/cli/dist/bench/workloads.js), which takes turns.
 */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { median } from "tsgan/statistics";
import { workloads } from "./workloads.ts";

const text = { type: "string" } as const;
const { values } = parseArgs({
  options: {
    only: text,
    repeats: text,
    rounds: text,
    other: text,
    json: { type: "boolean", default: false },
  },
});
const names = values.only?.split(",") ?? Object.keys(workloads);
const repeats = Number(values.repeats ?? 10);
const rounds = Number(values.rounds ?? 3);

interface Times {
  readonly first: number;
  readonly next: number;
}

/** The page's script, and the folder where the ONNX Runtime of this build lies. */
const bundled = async (file: string) => {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        import { configureRuntime } from "tsgan/runtime";
        import { trainerFor } from ${JSON.stringify(file)};
        configureRuntime({ wasmPaths: "/ort/" });
        window.measure = async (name, repeats) => {
          const trainer = trainerFor(name, undefined);
          await trainer.iterate();
          const first = performance.now();
          for (let i = 0; i < repeats; i++) await trainer.iterate();
          return { first, next: (performance.now() - first) / repeats };
        };`,
      resolveDir: dirname(file),
    },
    bundle: true,
    minify: true,
    platform: "browser",
    format: "esm",
    logLevel: "error",
    write: false,
  });
  const web = createRequire(file).resolve("onnxruntime-web");
  return { script: outputFiles[0].text, runtime: dirname(web) };
};

const typeOf = (path: string): string =>
  path.endsWith(".wasm") ? "application/wasm" : path === "/" ? "text/html" : "text/javascript";

/** A server of one build; pages are isolated, so that ONNX Runtime has its threads. */
const serve = async (file: string) => {
  const { script, runtime } = await bundled(file);
  const server = createServer(({ url = "/" }, response) => {
    const path = url.split("?")[0];
    const isRuntime = path.startsWith("/ort/ort-");
    response.writeHead(isRuntime || path === "/" || path === "/page.js" ? 200 : 404, {
      "content-type": typeOf(path),
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
    });
    if (isRuntime) response.end(readFileSync(join(runtime, path.slice("/ort/".length))));
    else response.end(path === "/" ? '<script type="module" src="/page.js"></script>' : script);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, server };
};

const own = fileURLToPath(new URL("workloads.js", import.meta.url));
const builds = [own, ...(values.other === undefined ? [] : [values.other])];
const served = await Promise.all(builds.map(serve));
const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";

/** A browser of its own: nothing is compiled or cached from before. */
const measure = async (address: string, name: string): Promise<Times> => {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage();
    await page.goto(address);
    const call = `measure(${JSON.stringify(name)}, ${repeats})`;
    await page.waitForFunction("window.measure !== undefined");
    return (await page.evaluate(call)) as Times;
  } finally {
    await browser.close();
  }
};

try {
  for (const name of names) {
    const times: Times[][] = builds.map(() => []);
    for (let round = 0; round < rounds; round++) {
      for (const [i, { address }] of served.entries()) times[i].push(await measure(address, name));
    }
    const figures = times.map((list) => ({
      first: median(list.map(({ first }) => first)),
      next: median(list.map(({ next }) => next)),
    }));
    if (values.json) console.log(JSON.stringify({ name, figures }));
    else {
      const shown = figures.map(
        ({ first, next }) => `first step after ${first.toFixed(0)} ms, then ${next.toFixed(1)} ms`,
      );
      console.log(`${name.padEnd(18)} ${shown.join("; other: ")}`);
    }
  }
} finally {
  for (const { server } of served) server.close();
}
