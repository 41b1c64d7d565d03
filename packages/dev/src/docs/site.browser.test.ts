/** The built documentation in a Chromium: it has all pages, for everybody, and leads a newcomer to a generator of their own. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Page } from "playwright-core";
import { losses, models, penalties, techniques } from "tsgan";
import { findChromium, folder, launch, openExamplePage, repository, type Site, serve } from "tsgan/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeOwnFiles } from "./own-files.ts";
import { small, wordsOf } from "./pages.ts";

const dist = join(repository, "site/dist");
/** A page of each kind: the first, a start, a guide, a long one with pictures, a made one, one of the reference. */
const KINDS = [
  "index",
  "start/pictures",
  "guides/read-the-curves",
  "gallery",
  "losses-matrix",
  "api/tsgan/runtime",
];

describe.skipIf(findChromium() === undefined)("the site", () => {
  let built: { readonly status: number | null; readonly said: string };
  let site: Site;
  let browser: Browser;

  beforeAll(async () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(repository, "site/build.mjs")], {
      cwd: repository,
      encoding: "utf8",
    });
    built = { status, said: `${stdout}${stderr}` };
    site = await serve(folder(dist), { isolated: false });
    browser = await launch({ webgpu: false });
  }, 900_000);
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  const withPage = async (
    options: Parameters<Browser["newContext"]>[0],
    use: (page: Page) => Promise<void>,
  ): Promise<void> => {
    const context = await browser.newContext(options);
    try {
      await use(await context.newPage());
    } finally {
      await context.close();
    }
  };
  const at = (name: string): string => `${site.url}${name}.html`;

  it("builds without a warning and without a dead link", () => {
    expect(built.status, built.said).toBe(0);
    const pages = readdirSync(dist, { recursive: true, encoding: "utf8" }).filter(
      (name) => name.endsWith(".html") && !name.startsWith("files"),
    );
    expect(pages.length).toBeGreaterThan(60);
  });

  it.each(["light", "dark"] as const)("passes axe in the %s", async (colorScheme) => {
    await withPage({ colorScheme }, async (page) => {
      for (const name of KINDS) {
        await page.goto(at(name));
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(({ id, nodes }) => `${name}: ${id}: ${nodes[0].html.slice(0, 200)}`)).toEqual(
          [],
        );
      }
    });
  });

  it("fits 360 pixels", async () => {
    await withPage({ viewport: { width: 360, height: 740 } }, async (page) => {
      for (const name of KINDS) {
        await page.goto(at(name));
        expect(await page.evaluate(() => document.documentElement.scrollWidth), name).toBeLessThanOrEqual(
          360,
        );
      }
    });
  });

  it("tells its text, its links and the pages beside without JavaScript", async () => {
    await withPage({ javaScriptEnabled: false }, async (page) => {
      await page.goto(at("index"));
      expect(await page.getByRole("heading", { level: 1 }).textContent()).toContain("GANs in TypeScript");
      expect(await page.locator("noscript").textContent()).toContain("It needs JavaScript");
      await page.getByRole("link", { name: "Your own pictures" }).first().click();
      expect(await page.getByRole("main").textContent()).toContain("npx tsgan train photos/");
      await page.getByRole("link", { name: "Read the curves" }).first().click();
      expect(await page.getByRole("main").textContent()).toContain("the discriminator wins");
    });
  });

  it("finds pages by words", async () => {
    await withPage({}, async (page) => {
      await page.goto(at("start/pictures"));
      await page.getByRole("button", { name: "Search" }).click();
      await page.locator("#localsearch-input").fill("configureRuntime");
      await page.locator("#localsearch-list a").first().waitFor();
      expect(await page.locator("#localsearch-list").textContent()).toMatch(/runtime/i);
    });
  });

  it("trains a GAN in its first page, which draws its points and hands its generator over", async () => {
    await withPage({}, async (page) => {
      const errors: string[] = [];
      page.on("pageerror", ({ message }) => errors.push(message));
      await page.goto(`${at("index")}?steps=50`);
      await page.getByRole("button", { name: "Train" }).click();
      await page.locator('.demo canvas[data-step="50"]').waitFor({ timeout: 120_000 });
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("link", { name: "generator.onnx" }).click(),
      ]);
      expect(readFileSync(await download.path()).length).toBeGreaterThan(10_000);
      expect(errors).toEqual([]);
    });
  });

  it("has a figure for each penalty, technique and model, and for each loss of scores one by one", () => {
    const facts = Object.keys(JSON.parse(readFileSync(join(dist, "figures/facts.json"), "utf8")));
    /** Of these a score alone says nothing: they compare whole batches of vectors. */
    const ofBatches = ["mmd-gan", "sinkhorn"];
    const names = [
      ...losses.catalogue.names.filter((name) => !ofBatches.includes(name)).map((name) => `losses/${name}`),
      ...penalties.catalogue.names.map((name) => `penalties/${name}`),
      ...techniques.catalogue.names.map((name) => `techniques/${name}`),
      ...models.catalogue.names.map((name) => `models/${name}`),
    ];
    expect(names.filter((name) => !facts.includes(name))).toEqual([]);
    const pages = ["losses", "techniques", "models", "metrics"].map((name) =>
      readFileSync(join(dist, `${name}.html`), "utf8"),
    );
    expect(facts.filter((name) => !pages.join("").includes(`data-figure="${name}"`))).toEqual([]);
  });

  it.each([
    ["losses", "losses/hinge", "real"],
    ["losses", "penalties/gradient-penalty", "weight"],
    ["techniques", "techniques/consensus", "weight"],
    ["metrics", "metrics/points", "spread"],
  ])(
    "has on the page %s the figure %s, which follows its handle and has the numbers that it was built with",
    async (name, figure, handle) => {
      await withPage({ colorScheme: "light" }, async (page) => {
        const errors: string[] = [];
        page.on("pageerror", ({ message }) => errors.push(message));
        await page.goto(at(name));
        const own = page.locator(`[data-figure="${figure}"]`);
        const says = own.locator("figcaption");
        const built = {
          svg: readFileSync(join(dist, `figures/${figure}.wide.light.svg`), "utf8"),
          says: await says.textContent(),
        };
        const moved = own.locator(`input[name="${handle}"]`);
        await moved.press("ArrowRight");
        await expect.poll(() => says.textContent(), { timeout: 60_000 }).not.toBe(built.says);
        await moved.press("ArrowLeft");
        await expect.poll(() => says.textContent(), { timeout: 60_000 }).toBe(built.says);
        const live = await own.locator(".live-picture > svg").evaluate(({ outerHTML }) => outerHTML);
        // As a browser writes what it has read.
        const parsed = await page.evaluate((text) => {
          const box = document.createElement("div");
          box.innerHTML = text;
          return box.innerHTML.trim();
        }, built.svg);
        expect(live).toBe(parsed);
        expect(errors).toEqual([]);
      });
    },
  );

  it("has figures that are dragged, chosen from and played", async () => {
    await withPage({}, async (page) => {
      await page.goto(at("metrics"));
      const points = page.locator('[data-figure="metrics/points"]');
      const before = await points.locator('input[name="x"]').inputValue();
      const picture = points.locator(".live-picture");
      await picture.scrollIntoViewIfNeeded();
      const { x, y, width } = (await picture.boundingBox()) as { x: number; y: number; width: number };
      await page.mouse.move(x + 0.2 * width, y + 150);
      await page.mouse.down();
      await page.locator('[data-figure="metrics/points"][data-live="true"]').waitFor({ timeout: 60_000 });
      await page.mouse.move(x + 0.35 * width, y + 150);
      await page.mouse.up();
      await expect.poll(() => points.locator('input[name="x"]').inputValue()).not.toBe(before);

      await page.goto(at("models"));
      const network = page.locator('[data-figure="models/dcgan"]');
      await network.locator('select[name="side"]').selectOption("64");
      await expect
        .poll(() => network.locator(".live-picture > svg").textContent(), { timeout: 60_000 })
        .toContain("64 × 64");

      await page.goto(at("techniques"));
      const changes = page.locator('[data-figure="techniques/diff-augment"]');
      const seen = await changes.locator("figcaption").evaluateHandle((caption) => {
        const texts = new Set<string>();
        new MutationObserver(() => texts.add(caption.textContent ?? "")).observe(caption, {
          characterData: true,
          childList: true,
          subtree: true,
        });
        return texts;
      });
      await changes.getByRole("button", { name: "Play" }).click();
      // It ends where its handle does.
      await expect
        .poll(() => changes.locator('input[name="seed"]').inputValue(), { timeout: 60_000 })
        .toBe("20");
      await changes.getByRole("button", { name: "Play" }).waitFor();
      expect(await seen.evaluate(({ size }) => size)).toBeGreaterThan(5);
    });
  });

  it("shows figures and their numbers without JavaScript", async () => {
    await withPage({ javaScriptEnabled: false, colorScheme: "light" }, async (page) => {
      await page.goto(at("metrics"));
      const figure = page.locator('[data-figure="metrics/points"]');
      await figure.scrollIntoViewIfNeeded();
      const image = figure.locator("img:visible");
      expect(await image.getAttribute("alt")).toContain("two sets of points");
      await expect
        .poll(() => image.evaluate((each) => (each as HTMLImageElement).naturalWidth))
        .toBeGreaterThan(300);
      expect(await figure.locator("figcaption").textContent()).toMatch(/^FID [\d.]+, KID /);
      expect(await figure.locator("input").count()).toBe(0);
    });
  });

  it("leads from its first page to an own generator, trained by its commands and drawn by its page", async () => {
    const home = mkdtempSync(join(tmpdir(), "tsgan-newcomer-"));
    const drawing = await openExamplePage();
    try {
      await makeOwnFiles(home);
      await withPage({}, async (page) => {
        await page.goto(at("index"));
        await page.getByRole("link", { name: "Your own pictures" }).first().click();
        await page.getByRole("heading", { level: 1, name: "Your own pictures" }).waitFor();
        const commands = (await page.locator("main .language-sh code").allInnerTexts())
          .flatMap((text) => text.split("\n"))
          .map(wordsOf)
          .filter(([first]) => first === "npx");
        expect(commands.map(([, , command]) => command)).toEqual([
          ...["train", "train", "doctor", "evaluate", "sample", "export"],
        ]);
        for (const words of commands) {
          const { status, stderr } = spawnSync(
            process.execPath,
            [join(repository, "packages/cli/bin/tsgan.js"), ...small(words.slice(2))],
            { cwd: home, encoding: "utf8", env: { ...process.env, TSGAN_CACHE: join(home, "cache") } },
          );
          expect(status, `${words.join(" ")}\n${stderr}`).toBe(0);
        }
        // The page that the site hands out is the one that draws.
        const link = page.getByRole("link", { name: "generate.html" });
        const handed = await page.request.get(
          new URL((await link.getAttribute("href")) ?? "", page.url()).href,
        );
        expect(await handed.text()).toBe(readFileSync(join(repository, "examples/generate.html"), "utf8"));
      });
      await drawing.give(
        "generator.onnx",
        readFileSync(join(home, "generator.onnx")),
        /^64 images in \d+ ms/,
      );
      // After a few steps all pictures are nearly grey, but not of one grey on its opaque canvas.
      expect((await drawing.canvas()).values).toBeGreaterThan(2);
    } finally {
      await drawing.close();
      rmSync(home, { recursive: true });
    }
  }, 400_000);
});
