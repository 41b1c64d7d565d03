import { mkdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import sharp from "sharp";
import { figure } from "tsgan/figure";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { violations, violationsOfColours } from "../../../tsgan/src/testing/axe.ts";
import { folder, launch, type Site, serve } from "../../../tsgan/src/testing/browser.ts";
import { findChromium } from "../../../tsgan/src/testing/chromium.ts";
import { repository } from "../../../tsgan/src/testing/repository.ts";
import { fieldsIn } from "../ui/fields.ts";
import { figureCsv } from "./figure-data.ts";
import type { Lesson, Show } from "./lesson.ts";
import { lessons } from "./list.ts";

/** What a page shows it shows soon, but on a loaded machine not at once. */
const poll = <T>(value: () => T | Promise<T>) => expect.poll(value, { timeout: 60_000 });

const artifacts = join(repository, "test-artifacts/studio");

describe.skipIf(findChromium() === undefined)("the lessons", () => {
  let site: Site;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  const failures: string[] = [];

  beforeAll(async () => {
    mkdirSync(artifacts, { recursive: true });
    site = await serve(folder(process.env.STUDIO_DIST ?? join(repository, "packages/studio/dist")));
    browser = await launch({ webgpu: false });
    context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme: "light" });
    page = await context.newPage();
    page.on("pageerror", (error) => failures.push(error.message));
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  const open = async (path: string): Promise<void> => {
    await page.goto(`${site.url}#/lessons${path}`);
    await page.waitForSelector(".lesson-figure svg");
  };
  /** While one plays, the address follows a few times a second. */
  const addressSettled = () => page.waitForTimeout(400);
  const query = (): URLSearchParams => new URLSearchParams(new URL(page.url()).hash.split("?")[1] ?? "");
  const handle = (name: string) =>
    page.getByRole("slider", { name, exact: true }).and(page.locator(".handle"));
  const saved = async (format: "SVG" | "PNG" | "CSV"): Promise<Buffer> => {
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: format, exact: true }).click(),
    ]);
    return readFile(await file.path());
  };
  /** What the lesson shows in Node for the state in the page's address. */
  const expected = (lesson: Lesson): Promise<Show> =>
    lesson.show(fieldsIn(lesson.fields, "this lesson").read(query()).state);

  /** A screenshot; no violation in the dark; on a telephone nothing is cut off, and the page is not wider than the screen. */
  const look = async (name: string): Promise<void> => {
    await page.evaluate(() => scrollTo(0, 0));
    await page.screenshot({ path: join(artifacts, `${name}.png`), fullPage: true });
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await violationsOfColours(page)).toEqual([]);
    await page.setViewportSize({ width: 360, height: 780 });
    await poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    const cut = await page
      .locator(".formula")
      .evaluateAll((all) => all.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).length);
    expect(cut).toBe(0);
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize({ width: 1280, height: 900 });
  };

  it("have an overview with a picture of each, in order", async () => {
    await page.goto(`${site.url}#/lessons`);
    await poll(() => page.locator(".picture > svg").count()).toBe(lessons.length);
    const links = await page
      .locator(".cards a")
      .evaluateAll((all) => all.map((link) => link.getAttribute("href")));
    expect(links).toEqual(lessons.map(({ name }) => `#/lessons/${name}`));
    expect(await violations(page)).toEqual([]);
    await look("lessons");
  });

  it.each(lessons)(
    "$name shows the library's numbers after its controls have been moved",
    async ({ name, load }) => {
      const { lesson } = await load();
      await open(`/${name}`);
      expect(await violations(page)).toEqual([]);
      await look(`lesson-${name}`);

      // The last thing to try, then one more step by the keyboard where there is a handle.
      await page.locator(".tries button").last().click();
      const first = page.locator(".handle").first();
      if ((await first.count()) > 0) {
        await first.press("ArrowLeft");
        await first.press("ArrowDown");
      }
      await addressSettled();
      expect(query().toString()).not.toBe("");

      const { figures, readouts } = await expected(lesson);
      await poll(() =>
        page
          .locator(".readouts data")
          .evaluateAll((all) => all.map((data) => Number((data as HTMLDataElement).value))),
      ).toEqual(readouts.map(({ value }) => expect.closeTo(value ?? Number.POSITIVE_INFINITY, 9)));
      expect((await saved("SVG")).toString()).toBe(figure(figures[0], { width: 900, theme: "light" }));
      const wanted = figureCsv(figures[0]).split(/[,\n]/);
      const found = (await saved("CSV")).toString().split(/[,\n]/);
      expect(found.length).toBe(wanted.length);
      const alike = (a: string, b: string) => a === b || Math.abs(Number(a) - Number(b)) < 1e-9;
      expect(found.filter((cell, i) => !alike(cell, wanted[i]))).toEqual([]);
      expect(failures).toEqual([]);
    },
  );

  it.each(lessons)("$name asks its question, and is a handout of one page", async ({ name, load }) => {
    const { lesson } = await load();
    await open(`/${name}`);
    expect(await page.locator(".question .answer").isVisible()).toBe(false);
    await page.getByRole("button", { name: "Make the experiment" }).click();
    await poll(() => page.locator(".question .answer").isVisible()).toBe(true);
    await addressSettled();
    expect(fieldsIn(lesson.fields, "this lesson").read(query()).state).toMatchObject(lesson.question.state);
    const pdf = await page.pdf({ preferCSSPageSize: true, path: join(artifacts, `lesson-${name}.pdf`) });
    expect(pdf.toString("latin1").match(/\/Type \/Page\b/g)).toHaveLength(1);
  });

  it("have no handle that covers another", async () => {
    await open("/divergences?meanQ=0&deviationQ=1");
    await poll(() => page.locator(".handle").count()).toBe(4);
    const boxes = await page.locator(".handle").evaluateAll((all) =>
      all.map((handle) => {
        const { left, top, width, height } = handle.getBoundingClientRect();
        return { x: left + width / 2, y: top + height / 2 };
      }),
    );
    for (const [i, a] of boxes.entries())
      for (const b of boxes.slice(i + 1)) expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThan(20);
    // Taken where it stands aside, it moves as far as the pointer does, and does not jump.
    const mean = page.getByRole("slider", { name: "mean of Q" }).and(page.locator(".handle"));
    await mean.hover();
    await page.mouse.down();
    await page.mouse.up();
    await addressSettled();
    expect(query().get("meanQ") ?? "1").toBe("0");
  });

  it("take a state from the address, survive a reload, and forget it on reset", async () => {
    await open("/divergences?meanQ=2.5&deviationQ=0.4");
    const kl = () => page.locator(".readouts data").first().getAttribute("value");
    // Once the page has followed the address: before, it shows the state that the test above left.
    await poll(async () => Number(await kl())).toBeCloseTo(21.24, 2);
    const shown = await kl();
    await page.reload();
    await page.waitForSelector(".lesson-figure svg");
    expect(await kl()).toBe(shown);
    expect(query().toString()).toBe("meanQ=2.5&deviationQ=0.4");
    await page.getByRole("button", { name: "Reset" }).click();
    await poll(() => query().toString()).toBe("");
    await poll(async () => Number(await kl())).toBeCloseTo(0.5, 9);
    await open("/divergences?meanQ=2");
    await poll(async () => Number(await kl())).toBeCloseTo(2, 9);
  });

  it("follow a handle to the end of a long drag", async () => {
    await open("/parallel-lines");
    const line = handle("line Q");
    // Where the figure has come to rest, which hovering waits for.
    await line.hover();
    const box = (await line.boundingBox())!;
    await page.mouse.down();
    // More movements than a browser allows changes of the address in that time.
    await page.mouse.move(box.x - 100, box.y, { steps: 130 });
    await page.mouse.move(box.x + 30, box.y, { steps: 130 });
    await page.mouse.up();
    const theta = () => Number(query().get("theta"));
    await poll(theta).toBeGreaterThan(0.65);
    await poll(async () => (await line.getAttribute("aria-valuetext")) === `θ ${theta().toFixed(2)}`).toBe(
      true,
    );
  });

  it("play a time to its end, and stop when asked", async () => {
    await open("/critic-estimate?position=34");
    const position = page
      .getByRole("slider", { name: "share of the training", exact: true })
      .and(page.locator("input"));
    await page.getByRole("button", { name: "Play" }).click();
    await page.getByRole("button", { name: "Play" }).waitFor();
    expect(await position.inputValue()).toBe("40");
    // From the end it starts anew.
    await page.getByRole("button", { name: "Play" }).click();
    await poll(async () => Number(await position.inputValue())).toBeLessThan(35);
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("button", { name: "Play" }).waitFor();
    await page.waitForTimeout(200);
    const paused = await position.inputValue();
    await page.waitForTimeout(200);
    expect(await position.inputValue()).toBe(paused);
  });

  it("have handles that are dragged with the pointer and moved by arrow keys", async () => {
    await open("/divergences");
    const mean = handle("mean of Q");
    const value = () => mean.getAttribute("aria-valuetext");
    await poll(value).toBe("mean of Q 1.00");
    const box = (await mean.boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + 120, box.y, { steps: 4 });
    await page.mouse.up();
    await addressSettled();
    const dragged = Number(query().get("meanQ"));
    expect(dragged).toBeGreaterThan(2);
    await poll(value).toBe(`mean of Q ${dragged.toFixed(2)}`);
    await mean.press("ArrowLeft");
    await poll(value).toBe(`mean of Q ${(dragged - 0.05).toFixed(2)}`);
    await mean.press("Shift+ArrowLeft");
    await poll(value).toBe(`mean of Q ${(dragged - 0.55).toFixed(2)}`);
    await mean.press("End");
    await poll(value).toBe("mean of Q 3.00");
    // The same number by the control beside the figure.
    const control = page.getByRole("slider", { name: "mean of Q", exact: true }).and(page.locator("input"));
    await control.press("Home");
    await poll(() => query().get("meanQ")).toBe("-3");
  });

  it("move earth between piles, and count the work", async () => {
    await open("/earth-mover");
    await page.getByRole("button", { name: "piles P 3: more" }).click();
    await poll(() => query().get("p")).toBe("3,2,2,3");
    await handle("pile 1").press("ArrowDown");
    await poll(() => query().get("p")).toBe("2,3,2,3");
    await poll(() => page.locator(".readouts data").first().getAttribute("value")).toBe("3");
  });

  it("read values under the pointer, set their formulas as MathML, and draw PNG", async () => {
    await open("/parallel-lines");
    const box = (await page.locator(".drawing").boundingBox())!;
    await page.mouse.move(box.x + 0.75 * box.width, box.y + 160);
    expect(await page.locator(".tip").textContent()).toMatch(/W1 \(−?[\d.]+, [\d.]+\)/);
    const sizes = await page
      .locator(".formula math")
      .evaluateAll((all) => all.map((math) => math.getBoundingClientRect().width));
    expect(Math.min(...sizes)).toBeGreaterThan(40);
    const { format, width } = await sharp(await saved("PNG")).metadata();
    expect({ format, width }).toEqual({ format: "png", width: 1800 });
  });

  it("on a telephone the figure comes first, and Play stays in reach from its top to its end", async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await open("/nash-oscillation");
    const figure = page.locator(".lesson-figure");
    const play = page.getByRole("button", { name: "Play" });
    const box = async (of: typeof play) => (await of.boundingBox())!;
    for (const place of ["start", "center"] as const) {
      await figure.evaluate((element, block) => element.scrollIntoView({ block }), place);
      const { y, height } = await box(play);
      expect(y).toBeGreaterThan(370);
      expect(y + height).toBeLessThanOrEqual(740);
    }
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    expect((await box(figure)).y).toBeLessThan((await box(play)).y);
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  it("have the words of their text in the colours of their figure", async () => {
    await open("/parallel-lines");
    const colorOf = (selector: string) =>
      page
        .locator(selector)
        .first()
        .evaluate((element) => getComputedStyle(element).color);
    expect(await page.locator(".look .real-word").allTextContents()).toEqual(["P"]);
    expect(await colorOf(".look .real-word")).toBe(await colorOf(".lesson-figure .c0"));
    expect(await colorOf(".look .made-word")).toBe(await colorOf(".lesson-figure .c1"));
  });

  it("lead from one to the next, and do not jump while they load", async () => {
    await open(`/${lessons[0].name}`);
    await page.getByRole("link", { name: /Next/ }).click();
    await page.getByRole("heading", { level: 1, name: lessons[1].title }).waitFor();
    await page.getByRole("link", { name: /Before/ }).click();
    await page.getByRole("heading", { level: 1, name: lessons[0].title }).waitFor();
    await page.reload();
    await page.waitForSelector(".lesson-figure svg");
    const shift = await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          new PerformanceObserver((list) =>
            resolve(
              list
                .getEntries()
                .reduce((sum, entry) => sum + (entry as unknown as { value: number }).value, 0),
            ),
          ).observe({ type: "layout-shift", buffered: true });
          setTimeout(() => resolve(0), 500);
        }),
    );
    expect(shift).toBeLessThan(0.02);
  });
});
