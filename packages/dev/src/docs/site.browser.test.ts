/** The built documentation in a Chromium: it has all pages, for everybody, and leads a newcomer to a generator of their own. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Page } from "playwright-core";
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
