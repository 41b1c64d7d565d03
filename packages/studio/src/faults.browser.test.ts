/** What went wrong for people who tried the studio: each of these tests failed once. */
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { folder, launch, type Site, serve } from "../../tsgan/src/testing/browser.ts";
import { findChromium } from "../../tsgan/src/testing/chromium.ts";
import { repository } from "../../tsgan/src/testing/repository.ts";

const dist = process.env.STUDIO_DIST ?? join(repository, "packages/studio/dist");
/** Small networks and batches, for tests that do not hang on them. */
const SMALL = "g=16&d=16&b=32";
const PATIENCE = { timeout: 60_000 };

describe.skipIf(findChromium() === undefined)("the studio", () => {
  let site: Site;
  let browser: Browser;
  let page: Page;
  const failures: string[] = [];
  /** Milliseconds for which the site holds files back whose names match. */
  let slow: { readonly name: RegExp; readonly for: number } | undefined;

  beforeAll(async () => {
    const files = folder(dist);
    site = await serve(async (path) => {
      const wait = slow?.name.test(path) === true ? slow.for : 0;
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      return (await files(path))!;
    });
    browser = await launch({ webgpu: false });
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });
  beforeEach(async () => {
    slow = undefined;
    failures.length = 0;
    const context = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      serviceWorkers: "block",
    });
    page = await context.newPage();
    page.on("pageerror", ({ message }) => failures.push(message));
  });
  afterEach(async () => {
    await page.context().close();
    expect(failures).toEqual([]);
  });

  const button = (name: string, on = page) => on.getByRole("button", { name, exact: true });
  const iteration = (on = page) => on.getByLabel("Iteration", { exact: true });
  const step = async (on = page): Promise<number> =>
    Number(((await iteration(on).textContent()) ?? "").replace(/\D/g, ""));
  const open = (query: string, on = page) => on.goto(`${site.url}#/${query}`);
  const settings = () => button("Settings").click();
  const link = (query: string) =>
    page.evaluate((hash) => {
      location.hash = hash;
    }, `#/${query}`);
  const width = () => page.evaluate(() => document.documentElement.scrollWidth);
  /** Texts and tables that reach out of the screen, or out of the figure that they are in. */
  const cut = () =>
    page.evaluate(() => {
      const isOut = (element: Element): boolean => {
        const frame = element.closest("svg")?.getBoundingClientRect().right ?? innerWidth;
        const { right, width } = element.getBoundingClientRect();
        const scrolls = element.closest(".scroll, [style*=overflow]") !== null;
        return width > 0 && !scrolls && right > Math.min(frame, innerWidth) + 0.5;
      };
      return [...document.querySelectorAll("main svg text, main table, main ul, main li, main h1, main h2")]
        .filter(isOut)
        .map((element) => `${element.tagName}: ${element.textContent?.slice(0, 40)}`);
    });

  it("leads from every page to the licences of what others have written in it", async () => {
    for (const at of ["playground", "images", "lessons"]) {
      await page.goto(`${site.url}#/${at}`);
      await page.getByRole("link", { name: "Licences" }).click();
      await page.waitForURL(/\/licences\.txt$/);
      expect(await page.textContent("body")).toMatch(/^onnxruntime-web [\d.]+: MIT$/m);
      await page.goBack();
    }
    await page.goto(`${site.url}?embed#/playground?${SMALL}`);
    await page.locator("main canvas").first().waitFor(PATIENCE);
    expect(await page.getByRole("link", { name: "Licences" }).count()).toBe(0);
  });

  it("takes a setting and an example that are chosen while the runtime loads, and plays as soon as it can", async () => {
    slow = { name: /\.wasm$/, for: 4000 };
    await open(`playground?${SMALL}`);
    await page.getByText("Loading ONNX Runtime").waitFor();
    await settings();
    await page.getByRole("textbox", { name: "Seed" }).first().fill("7");
    await expect.poll(() => page.evaluate(() => location.hash)).toContain("seed=7");
    await link(`playground?${SMALL}&loss=hinge`);
    await page.locator("h1").click();
    await page.keyboard.press("Space");
    await expect.poll(() => step(), PATIENCE).toBeGreaterThan(10);
    expect(await page.getByRole("alert").count()).toBe(0);
  });

  it("does not scroll when the space bar is pressed while the runtime loads", async () => {
    slow = { name: /\.wasm$/, for: 4000 };
    await page.setViewportSize({ width: 600, height: 500 });
    await open(`playground?${SMALL}`);
    await page.getByText("Loading ONNX Runtime").waitFor();
    await page.locator("h1").click();
    await page.keyboard.press("Space");
    await page.waitForTimeout(300);
    expect(await page.evaluate(() => scrollY)).toBe(0);
  });

  it("says where slow motion stands while it is paused, and nothing of it once it is left", async () => {
    await open(`playground?${SMALL}&speed=3`);
    await button("Play").click();
    await page.getByText(/^D’s step, 3 of 3/).waitFor(PATIENCE);
    await button("Pause").click();
    const caption = page.locator(".caption");
    await expect.poll(() => caption.textContent()).toMatch(/^[DG]’s step, \d of 3/);
    // A phase that was on its way when Pause was pressed is still shown, and is where it then stands.
    const isStill = async (): Promise<boolean> => {
      const before = await caption.textContent();
      await page.waitForTimeout(500);
      return (await caption.textContent()) === before;
    };
    await expect.poll(isStill, PATIENCE).toBe(true);
    const paused = await caption.textContent();
    await page.waitForTimeout(1200);
    expect(await caption.textContent()).toBe(paused);
    await page.getByLabel("Speed", { exact: true }).and(page.locator("input")).fill("6");
    await button("Step").click();
    await expect.poll(() => caption.count(), PATIENCE).toBe(0);
  });

  it("drops what it said of an address when a setting is changed", async () => {
    await open(`playground?${SMALL}&k=99`);
    await page.getByText("k=99 in the address").waitFor();
    await settings();
    await page.getByRole("textbox", { name: "Seed" }).first().fill("7");
    await expect.poll(() => page.getByText("k=99 in the address").count()).toBe(0);
  });

  it("says which number is not taken, and what holds instead, when the field is left", async () => {
    await open(`playground?${SMALL}`);
    await settings();
    const batch = page.getByRole("textbox", { name: "Batch" });
    await batch.fill("5000");
    await batch.blur();
    await page.getByText("“5000” is not taken, it stays 32.").waitFor();
    expect(await batch.inputValue()).toBe("32");
  });

  it("trains on nothing until something is drawn", async () => {
    await open(`playground?${SMALL}&data=drawn`);
    await page.getByText("Draw a distribution first").waitFor(PATIENCE);
    expect(await button("Play").isDisabled()).toBe(true);
    await settings();
    const pad = page.getByRole("application", { name: "Drawing of the distribution" });
    await pad.focus();
    await page.keyboard.press("Enter");
    await button("Step").click(PATIENCE);
    await expect.poll(() => step(), PATIENCE).toBe(1);
  });

  it("gives each tab a state of its own, which a reload goes on from, and never shows a step before it knows it", async () => {
    await open(`playground?${SMALL}`);
    await button("Step").click(PATIENCE);
    await expect.poll(() => step(), PATIENCE).toBe(1);
    await button("Step").click();
    await expect.poll(() => step(), PATIENCE).toBe(2);
    const other = await page.context().newPage();
    await open(`playground?${SMALL}`, other);
    await button("Step", other).click(PATIENCE);
    await expect.poll(() => step(other), PATIENCE).toBe(1);
    await page.waitForTimeout(300);
    // Every text that the counter has had since the reload.
    await page.addInitScript(() => {
      const seen: string[] = [];
      Object.assign(globalThis, { seen });
      new MutationObserver(() => {
        const text = document.querySelector("[aria-label=Iteration]")?.textContent;
        if (text) seen.push(text.replace(/\D/g, ""));
      }).observe(document, { subtree: true, childList: true, characterData: true });
    });
    await page.reload();
    await expect.poll(() => step(), PATIENCE).toBe(2);
    const seen = await page.evaluate(() => (globalThis as unknown as { seen: string[] }).seen);
    expect([...new Set(seen)]).toEqual(["", "2"]);
  });

  it("shows that a page is on its way while its script loads", async () => {
    slow = { name: /\/page-[^/]*\.js$/, for: 3000 };
    await open("lessons");
    await page.getByText("Opening …").waitFor();
    expect(await page.getByRole("heading", { name: "Lessons" }).count()).toBe(1);
    await page.getByRole("heading", { name: "How far apart are two distributions?" }).waitFor(PATIENCE);
    expect(await page.getByText("Opening …").count()).toBe(0);
  });

  it("moves a handle by one step for each press of an arrow key, however fast", async () => {
    await open("lessons/divergences");
    const mean = page.locator(".handle").first();
    await mean.focus();
    await mean.evaluate((handle) => {
      for (let i = 0; i < 20; i++)
        handle.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
    });
    await expect.poll(() => mean.getAttribute("aria-valuenow")).toBe("1");
  });

  it("has empty charts without numbers after a new run", async () => {
    await open("images?width=8&batch=8&latent=16");
    await button("Step").click(PATIENCE);
    await expect.poll(() => page.getByText("No values yet").count(), PATIENCE).toBe(0);
    await expect.poll(() => button("New run").isEnabled(), PATIENCE).toBe(true);
    await button("New run").click();
    await button("Go on without").click();
    await page.getByText("No values yet").waitFor(PATIENCE);
  });

  it.each(["playground", "lessons/divergences", "lessons/vanishing-gradient", "lessons/created-equal"])(
    "cuts nothing off on a screen of 360 pixels: %s",
    async (path) => {
      await page.setViewportSize({ width: 360, height: 780 });
      await open(path);
      await page.locator(".lesson-figure svg, .play").first().waitFor(PATIENCE);
      if (path === "playground") await page.getByText("more examples").click();
      expect(await width()).toBe(360);
      await expect.poll(cut).toEqual([]);
    },
  );
});
