#!/usr/bin/env node
/**
 * Makes a checkout ready: checks Node.js, installs the packages of package-lock.json where they are missing or of
 * another version, and builds the packages and the studio's page. Node.js built-ins only, so that it runs on a bare
 * machine.
 *
 *     node scripts/setup.mjs [--quiet]
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { licencesOf } from "./licences.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const quiet = process.argv.includes("--quiet");

const OLDEST_NODE = [20, 19];
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
  fail(
    `tsgan needs Node.js ${OLDEST_NODE.join(".")} or newer; this is ${process.version}; see https://nodejs.org`,
  );
}

const reason = whyInstall();
if (reason !== undefined) {
  say(`installing packages (${reason})`);
  const started = Date.now();
  run("npm ci", ...npm(["ci", "--no-audit", "--no-fund"]));
  say(`packages installed in ${seconds(started)}`);
}

copyRuntime();

const started = Date.now();
run("tsc -b", process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-b", "--pretty", "false"]);
for (const name of readdirSync(join(root, "packages"))) removeStale(join(root, "packages", name));
if (bundleIsStale()) await bundleForPages();
if (pageIsStale()) {
  run("vite build", process.execPath, [
    join(root, "node_modules/vite/bin/vite.js"),
    ...["build", join(root, "packages/studio"), "--logLevel", "warn"],
  ]);
}
say(`built in ${seconds(started)}`);

/**
 * ONNX Runtime's WebAssembly, which the package tsgan brings: 14 MB of the 139 that onnxruntime-web is. `ort.wasm` is for
 * browsers, `ort.node` for Node.js, the other two are read by both.
 */
function copyRuntime() {
  const from = join(root, "node_modules/onnxruntime-web/dist");
  const to = join(root, "packages/tsgan/assets/onnxruntime");
  for (const name of [
    ...["ort.wasm.bundle.min.mjs", "ort.node.min.mjs"],
    ...["ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm"],
  ]) {
    const bytes = readFileSync(join(from, name));
    if (existsSync(join(to, name)) && readFileSync(join(to, name)).equals(bytes)) continue;
    writeFileSync(join(to, name), bytes);
  }
}

function bundleIsStale() {
  const bundle = join(root, "packages/tsgan/assets/tsgan.min.js");
  if (!existsSync(bundle)) return true;
  const built = statSync(bundle).mtimeMs;
  return ["packages/tsgan/src", "package-lock.json", "scripts/licences.mjs"].some((path) =>
    newerThan(built, join(root, path)),
  );
}

/** tsgan as one file, for pages without a build, with the licences of what is in it; ONNX Runtime's code stays beside its `.wasm`. */
async function bundleForPages() {
  const { build } = await import("esbuild");
  const assets = join(root, "packages/tsgan/assets");
  const runtime = "./onnxruntime/ort.wasm.bundle.min.mjs";
  const { metafile } = await build({
    entryPoints: [join(root, "packages/tsgan/dist/index.js")],
    outfile: join(assets, "tsgan.min.js"),
    banner: { js: "/*! tsgan, MIT; licences.txt beside this file has those of others in it */" },
    absWorkingDir: root,
    metafile: true,
    bundle: true,
    minify: true,
    format: "esm",
    legalComments: "none",
    logLevel: "error",
    external: ["onnxruntime-web/jspi", "onnxruntime-web/webgpu"],
    plugins: [
      {
        name: "beside",
        setup: ({ onResolve }) => {
          onResolve({ filter: /^#onnxruntime-wasm$/ }, () => ({ path: runtime, external: true }));
        },
      },
    ],
  });
  const inputs = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs));
  const files = inputs.flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? join(root, path) : []));
  writeFileSync(join(assets, "licences.txt"), licencesOf(files));
}

/** Removes what was built from files that are gone: packages would hold it. */
function removeStale(folder) {
  const out = join(folder, existsSync(join(folder, "vite.config.ts")) ? "types" : "dist");
  if (!existsSync(out)) return;
  for (const path of readdirSync(out, { recursive: true })) {
    const source = /^(.*?)\.(d\.ts|js)(\.map)?$/.exec(path)?.[1];
    if (source === undefined) continue;
    // Maps were written until 0.2.
    const exists =
      !path.endsWith(".map") && [".ts", ".tsx"].some((end) => existsSync(join(folder, "src", source + end)));
    if (!exists) rmSync(join(out, path));
  }
}

/** Whether something that the studio's page is made of is newer than the page. */
function pageIsStale() {
  const page = join(root, "packages/studio/dist/index.html");
  if (!existsSync(page)) return true;
  const built = statSync(page).mtimeMs;
  return [
    ...["packages/studio", "packages/tsgan/src", "packages/theory/src"],
    ...["package-lock.json", "scripts/licences.mjs"],
  ].some((path) => newerThan(built, join(root, path)));
}

function newerThan(time, path) {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs > time;
  return readdirSync(path).some(
    (name) => !["dist", "types", "node_modules"].includes(name) && newerThan(time, join(path, name)),
  );
}

/** Why the packages must be installed, or undefined when they are those of the lock file. */
function whyInstall() {
  const installedFile = join(root, "node_modules/.package-lock.json");
  if (!existsSync(installedFile)) return "there is no node_modules";
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  const installed = JSON.parse(readFileSync(installedFile, "utf8")).packages;
  for (const [path, { version, optional, link }] of Object.entries(wanted)) {
    // Optional packages are those of other platforms; the root and the workspaces are not installed.
    if (link || !path.includes("node_modules/") || (optional && installed[path] === undefined)) continue;
    const found = installed[path]?.version;
    if (found !== version) return `${path} should be ${version}, is ${found ?? "missing"}`;
  }
  return undefined;
}

/** The npm that started this script, or the one on the path. */
function npm(args) {
  const cli = process.env.npm_execpath;
  if (cli?.endsWith("npm-cli.js")) return [process.execPath, [cli, ...args]];
  return ["npm", args];
}

function run(what, command, args) {
  const { status, error, stdout } = spawnSync(command, args, {
    cwd: root,
    stdio: ["ignore", quiet ? "pipe" : "inherit", "inherit"],
    // On Windows npm is a script, which only a shell starts.
    shell: command === "npm" && process.platform === "win32",
  });
  if (error !== undefined) fail(`${what} could not be started: ${error.message}`);
  // tsc reports its errors on stdout.
  if (status !== 0 && stdout !== null) process.stderr.write(stdout);
  if (status !== 0) fail(`${what} failed (exit code ${status})`);
}

function seconds(since) {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}

function say(text) {
  if (!quiet) console.log(`setup: ${text}`);
}

function fail(text) {
  console.error(`setup: ${text}`);
  process.exit(1);
}
