/** What a finger does on a telephone: all that a pointer does, and a tap where a pointer would hover. */
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { folder, launch, type Site, serve } from "../../tsgan/src/testing/browser.ts";
import { findChromium } from "../../tsgan/src/testing/chromium.ts";
import { repository } from "../../tsgan/src/testing/repository.ts";

const dist = process.env.STUDIO_DIST ?? join(repository, "packages/studio/dist");
/** Small networks and batches, and not as fast as it goes. */
const SMALL = "g=16&d=16&b=32&speed=5";
const eventually = <T>(value: () => Promise<T>) => expect.poll(value, { timeout: 60_000 });

describe.skipIf(findChromium() === undefined)("on a telephone", () => {
  let site: Site;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    site = await serve(folder(dist));
    browser = await launch({ webgpu: false });
    const context = await browser.newContext({
      viewport: { width: 390, height: 780 },
      deviceScaleFactor: 2,
      hasTouch: true,
      isMobile: true,
    });
    page = await context.newPage();
    page.setDefaultTimeout(60_000);
    page.on("pageerror", ({ message }) => problems.push(message));
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });
  beforeEach(() => {
    problems.length = 0;
  });

  const open = async (path: string): Promise<void> => {
    await page.goto("about:blank");
    await page.goto(`${site.url}#/${path}`);
  };
  const button = (name: string): Locator => page.getByRole("button", { name, exact: true });
  const text = async (selector: string): Promise<string> =>
    (await page.locator(selector).first().textContent()) ?? "";
  const step = async (): Promise<number> => Number((await text(".count")).replace(/\D/g, ""));
  const scrolled = (): Promise<number> => page.evaluate(() => scrollY);
  const boxOf = async (of: Locator) => (await of.boundingBox())!;

  /** One finger, from one place to another. */
  const drag = async (
    from: readonly [x: number, y: number],
    to: readonly [x: number, y: number],
  ): Promise<void> => {
    const touch = await page.context().newCDPSession(page);
    const STEPS = 8;
    await touch.send("Input.dispatchTouchEvent", {
      type: "touchStart",
      touchPoints: [{ x: from[0], y: from[1] }],
    });
    for (let i = 1; i <= STEPS; i++) {
      const [x, y] = [0, 1].map((axis) => from[axis] + ((to[axis] - from[axis]) * i) / STEPS);
      await touch.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: [{ x, y }] });
    }
    await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    await touch.detach();
  };

  it("a run is played, paused, looked back at, and its words are explained", async () => {
    await open(`playground?${SMALL}`);
    await button("Play").tap();
    await eventually(step).toBeGreaterThan(20);
    await button("Pause").tap();
    await eventually(() => text(".rate")).toBe("paused");
    const now = await step();

    const time = page.getByRole("slider", { name: "Time: drag to go back" });
    await time.scrollIntoViewIfNeeded();
    const { x, y, width, height } = await boxOf(time);
    await drag([x + width - 10, y + height / 2], [x + 2, y + height / 2]);
    await eventually(() => text(".rate")).toBe("in the past");
    expect(await step()).toBeLessThan(now);
    await drag([x + 4, y + height / 2], [x + width - 1, y + height / 2]);
    await eventually(step).toBe(now);

    await button("What is Distance W₁?").tap();
    await page.getByText("The least work that moves").waitFor();
    await button("What is Distance W₁?").tap();
    await page.getByText("The least work that moves").waitFor({ state: "hidden" });

    // Where a pointer hovers over a part of the map, its settings have the words.
    await page.getByRole("button", { name: /^gradients/ }).tap();
    await button("What is Gradients?").tap();
    await page.getByText("the direction in which it would fool").waitFor();
    expect(problems).toEqual([]);
  });

  it("a distribution is drawn, and the page stays where it is", async () => {
    await open(`playground?${SMALL}&data=drawn`);
    await button("Settings").tap();
    const pad = page.getByRole("application", { name: "Drawing of the distribution" });
    await pad.locator("canvas").scrollIntoViewIfNeeded();
    const before = await scrolled();
    const { x, y } = await boxOf(pad.locator("canvas"));
    await drag([x + 60, y + 40], [x + 80, y + 160]);
    await page.getByText(/^\D*[3-9] of 400 dots/).waitFor();
    expect(await scrolled()).toBe(before);
    await button("Step").tap();
    await eventually(step).toBe(1);
    expect(problems).toEqual([]);
  });

  it("a lesson's handle is dragged, and a tap reads the figure", async () => {
    await open("lessons/divergences");
    const mean = page.getByRole("slider", { name: "mean of Q", exact: true }).and(page.locator(".handle"));
    await mean.scrollIntoViewIfNeeded();
    const before = await scrolled();
    const value = async (): Promise<number> => Number(await mean.getAttribute("aria-valuenow"));
    expect(await value()).toBe(1);
    const box = await boxOf(mean);
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await drag([x, y], [x + 50, y - 30]);
    await eventually(value).toBeGreaterThan(1.3);
    expect(await scrolled()).toBe(before);

    // In the first panel, beside the handles.
    const drawing = page.locator(".drawing").first();
    await drawing.evaluate((figure) => figure.scrollIntoView({ block: "start" }));
    const { x: left, y: top, width } = await boxOf(drawing);
    await page.touchscreen.tap(left + 0.45 * width, top + 200);
    await page.locator(".tip").waitFor();
    expect(await text(".tip")).toMatch(/\(−?[\d.]+, −?[\d.]+\)/);
    // It stays until something else is touched.
    await page.getByRole("heading", { level: 1 }).tap();
    await eventually(() => page.locator(".tip").count()).toBe(0);
    expect(problems).toEqual([]);
  });
});
