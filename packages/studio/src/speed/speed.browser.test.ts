/** The speed page: what a link says, and measuring. Needs the build (`npm run build:web`). */
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { violations } from "../../../tsgan/src/testing/axe.ts";
import { folder, launch, type Site, serve } from "../../../tsgan/src/testing/browser.ts";
import { findChromium } from "../../../tsgan/src/testing/chromium.ts";
import { repository } from "../../../tsgan/src/testing/repository.ts";

const dist = process.env.STUDIO_DIST ?? join(repository, "packages/studio/dist");
const PATIENCE = { timeout: 120_000 };

const LINK =
  "single=mlp-ns:5.9,dcgan28-ns:417.6&webgpu=mlp-ns:3.21&date=2026-11-29&version=0.2.0&browser=Chrome+156&cores=2&gpu=nvidia+ampere";

describe.skipIf(findChromium() === undefined)("the speed page", () => {
  let site: Site;
  let browser: Browser;
  let page: Page;
  const failures: string[] = [];

  beforeAll(async () => {
    site = await serve(folder(dist));
    browser = await launch({ webgpu: false });
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });
  beforeEach(async () => {
    failures.length = 0;
    const context = await browser.newContext({ serviceWorkers: "block" });
    page = await context.newPage();
    page.on("pageerror", ({ message }) => failures.push(message));
  });
  afterEach(async () => {
    await page.context().close();
    expect(failures).toEqual([]);
  });

  it("shows what somebody else has measured, to all eyes and on narrow screens", async () => {
    await page.setViewportSize({ width: 360, height: 800 });
    await page.goto(`${site.url}#/speed?${LINK}`);
    const table = page.getByRole("table", { name: "An iteration takes" });
    await table.waitFor(PATIENCE);
    expect(await table.locator("tr").allInnerTexts()).toEqual([
      "Workload\tWebAssembly, one thread\tWebGPU",
      "Small perceptrons on points mlp-ns\t5.90 ms\t3.21 ms",
      "DCGAN on images of 28 × 28 pixels dcgan28-ns\t418 ms\t…",
    ]);
    await page.getByText("Chrome 156, 2 cores, nvidia ampere; tsgan 0.2.0, 2026-11-29.").waitFor();
    await page.getByText("This browser offers no WebGPU adapter.").waitFor(PATIENCE);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    expect(await violations(page)).toEqual([]);
  });

  it("measures, and its address then says what it found", async () => {
    await page.goto(`${site.url}#/images`);
    await page.getByRole("link", { name: "Measure this machine" }).click(PATIENCE);
    await page.getByRole("heading", { name: "How fast does this machine train?" }).waitFor(PATIENCE);
    await page.goto(`${site.url}#/speed?only=mlp-ns&devices=single`);
    await page.getByRole("button", { name: "Measure this machine" }).click(PATIENCE);
    await page.getByRole("heading", { name: "This machine", exact: true }).waitFor(PATIENCE);
    const query = new URLSearchParams(new URL(page.url()).hash.split("?")[1]);
    expect(query.get("single")).toMatch(/^mlp-ns:\d+(\.\d+)?$/);
    expect(query.get("browser")).toMatch(/^Chrome \d+$/);
    // What was measured is kept while one looks at another page.
    await page.getByRole("link", { name: "Lessons" }).click();
    await page.getByRole("heading", { name: "Lessons" }).waitFor(PATIENCE);
    await page.evaluate(() => {
      location.hash = "#/speed";
    });
    await page.getByRole("heading", { name: "This machine", exact: true }).waitFor(PATIENCE);
    await page.reload();
    await page.getByRole("heading", { name: "From the link" }).waitFor(PATIENCE);
  });
});
