import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { folder, launch, serve } from "./testing/browser.ts";
import { findChromium } from "./testing/chromium.ts";
import { repository } from "./testing/repository.ts";
import { LEARNT, trainAt } from "./testing/training-page.ts";

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
    const unwanted = /\.test\.|\.map$|tsbuildinfo|\/(testing|fixtures|bench|campaign|goldens)\//;
    expect(files.filter((file) => unwanted.test(file))).toEqual([]);
    const top = { cli: ["bin", "dist"], tsgan: ["assets", "dist", "src"] }[name] ?? ["dist", "src"];
    const found = new Set(files.map((file) => file.split("/")[1]));
    expect([...found].sort()).toEqual(["LICENSE", "README.md", ...top, "package.json"].sort());
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
      "ThirdPartyNotices.txt",
      "ort-wasm-simd-threaded.mjs",
      "ort-wasm-simd-threaded.wasm",
      "ort.node.min.mjs",
      "ort.wasm.bundle.min.mjs",
    ]);
    const assets = join(repository, "packages/tsgan/assets/onnxruntime");
    expect(readFileSync(join(assets, "LICENSE"), "utf8")).toMatch(
      new RegExp(`onnxruntime-web ${version} .*\\n.* as the Python package onnxruntime ${version} lists it`),
    );
    for (const file of readdirSync(assets).filter((name) => name.startsWith("ort"))) {
      const [ours, theirs] = [join(assets, file), join(web, "dist", file)].map((path) => readFileSync(path));
      expect(ours.equals(theirs), `${file}; node scripts/setup.mjs copies it`).toBe(true);
    }
  });

  it.each([
    ["tsgan", "assets", ["@bufbuild/protobuf"]],
    [
      "studio",
      "dist",
      [
        ...["@bufbuild/protobuf", "@preact/signals", "@preact/signals-core", "gifenc", "onnxruntime-web"],
        ...["papaparse", "preact", "uplot", "zod"],
      ],
    ],
  ])("bring the licences of what their bundles contain: %s", (name, place, contained) => {
    expect(filesOf(tarballs[name])).toContain(`package/${place}/licences.txt`);
    const text = readFileSync(join(repository, "packages", name, place, "licences.txt"), "utf8");
    expect([...text.matchAll(/^=+\n(\S+) [\d.]+: .*\n=+$/gm)].map(([, title]) => title)).toEqual(contained);
  });

  it("are in order for publint and Are the types wrong", () => {
    for (const tarball of Object.values(tarballs)) {
      expect(tool("publint/src/cli.js", "run", tarball, "--strict")).toContain("All good!");
    }
    for (const name of ["tsgan", "theory", "study"]) {
      // The WebAssembly file has no types.
      const others = ["--exclude-entrypoints", "ort-wasm-simd-threaded.wasm"];
      tool("@arethetypeswrong/cli/dist/index.js", tarballs[name], "--profile", "esm-only", ...others);
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

  it.each([
    ["NodeNext", "NodeNext"],
    ["Node16", "Node16"],
    ["ESNext", "Bundler"],
  ])(
    "have types for TypeScript 5.4, strict in all ways, in every resolution: module %s",
    (module, moduleResolution) => {
      const path = join(temporary, "types");
      if (!existsSync(path)) {
        project("types", tarballs.tsgan, "typescript@5.4.5");
        for (const name of ["@types/node", "undici-types", "sharp", "onnxruntime-web"]) {
          mkdirSync(join(path, "node_modules", name, ".."), { recursive: true });
          symlinkSync(join(repository, "node_modules", name), join(path, "node_modules", name));
        }
        cpSync(join(repository, "packages/tsgan/src/testing/consumer.txt"), join(path, "consumer.ts"));
      }
      const compilerOptions = {
        ...{
          module,
          moduleResolution,
          target: "ES2022",
          lib: ["ES2022", "DOM"],
          types: ["node"],
          noEmit: true,
        },
        ...{
          strict: true,
          noUncheckedIndexedAccess: true,
          exactOptionalPropertyTypes: true,
          skipLibCheck: false,
        },
      };
      writeFileSync(join(path, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["consumer.ts"] }));
      const tsc = join(path, "node_modules/typescript/bin/tsc");
      const { stdout } = spawnSync(process.execPath, [tsc, "-p", path, "--pretty", "false"], {
        encoding: "utf8",
        cwd: path,
      });
      // What other packages write for TypeScript 5.7 is not ours; with skipLibCheck, nobody sees it.
      const ours = stdout.split("\n").filter((line) => /^(consumer|node_modules\/tsgan\/)/.test(line));
      expect(ours).toEqual([]);
    },
  );

  it("are loaded by CommonJS, by require and by import()", () => {
    const path = project("commonjs", tarballs.tsgan);
    const program = (load: string) => `
      (async () => {
        const { data, gan } = await ${load}("tsgan");
        const { openDataset } = await ${load}("tsgan/node");
        const run = gan({ data: data.ring(), batch: 8 });
        await run.train({ steps: 2 });
        console.log((await run.sample(4)).length, (await openDataset("ring")).shape.length);
        await run.dispose();
      })();`;
    for (const load of ["require", "import"]) {
      writeFileSync(join(path, `${load}.cjs`), program(load));
      expect(run(path, process.execPath, `${load}.cjs`)).toBe("8 1\n");
    }
  });

  it("work in Node.js as one file of a bundler: in the project, with the .wasm beside it, and in words without", async () => {
    const { build } = await import("esbuild");
    const path = project("bundle", tarballs.tsgan);
    const program = `
      import { data, gan, losses, models } from "tsgan";
      const run = gan({ data: data.ring(), model: models.mlp({ hidden: [8] }), loss: losses.hinge(), batch: 8 });
      const main = async () => {
        await run.train({ steps: 2 });
        console.log((await run.sample(4)).length);
      };
      main().catch((error) => console.log(error.message));
    `;
    writeFileSync(join(path, "program.js"), program);
    const alone = mkdtempSync(join(tmpdir(), "tsgan-bundle-"));
    try {
      for (const [format, file] of [
        ["esm", "program.mjs"],
        ["cjs", "program.cjs"],
      ] as const) {
        await build({
          entryPoints: [join(path, "program.js")],
          outfile: join(path, "out", file),
          bundle: true,
          platform: "node",
          format,
          logLevel: "error",
        });
        cpSync(join(path, "out", file), join(alone, file));
      }
      expect(run(path, process.execPath, "out/program.mjs")).toBe("8\n");
      expect(run(path, process.execPath, "out/program.cjs")).toContain(
        "device wasm: ONNX Runtime's WebAssembly does not run within a bundle of CommonJS; bundle as modules",
      );
      expect(run(alone, process.execPath, "program.mjs")).toMatch(
        /^device wasm: ort-wasm-simd-threaded\.mjs and ort-wasm-simd-threaded\.wasm are not beside .*program\.mjs, and tsgan is not installed there; copy them there from node_modules\/tsgan\/assets\/onnxruntime\/, or leave tsgan out of the bundle/,
      );
      for (const end of ["mjs", "wasm"]) {
        const name = `ort-wasm-simd-threaded.${end}`;
        cpSync(join(path, "node_modules/tsgan/assets/onnxruntime", name), join(alone, name));
      }
      expect(run(alone, process.execPath, "program.mjs")).toBe("8\n");
    } finally {
      rmSync(alone, { recursive: true, force: true });
    }
  });

  describe.skipIf(findChromium() === undefined)("work in a page, without anything of Node.js", () => {
    let path: string;
    let browser: Browser;
    beforeAll(async () => {
      path = project("page", tarballs.tsgan);
      cpSync(join(repository, "examples/page"), path, { recursive: true });
      // The bundlers are the repository's.
      for (const name of ["esbuild", "@esbuild", "vite"]) {
        symlinkSync(join(repository, "node_modules", name), join(path, "node_modules", name));
      }
      browser = await launch({ webgpu: false });
    });
    afterAll(() => browser.close());

    const bin = (name: string): string => join(path, "node_modules", name);
    const servedIn = async (folders: string, trainThere: (url: string) => Promise<void>): Promise<void> => {
      const site = await serve(folder(folders));
      try {
        await trainThere(site.url);
      } finally {
        await site.close();
      }
    };

    it("of what was installed", () => {
      const installed = readdirSync(join(path, "node_modules"));
      for (const name of ["onnxruntime-node", "onnxruntime-web", "sharp"])
        expect(installed).not.toContain(name);
    });

    it("built by Vite, in a folder of a site, with the plain .wasm and no other", async () => {
      run(path, process.execPath, bin("vite/bin/vite.js"), "build", "--outDir", "site/sub");
      const files = readdirSync(join(path, "site/sub/assets"));
      expect(files.filter((name) => name.endsWith(".wasm"))).toEqual([
        expect.stringMatching(/^ort-wasm-simd-threaded-[\w-]+\.wasm$/),
      ]);
      await servedIn(join(path, "site"), async (url) =>
        expect(await trainAt(browser, `${url}sub/`)).toMatch(LEARNT),
      );
    });

    it("of Vite's development server", async () => {
      const { createServer } = await import("vite");
      const server = await createServer({
        root: path,
        server: { port: 0, host: "127.0.0.1" },
        logLevel: "warn",
      });
      await server.listen();
      try {
        expect(await trainAt(browser, server.resolvedUrls?.local[0] as string)).toMatch(LEARNT);
      } finally {
        await server.close();
      }
    });

    it("without a build: examples/train.html, of the file that CDNs give", async () => {
      const html = readFileSync(join(repository, "examples/train.html"), "utf8");
      const { version } = JSON.parse(readFileSync(join(path, "node_modules/tsgan/package.json"), "utf8"));
      const address = `https://cdn.jsdelivr.net/npm/tsgan@${version}/`;
      expect(html).toContain(`"${address}assets/tsgan.min.js"`);
      mkdirSync(join(path, "plain"));
      writeFileSync(join(path, "plain/index.html"), html.replace(address, "./tsgan/"));
      cpSync(join(path, "node_modules/tsgan/assets"), join(path, "plain/tsgan/assets"), { recursive: true });
      await servedIn(join(path, "plain"), async (url) => expect(await trainAt(browser, url)).toMatch(LEARNT));
    });

    it("built by esbuild; without the .wasm file the error says where it was looked for and what helps", async () => {
      run(path, process.execPath, "esbuild.js");
      await servedIn(join(path, "dist"), async (url) => {
        expect(await trainAt(browser, url)).toMatch(LEARNT);
        rmSync(join(path, "dist/ort-wasm-simd-threaded.wasm"));
        expect(await trainAt(browser, url)).toBe(
          `device wasm: ort-wasm-simd-threaded.wasm is not at ${url}ort-wasm-simd-threaded.wasm (404); ` +
            "copy it there from node_modules/tsgan/assets/onnxruntime/ort-wasm-simd-threaded.wasm, or say where it is: " +
            "configureRuntime({ wasmPaths: { wasm: ADDRESS } })",
        );
      });
    });
  });
});
