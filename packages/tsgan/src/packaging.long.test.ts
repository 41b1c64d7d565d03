import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { folder, launch, serve } from "./testing/browser.ts";
import { findChromium } from "./testing/chromium.ts";
import { repository } from "./testing/repository.ts";

/** npm's variables describe the checkout; an npm that is started elsewhere must not see them. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^npm_(package|lifecycle|config_local_prefix)|^INIT_CWD/.test(name),
  ),
);

const run = (cwd: string, command: string, ...args: string[]): string =>
  execFileSync(command, args, { cwd, env: environment, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

const npm = (cwd: string, ...args: string[]): string => {
  const cli = process.env.npm_execpath;
  return cli?.endsWith("npm-cli.js") ? run(cwd, process.execPath, cli, ...args) : run(cwd, "npm", ...args);
};

const tool = (file: string, ...args: string[]): string =>
  run(repository, process.execPath, join(repository, "node_modules", file), ...args);

const { devDependencies } = JSON.parse(readFileSync(join(repository, "packages/tsgan/package.json"), "utf8"));
const onnxruntimeNode = `onnxruntime-node@${devDependencies["onnxruntime-node"]}`;

const filesOf = (tarball: string): string[] =>
  run(tmpdir(), "tar", "-tzf", tarball)
    .split("\n")
    .filter((file) => file !== "");

/** The first JavaScript example of a package's README. */
const readmeExample = (name: string): string => {
  const readme = readFileSync(join(repository, "packages", name, "README.md"), "utf8");
  return (/```js\n([\s\S]*?)```/.exec(readme) as RegExpExecArray)[1];
};

const PUBLISHED = ["tsgan", "theory", "study", "studio", "cli"];

/** What a page's worker might be: it trains on two threads and sends the losses. */
const worker = `
import { data, resolveConfig, train } from "tsgan";
import { configureRuntime, isRuntimeThread } from "tsgan/runtime";

const start = async () => {
  configureRuntime({ threads: 2 });
  const losses = [];
  const { trainer } = await train({
    config: resolveConfig({ data: "ring", loss: "wgan-gp", batch: 64, steps: 5 }),
    dataset: data.ring(),
    onStep: ({ discriminatorLoss }) => { losses.push(discriminatorLoss); },
  });
  postMessage({ losses, generator: (await trainer.exportGenerator()).length });
};
if (!isRuntimeThread()) self.onmessage = () => start().catch((error) => postMessage({ error: error.message }));
`;

const page = `
const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
worker.onmessage = ({ data }) => { document.body.textContent = JSON.stringify(data); };
worker.postMessage("start");
`;

describe("the packages", () => {
  const temporary = mkdtempSync(join(tmpdir(), "tsgan-packages-"));
  const tarballs: Record<string, string> = {};

  const project = (name: string, ...packages: string[]): string => {
    const path = join(temporary, name);
    mkdirSync(path);
    writeFileSync(join(path, "package.json"), JSON.stringify({ name, private: true, type: "module" }));
    // Tarballs that npm has seen in this checkout's installation need not be fetched again.
    npm(
      path,
      "install",
      "--prefix",
      path,
      "--ignore-scripts",
      "--prefer-offline",
      "--no-audit",
      "--no-fund",
      ...packages,
    );
    return path;
  };

  beforeAll(() => {
    for (const name of PUBLISHED) {
      const path = join(repository, "packages", name);
      if (!existsSync(join(path, "dist"))) throw new Error("packaging: there is no build; npm run build");
      const [{ filename }] = JSON.parse(npm(path, "pack", "--json", "--pack-destination", temporary));
      tarballs[name] = join(temporary, filename);
    }
  });
  afterAll(() => rmSync(temporary, { recursive: true, force: true }));

  it("are all that is published", () => {
    const published = readdirSync(join(repository, "packages")).filter(
      (name) =>
        JSON.parse(readFileSync(join(repository, "packages", name, "package.json"), "utf8")).private !== true,
    );
    expect(published.sort()).toEqual([...PUBLISHED].sort());
  });

  it.each(["tsgan", "theory", "study", "cli"])("hold what is needed and no tests: %s", (name) => {
    const files = filesOf(tarballs[name]);
    const entry = name === "cli" ? "package/bin/tsgan.js" : "package/dist/index.d.ts";
    expect(files).toEqual(expect.arrayContaining(["package/LICENSE", "package/README.md", entry]));
    expect(files.filter((file) => /\.test\.|\/testing\/|\/fixtures\/|tsbuildinfo/.test(file))).toEqual([]);
  });

  it.each(["tsgan", "theory", "study", "cli"])(
    "hold nothing that was built from what is gone: %s",
    (name) => {
      const stale = filesOf(tarballs[name]).filter((file) => {
        const [, path] = /^package\/dist\/(.*)\.js$/.exec(file) ?? [];
        return path !== undefined && !existsSync(join(repository, "packages", name, "src", `${path}.ts`));
      });
      expect(stale, "node scripts/setup.mjs removes them").toEqual([]);
    },
  );

  it("bring ONNX Runtime's WebAssembly, of the version that tsgan may be used with, and its licence", () => {
    const manifest = JSON.parse(readFileSync(join(repository, "packages/tsgan/package.json"), "utf8"));
    const web = join(repository, "node_modules/onnxruntime-web");
    const { version } = JSON.parse(readFileSync(join(web, "package.json"), "utf8"));
    expect(version).toBe(manifest.peerDependencies["onnxruntime-web"]);
    expect(manifest.dependencies["onnxruntime-common"]).toBe(version);
    const brought = filesOf(tarballs.tsgan).filter((file) => file.startsWith("package/assets/onnxruntime/"));
    expect(brought.map((file) => file.slice(27)).sort()).toEqual([
      "LICENSE",
      "ort-wasm-simd-threaded.mjs",
      "ort-wasm-simd-threaded.wasm",
      "ort.node.min.mjs",
      "ort.wasm.bundle.min.mjs",
    ]);
    const assets = join(repository, "packages/tsgan/assets/onnxruntime");
    expect(readFileSync(join(assets, "LICENSE"), "utf8")).toContain(`onnxruntime-web ${version} `);
    for (const file of readdirSync(assets).filter((name) => name !== "LICENSE")) {
      const [ours, theirs] = [join(assets, file), join(web, "dist", file)].map((path) => readFileSync(path));
      expect(ours.equals(theirs), `${file}; node scripts/setup.mjs copies it`).toBe(true);
    }
  });

  it("are in order for publint and Are the types wrong", () => {
    for (const tarball of Object.values(tarballs)) {
      expect(tool("publint/src/cli.js", "run", tarball, "--strict")).toContain("All good!");
    }
    for (const name of ["tsgan", "theory", "study"]) {
      tool("@arethetypeswrong/cli/dist/index.js", tarballs[name], "--profile", "esm-only");
    }
  });

  it("have the repository's example in their README", () => {
    expect(readFileSync(join(repository, "README.md"), "utf8")).toContain(readmeExample("tsgan"));
  });

  it("work in Node.js: the README's example, and the command", () => {
    const path = project("node", ...Object.values(tarballs), onnxruntimeNode);
    writeFileSync(join(path, "example.js"), readmeExample("tsgan"));
    const output = run(path, process.execPath, "example.js");
    expect(output).toMatch(/^step 100: D .*\n(step .*\n){4}first point: -?\d/);
    expect(existsSync(join(path, "generator.onnx"))).toBe(true);

    npm(path, "exec", "--prefix", path, "--", "tsgan", "train", "ring", "--steps", "20", "--out", "run");
    expect(readdirSync(join(path, "run"))).toEqual(
      expect.arrayContaining(["config.json", "generator.onnx", "metrics.jsonl", "report.html"]),
    );
    expect(existsSync(join(path, "node_modules/@tsgan/studio/dist/index.html"))).toBe(true);
    expect(npm(path, "exec", "--prefix", path, "--", "tsgan", "study", "--help")).toContain("worker");

    writeFileSync(join(path, "theory.js"), readmeExample("theory"));
    run(path, process.execPath, "theory.js");

    // The study of the README, by processes, without Redis.
    writeFileSync(join(path, "study.js"), readmeExample("study"));
    expect(run(path, process.execPath, "study.js")).toContain("4 of 4 trials finished");
    expect(existsSync(join(path, "studies/rates/report.html"))).toBe(true);
    expect(readdirSync(join(path, "node_modules"))).not.toContain("ioredis");
    const worker = [
      "exec",
      "--prefix",
      path,
      "--",
      "tsgan",
      "study",
      "worker",
      "--redis",
      "redis://127.0.0.1:1",
    ];
    expect(() => npm(path, ...worker)).toThrow(
      "error: study on Redis: needs the package ioredis, which is not installed; npm install bullmq ioredis",
    );
  });

  it.skipIf(findChromium() === undefined)("work in a Vite page, without anything of Node.js", async () => {
    const path = project("vite", tarballs.tsgan);
    const installed = readdirSync(join(path, "node_modules"));
    for (const name of ["onnxruntime-node", "onnxruntime-web", "sharp"])
      expect(installed).not.toContain(name);
    writeFileSync(join(path, "index.html"), '<!doctype html><script type="module" src="./main.js"></script>');
    writeFileSync(join(path, "main.js"), page);
    writeFileSync(join(path, "worker.js"), worker);
    writeFileSync(join(path, "vite.config.js"), 'export default { worker: { format: "es" } };');
    run(path, process.execPath, join(repository, "node_modules/vite/bin/vite.js"), "build");

    const site = await serve(folder(join(path, "dist")));
    const browser = await launch({ webgpu: false });
    try {
      const tab = await browser.newPage();
      await tab.goto(site.url);
      await tab.waitForFunction(() => document.body?.textContent?.startsWith("{"));
      const shown = JSON.parse((await tab.textContent("body")) as string);
      expect(shown.error).toBeUndefined();
      expect(shown.losses).toHaveLength(5);
      expect(shown.losses.every(Number.isFinite)).toBe(true);
      expect(shown.generator).toBeGreaterThan(1000);
    } finally {
      await browser.close();
      await site.close();
    }
  });
});
