/**
 * What holds on every page of the studio and in every state of it: nothing that axe finds, all of it by keyboard, no motion where
 * none is wanted, room for letters twice and four times as large. Needs the build (`npm run build:web`).
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { findChromium, launch, moving, repository, unreached, violations, widthOf } from "tsgan/testing";
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

    expect(await unreached(page)).toEqual({ missed: [], unseen: [], pointerOnly: [] });
    expect(await moving(page)).toEqual([]);

    // Letters twice and four times as large leave half and a quarter of the width.
    for (const width of [640, 320]) {
      await page.setViewportSize({ width, height: 450 });
      await expect.poll(() => widthOf(page), { timeout: 5000 }).toBe(width);
    }
    expect(await violations(page), "narrow and light").toEqual([]);
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await violations(page), "wide and dark").toEqual([]);
  });

  describe("what a panel says", () => {
    /** Where an answer is kept back, or is an error, by the part of its address that follows the site's. */
    interface Said {
      readonly path: string;
      readonly held?: RegExp;
      readonly failed?: RegExp;
      readonly act?: (page: Page) => Promise<unknown>;
      readonly says: readonly string[];
    }

    const chosenFile = (name: string, text: string) => (page: Page) =>
      page
        .getByLabel(/^(Choose a file|Drop images)/)
        .first()
        .setInputFiles({ name, mimeType: "text/plain", buffer: Buffer.from(text) });
    const press = (name: string) => (page: Page) => page.getByRole("button", { name, exact: true }).click();

    const panels: Readonly<Record<string, Said>> = {
      "playground, empty: picture, verdict, losses": {
        path: "playground?data=drawn",
        says: [
          "Draw a distribution first",
          "Not trained yet",
          "The curves of both networks begin here when they train.",
        ],
      },
      "playground, loading": { path: "playground", held: /\.wasm$/, says: ["Loading ONNX Runtime"] },
      "playground, error": { path: "playground", failed: /\.wasm$/, says: ["ort-wasm"] },
      "images, empty: samples, losses, data, expectation, latent space": {
        path: "images?data=own",
        says: [
          "Samples appear here. Choose data and press Train.",
          "No values yet",
          "What it learns from appears here with the first step.",
          "What may be expected is said here once there are images.",
          "its samples appear here, to walk between them",
          "At most 20,000, cut to squares",
        ],
      },
      "images, loading: expectation": {
        path: "images",
        held: /\/data\//,
        says: ["Asking how many images there are …"],
      },
      "images, busy": { path: "images", held: /\.wasm$/, act: press("Train"), says: ["Preparing the run …"] },
      "images, error: data that cannot be had": {
        path: "images",
        failed: /\/data\//,
        act: press("Train"),
        says: ["data"],
      },
      "images, error: no images": {
        path: "images?data=own",
        act: chosenFile("notes.png", "no picture"),
        says: ["expected at least 2 images; got 0 of 1 files; not readable: notes.png"],
      },
      "tables, empty": { path: "tables", says: ["No row is sent anywhere."] },
      "tables, busy": {
        path: "tables",
        held: /worker[^/]*\.js$|\.wasm$/,
        act: chosenFile("people.csv", "age,city\n31,Ulm\n25,Bonn\n"),
        says: ["ONNX Runtime: "],
      },
      "tables, error": {
        path: "tables",
        act: chosenFile("people.csv", "one line"),
        says: ["people.csv: "],
      },
      "a lesson, loading": {
        path: "lessons/mode-collapse",
        held: /\/mode-collapse-[^/]*\.js$/,
        says: ["Opening the lesson …"],
      },
      "a lesson, error": {
        path: "lessons/earth-mover",
        failed: /\/earth-mover-[^/]*\.js$/,
        says: ["The lesson could not be loaded:"],
      },
      "runs, loading: the server": {
        path: "runs",
        held: /api\/session/,
        says: ["Asking the studio's server …"],
      },
      "runs, loading: the list": { path: "runs", held: /api\/runs\?/, says: ["Looking for runs …"] },
      "runs, empty": { path: "runs?search=nothing+of+the+kind", says: ["No run matches."] },
      "runs, error": { path: "runs", failed: /api\/runs\?/, says: ["made to fail"] },
      "a run, loading": { path: "runs?show=alpha", held: /api\/runs\/alpha$/, says: ["Reading the run …"] },
      "a run, empty: samples, curves, evaluations": {
        path: "runs?show=bare",
        says: ["No samples, curves and evaluations yet. Curves begin with the first step."],
      },
      "a run, error": { path: "runs?show=alpha", failed: /api\/runs\/alpha$/, says: ["made to fail"] },
      "a run that is not there": { path: "runs?show=omega", says: ["There is no such run."] },
      "a study, loading": {
        path: "runs?study=paper",
        held: /api\/studies\/paper$/,
        says: ["Reading the study …"],
      },
      "a study, empty": { path: "runs?study=planned", says: ["No trial of it has begun yet"] },
      "a study, error": {
        path: "runs?study=paper",
        failed: /api\/studies\/paper$/,
        says: ["made to fail"],
      },
    };

    let apart: Page;
    beforeAll(async () => {
      mkdirSync(join(root, "runs/bare"));
      writeFileSync(join(root, "runs/bare/config.json"), '{"data": "ring", "steps": 9}');
      mkdirSync(join(root, "runs/planned"));
      writeFileSync(join(root, "runs/planned/study.json"), "{}");
      const context = await browser.newContext({ serviceWorkers: "block" });
      apart = await context.newPage();
      apart.setDefaultTimeout(PATIENCE);
    });

    it.each(Object.entries(panels))("%s", async (_, { path, held, failed, act, says }) => {
      await apart.goto("about:blank");
      // What is held is never answered: leaving the page gives it up.
      if (held !== undefined) await apart.route(held, () => undefined);
      if (failed !== undefined)
        await apart.route(failed, (route) =>
          route.fulfill({ status: 500, contentType: "application/json", body: '{"error": "made to fail"}' }),
        );
      await apart.goto(address + path);
      await act?.(apart);
      for (const text of says) await apart.getByText(text).first().waitFor();
      await apart.goto("about:blank");
      await apart.unrouteAll({ behavior: "ignoreErrors" });
    });
  });

  describe("by keyboard alone", () => {
    const focused = (): Promise<string> =>
      page
        .locator(":focus")
        .evaluateAll(([element]) => element?.getAttribute("aria-label") ?? element?.textContent ?? "");
    /** Tab until what is named has the focus. */
    const tabTo = async (name: string | RegExp): Promise<void> => {
      const target = page.getByRole("button", { name }).or(page.getByRole("slider", { name })).first();
      await target.waitFor();
      for (let i = 0; i < 120; i++) {
        if (await target.evaluate((element) => element === element.ownerDocument.activeElement)) return;
        await page.keyboard.press("Tab");
      }
      throw new Error(`Tab does not come to ${name}`);
    };
    const open = async (path: string, ready: string): Promise<void> => {
      await page.setViewportSize({ width: 1280, height: 900 });
      await page.goto("about:blank");
      await page.goto(address + path);
      await page.locator(ready).first().waitFor();
    };

    it("images are trained, looked back at, explored and thrown away", async () => {
      await open("images?width=8&batch=8&latent=16", ".controls .train:enabled");
      await tabTo("Train");
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "Pause" }).waitFor();
      const step = async (): Promise<number> =>
        Number(((await page.locator(".facts dd").first().textContent()) ?? "").replaceAll(",", ""));
      await expect.poll(step, { timeout: PATIENCE }).toBeGreaterThan(3);
      await tabTo("Pause");
      await page.keyboard.press("Enter");
      await page.locator(".controls .train:enabled").waitFor();
      await tabTo("Samples at step");
      await page.keyboard.press("Home");
      await page.getByRole("img", { name: "64 samples at step 0" }).waitFor();
      await tabTo(/^Sample 1, chosen/);
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "Sample 10, chosen as A" }).waitFor();
      // Asked before it goes; Escape leaves it, and the focus where it was.
      await page.locator(".controls .train").focus();
      await tabTo("New run");
      await page.keyboard.press("Enter");
      await page.getByRole("dialog").waitFor();
      await page.keyboard.press("Escape");
      await expect.poll(focused).toBe("New run");
      expect(await step()).toBeGreaterThan(3);
    });

    it("runs are chosen, compared, renamed and deleted, and a menu gives the focus back", async () => {
      await open("runs?order=name", ".run-list tr.run");
      await page.getByRole("checkbox", { name: "Choose alpha" }).focus();
      await page.keyboard.press("Space");
      await page.getByRole("checkbox", { name: "Choose beta" }).focus();
      await page.keyboard.press("Space");
      await page.getByRole("link", { name: "Compare 2" }).press("Enter");
      await page.locator(".parallel svg").waitFor();

      await open("runs?order=name", ".run-list tr.run");
      await page.getByLabel("Change beta").focus();
      await page.keyboard.press("Enter");
      await page.keyboard.press("Escape");
      expect(await focused()).toBe("Change beta");
      await page.keyboard.press("Enter");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Tab");
      expect(await focused()).toBe("Rename");
      await page.keyboard.press("Enter");
      await page.getByLabel("New name").fill("gamma");
      await page.keyboard.press("Enter");
      await page.getByRole("link", { name: "gamma", exact: true }).waitFor();
      await page.getByLabel("Change gamma").focus();
      await page.keyboard.press("Enter");
      for (let i = 0; i < 3; i++) await page.keyboard.press("Tab");
      expect(await focused()).toBe("Delete");
      await page.keyboard.press("Enter");
      await page.getByText("gamma is in the trash.").waitFor();
      // What had the focus is gone: its undoing has it.
      await expect.poll(focused).toBe("Undo");
      await page.keyboard.press("Enter");
      await page.getByRole("link", { name: "gamma", exact: true }).waitFor();
    });

    it("a chart is read, zoomed and shown whole again; a lesson's figure is read", async () => {
      await open("runs?show=alpha", ".line-chart canvas");
      const plot = page.getByRole("slider", { name: "Losses: values by step" });
      await plot.focus();
      await plot.press("Home");
      await plot.press("Shift+ArrowRight");
      const value = () => plot.getAttribute("aria-valuetext");
      await expect.poll(value).toMatch(/^step 16,/);
      // The others are read at the same place.
      await expect.poll(() => page.locator(".line-chart .tip").count()).toBeGreaterThan(2);
      expect(new Set(await page.locator(".line-chart .tip tr:first-child td").allTextContents()).size).toBe(
        1,
      );
      await plot.press("+");
      await plot.press("Home");
      const first = await value();
      await plot.press("End");
      expect(await value()).toMatch(/^step (?!300)/);
      await plot.press("0");
      await plot.press("End");
      await expect.poll(value).toMatch(/^step 300,/);
      expect(first).toMatch(/^step 1,/);

      await open("lessons/parallel-lines", ".lesson-figure svg");
      const figure = page.getByRole("group", { name: /Arrow keys read its values/ });
      await figure.focus();
      await figure.press("ArrowRight");
      await figure.press("ArrowDown");
      await figure.press("ArrowRight");
      await expect.poll(() => page.locator(".tip").textContent()).toMatch(/\(−?[\d.]+, [\d.]+\)/);
    });
  });

  it("breaks nothing", () => expect(failures).toEqual([]));
});
