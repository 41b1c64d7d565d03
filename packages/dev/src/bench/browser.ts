/**
 * The workloads in Chromium, each in a fresh page: milliseconds until the first iteration is done, the page's start and the
 * loading of ONNX Runtime included, and for one of those that follow (the median, after a second of warm-up).
 *
 *   node packages/dev/dist/bench/browser.js [--only NAME[,NAME]] [--seconds 3] [--threads N] [--rounds 3] [--other FILE]
 *     [--peer tfjs,jax-js] [--ways wasm,webgl] [--write FILE] [--json]
 *
 * `--other` is the built `bench/workloads.js` of another tsgan (0.1: packages/cli/dist/bench/workloads.js), `--peer` a rival; all take
 * turns, round by round. A rival starts with our weights and is fed what we are fed; its losses of the first two iterations must be
 * ours. With `--seconds 0` only the first two iterations are timed. `--threads` are ours only, by default one
 * for small networks below four cores, as the studio has it, else the trainer's choice.
 * `--write` puts the table into a Markdown file, between its marks.
 */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { availableParallelism, loadavg } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { UsageError } from "tsgan";
import type { Times as Timed } from "tsgan/speed";
import { median } from "tsgan/statistics";
import { launch } from "tsgan/testing";
import { isWrongUse } from "../script.ts";
import { type BrowserRow, browserLine, browserTable } from "./browser-table.ts";
import { differenceOf, SAME } from "./difference.ts";
import { type Rival, rivalsOf } from "./rivals.ts";
import { writeTable } from "./table.ts";
import { workloads } from "./workloads.ts";

const text = { type: "string" } as const;
const trained = Object.keys(workloads).filter((name) => workloads[name].samples === undefined);

const numberOf = (name: string, given: string | undefined, usual: number, least: number): number => {
  const value = Number(given ?? usual);
  if (value >= least && Number.isFinite(value)) return value;
  throw new UsageError(`bench: --${name} must be a number of at least ${least}; got ${given}`);
};

const optionsOf = () => {
  const { values } = parseArgs({
    options: {
      only: text,
      seconds: text,
      threads: text,
      rounds: text,
      other: text,
      peer: text,
      ways: text,
      write: text,
      json: { type: "boolean", default: false },
    },
  });
  const names = values.only?.split(",") ?? trained;
  const unknown = names.find((name) => !trained.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(`bench: unknown workload "${unknown}" (known: ${trained.join(", ")})`);
  }
  return {
    ...values,
    names,
    seconds: numberOf("seconds", values.seconds, 3, 0),
    rounds: numberOf("rounds", values.rounds, 3, 1),
    threads: values.threads === undefined ? undefined : numberOf("threads", values.threads, 1, 1),
    rivals: values.peer === undefined ? [] : rivalsOf(values.peer, values.ways?.split(",")),
  };
};
type Options = ReturnType<typeof optionsOf>;

/** Wrong use ends it before anything is measured. */
const readOptions = (): Options => {
  try {
    return optionsOf();
  } catch (error) {
    if (!isWrongUse(error)) throw error;
    console.error(error.message);
    process.exit(2);
  }
};
const options = readOptions();
const { seconds, rounds } = options;

/** Small networks: below four cores a second thread costs more than it gives. */
const isSmall = (name: string): boolean => /^(mlp|table)-/.test(name) && availableParallelism() < 4;
const threadsOf = (name: string): number | undefined => options.threads ?? (isSmall(name) ? 1 : undefined);

/** A page that is given up is too slow for a table. */
const LONGEST_MS = 120_000;

interface Contestant {
  /** "" for this build. */
  readonly name: string;
  /** What it can train; all without. */
  readonly trains?: RegExp;
  /** What runs before `measure(name)` is called. */
  readonly script: string;
  /** Where the files lie that the page asks for by name, under each folder's. */
  readonly folders: Readonly<Record<string, string>>;
}

type Times = Timed<Readonly<Record<string, number>>>;

/** Of this build, also where another is timed. */
const timing = createRequire(import.meta.url).resolve("tsgan/speed");

const bundled = async (contents: string, modules: readonly string[] = []): Promise<string> => {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: dirname(timing) },
    nodePaths: [...modules],
    bundle: true,
    minify: true,
    platform: "browser",
    format: "esm",
    logLevel: "error",
    write: false,
  });
  return outputFiles[0].text;
};

/** A build of tsgan: its script, and the ONNX Runtime of that build. */
const buildOf = async (name: string, file: string): Promise<Contestant> => ({
  name,
  script: await bundled(`
    import { configureRuntime } from ${JSON.stringify(createRequire(file).resolve("tsgan/runtime"))};
    import { trainerFor } from ${JSON.stringify(file)};
    import { timed } from ${JSON.stringify(timing)};
    configureRuntime({ wasmPaths: "/files/" });
    window.measure = (name, seconds, threads) => {
      const trainer = trainerFor(name, threads);
      return timed(() => trainer.iterate(), seconds);
    };`),
  folders: { "/files/": dirname(createRequire(file).resolve("onnxruntime-web")) },
});

const rivalPage = async ({ name, way, trains, script, modules, files }: Rival): Promise<Contestant> => ({
  name,
  trains,
  script: await bundled(
    `
    import { start } from ${JSON.stringify(script)};
    import { givenTo } from ${JSON.stringify(fileURLToPath(new URL("rival-page.js", import.meta.url)))};
    import { timed } from ${JSON.stringify(timing)};
    window.measure = async (name, seconds) =>
      timed(await start(await givenTo(name, ${JSON.stringify(way)})), seconds);`,
    [modules],
  ),
  folders: files === undefined ? {} : { "/files/": files },
});

const typeOf = (path: string): string =>
  path.endsWith(".wasm") ? "application/wasm" : path === "/" ? "text/html" : "text/javascript";

/** A server of one page; it is isolated, so that threads are allowed. */
const serve = async ({ script, folders }: Contestant) => {
  const server = createServer(({ url = "/" }, response) => {
    const path = url.split("?")[0];
    const [, folder] = Object.entries(folders).find(([prefix]) => path.startsWith(prefix)) ?? [];
    const isKnown = folder !== undefined || path === "/" || path === "/page.js";
    response.writeHead(isKnown ? 200 : 404, {
      "content-type": typeOf(path),
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
    });
    if (folder !== undefined) response.end(readFileSync(join(folder, basename(path))));
    else response.end(path === "/" ? '<script type="module" src="/page.js"></script>' : script);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, server };
};

/** A browser of its own: nothing is compiled or cached from before. Gives why it failed where it did. */
const measure = async (address: string, name: string): Promise<Times | string> => {
  const browser = await launch({ webgpu: false });
  try {
    const opened = await browser.newPage();
    await opened.goto(address);
    await opened.waitForFunction("window.measure !== undefined");
    const measured = opened.evaluate(
      `measure(${JSON.stringify(name)}, ${seconds}, ${threadsOf(name)})`,
    ) as Promise<Times>;
    const end = new AbortController();
    const late = new Promise<string>((resolve) => {
      const timer = setTimeout(() => resolve(`not done in ${LONGEST_MS / 1000} s`), LONGEST_MS);
      end.signal.addEventListener("abort", () => clearTimeout(timer));
    });
    return await Promise.race([measured, late]).finally(() => end.abort());
  } catch (error) {
    return (error as Error).message.replace(/^page\.evaluate: /, "").split("\n")[0];
  } finally {
    await browser.close();
  }
};

/** Of one contestant, over all rounds so far. */
interface Found {
  readonly times: Times[];
  failure?: string;
}

const rowOf = (workload: string, contestants: readonly Contestant[], found: readonly Found[]): BrowserRow => {
  const figures = (of: readonly Times[]) => ({
    first: median(of.map(({ first }) => first)),
    next: median(of.map(({ ms }) => ms)),
  });
  const [own, ...others] = found;
  return {
    workload,
    rounds: own.times.length,
    own: figures(own.times),
    others: others.map(({ times, failure }, i) => {
      const { name } = contestants[i + 1];
      if (failure !== undefined || times.length === 0) return { name, failure };
      return { name, ...figures(times), difference: differenceOf(own.times[0].results, times[0].results) };
    }),
  };
};

/** One workload, round by round. What fails, or computes something else, is not run again. */
const compete = async (
  workload: string,
  contestants: readonly Contestant[],
  addresses: readonly string[],
): Promise<BrowserRow> => {
  const found: Found[] = contestants.map(() => ({ times: [] }));
  for (let round = 0; round < rounds; round++) {
    for (const [i, address] of addresses.entries()) {
      if (found[i].failure !== undefined || contestants[i].trains?.test(workload) === false) continue;
      const result = await measure(address, workload);
      if (typeof result === "string") {
        if (i === 0) throw new Error(`${workload}: ${result}`);
        found[i].failure = result;
        continue;
      }
      const difference = differenceOf((found[0].times[0] ?? result).results, result.results);
      if (!(difference <= SAME))
        found[i].failure = `other losses: they differ by ${difference.toExponential(1)}`;
      else found[i].times.push(result);
    }
  }
  return rowOf(workload, contestants, found);
};

const contestants = await Promise.all([
  buildOf("", fileURLToPath(new URL("workloads.js", import.meta.url))),
  ...(options.other === undefined ? [] : [buildOf("other", options.other)]),
  ...options.rivals.map(rivalPage),
]);
const served = await Promise.all(contestants.map(serve));
const loadBefore = loadavg()[0];
try {
  const rows: BrowserRow[] = [];
  for (const name of options.names) {
    const row = await compete(
      name,
      contestants,
      served.map(({ address }) => address),
    );
    rows.push(row);
    console.log(options.json ? JSON.stringify(row) : browserLine(row));
  }
  if (options.write !== undefined) {
    const browser = await launch({ webgpu: false });
    const version = `Chromium ${browser.version()}`;
    await browser.close();
    const titles = [...new Set(options.rivals.map(({ title }) => title))];
    writeTable(
      options.write,
      browserTable(rows, [version, ...titles], [loadBefore, loadavg()[0]]),
      "node packages/dev/dist/bench/browser.js --write",
    );
  }
} finally {
  for (const { server } of served) server.close();
}
