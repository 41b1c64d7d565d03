/** What a newcomer sees without touching a setting, in pictures that are kept; and that everyone can see and use it. */
import { mkdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { violations, violationsOfColours } from "../../../tsgan/src/testing/axe.ts";
import { folder, launch, type Site, serve } from "../../../tsgan/src/testing/browser.ts";
import { findChromium } from "../../../tsgan/src/testing/chromium.ts";
import { repository } from "../../../tsgan/src/testing/repository.ts";
import { embedCode } from "./embed.ts";
import { firstExamples } from "./examples.ts";

const artifacts = join(repository, "test-artifacts/studio");
const dist = process.env.STUDIO_DIST ?? join(repository, "packages/studio/dist");
const SMALL = "g=16&d=16&b=32";

/** Long enough for a loaded machine. */
const eventually = <T>(value: () => Promise<T>) => expect.poll(value, { timeout: 120_000 });

describe.skipIf(findChromium() === undefined)("the first page", () => {
  let site: Site;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    mkdirSync(artifacts, { recursive: true });
    site = await serve(folder(dist));
    browser = await launch({ webgpu: false });
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });
  afterEach(async () => {
    await page.context().close();
    expect(problems.splice(0)).toEqual([]);
  });

  const openPage = async (address = "", options: BrowserContextOptions = {}): Promise<void> => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
    page = await context.newPage();
    page.on("pageerror", ({ message }) => problems.push(message));
    await page.goto(site.url + address);
  };
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const step = async (): Promise<number> =>
    Number(((await page.getByLabel("Iteration", { exact: true }).textContent()) ?? "").replace(/\D/g, ""));
  const trained = () => page.getByText("Trained in this page").waitFor({ timeout: 120_000 });
  const shot = (name: string) => page.screenshot({ path: join(artifacts, `first-page-${name}.png`) });
  /** Whether something lies within the first screen. */
  const isInView = (selector: string): Promise<boolean> =>
    page
      .locator(selector)
      .first()
      .evaluate((element) => {
        const { top, bottom, width } = element.getBoundingClientRect();
        return width > 0 && top >= 0 && bottom <= innerHeight;
      });
  /** Numbers of pixels of the picture that are nearest to blue and to orange dots. */
  const dots = () =>
    page
      .locator(".gan canvas")
      .first()
      .evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
        let [real, fake] = [0, 0];
        for (let i = 0; i < data.length; i += 4) {
          const near = (r: number, g: number, b: number): boolean =>
            Math.abs(data[i] - r) + Math.abs(data[i + 1] - g) + Math.abs(data[i + 2] - b) < 12;
          if (near(0, 114, 178)) real++;
          if (near(194, 65, 12)) fake++;
        }
        return { real, fake };
      });
  const verdict = async (index = 0): Promise<string> =>
    (await page.locator(".verdict h2").nth(index).textContent()) ?? "";
  it("tells a newcomer in thirty seconds what a GAN is, that it gets better, how it fails and what repairs it", async () => {
    await openPage();
    // 1. One sentence, and who plays against whom.
    await eventually(() => page.locator("h1").textContent()).toMatch(
      /Two networks play against each other: the generator .* the discriminator /,
    );
    // 2. A running example within a second of what the page itself needs: dots of both colours, before ONNX Runtime is there.
    await eventually(async () => (await dots()).real).toBeGreaterThan(100);
    expect((await dots()).fake).toBeGreaterThan(100);
    expect(await button("Pause").count()).toBe(1);
    await shot("1-begins");
    // 3. What each network does, as a map whose parts say what they are.
    const graph = page.getByRole("region", { name: "How the networks play" });
    expect(await graph.getByRole("button").allTextContents()).toEqual([
      "noise z",
      "generator G",
      "generated",
      "real points",
      "discriminator D",
      expect.stringMatching(/^D.*G.*losses$/),
      "gradients",
    ]);
    await graph.getByRole("button", { name: /^discriminator D/ }).hover();
    await page.getByRole("tooltip").getByText("gives each place a score").waitFor();
    await shot("2-explains");
    await page.mouse.move(0, 0);
    // 4. It trains, and gets better.
    await trained();
    await eventually(async () => [await verdict(), await page.locator("td.modes").textContent()]).toEqual([
      "It works",
      "8/8",
    ]);
    const way = await page.locator("tr:has(td.wasserstein) polyline").getAttribute("points");
    const heights = way!.split(" ").map((point) => Number(point.split(",")[1]));
    expect(heights[heights.length - 1]).toBeGreaterThan(heights[0]);
    await shot("3-works");
    // 5. A failure.
    await page.getByRole("link", { name: firstExamples[1].name }).click();
    await eventually(verdict).toBe("Collapsed");
    await shot("4-collapses");
    // 6. Its repair, beside it.
    await page.getByRole("link", { name: firstExamples[2].name }).click();
    await eventually(() => verdict(1)).toBe("B: It works");
    await eventually(() => verdict(0)).toBe("A: Collapsed");
    await shot("5-repaired");
  });

  it.each([
    [1440, 900],
    [360, 740],
  ])(
    "has picture, verdict, losses and Play in the first view of %d × %d, and in the wide one all else",
    async (width, height) => {
      await openPage("", { viewport: { width, height }, deviceScaleFactor: width === 360 ? 2 : 1 });
      await trained();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      await page.locator(".loss-curves canvas").waitFor();
      for (const part of [".gan canvas", ".play", ".timeline", ".verdict", ".loss-curves .plot"]) {
        expect(`${part} ${await isInView(part)}`).toBe(`${part} true`);
      }
      await shot(`first-view-${width}`);
      if (width === 360) {
        // The controls at the thumb hide none of it.
        const bottomOf = (selector: string): Promise<number> =>
          page.locator(selector).evaluate((element) => element.getBoundingClientRect().bottom);
        const bar = await page.locator(".transport").evaluate((it) => it.getBoundingClientRect().top);
        expect(await bottomOf(".loss-curves .plot")).toBeLessThanOrEqual(bar);
        // Figure before controls; Play is in reach wherever one is.
        await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
        expect(await isInView(".play")).toBe(true);
        return;
      }
      for (const part of [".graph", ".figures", ".cards .card"]) {
        expect(`${part} ${await isInView(part)}`).toBe(`${part} true`);
      }
    },
  );

  it("writes the numbers of its charts as large on screens with small pixels", async () => {
    const context = await browser.newContext({ viewport: { width: 360, height: 740 }, deviceScaleFactor: 2 });
    page = await context.newPage();
    page.on("pageerror", ({ message }) => problems.push(message));
    await page.addInitScript(() => {
      const fonts = new Set<string>();
      Object.assign(globalThis, { fonts });
      const { fillText } = CanvasRenderingContext2D.prototype;
      CanvasRenderingContext2D.prototype.fillText = function (...args) {
        if (this.canvas instanceof HTMLCanvasElement && this.canvas.closest(".uplot") !== null)
          fonts.add(this.font);
        fillText.apply(this, args);
      };
    });
    await page.goto(site.url);
    await trained();
    const sizes = () =>
      page.evaluate(() =>
        Array.from((globalThis as unknown as { fonts: Set<string> }).fonts, Number.parseFloat),
      );
    await eventually(async () => (await sizes()).length).toBeGreaterThan(0);
    // 11 and 12 CSS pixels.
    expect((await sizes()).every((size) => size === 22 || size === 24)).toBe(true);
  });

  it("has no violation of accessibility in light and dark, alone, side by side, with settings and terms, and fits 360 px", async () => {
    await openPage(`#/playground?${SMALL}&pen=r1`, { colorScheme: "light" });
    await button("Step").click({ timeout: 120_000 });
    await eventually(step).toBe(1);
    const holds = async (name?: string): Promise<void> => {
      expect(await violations(page)).toEqual([]);
      if (name !== undefined) await shot(`${name}-light`);
      await page.emulateMedia({ colorScheme: "dark" });
      expect(await violationsOfColours(page)).toEqual([]);
      if (name !== undefined) await shot(`${name}-dark`);
      await page.emulateMedia({ colorScheme: "light" });
    };
    await holds();
    await button("What is Distance W₁?").click();
    await page.getByText("The least work that moves").waitFor();
    await holds("term");
    await page.keyboard.press("Escape");
    await button("Settings").click();
    await button("Add a GAN to compare").click();
    await page.getByRole("region", { name: "GAN B" }).waitFor();
    await page.getByLabel("Loss", { exact: true }).selectOption("hinge");
    await page.getByText("differs from A").waitFor();
    await page.getByText("All curves").click();
    await holds("settings");
    await button("Close the settings").click();
    await page.setViewportSize({ width: 360, height: 740 });
    await eventually(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
      360,
    );
  });

  it("can be used by the keyboard alone: play, settings of a part, a term, an example", async () => {
    await openPage(`#/playground?${SMALL}`);
    await page.locator("h1").waitFor();
    /** Presses Tab until what is focused has a name. */
    const tabTo = async (name: RegExp): Promise<void> => {
      for (let i = 0; i < 60; i++) {
        await page.keyboard.press("Tab");
        const focused = await page.evaluate(() => {
          const { activeElement: it } = document;
          return it?.getAttribute("aria-label") ?? it?.textContent ?? "";
        });
        if (name.test(focused)) return;
      }
      throw new Error(`nothing called ${name} is reached by Tab`);
    };
    await tabTo(/^Play$/);
    await page.keyboard.press("Enter");
    await eventually(step).toBeGreaterThan(5);
    await page.keyboard.press("Enter");
    await button("Play").waitFor();
    await tabTo(/^discriminator D/);
    await page.getByRole("tooltip").waitFor();
    await page.keyboard.press("Enter");
    await eventually(() => page.evaluate(() => document.activeElement?.textContent)).toBe("Networks");
    await page.keyboard.press("Escape");
    await eventually(() => page.evaluate(() => document.activeElement?.className)).toContain("discriminator");
    await tabTo(/^What is Recall/);
    await page.keyboard.press("Enter");
    await page.getByText("The share of real points").waitFor();
    await tabTo(/^The lesson about it/);
    await page.keyboard.press("Escape");
    await tabTo(/^It collapses/);
    await page.keyboard.press("Enter");
    await eventually(() => page.evaluate(() => location.hash)).toContain("loss=hinge");
  });

  it("asks to be pressed where less motion is wanted, and moves nothing by itself", async () => {
    await openPage("", { reducedMotion: "reduce" });
    await trained();
    expect(await button("Play").getAttribute("data-asks")).toBe("true");
    expect(await step()).toBe(0);
    const animations = () => page.evaluate(() => document.getAnimations().length);
    expect(await animations()).toBe(0);
    await button("Play").click();
    await eventually(step).toBeGreaterThan(3);
    expect(await animations()).toBe(0);
  });

  it("holds at 200 % zoom, and with fingers", async () => {
    // A window of 1440 × 900 at 200 %.
    await openPage(`#/playground?${SMALL}`, {
      viewport: { width: 720, height: 450 },
      deviceScaleFactor: 2,
      hasTouch: true,
    });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(720);
    await button("Play").tap();
    await eventually(step).toBeGreaterThan(3);
    await button("Pause").tap();
    await page.getByRole("button", { name: /^generator G/ }).tap();
    await page.getByRole("complementary", { name: "Settings" }).waitFor();
    await button("What is G?").tap();
    await page.getByText("turns noise into points and wants").waitFor();
    await shot("zoomed");
  });

  it("is the running example alone where it is embedded", async () => {
    await openPage(`?embed#/playground?${SMALL}`, { viewport: { width: 640, height: 720 } });
    await eventually(step).toBeGreaterThan(3);
    expect(await page.getByRole("navigation").count()).toBe(0);
    expect(await page.getByRole("heading").allTextContents()).toEqual(["A GAN learns"]);
    expect(await isInView(".gan canvas")).toBe(true);
    expect(await isInView(".play")).toBe(true);
    expect(await page.getByRole("link", { name: "Open in tsgan studio" }).getAttribute("href")).toBe(
      `${site.url}#/playground?${SMALL}`,
    );
    expect(await violations(page)).toEqual([]);
    await shot("embedded");
  });

  it("gives code to embed what is shown, and a film of it", async () => {
    await openPage(`#/playground?${SMALL}`, { permissions: ["clipboard-read", "clipboard-write"] });
    await button("Step").click({ timeout: 120_000 });
    await eventually(step).toBe(1);
    await page.getByText("Share", { exact: true }).click();
    await button("Copy code to embed it").click();
    await button("Code copied").waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(
      `<iframe src="${site.url}?embed#/playground?g=16&amp;d=16&amp;b=32"`,
    );
    await button("Record a film (WebM)").click();
    await button("Play").click();
    await eventually(step).toBeGreaterThan(20);
    const [film] = await Promise.all([
      page.waitForEvent("download"),
      button("Stop and save the film").click(),
    ]);
    expect(film.suggestedFilename()).toBe("gan.webm");
    const bytes = await readFile(await film.path());
    // EBML, as every WebM file begins.
    expect([...bytes.subarray(0, 4)]).toEqual([0x1a, 0x45, 0xdf, 0xa3]);
    expect(bytes.length).toBeGreaterThan(5000);
    await button("Record a GIF, 30 seconds at most").click();
    const before = await step();
    await eventually(step).toBeGreaterThan(before + 20);
    const [gif] = await Promise.all([page.waitForEvent("download"), button("Stop and save the GIF").click()]);
    expect(gif.suggestedFilename()).toBe("gan.gif");
    // As this browser plays it: several pictures, the last another than the first.
    const played = await page.evaluate(
      async (base64) => {
        const data = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
        const decoder = new ImageDecoder({ data, type: "image/gif" });
        await Promise.all([decoder.tracks.ready, decoder.completed]);
        const frameCount = decoder.tracks.selectedTrack!.frameCount;
        const pixels = async (frameIndex: number): Promise<string> => {
          const { image } = await decoder.decode({ frameIndex });
          const rgba = new Uint8Array(image.allocationSize());
          await image.copyTo(rgba);
          return `${image.displayWidth} ${rgba.join()}`;
        };
        const [first, last] = [await pixels(0), await pixels(frameCount - 1)];
        return { frameCount, width: Number.parseInt(first, 10), moves: first !== last };
      },
      (await readFile(await gif.path())).toString("base64"),
    );
    expect(played.frameCount).toBeGreaterThanOrEqual(2);
    expect(played.width).toBeLessThanOrEqual(480);
    expect(played.moves).toBe(true);
  });

  it("runs in a frame of somebody else's page, by the code that it gives", async () => {
    const code = embedCode(`${site.url}#/playground?${SMALL}`);
    const lecture = await serve(
      new Map([["/", new TextEncoder().encode(`<!doctype html><h1>Lecture 9</h1>${code}`)]]),
      { isolated: false },
    );
    try {
      const context = await browser.newContext({ viewport: { width: 1000, height: 900 } });
      page = await context.newPage();
      page.on("pageerror", ({ message }) => problems.push(message));
      await page.goto(lecture.url);
      const frame = page.frameLocator("iframe");
      const count = async (): Promise<number> =>
        Number(((await frame.locator(".count").textContent()) ?? "").replace(/\D/g, ""));
      await eventually(count).toBeGreaterThan(3);
      await frame.getByRole("button", { name: "Pause" }).click();
      await frame.getByRole("button", { name: "Play" }).waitFor();
      // All of it lies within the frame: nothing is to be scrolled in a slide.
      const fits = await frame
        .locator("body")
        .evaluate(() => document.documentElement.scrollHeight <= innerHeight);
      expect(fits).toBe(true);
      await shot("embedded-in-a-page");
    } finally {
      await lecture.close();
    }
  });
});
