import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { folder, launch, type Site, serve } from "../../../tsgan/src/testing/browser.ts";
import { findChromium } from "../../../tsgan/src/testing/chromium.ts";
import { repository } from "../../../tsgan/src/testing/repository.ts";

const dist = process.env.STUDIO_DIST ?? join(repository, "packages/studio/dist");
const PATIENCE = { timeout: 120_000 };

describe.skipIf(findChromium() === undefined)("the built page", () => {
  let site: Site;
  let browser: Browser;

  beforeAll(async () => {
    const files = folder(dist);
    // A plain host that sets no headers, with the page in a folder of a folder.
    site = await serve(
      (path) => (path.startsWith("/some/where/") ? files(path.slice("/some/where".length)) : undefined),
      { isolated: false },
    );
    browser = await launch({ webgpu: false });
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  it("works at any path, and after one visit without a network, with threads and all pages", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const failures: string[] = [];
    page.on("pageerror", ({ message }) => failures.push(message));
    await page.goto(`${site.url}some/where/#/playground?g=16&d=16&b=32`);
    const step = async (): Promise<number> =>
      Number(((await page.getByLabel("Iteration", { exact: true }).textContent()) ?? "").replace(/\D/g, ""));
    await page.getByRole("button", { name: "Step", exact: true }).click(PATIENCE);
    await expect.poll(step, PATIENCE).toBeGreaterThan(0);
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));

    await site.close();
    await page.reload();
    await page.getByRole("button", { name: "Reset", exact: true }).click(PATIENCE);
    await expect.poll(step, PATIENCE).toBe(0);
    await page.getByRole("button", { name: "Step", exact: true }).click(PATIENCE);
    await expect.poll(step, PATIENCE).toBe(1);
    // What the host did not say the page says for itself.
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    await page.goto(`${site.url}some/where/#/lessons/parallel-lines`);
    await page.locator(".lesson-figure svg").first().waitFor(PATIENCE);
    for (const name of ["Images", "Tables", "Runs"]) {
      await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name }).click();
      await page.locator(`.${name.toLowerCase()} h1, main > h1`, { hasNotText: "Opening" }).waitFor(PATIENCE);
    }
    expect(failures).toEqual([]);
    await context.close();
  });
});
