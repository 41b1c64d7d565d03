import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { folder, launch, type Site, serve } from "../testing/browser.ts";
import { findChromium } from "../testing/chromium.ts";
import { repository } from "../testing/repository.ts";
import { type CaseName, trainerOfCase } from "../testing/training.ts";

const generatorOf = async (name: CaseName): Promise<Buffer> => {
  const trainer = trainerOfCase(name, { device: "cpu" });
  await trainer.iterate();
  const model = await trainer.exportGenerator();
  await trainer.dispose();
  return Buffer.from(model);
};

/** Number of different grey values on the page's canvas. */
const greys = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const canvas = document.querySelector("canvas") as HTMLCanvasElement;
    const context = canvas.getContext("2d") as CanvasRenderingContext2D;
    return new Set(context.getImageData(0, 0, canvas.width, canvas.height).data).size;
  });

describe.skipIf(findChromium() === undefined)("examples/generate.html", () => {
  let site: Site;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    site = await serve(folder(join(repository, "examples")), { isolated: false });
    browser = await launch({ webgpu: false });
    page = await browser.newPage();
    // The page takes ONNX Runtime from a CDN; here it comes from the installed package of the same version.
    await page.route("https://cdn.jsdelivr.net/npm/onnxruntime-web@1.30.0/dist/*", async (route) => {
      const name = new URL(route.request().url()).pathname.split("/").at(-1) as string;
      const body = await readFile(join(repository, "node_modules/onnxruntime-web/dist", name));
      const contentType = name.endsWith(".wasm") ? "application/wasm" : "text/javascript";
      await route.fulfill({ body, contentType, headers: { "access-control-allow-origin": "*" } });
    });
    await page.goto(`${site.url}generate.html`);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  const give = async (name: string, buffer: Buffer): Promise<void> => {
    await page.setInputFiles("#file", { name, mimeType: "application/octet-stream", buffer });
  };

  it("draws 64 images of the generator it is given", async () => {
    await give("generator.onnx", await generatorOf("dcgan 16"));
    await page.waitForFunction(() =>
      /^64 images in \d+ ms$/.test(document.querySelector("#status")?.textContent ?? ""),
    );
    expect(await page.evaluate(() => document.querySelector("canvas")?.width)).toBe(8 * 16);
    expect(await greys(page)).toBeGreaterThan(2);
  });

  it("says so when the file is no generator of images", async () => {
    await give("points.onnx", await generatorOf("mlp ring"));
    await page.waitForFunction(() =>
      /points\.onnx: this generator makes no images/.test(
        document.querySelector("#status")?.textContent ?? "",
      ),
    );
    await give("text.onnx", Buffer.from("not a model"));
    await page.waitForFunction(() =>
      /text\.onnx: /.test(document.querySelector("#status")?.textContent ?? ""),
    );
  });
});
