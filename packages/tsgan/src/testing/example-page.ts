/** `examples/generate.html` in a Chromium, for tests: what it draws of the generators that it is given. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { folder, launch, serve } from "./browser.ts";
import { repository } from "./repository.ts";

export interface ExamplePage {
  readonly page: Page;
  /** Whether the CDN answers. */
  online(is: boolean): void;
  /** Waits until the page's status is so. */
  until(status: RegExp): Promise<void>;
  /** Gives the page a file, and waits until its status says so. */
  give(name: string, bytes: Uint8Array, status: RegExp): Promise<void>;
  /** Width of its canvas in pixels, and the number of different values in it. */
  canvas(): Promise<{ readonly width: number; readonly values: number }>;
  close(): Promise<void>;
}

export const openExamplePage = async (): Promise<ExamplePage> => {
  const site = await serve(folder(join(repository, "examples")), { isolated: false });
  const browser = await launch({ webgpu: false });
  const page = await browser.newPage();
  let isOnline = true;
  // The page takes ONNX Runtime from a CDN; here it comes from the installed package of the same version.
  await page.route("https://cdn.jsdelivr.net/npm/onnxruntime-web@1.30.0/dist/**", async (route) => {
    if (!isOnline) return route.abort();
    const name = new URL(route.request().url()).pathname.split("/").at(-1) as string;
    const body = await readFile(join(repository, "node_modules/onnxruntime-web/dist", name));
    const contentType = name.endsWith(".wasm") ? "application/wasm" : "text/javascript";
    await route.fulfill({ body, contentType, headers: { "access-control-allow-origin": "*" } });
  });
  await page.goto(`${site.url}generate.html`);
  const until = async (status: RegExp): Promise<void> => {
    await page.waitForFunction(
      (pattern) => new RegExp(pattern).test(document.querySelector("#status")?.textContent ?? ""),
      status.source,
    );
  };
  return {
    page,
    online: (is) => {
      isOnline = is;
    },
    until,
    give: async (name, bytes, status) => {
      const file = { name, mimeType: "application/octet-stream", buffer: Buffer.from(bytes) };
      await page.setInputFiles("#file", file);
      await until(status);
    },
    canvas: () =>
      page.evaluate(() => {
        const canvas = document.querySelector("canvas") as HTMLCanvasElement;
        const context = canvas.getContext("2d") as CanvasRenderingContext2D;
        const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
        return { width: canvas.width, values: new Set(data).size };
      }),
    close: async () => {
      await browser.close();
      await site.close();
    },
  };
};
