import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundle, launch, type Site, serve } from "../testing/browser.ts";
import { findChromium } from "../testing/chromium.ts";
import { trainerOfCase } from "../testing/training.ts";
import { importGenerator } from "../train/import-generator.ts";

const html = `<!doctype html><title>test</title><script type="module" src="sampler.page.js"></script>
<tsgan-sampler src="generator.onnx" count="10"></tsgan-sampler>`;

describe.skipIf(findChromium() === undefined)("<tsgan-sampler>", () => {
  let site: Site;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    const file = new URL("../node/fixtures/generators/torch-old.onnx", import.meta.url);
    const { bytes } = await importGenerator(readFileSync(file), "torch-old", { device: "cpu" });
    const points = trainerOfCase("mlp ring", { device: "cpu" });
    const files = new Map([
      ...(await bundle(["sampler.page.ts"])),
      ["/index.html", new TextEncoder().encode(html)],
      ["/generator.onnx", bytes],
      ["/points.onnx", await points.exportGenerator()],
    ] as const);
    await points.dispose();
    site = await serve(files);
    browser = await launch({ webgpu: false });
    page = await browser.newPage();
    await page.goto(`${site.url}index.html`);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  /** Sides of the picture, and its pixels as one text. */
  const picture = () =>
    page.evaluate(() => {
      const canvas = document.querySelector("tsgan-sampler canvas") as HTMLCanvasElement;
      return { sides: [canvas.width, canvas.height], text: canvas.toDataURL() };
    });
  const set = (name: string, value: string) =>
    page.evaluate(
      ([key, to]) =>
        new Promise<string>((resolve) => {
          const element = document.querySelector("tsgan-sampler") as HTMLElement;
          element.addEventListener("load", () => resolve("drawn"), { once: true });
          element.addEventListener("error", ({ message }) => resolve(message), { once: true });
          element.setAttribute(key, to);
        }),
      [name, value],
    );

  it("draws, a column for each class, and the same for the same seed", async () => {
    await page.waitForSelector("tsgan-sampler canvas");
    const first = await picture();
    expect(first.sides).toEqual([5 * 8, 2 * 8]);
    expect(await set("seed", "2")).toBe("drawn");
    const second = await picture();
    expect(second.text).not.toBe(first.text);
    expect(await set("seed", "1")).toBe("drawn");
    expect((await picture()).text).toBe(first.text);
    expect(await set("columns", "10")).toBe("drawn");
    expect((await picture()).sides).toEqual([10 * 8, 8]);
  });

  it("says what is wrong in its place, and draws again when that is mended", async () => {
    expect(await set("src", "none.onnx")).toBe(
      "none.onnx: expected a generator; got 404; look at the address",
    );
    expect(await page.textContent("tsgan-sampler")).toContain("got 404");
    expect(await set("src", "points.onnx")).toBe(
      "points.onnx: expected a generator of images; got one of [2]",
    );
    expect(await set("src", "generator.onnx")).toBe("drawn");
    expect((await picture()).sides).toEqual([10 * 8, 8]);
  });
});
