import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { float64Product } from "../graph/index.ts";
import { convolutions, difference, type HalfDifference, type Outcome, runCase } from "../testing/training.ts";
import { loadModel } from "./index.ts";

const STEPS = 5;
const isLinux = process.platform === "linux";

/** Vulkan on the processor, as Debian's Chromium brings it: the WebGPU provider needs no GPU with it. */
const SWIFTSHADER = "/usr/lib/chromium/vk_swiftshader_icd.json";

/**
 * A Vulkan driver with float16, by its .json file: SwiftShader has none, Mesa's lavapipe has from version 25 on
 * (CONTRIBUTING.md). Vulkan's loader is found by LD_LIBRARY_PATH.
 */
const HALF_DRIVER = process.env.TSGAN_HALF_DRIVER;

const swiftShader = { LD_LIBRARY_PATH: "/usr/lib/chromium", VK_ICD_FILENAMES: SWIFTSHADER };

/** What a call to `testing/training.ts` gives in a process of its own: Vulkan's loader reads its settings when a process starts. */
const onDriver = async (driver: Readonly<Record<string, string>>, call: string): Promise<unknown> => {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const { outputFiles } = await build({
    stdin: {
      contents: `
        import * as training from "./src/testing/training.ts";
        console.log(JSON.stringify(await training.${call}));`,
      resolveDir: root,
      loader: "ts",
    },
    bundle: true,
    platform: "node",
    format: "esm",
    conditions: ["tsgan-source"],
    external: ["onnxruntime-node", "onnxruntime-web"],
    write: false,
  });
  const output = execFileSync(process.execPath, ["--input-type=module"], {
    cwd: root,
    input: outputFiles[0].text,
    encoding: "utf8",
    stdio: ["pipe", "pipe", "ignore"],
    env: { ...process.env, ...driver },
  });
  return JSON.parse(output);
};

describe("devices of Node.js", () => {
  it.skipIf(!existsSync(SWIFTSHADER)).each([
    ["mlp ring wgan-gp", 1],
    ["mlp ring", STEPS],
  ] as const)("webgpu gives the figures of cpu: %s, %i iterations in a run", async (name, together) => {
    const options = JSON.stringify({ device: "webgpu", together });
    const found = (await onDriver(swiftShader, `runCase("${name}", ${STEPS}, ${options})`)) as Outcome;
    const expected = await runCase(name, STEPS, { device: "cpu" });
    expect(difference(expected, found).largest).toBeLessThan(1e-4);
  });

  it.skipIf(!existsSync(SWIFTSHADER))(
    "webgpu keeps a state in the GPU's buffers, and reads it from there",
    async () => {
      expect(await onDriver(swiftShader, "countOnGpu()")).toEqual(
        [2, 3, 4].map((x) => ({ location: "gpu-buffer", values: [x, x + 1] })),
      );
    },
  );

  it.skipIf(!existsSync(SWIFTSHADER))("webgpu convolves what has five channels as cpu does", async () => {
    const found = (await onDriver(swiftShader, `convolutions("webgpu")`)) as Record<string, number[]>;
    const expected = await convolutions("cpu");
    for (const [name, values] of Object.entries(expected)) {
      const worst = Math.max(...values.map((value, i) => Math.abs(value - found[name][i])));
      expect({ name, isClose: worst < 1e-3 }).toEqual({ name, isClose: true });
    }
  });

  it.skipIf(HALF_DRIVER === undefined).each(["mlp-ns", "mlp-wgan-gp", "dcgan 16"])(
    "mixed precision is within half a percent of losses and five of gradients: %s",
    async (name) => {
      const found = await onDriver({ VK_ICD_FILENAMES: HALF_DRIVER as string }, `halfDifference("${name}")`);
      const { losses, gradients } = found as HalfDifference;
      expect(losses).toBeGreaterThan(0);
      expect(losses).toBeLessThan(0.005);
      expect(gradients).toBeLessThan(0.05);
    },
    300_000,
  );

  it.skipIf(!existsSync(SWIFTSHADER))("a GPU without float16 refuses mixed precision", async () => {
    const options = JSON.stringify({ device: "webgpu", precision: "mixed" });
    expect(await onDriver(swiftShader, `refusalOf("mlp ring", ${options})`)).toBe(
      'precision "mixed": this GPU does not compute in float16 on device webgpu (shader-f16 of WebGPU); leave precision out',
    );
  });

  it.each(["cpu", "wasm"] as const)("%s refuses mixed precision", async (device) => {
    await expect(runCase("mlp ring", 1, { device, precision: "mixed" })).rejects.toThrow(
      `precision "mixed": device ${device} computes in float32; leave precision out, or take device webgpu or cuda`,
    );
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

  it.each(["mlp ring wgan-gp", "dcgan 16"] as const)("wasm gives the figures of cpu: %s", async (name) => {
    const found = await runCase(name, STEPS, { device: "wasm" });
    const expected = await runCase(name, STEPS, { device: "cpu" });
    const { share, largest } = difference(expected, found);
    expect(share).toBeLessThan(0.05);
    expect(largest).toBeLessThan(0.05);
  });

  it("wasm multiplies matrices of float64, and runs models from elsewhere", async () => {
    const model = await loadModel(float64Product(), "product", { device: "wasm" });
    const { product } = await model.run({
      left: { data: Float64Array.of(1, 2, 3, 4), shape: [2, 2] },
      right: { data: Float64Array.of(1, 1e-12), shape: [2, 1] },
    });
    expect([...product.data]).toEqual([1 + 2e-12, 3 + 4e-12]);
    await model.dispose();
  });
});
