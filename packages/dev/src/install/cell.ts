/** One cell of the matrix: a clean folder, an installation, twenty steps, samples. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Manager, type ManagerName, managers, type Place, type Scripts } from "./managers.ts";
import { run } from "./run.ts";

export const STEPS = 20;

/** What is installed: the library alone, or with onnxruntime-node, or the command, whole or with what it must have, or run without. */
export const WHAT = [
  "tsgan",
  "tsgan + onnxruntime-node",
  "@tsgan/cli",
  "@tsgan/cli alone",
  "npx @tsgan/cli",
] as const;
export type What = (typeof WHAT)[number];

export interface Cell {
  readonly manager: ManagerName;
  readonly what: What;
  readonly scripts: Scripts;
  /** Major version of Node.js; of a runtime of its own, its name. */
  readonly node: string;
}

/** Whether there is such a cell: what fails by onnxruntime-node's own script, and options that only npm has, are left out. */
export const exists = ({ what, scripts, manager }: Cell): boolean => {
  const runsScripts = scripts === "on" || scripts === "unreachable";
  if (what === "tsgan + onnxruntime-node") return scripts === "off";
  if (what === "@tsgan/cli alone") return manager === "npm" && runsScripts;
  return what !== "npx @tsgan/cli" || (runsScripts && (managers[manager] as Manager).once !== undefined);
};

export interface Result {
  /** Where it ran. */
  readonly device: string;
  /** Losses of every step, discriminator's and generator's. */
  readonly losses: readonly (readonly number[])[];
  /** Installed size in MB; 0 where nothing lies in the folder. */
  readonly megabytes: number;
}

const PACKAGES: Readonly<Record<What, readonly string[]>> = {
  tsgan: ["tsgan"],
  "tsgan + onnxruntime-node": ["tsgan", "onnxruntime-node@1.30.0"],
  "@tsgan/cli": ["@tsgan/cli"],
  "@tsgan/cli alone": ["@tsgan/cli", "--omit=optional"],
  "npx @tsgan/cli": ["@tsgan/cli"],
};

const PROGRAM = `
import { data, resolveConfig, train } from "tsgan";
import { defaultDevice } from "tsgan/runtime";

const losses = [];
const { trainer } = await train({
  config: resolveConfig({ data: "ring", steps: ${STEPS} }),
  dataset: data.ring(),
  onStep: ({ discriminatorLoss, generatorLoss }) => { losses.push([discriminatorLoss, generatorLoss]); },
});
const samples = await trainer.sample(100);
if (samples.length !== 200 || !samples.every(Number.isFinite)) throw new Error("these are no samples");
await trainer.dispose();
console.log(JSON.stringify({ device: defaultDevice(), losses }));
`;

const bytesIn = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).reduce(
    (sum, entry) => sum + (entry.isFile() ? statSync(join(entry.parentPath, entry.name)).size : 0),
    0,
  );

/** Trains by the command. `command`: what starts it. */
const byCommand = async (
  command: readonly string[],
  what: What,
  { folder }: Place,
  env: Record<string, string>,
) => {
  const tsgan = (...args: string[]) => run([...command, ...args], { cwd: folder, env });
  await tsgan("train", "ring", "--steps", String(STEPS), "--out", "run");
  // What draws points is left out of the one; in the other sharp finds its library by names that yarn gives to packages of npm's own
  // registry, and not to those of another.
  const draws = what !== "@tsgan/cli alone" && !existsSync(join(folder, ".pnp.cjs"));
  if (draws) await tsgan("sample", "run", "--count", "100", "--out", "points.png");
  const { device } = JSON.parse(readFileSync(join(folder, "run/config.json"), "utf8"));
  const losses = readFileSync(join(folder, "run/metrics.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
    .map(({ discriminatorLoss, generatorLoss }) => [discriminatorLoss, generatorLoss]);
  return { device, losses };
};

/** How people say that they are behind a proxy. */
const behind = (proxy: string): Record<string, string> =>
  Object.fromEntries(
    [
      "HTTP_PROXY",
      "HTTPS_PROXY",
      "http_proxy",
      "https_proxy",
      "npm_config_proxy",
      "npm_config_https_proxy",
    ].map((name) => [name, proxy]),
  );

/**
 * Installs and trains in `root`, which is empty.
 *
 * @param proxy address of a proxy through which alone the registry is reached
 * @param tool file of the package manager
 * @param node the Node.js that runs it, and what was installed
 */
export const tryCell = async (
  { manager: name, what, scripts }: Cell,
  {
    root,
    registry,
    tool,
    node,
    cache,
    proxy,
  }: Record<"root" | "registry" | "tool" | "node" | "cache", string> & {
    readonly proxy?: string | undefined;
  },
): Promise<Result> => {
  const manager: Manager = managers[name];
  const [folder, home] = ["project", "home"].map((each) => join(root, each));
  for (const each of [folder, home]) mkdirSync(each, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "name": "project", "private": true, "type": "module" }\n');
  const place: Place = { folder, registry, scripts, node, proxy };
  manager.prepare?.(place);
  const env = {
    HOME: home,
    PATH: `${join(node, "..")}:${process.env.PATH}`,
    npm_config_registry: registry,
    NPM_CONFIG_REGISTRY: registry,
    npm_config_cache: join(cache, "npm"),
    npm_config_store_dir: join(cache, "pnpm"),
    YARN_CACHE_FOLDER: join(cache, name.replace(" ", "")),
    BUN_INSTALL_CACHE_DIR: join(cache, "bun"),
    DENO_DIR: join(cache, "deno"),
    // What the scripts of onnxruntime-node download is not there.
    ...(proxy !== undefined && behind(proxy)),
    ...(scripts === "unreachable" && { GLOBAL_AGENT_HTTPS_PROXY: "http://127.0.0.1:9" }),
  };
  const packages = PACKAGES[what];
  if (what === "npx @tsgan/cli") {
    const once = manager.once?.(tool, packages[0], place) ?? [];
    return { ...(await byCommand(once, what, place, env)), megabytes: 0 };
  }
  await run(manager.install(tool, packages, place), { cwd: folder, env });
  const start = manager.start?.(tool, node) ?? [node];
  const modules = join(folder, "node_modules");
  const megabytes = existsSync(modules) ? Math.round(bytesIn(modules) / 1e6) : 0;
  if (what.startsWith("@tsgan/cli")) {
    const bin = join(modules, "@tsgan/cli/bin/tsgan.js");
    const command = existsSync(bin) ? [...start, bin] : [...start.slice(0, -1), "tsgan"];
    return { ...(await byCommand(command, what, place, env)), megabytes };
  }
  writeFileSync(join(folder, "program.js"), PROGRAM);
  const output = await run([...start, "program.js"], { cwd: folder, env });
  return { ...JSON.parse(output), megabytes };
};
