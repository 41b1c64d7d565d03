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
import { blocksIn, small, wordsOf } from "./pages.ts";

const dist = join(repository, "site/dist");
const PHONE = { width: 360, height: 740 };

/** Names of all built pages, without their ending. */
const pageNames = (): readonly string[] =>
  readdirSync(dist, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".html") && !/^(files|404)/.test(name))
    .map((name) => name.replaceAll("\\", "/").replace(/\.html$/, ""))
    .sort();

/** What can be read in a page: its headings, and how much text there is. */
const textOf = (page: Page): Promise<{ headings: string[]; letters: number }> =>
  page.evaluate(() => {
    const main = document.querySelector("main") as Element;
    const read = (selector: string): string[] =>
      [...main.querySelectorAll(selector)]
        .filter((element) => element.checkVisibility())
        .map(({ textContent }) => textContent);
    return { headings: read("h1, h2, h3"), letters: read("p, li, td, pre, figcaption").join("").length };
  });

/**
 * Marks an element of each look that text has in a theme and that is not known yet: colours, ground, size and weight are all that
 * contrast depends on. @returns the looks that it has marked
 */
const markLooks = (page: Page, isDark: boolean, known: ReadonlySet<string>): Promise<string[]> =>
  page.evaluate(
    ({ dark, seen }) => {
      document.documentElement.classList.toggle("dark", dark);
      const looks = new Set(seen);
      const grounds = new Map<Element, string>();
      /** The grounds that an element lies on. */
      const groundOf = (element: Element): string => {
        const known = grounds.get(element);
        if (known !== undefined) return known;
        const { backgroundColor, opacity } = getComputedStyle(element);
        const own = /, 0\)$/.test(backgroundColor) ? "" : backgroundColor;
        const under = element.parentElement === null ? "" : groundOf(element.parentElement);
        const ground = own === "" && opacity === "1" ? under : `${under} ${own} ${opacity}`;
        grounds.set(element, ground);
        return ground;
      };
      for (const element of document.body.querySelectorAll("*")) {
        element.removeAttribute("data-look");
        const says = [...element.childNodes].some(
          ({ nodeType, nodeValue }) => nodeType === 3 && nodeValue?.trim() !== "",
        );
        if (!says || element.getClientRects().length === 0) continue;
        const { color, fontSize, fontWeight } = getComputedStyle(element);
        const look = [color, fontSize, fontWeight, groundOf(element)].join();
        if (!looks.has(look)) element.setAttribute("data-look", "");
        looks.add(look);
      }
      return [...looks].slice(seen.length);
    },
    { dark: isDark, seen: [...known] },
  );

/** Elements that reach over the right edge of the screen and lie in nothing that scrolls. */
const tooWide = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const scrolls = (element: Element): boolean =>
      element.closest("pre, table, svg, .VPSidebar, .visually-hidden") !== null;
    const found = [...document.body.querySelectorAll("*")].filter(
      (element) => element.getBoundingClientRect().right > width + 1 && !scrolls(element),
    );
    const page =
      document.documentElement.scrollWidth > width
        ? [`the page is ${document.documentElement.scrollWidth} wide`]
        : [];
    return [...page, ...found.map(({ outerHTML }) => outerHTML.slice(0, 120))];
  });

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
    expect(pageNames().length).toBeGreaterThan(60);
  });

  it("has no page that fails axe in the light or in the dark, or is wider than 360 pixels, and tells its text without a script", {
    timeout: 1_200_000,
    retry: 0,
  }, async () => {
    const left = [...pageNames()];
    const faults: string[] = [];
    // Pages have most looks in common: each is judged where it is met first.
    const looks = { light: new Set<string>(), dark: new Set<string>() };
    const crawl = async (scripted: Page, plain: Page): Promise<void> => {
      for (let name = left.pop(); name !== undefined; name = left.pop()) {
        await scripted.goto(at(name));
        // Its scripts choose a theme as they begin.
        await scripted.waitForFunction(() => "__vue_app__" in (document.querySelector("#app") ?? {}));
        faults.push(...(await tooWide(scripted)).map((fault) => `${name}: too wide: ${fault}`));
        const axe = () =>
          new AxeBuilder({ page: scripted })
            .setLegacyMode()
            .options({ resultTypes: ["violations"], preload: false });
        const judge = async (about: string, builder: AxeBuilder): Promise<void> => {
          const { violations } = await builder.analyze();
          faults.push(
            ...violations.map(({ id, nodes }) => `${name}${about}: ${id}: ${nodes[0].html.slice(0, 200)}`),
          );
        };
        await judge("", axe().disableRules(["color-contrast"]));
        for (const theme of ["light", "dark"] as const) {
          const found = await markLooks(scripted, theme === "dark", looks[theme]);
          for (const look of found) looks[theme].add(look);
          if (found.length > 0)
            await judge(`, ${theme}`, axe().include("[data-look]").withRules(["color-contrast"]));
        }
        const hydrated = await textOf(scripted);
        await plain.goto(at(name));
        const without = await textOf(plain);
        if (
          without.headings.join() !== hydrated.headings.join() ||
          without.letters < 0.9 * hydrated.letters
        ) {
          faults.push(`${name}: without a script ${without.letters} letters of ${hydrated.letters}`);
        }
      }
    };
    const contexts = await Promise.all(
      [true, false, true, false].map((javaScriptEnabled) =>
        browser.newContext({
          javaScriptEnabled,
          viewport: PHONE,
          colorScheme: "light",
          reducedMotion: "reduce",
        }),
      ),
    );
    try {
      const pages = await Promise.all(contexts.map((context) => context.newPage()));
      await Promise.all([crawl(pages[0], pages[1]), crawl(pages[2], pages[3])]);
    } finally {
      await Promise.all(contexts.map((context) => context.close()));
    }
    expect(faults).toEqual([]);
    expect(looks.light.size).toBeGreaterThan(10);
    expect(looks.dark.size).toBeGreaterThan(10);
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

  it("names the licences of what others have written in its scripts, those of its example and figures too", async () => {
    await withPage({}, async (page) => {
      await page.goto(at("install"));
      await page.getByRole("link", { name: "Licences of others" }).click();
      await page.waitForURL(/licences\.txt$/);
      const text = (await page.textContent("body")) ?? "";
      for (const name of [
        "vitepress",
        "@vue/runtime-core",
        "minisearch",
        "onnxruntime-web",
        "@bufbuild/protobuf",
      ])
        expect(text).toMatch(new RegExp(`^${name} [\\d.]+: `, "m"));
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

  it("shows all its figures on its pages", () => {
    const facts = Object.keys(JSON.parse(readFileSync(join(dist, "figures/facts.json"), "utf8")));
    const pages = ["losses", "techniques", "models", "metrics"].map((name) =>
      readFileSync(join(dist, `${name}.html`), "utf8"),
    );
    expect(facts.length).toBeGreaterThan(60);
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
          ...["train", "train", "doctor", "evaluate", "sample", "sample", "export"],
        ]);
        // All of them are run in their order by `pages.long.test.ts`, as the page's source has them.
        const source = "docs/start/pictures.md";
        const blocks = blocksIn(source, readFileSync(join(repository, source), "utf8"));
        expect(
          blocks.filter(({ language, notRun }) => language === "sh" && notRun === undefined).length,
        ).toBe(blocks.length);
        expect(
          blocks
            .flatMap(({ text }) => text.split("\n"))
            .map(wordsOf)
            .filter(([first]) => first === "npx"),
        ).toEqual(commands);
        // The first and the last make a generator.
        for (const words of [commands[0], commands[commands.length - 1]]) {
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
