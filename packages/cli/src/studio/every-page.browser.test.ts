/**
 * What holds on every page of the studio and in every state of it: nothing that axe finds, all of it by keyboard, no motion where
 * none is wanted, room for letters twice and four times as large. Needs the build (`npm run build:web`).
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { findChromium, launch, repository, violations } from "tsgan/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeRun, writeStudy } from "./made-up-runs.fixture.ts";
import { createStudio } from "./server.ts";

const dist = process.env.STUDIO_DIST ?? join(repository, "packages/studio/dist");

const PATIENCE = 60_000;

interface State {
  readonly path: string;
  /** What is there once it is. */
  readonly ready: string;
  readonly act?: (page: Page) => Promise<unknown>;
}

const states: Readonly<Record<string, State>> = {
  "playground, as it opens": { path: "playground", ready: ".transport button" },
  "images, empty": { path: "images", ready: ".controls .train:enabled" },
  "images, one's own": { path: "images?data=own", ready: ".drop" },
  "images, with an error": {
    path: "images?data=own",
    ready: ".controls .train:enabled",
    act: async (page) => {
      await page.locator(".controls .train").click();
      await page.getByRole("alert").waitFor();
    },
  },
  "tables, empty": { path: "tables", ready: ".tables h1" },
  lessons: { path: "lessons", ready: ".cards li:last-child .picture > svg" },
  "a lesson, asked": {
    path: "lessons/parallel-lines",
    ready: ".lesson-figure svg",
    act: (page) => page.getByRole("button", { name: "Make the experiment" }).click(),
  },
  "a lesson that is none": { path: "lessons/nothing", ready: "h1" },
  "runs, grouped": { path: "runs?group=true", ready: "tr.group" },
  "runs, none found": { path: "runs?search=nothing+of+the+kind", ready: ".notice" },
  "runs, a new one": {
    path: "runs",
    ready: ".run-list tr.run",
    act: async (page) => {
      await page.getByRole("button", { name: "New run" }).click();
      await page.locator("form.start summary").click();
    },
  },
  "runs, a menu open": {
    path: "runs",
    ready: ".run-list tr.run",
    act: (page) => page.getByLabel("Change alpha").click(),
  },
  "a run": { path: "runs?show=alpha", ready: ".line-chart canvas" },
  "runs compared": { path: "runs?show=alpha&show=beta", ready: ".parallel svg" },
  "a run that is not there": { path: "runs?show=omega", ready: ".problem" },
  "a study": { path: "runs?study=paper", ready: "tbody tr" },
  "a page that is none": { path: "nothing", ready: "h1" },
};

/** What can be done with a pointer, each once: of radio buttons one, and the one that is in the order of a set that shares it. */
const FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex]";

/** Numbers what must be reached by Tab. @returns how many there are, and what a pointer alone can use */
const marked = (page: Page): Promise<{ count: number; pointerOnly: string[] }> =>
  page.evaluate((focusable) => {
    const isShown = (element: Element): boolean =>
      (element as HTMLElement).checkVisibility({ visibilityProperty: true }) &&
      element.getBoundingClientRect().width > 0;
    const groups = new Set<string>();
    const all = [...document.querySelectorAll<HTMLElement>(focusable)].filter((element) => {
      if (element.tabIndex < 0 || element.matches(":disabled") || !isShown(element)) return false;
      if (!(element instanceof HTMLInputElement) || element.type !== "radio") return true;
      const group = [...document.querySelectorAll<HTMLInputElement>(`input[name="${element.name}"]`)];
      const chosen = group.find(({ checked }) => checked) ?? group[0];
      if (chosen !== element || groups.has(element.name)) return false;
      groups.add(element.name);
      return true;
    });
    all.forEach((element, i) => {
      element.dataset.reach = String(i);
    });
    const pointerOnly = [...document.querySelectorAll("body *")].filter(
      (element) =>
        getComputedStyle(element).cursor === "pointer" &&
        isShown(element) &&
        element.closest(`${focusable}, label`) === null,
    );
    return { count: all.length, pointerOnly: pointerOnly.map(({ outerHTML }) => outerHTML.slice(0, 120)) };
  }, FOCUSABLE);

describe.skipIf(findChromium() === undefined)("every page of the studio", () => {
  let root: string;
  let server: Server;
  let address: string;
  let browser: Browser;
  let page: Page;
  const failures: string[] = [];

  beforeAll(async () => {
    if (!existsSync(join(dist, "index.html")))
      throw new Error("the page is not built; run npm run build:web first");
    root = mkdtempSync(join(tmpdir(), "tsgan-every-page-"));
    const runs = join(root, "runs");
    await writeRun(runs, "alpha", "non-saturating", 0);
    await writeRun(runs, "beta", "wgan-gp", 0.4);
    writeStudy(runs);
    server = createStudio({
      runs,
      page: dist,
      bin: join(repository, "packages/cli/bin/tsgan.js"),
      onFault: (error) => failures.push(String(error)),
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/#/`;
    browser = await launch({ webgpu: false });
    const context = await browser.newContext({ reducedMotion: "reduce" });
    page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    page.on("pageerror", (error) => failures.push(error.message));
  });
  afterAll(async () => {
    await browser?.close();
    server?.closeAllConnections();
    server?.close();
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  });

  it.each(Object.entries(states))("%s", async (_, { path, ready, act }) => {
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.emulateMedia({ colorScheme: "light" });
    await page.goto("about:blank");
    await page.goto(address + path);
    await page.locator(ready).first().waitFor();
    await act?.(page);

    // All of it by Tab, and where one is can be seen.
    const { count, pointerOnly } = await marked(page);
    expect(pointerOnly).toEqual([]);
    await page.evaluate(() => {
      (document.activeElement as HTMLElement | null)?.blur();
      scrollTo(0, 0);
    });
    const reached = new Set<number>();
    const unseen: string[] = [];
    for (let presses = 0; reached.size < count && presses < 2 * count + 10; presses++) {
      await page.keyboard.press("Tab");
      const at = await page.evaluate(() => {
        const now = document.activeElement as HTMLElement;
        const { outlineStyle, outlineWidth } = getComputedStyle(now);
        return {
          reach: Number(now.dataset.reach ?? -1),
          isSeen: now === document.body || (outlineStyle !== "none" && Number.parseFloat(outlineWidth) > 0),
          html: now.outerHTML.slice(0, 120),
        };
      });
      if (at.reach >= 0) reached.add(at.reach);
      if (!at.isSeen) unseen.push(at.html);
    }
    const missed = await page.evaluate(
      (all) =>
        [...document.querySelectorAll<HTMLElement>("[data-reach]")]
          .filter(({ dataset }) => !all.includes(Number(dataset.reach)))
          .map(({ outerHTML }) => outerHTML.slice(0, 120)),
      [...reached],
    );
    expect({ missed, unseen }).toEqual({ missed: [], unseen: [] });

    // No motion but that of what trains, which is drawn on canvases.
    const moving = await page.evaluate(() =>
      document
        .getAnimations()
        .filter(
          ({ effect, playState }) => playState === "running" && Number(effect?.getTiming().duration) > 0,
        )
        .map((animation) => (animation.effect as KeyframeEffect).target?.outerHTML.slice(0, 120)),
    );
    expect(moving).toEqual([]);

    // Letters twice and four times as large leave half and a quarter of the width.
    for (const width of [640, 320]) {
      await page.setViewportSize({ width, height: 450 });
      await expect
        .poll(() => page.evaluate(() => document.documentElement.scrollWidth), { timeout: 5000 })
        .toBe(width);
    }
    expect(await violations(page), "narrow and light").toEqual([]);
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await violations(page), "wide and dark").toEqual([]);
  });

  it("breaks nothing", () => expect(failures).toEqual([]));
});
