import { InferenceSession, Tensor } from "onnxruntime-node";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundle, launch, type Site, serve, startWorker } from "../testing/browser.ts";
import { findChromium } from "../testing/chromium.ts";
import { trainerOfCase } from "../testing/training.ts";
import type { GanTrainer } from "./gan-trainer.ts";

describe.skipIf(findChromium() === undefined)("an exported generator", () => {
  let trainer: GanTrainer;
  let model: Uint8Array;
  let site: Site;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    trainer = trainerOfCase("dcgan 16", { device: "cpu" });
    for (let step = 0; step < 3; step++) await trainer.iterate();
    model = await trainer.exportGenerator();
    site = await serve(new Map([...(await bundle(["plain.worker.ts"])), ["/generator.onnx", model]]));
    browser = await launch({ webgpu: false });
    page = await browser.newPage();
    await page.goto(site.url);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
    await trainer?.dispose();
  });

  it.each([1, 7, 64])("gives the same images in plain onnxruntime-web and -node, batch %i", async (batch) => {
    const z = trainer.latents(batch, 9);
    const session = await InferenceSession.create(model);
    const { image } = await session.run({ z: new Tensor("float32", z, [batch, z.length / batch]) });
    const worker = await startWorker(page, "/plain.worker.js");
    const found = await worker.call<{ dims: number[]; data: number[] }>(
      "images",
      `${site.url}generator.onnx`,
      [...z],
      batch,
    );
    await worker.terminate();
    await session.release();
    expect(found.dims).toEqual([batch, 1, 16, 16]);
    (image.data as Float32Array).forEach((value, i) => {
      expect(Math.abs(found.data[i] - value)).toBeLessThan(1e-4);
    });
  });
});
