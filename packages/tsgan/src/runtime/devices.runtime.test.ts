import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { type CaseName, difference, type Outcome, runCase } from "../testing/training.ts";

const STEPS = 5;
const isLinux = process.platform === "linux";

/** Vulkan on the processor, as Debian's Chromium brings it: the WebGPU provider needs no GPU with it. */
const SWIFTSHADER = "/usr/lib/chromium/vk_swiftshader_icd.json";

/** Runs a case in a process of its own: Vulkan's loader reads its settings when a process starts. */
const runOnSwiftShader = async (name: CaseName): Promise<Outcome> => {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const { outputFiles } = await build({
    stdin: {
      contents: `
        import { runCase } from "./src/testing/training.ts";
        console.log(JSON.stringify(await runCase(${JSON.stringify(name)}, ${STEPS}, { device: "webgpu" })));`,
      resolveDir: root,
      loader: "ts",
    },
    bundle: true,
    platform: "node",
    format: "esm",
    conditions: ["tsgan-source"],
    external: ["onnxruntime-node"],
    write: false,
  });
  const output = execFileSync(process.execPath, ["--input-type=module"], {
    cwd: root,
    input: outputFiles[0].text,
    encoding: "utf8",
    stdio: ["pipe", "pipe", "ignore"],
    env: { ...process.env, LD_LIBRARY_PATH: "/usr/lib/chromium", VK_ICD_FILENAMES: SWIFTSHADER },
  });
  return JSON.parse(output);
};

describe("devices of Node.js", () => {
  it.skipIf(!existsSync(SWIFTSHADER))("webgpu gives the figures of cpu", async () => {
    const found = await runOnSwiftShader("mlp ring wgan-gp");
    const expected = await runCase("mlp ring wgan-gp", STEPS, { device: "cpu" });
    expect(difference(expected, found).largest).toBeLessThan(1e-4);
  });

  it.skipIf(!isLinux || existsSync("/dev/dri"))(
    "webgpu without an adapter is said to be missing",
    async () => {
      await expect(runCase("mlp ring", 1, { device: "webgpu" })).rejects.toThrow(
        /^device webgpu is not there: no WebGPU adapter was found/,
      );
    },
  );

  it.skipIf(!isLinux)("cuda without its libraries is said to be a separate download", async () => {
    await expect(runCase("mlp ring", 1, { device: "cuda" })).rejects.toThrow(
      /^device cuda is not there: .* separate download/,
    );
  });

  it("wasm is the browser's", async () => {
    await expect(runCase("mlp ring", 1, { device: "wasm" })).rejects.toThrow(
      'device "wasm" is the browser\'s; use "cpu" in Node.js',
    );
  });
});
