import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundle, launch, type Site, serve, startWorker } from "../testing/browser.ts";
import { findChromium } from "../testing/chromium.ts";
import { type CaseName, difference, type Outcome, runCase } from "../testing/training.ts";
import type { Device } from "./index.ts";

const STEPS = 5;
const WORKER = "/training.worker.js";

const expectSame = (found: Outcome, expected: Outcome): void => {
  expect(found.records).toHaveLength(STEPS);
  const { share, largest } = difference(expected, found);
  expect(share).toBeLessThan(0.05);
  expect(largest).toBeLessThan(0.05);
};

describe.skipIf(findChromium() === undefined)("training in a browser", () => {
  let browser: Browser;
  let site: Site;
  let page: Page;
  const references = new Map<CaseName, Promise<Outcome>>();
  const reference = (name: CaseName): Promise<Outcome> => {
    const outcome = references.get(name) ?? runCase(name, STEPS, { device: "cpu" });
    references.set(name, outcome);
    return outcome;
  };

  beforeAll(async () => {
    site = await serve(await bundle(["training.worker.ts"]));
    browser = await launch({ webgpu: true });
    page = await browser.newPage();
    await page.goto(site.url);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  const rows: [CaseName, Device, number][] = [
    ["mlp ring wgan-gp", "wasm", 1],
    ["mlp ring wgan-gp", "wasm", 2],
    ["mlp ring wgan-gp", "webgpu", 1],
    ["dcgan 16", "wasm", 1],
    ["dcgan 16", "wasm", 2],
    ["dcgan 16", "webgpu", 1],
  ];
  it.each(rows)("%s: %s with %i threads gives the figures of Node.js", async (name, device, threads) => {
    const worker = await startWorker(page, WORKER);
    const found = await worker.call<Outcome>("run", name, STEPS, { device, threads });
    await worker.terminate();
    expectSame(found, await reference(name));
  });

  it("keeps its state in the GPU's buffers, and reads it from there; by the small build, which suspends", async () => {
    const loaded: string[] = [];
    page.on("request", (request) => loaded.push(request.url()));
    const worker = await startWorker(page, WORKER);
    expect(await worker.call("count")).toEqual(
      [2, 3, 4].map((x) => ({ location: "gpu-buffer", values: [x, x + 1] })),
    );
    await worker.terminate();
    const files = loaded.filter((url) => url.endsWith(".wasm")).map((url) => url.slice(site.url.length));
    expect(files).toEqual(["ort-wasm-simd-threaded.jspi.wasm"]);
  });

  it.each([true, false])(
    "replays the commands of a step on WebGPU, or makes them anew: %s",
    async (capture) => {
      const worker = await startWorker(page, WORKER);
      const { seen, made, refused } = await worker.call<{
        seen: number[][];
        made: number;
        refused: string;
      }>("replay", capture);
      await worker.terminate();
      // Twice what the steps find; after them 2 w; (w 2 + 1) 3 + 1 of another w; and what is given back.
      expect(seen).toEqual([
        [2, 4],
        [6, 6],
        [20.5, 8.5],
        [20, 8],
        [34, 40],
        [1, 2],
        [2, 3],
      ]);
      expect(made > 0).toBe(!capture);
      expect(refused).toBe(
        capture ? "program: it is captured with another state; compile it without capture" : "nothing",
      );
    },
  );

  it("keeps its memory on a WebGPU device flat, and gives it back", async () => {
    const worker = await startWorker(page, WORKER);
    const { after, disposed } = await worker.call<{ after: number[]; disposed: number }>(
      "gpuBytes",
      "mlp ring",
      3,
      10,
    );
    await worker.terminate();
    expect(after[0]).toBeGreaterThan(0);
    expect(after[2]).toBe(after[1]);
    expect(disposed).toBeLessThan(after[2]);
  });

  it("runs from a single file, which ONNX Runtime's threads are started from too", async () => {
    const single = await serve(await bundle(["training.worker.ts"], { splitting: false }));
    try {
      await page.goto(single.url);
      const worker = await startWorker(page, WORKER);
      const found = await worker.call<Outcome>("run", "mlp ring", STEPS, { threads: 2 });
      expectSame(found, await reference("mlp ring"));
    } finally {
      await page.goto(site.url);
      await single.close();
    }
  });

  it("refuses settings that come after ONNX Runtime has started", async () => {
    const worker = await startWorker(page, WORKER);
    await worker.call("configure", { threads: 1, wasmPaths: "/" });
    await worker.call("run", "mlp ring", 1, {});
    await expect(worker.call("configure", { threads: 2 })).rejects.toThrow(
      "call it before the first program",
    );
    await worker.terminate();
  });

  it("names the devices of a browser when asked for one of Node.js", async () => {
    const worker = await startWorker(page, WORKER);
    await expect(worker.call("run", "mlp ring", 1, { device: "cuda" })).rejects.toThrow(
      'device "cuda" is Node.js\'s; a browser has "wasm" and "webgpu"',
    );
    await worker.terminate();
  });
});

describe.skipIf(findChromium() === undefined)("a browser without WebGPU and without isolation", () => {
  it("trains on one thread of wasm, and says that webgpu is not there", async () => {
    const site = await serve(await bundle(["training.worker.ts"]), { isolated: false });
    const browser = await launch({ webgpu: false });
    try {
      const page = await browser.newPage();
      await page.goto(site.url);
      const worker = await startWorker(page, WORKER);
      expect(await worker.call("environment")).toEqual({ isolated: false, adapter: false });
      expectSame(
        await worker.call("run", "mlp ring", STEPS, {}),
        await runCase("mlp ring", STEPS, { device: "cpu" }),
      );
      await expect(worker.call("run", "mlp ring", 1, { device: "webgpu" })).rejects.toThrow(
        'device "webgpu" is not there: this browser offers no WebGPU adapter; use "wasm"',
      );
    } finally {
      await browser.close();
      await site.close();
    }
  });
});
