import { mkdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { folder, launch, type Site, serve } from "../../../tsgan/src/testing/browser.ts";
import { findChromium } from "../../../tsgan/src/testing/chromium.ts";
import { repository } from "../../../tsgan/src/testing/repository.ts";
import { parseState } from "./address.ts";
import { datasetOf, mixtureOf } from "./data.ts";
import { figureKeys, referenceOf } from "./figures.ts";
import { Gan } from "./gan.ts";
import { CLOUD } from "./picture.ts";
import { gansOf } from "./settings.ts";
import { trainerFor } from "./trainer.ts";
import { EYE_SEED, realCloud, SAMPLES } from "./views.ts";

const artifacts = join(repository, "test-artifacts/studio");
const dist = process.env.STUDIO_DIST ?? join(repository, "packages/studio/dist");

/** Small networks and batches, for tests that do not hang on them. */
const SMALL = "g=16&d=16&b=32";
const WGAN_GP = "loss=wasserstein&pen=gradient-penalty*weight*0.1&glr=0.002&dlr=0.002&k=2";

const FIRST_PAGE_KILOBYTES = 200;

/** Waits until an assertion holds. Long enough for a loaded machine. */
const eventually = <T>(value: () => Promise<T>) => expect.poll(value, { timeout: 120_000 });

/** What the page shows, by its labels. */
const driverOf = (page: Page, site: Site) => {
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const text = async (selector: string): Promise<string> =>
    (await page.locator(selector).first().textContent()) ?? "";
  const step = async (): Promise<number> => Number((await text(".count")).replace(/\D/g, ""));
  const query = async (): Promise<string> =>
    decodeURIComponent((await page.evaluate(() => location.hash)).split("?")[1] ?? "");
  /** Until something can be trained, or it is said what is missing. */
  const ready = () =>
    page.locator("[aria-keyshortcuts=s]:enabled, .status[role=status]").waitFor({ timeout: 60_000 });
  return {
    page,
    button,
    text,
    step,
    query,
    ready,
    open: async (state: string): Promise<void> => {
      await page.goto("about:blank");
      await page.goto(`${site.url}#/playground?${state}`);
      await ready();
    },
    /** Another state of the same page, as a link to it gives. */
    follow: async (state: string): Promise<void> => {
      await page.evaluate(
        (hash) =>
          new Promise<void>((resolve) => {
            if (location.hash === hash) resolve();
            addEventListener("hashchange", () => setTimeout(resolve), { once: true });
            location.hash = hash;
          }),
        `#/playground?${state}`,
      );
      await ready();
    },
    untilStep: (least: number) => eventually(step).toBeGreaterThanOrEqual(least),
    untilStepIs: (exactly: number) => eventually(step).toBe(exactly),
    play: async (): Promise<void> => {
      await button("Play").click();
    },
    pause: async (): Promise<void> => {
      await button("Pause").click();
    },
    /** A curve as the page hands it out: rows of a CSV file. */
    csv: async (title: string): Promise<string[]> => {
      const chart = page.getByRole("figure", { name: title, exact: true });
      await chart.getByText("Save").click();
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        chart.getByRole("button", { name: "CSV" }).click(),
      ]);
      return (await readFile(await download.path(), "utf8")).trim().split("\n");
    },
    /** A number that changes with what is drawn on the first canvas, once it has been drawn. */
    picture: (): Promise<number> =>
      page
        .locator(".gan canvas")
        .first()
        .evaluate(async (canvas: HTMLCanvasElement) => {
          const sum = (): number => {
            const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
            return data.reduce((total, value, i) => (total + value * (1 + (i % 8191))) % 2 ** 40, 0);
          };
          for (let before = sum(); ; before = sum()) {
            for (let frame = 0; frame < 5; frame++) await new Promise(requestAnimationFrame);
            if (sum() === before) return before;
          }
        }),
    steps: () => text(".steps"),
    /** Opens the settings, where they are not open. */
    settings: async (): Promise<void> => {
      const toggle = button("Settings");
      if ((await toggle.getAttribute("aria-expanded")) === "false") await toggle.click();
      await page.getByRole("complementary", { name: "Settings" }).waitFor();
    },
    closeSettings: () => button("Close the settings").click(),
  };
};

describe.skipIf(findChromium() === undefined)("the playground", () => {
  let site: Site;
  let browser: Browser;
  let context: BrowserContext;
  let the: ReturnType<typeof driverOf>;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    mkdirSync(artifacts, { recursive: true });
    site = await serve(folder(dist));
    browser = await launch({ webgpu: false });
    context = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      permissions: ["clipboard-read", "clipboard-write"],
    });
    page = await context.newPage();
    page.on("pageerror", ({ message }) => problems.push(message));
    the = driverOf(page, site);
    await the.open(SMALL);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  it("plays, pauses, steps either player, and starts again", async () => {
    await the.follow(SMALL);
    await the.settings();
    expect(await the.step()).toBe(0);
    await the.button("Step").click();
    await the.untilStepIs(1);
    await eventually(the.steps).toContain("D 1 steps");
    await the.button("Only D").click();
    await eventually(the.steps).toContain("D 2 steps");
    expect(await the.steps()).toContain("G 1 steps");
    await the.button("Only G").click();
    await eventually(the.steps).toContain("G 2 steps");
    expect(await the.step()).toBe(1);
    await the.play();
    await the.untilStep(20);
    await the.pause();
    await eventually(() => the.text(".rate")).toBe("paused");
    // What the worker had under way is still shown.
    await page.waitForTimeout(500);
    const stopped = await the.step();
    await page.waitForTimeout(300);
    expect(await the.step()).toBe(stopped);
    await the.button("Reset").click();
    await the.untilStepIs(0);
    // A step that is asked for before a change of the settings has been taken up.
    await page.getByLabel("Batch").fill("16");
    await the.button("Step").click();
    await the.untilStepIs(1);
    await page.waitForTimeout(500);
    expect(await the.step()).toBe(1);
    await the.closeSettings();
  });

  it("shows the numbers of the library's trainer: losses of each iteration, and every figure", async () => {
    const state = `${SMALL}&seed=11`;
    await the.follow(state);
    for (let i = 1; i <= 3; i++) {
      await the.button("Step").click();
      await the.untilStepIs(i);
    }
    const { experiment } = parseState(new URLSearchParams(state)).state;
    const [settings] = gansOf(experiment);
    const dataset = datasetOf(experiment.data);
    const trainer = trainerFor(settings, dataset, { device: "cpu" });
    const records: number[][] = [];
    for (let i = 0; i < 3; i++) {
      const { step, discriminatorLoss, generatorLoss } = await trainer.iterate();
      records.push([step, discriminatorLoss, generatorLoss]);
    }
    await trainer.dispose();
    const [head, ...rows] = await the.csv("Losses");
    expect(head).toBe("iteration,discriminator,generator");
    expect(rows.map((row) => row.split(",").map(Number))).toEqual(
      records.map((row) => row.map((value) => expect.closeTo(value, 4))),
    );
    // What was measured at iteration 0, of the same points.
    const gan = await Gan.create({
      settings,
      dataset,
      device: "cpu",
      cloud: await realCloud(dataset, EYE_SEED, CLOUD),
      reference: referenceOf(await realCloud(dataset, EYE_SEED + 1, SAMPLES), mixtureOf(experiment.data)),
    });
    await gan.measure();
    for (const key of figureKeys) {
      const shown = Number.parseFloat(await the.text(`td.${key}`));
      expect(shown, key).toBeCloseTo(gan.curves.figures[key][0], 2);
    }
    await gan.dispose();
  });

  it("obeys the keyboard, but not while something is typed", async () => {
    await the.follow(`${SMALL}&seed=2`);
    await page.locator("h1").click();
    await page.keyboard.press("s");
    await the.untilStepIs(1);
    await page.keyboard.press("Space");
    await the.untilStep(5);
    await page.keyboard.press("Space");
    await the.button("Play").waitFor();
    await page.keyboard.press("r");
    await the.untilStepIs(0);
    await the.settings();
    await page.getByLabel("Batch").focus();
    await page.keyboard.press("s");
    expect(await page.getByLabel("Batch").inputValue()).toBe("32s");
    await page.keyboard.press("Backspace");
    await page.waitForTimeout(100);
    expect(await the.step()).toBe(0);
    await page.keyboard.press("Escape");
    expect(await the.button("Settings").getAttribute("aria-expanded")).toBe("false");
  });

  it("tells an iteration phase by phase in slow motion, and goes back and on through what was told", async () => {
    await the.follow(`${SMALL}&k=2`);
    const speed = page.getByRole("slider", { name: "Speed" });
    await speed.fill("2");
    await eventually(the.query).toContain("speed=2");
    const caption = () => the.text(".caption");
    const seen: string[] = [];
    for (let phase = 0; phase < 9; phase++) {
      await the.button("Step").click();
      await eventually(caption).not.toBe(seen[seen.length - 1] ?? "");
      seen.push(await caption());
    }
    expect(seen.map((text) => text.split(" of 3")[0])).toEqual([
      ...["D’s step 1 of 2, 1", "D’s step 1 of 2, 2", "D’s step 1 of 2, 3"],
      ...["D’s step 2 of 2, 1", "D’s step 2 of 2, 2", "D’s step 2 of 2, 3"],
      ...["G’s step, 1", "G’s step, 2", "G’s step, 3"],
    ]);
    expect(seen[1]).toMatch(
      /D gives the real points 0\.\d+ on average and the generated ones 0\.\d+; its loss is \d/,
    );
    // The iteration ends when the generator is seen to move.
    await the.untilStepIs(1);
    await eventually(the.steps).toContain("D 2 steps");
    expect(await page.locator(".node[data-lit=true]").count()).toBe(3);
    await the.button("Step back").click();
    await eventually(caption).toContain("G’s step, 2");
    expect(await the.text(".rate")).toBe("in the past");
    expect(await the.step()).toBe(0);
    await the.button("Step").click();
    await eventually(caption).toContain("G’s step, 3");
    await the.play();
    await eventually(caption).toContain("D’s step 1 of 2, 2");
    await the.pause();
    await speed.fill("6");
    await the.button("Step").click();
    await the.untilStepIs(2);
    await eventually(() => page.locator(".caption").count()).toBe(0);
  });

  it("goes back in time to what was seen, with its figures", async () => {
    await the.follow(`${SMALL}&seed=6`);
    await the.play();
    await the.untilStep(120);
    await the.pause();
    await eventually(() => the.text(".rate")).toBe("paused");
    const now = await the.step();
    const figure = () => the.text("td.wasserstein");
    const [picture, distance] = [await the.picture(), await figure()];
    const time = page.getByRole("slider", { name: "Time: drag to go back" });
    await time.fill("0");
    expect(await the.step()).toBe(0);
    await eventually(the.picture).not.toBe(picture);
    expect(await figure()).not.toBe(distance);
    await time.press("End");
    await the.untilStepIs(now);
    await eventually(the.picture).toBe(picture);
    expect(await figure()).toBe(distance);
  });

  it("changes rates, penalty weights and critic steps while it runs, and begins again with sizes, said before", async () => {
    await the.follow(`${SMALL}&pen=r1&seed=8`);
    await the.settings();
    const settings = page.getByRole("complementary", { name: "Settings" });
    expect(await settings.getByText("begins training again").count()).toBe(0);
    await the.play();
    await the.untilStep(20);
    await settings.getByText("A change here begins training again, from iteration 0.").first().waitFor();
    const rate = page.getByRole("group", { name: "Discriminator", exact: true }).getByLabel("Learning rate");
    await rate.fill("0.004");
    const before = await the.step();
    await page.getByLabel("weight γ").fill("0.5");
    await page.getByLabel("Discriminator steps an iteration").fill("3");
    await page.getByText("Discriminator steps an iteration: 3").waitFor();
    await the.untilStep(before + 20);
    await the.pause();
    await eventually(the.query).toContain("dlr=0.004");
    // A long curve is thinned; its last row is of the last iterations.
    const losses = await the.csv("Losses");
    expect(Number(losses[losses.length - 1].split(",")[0])).toBeGreaterThan(before);
    await page.getByLabel("Latent size").fill("3");
    await the.untilStepIs(0);
    await eventually(() => page.getByText("Discriminator steps an iteration: 3").count()).toBe(0);
    await the.closeSettings();
  });

  it("puts every setting into the address, and starts again with it", async () => {
    await the.follow(SMALL);
    await the.settings();
    await page.locator("details.more").evaluateAll((all: HTMLDetailsElement[]) => {
      for (const one of all) one.open = true;
    });
    const group = (name: string) => page.getByRole("group", { name, exact: true });
    const select = (label: string, value: string) => page.getByLabel(label).first().selectOption(value);
    const type = (label: string, value: string) => page.getByLabel(label).first().fill(value);
    const changes: [key: string, () => Promise<unknown>][] = [
      ["modes=6", () => type("Modes of the ring", "6")],
      ["noise=0.1", () => type("Noise σ", "0.1")],
      ["data=grid", () => select("Distribution", "grid")],
      ["side=3", () => type("Modes along a side", "3")],
      ["z=1", () => type("Latent size", "1")],
      ["zd=uniform", () => select("Latent distribution", "uniform")],
      ["g=12", () => group("Generator's hidden layers").getByLabel("Width of layer 1").fill("12")],
      ["g=12-12", () => group("Generator's hidden layers").getByLabel("Add a layer").click()],
      ["d=16-16", () => group("Discriminator's hidden layers").getByLabel("Add a layer").click()],
      ["act=tanh", () => select("Activation", "tanh")],
      ["sn=on", () => select("Spectral norm of D", "on")],
      ["loss=least-squares", () => page.getByLabel("Loss", { exact: true }).selectOption("least-squares")],
      ["loss=least-squares*a*-1", () => page.getByLabel("a code of generated samples for D").fill("-1")],
      ["pen=r1", () => select("Add a penalty", "r1")],
      ["pen=r1*weight*0.5", () => page.getByLabel("weight γ").fill("0.5")],
      ["glr=0.01", () => group("Generator").getByLabel("Learning rate").fill("0.01")],
      ["do=rmsprop", () => group("Discriminator").getByLabel("Optimiser").selectOption("rmsprop")],
      ["k=2", () => type("Discriminator steps an iteration", "2")],
      ["b=16", () => type("Batch", "16")],
      ["ema=0.9", () => type("Average of the generator", "0.9")],
      ["decay=50", () => type("Learning rates fall", "50")],
      ["seed=7", () => type("Seed", "7")],
    ];
    for (const [key, change] of changes) {
      await change();
      await eventually(async () => (await the.query()).split("&")).toContain(key);
    }
    // 2 · 12 + 12 … of the generator with one latent number, 2 · 16 + 16 + 16 · 16 + 16 + 16 + 1 of the discriminator.
    await eventually(the.steps).toContain(`G 0 steps, ${1 * 12 + 12 + 12 * 12 + 12 + 12 * 2 + 2} parameters`);
    expect(await the.steps()).toContain("D 0 steps, 337 parameters");
    await the.button("Step").click();
    await eventually(the.steps).toContain("D 2 steps");
    expect(await the.text("td.modes")).toMatch(/^\d\/9$/);

    const address = await page.evaluate(() => location.href);
    await the.open("");
    await page.goto(address);
    await the.ready();
    expect(await page.evaluate(() => location.href)).toBe(address);
    await the.settings();
    expect(await page.getByLabel("Batch").inputValue()).toBe("16");
    expect(await page.getByLabel("Distribution").first().inputValue()).toBe("grid");
    expect(await page.getByLabel("weight γ").inputValue()).toBe("0.5");

    await page.getByText("Share", { exact: true }).click();
    await the.button("Copy link").click();
    await the.button("Link copied").waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(address);
    await page.keyboard.press("Escape");
    await the.button("Remove R1").click();
    await group("Generator's hidden layers").getByLabel("Remove a layer").click();
    await the.button("New seed").click();
    await eventually(the.query).not.toContain("seed=7");
    const after = (await the.query()).split("&");
    expect(after).toContain("g=12");
    expect(after.join()).not.toContain("pen=");
    expect(after).not.toContain("seed=7");
  });

  it("keeps what it understands of a broken address, and says what it does not", async () => {
    await the.follow(`${SMALL}&loss=hing&dlr=-1`);
    const notices = await page.getByRole("status").allTextContents();
    expect(notices.join()).toContain("loss=hing in the address: expected one of minimax");
    expect(notices.join()).toContain("dlr=-1 in the address: expected a number at least 1e-7, at most 1");
    await the.settings();
    expect(await page.getByLabel("Width of layer 1").first().inputValue()).toBe("16");
    await page.getByLabel("Batch").fill("0");
    await page.getByText("Expected: a whole number at least 2, at most 1024.").waitFor();
    expect(await the.query()).toContain("b=32");
  });

  it("shows what is chosen to be shown", async () => {
    await the.follow(SMALL);
    await the.button("Step").click();
    await the.untilStepIs(1);
    for (const layer of ["Real", "Generated", "Surface", "Grid", "Arrows"]) {
      const box = page.getByRole("checkbox", { name: layer, exact: true });
      const before = await the.picture();
      await box.uncheck();
      await eventually(the.picture).not.toBe(before);
      await box.check();
      await eventually(the.picture).toBe(before);
    }
  });

  it("trains on what is drawn, with the pointer or the keyboard", async () => {
    await the.follow(`${SMALL}&data=drawn`);
    await the.settings();
    const pad = page.getByRole("application", { name: "Drawing of the distribution" });
    // Where the page has come to rest, which hovering waits for.
    await pad.locator("canvas").hover({ position: { x: 60, y: 60 } });
    const box = (await pad.locator("canvas").boundingBox())!;
    await page.mouse.down();
    await page.mouse.move(box.x + 180, box.y + 60, { steps: 8 });
    await page.mouse.up();
    await page.getByText(/^\D*[5-9] of 400 dots/).waitFor();
    const stroke = await the.query();
    expect(stroke).toMatch(/pts=[\w-]{15,27}(&|$)/);
    await pad.press("ArrowUp");
    await pad.press("Enter");
    await eventually(async () => (await the.query()).length).toBe(stroke.length + 3);
    await the.ready();
    await the.button("Step").click();
    await the.untilStepIs(1);
    await page.getByRole("button", { name: "Clear" }).click();
    await eventually(the.query).not.toContain("pts=");
  });

  it("gives the same curve for the same seed and settings, whether or not it is watched, and goes on after a reload", async () => {
    // Slowly: the curve of more than a thousand iterations keeps every second one.
    const state = `${SMALL}&seed=3&speed=5`;
    await the.follow(state);
    await the.play();
    await the.untilStep(60);
    await the.pause();
    await eventually(() => the.text(".rate")).toBe("paused");
    const first = await the.csv("Losses");
    const [at, steps] = [await the.step(), await the.steps()];

    await page.reload();
    await the.ready();
    await the.untilStepIs(at);
    expect(await the.steps()).toBe(steps);
    expect(await the.csv("Losses")).toEqual(first);
    await the.play();
    await the.untilStep(at + 30);
    await the.pause();
    await eventually(() => the.text(".rate")).toBe("paused");
    const resumed = await the.csv("Losses");
    expect(resumed.slice(0, first.length)).toEqual(first);

    await the.button("Reset").click();
    await the.untilStepIs(0);
    await the.play();
    await the.untilStep(at + 30);
    await the.pause();
    await eventually(() => the.text(".rate")).toBe("paused");
    const whole = await the.csv("Losses");
    const common = Math.min(whole.length, resumed.length);
    expect(common).toBeGreaterThan(at + 20);
    expect(whole.slice(0, common)).toEqual(resumed.slice(0, common));

    await the.settings();
    await page.getByRole("textbox", { name: "Seed" }).first().fill("4");
    await the.untilStepIs(0);
    await the.button("Step").click();
    await the.untilStepIs(1);
    expect((await the.csv("Losses"))[1]).not.toBe(whole[1]);
  });

  it("goes on playing after a reload while it played", async () => {
    await the.follow(`${SMALL}&seed=5`);
    await the.play();
    await the.untilStep(30);
    // States are kept every three seconds.
    await page.waitForTimeout(3500);
    await page.reload();
    await the.untilStep(31);
    expect(await the.button("Pause").count()).toBe(1);
    await the.pause();
  });

  it("compares GANs that differ in one setting, on the same data and seed", async () => {
    await the.follow(SMALL);
    await the.settings();
    await the.button("Add a GAN to compare").click();
    await page.getByLabel("Loss", { exact: true }).selectOption("hinge");
    await eventually(the.query).toContain("gans=2&b.loss=hinge");
    await page.getByText("differs from A").waitFor();
    const [a, b] = ["A", "B"].map((letter) => page.getByRole("region", { name: `GAN ${letter}` }));
    expect(await b.locator(".chip").allTextContents()).toEqual(["Loss: hinge"]);
    await the.play();
    await the.untilStep(10);
    await the.pause();
    const [header] = await the.csv("Losses: discriminator");
    expect(header.split(",").slice(1)).toEqual(["A", "B"]);
    // Scores of one kind have one scale, beside probabilities that have their own.
    await the.follow(`${SMALL}&gans=3&b.loss=hinge&c.loss=least-squares`);
    await the.button("Step").click();
    await the.untilStep(1);
    const ends = (letter: string) =>
      page
        .getByRole("region", { name: `GAN ${letter}` })
        .locator(".scale .number")
        .allTextContents();
    await eventually(() => ends("A")).toEqual(["0", "1"]);
    await eventually(async () => {
      const [ofB, ofC] = [(await ends("B")).join(), (await ends("C")).join()];
      return ofB === ofC && ofB !== "0,1";
    }).toBe(true);
    // Until the losses tell them apart they are the same: same initial weights, same batches.
    await the.follow(`${SMALL}&gans=2`);
    await the.button("Step").click();
    await the.untilStep(1);
    const [, row] = await the.csv("Losses: discriminator");
    const [, valueOfA, valueOfB] = row.split(",");
    expect(valueOfB).toBe(valueOfA);
    // A link to one GAN while the settings show the second.
    await the.follow(SMALL);
    await b.waitFor({ state: "detached" });
    await page.goBack();
    await b.getByRole("button", { name: "Remove GAN B" }).click();
    await b.waitFor({ state: "detached" });
    await a.waitFor();
  });

  it("says why a GAN has stopped", async () => {
    await the.follow(`${SMALL}&loss=wasserstein&go=sgd&do=sgd&glr=1&dlr=1`);
    await the.play();
    await eventually(() => page.getByRole("alert").textContent()).toContain("not finite");
    await the.button("Play").waitFor();
  });

  it("finds all eight modes of the ring with WGAN-GP", async () => {
    await the.follow(WGAN_GP);
    await the.play();
    await eventually(() => the.text("td.modes")).toBe("8/8");
    await the.pause();
    await eventually(() => the.text(".rate")).toBe("paused");
    const screenshot = (name: string): Promise<Buffer> =>
      page.screenshot({ path: join(artifacts, `playground-${name}.png`), fullPage: true });
    await screenshot("light");
    await page.getByLabel("Colours").selectOption("dark");
    await screenshot("dark");
    await page.setViewportSize({ width: 360, height: 740 });
    await screenshot("narrow-dark");
    await page.getByLabel("Colours").selectOption("light");
    await screenshot("narrow");
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  it("has met no error in all of this", () => {
    expect(problems).toEqual([]);
  });

  it("needs few kilobytes of script before ONNX Runtime, which it loads with a progress bar", async () => {
    const fresh = await context.newPage();
    const scripts: Promise<Buffer>[] = [];
    const runtimes: number[] = [];
    fresh.on("response", (response) => {
      const { pathname } = new URL(response.url());
      // Later ones may come when the page is closed already.
      if (pathname.endsWith(".js") && runtimes.length === 0) scripts.push(response.body());
      if (pathname.endsWith(".wasm")) runtimes.push(scripts.length);
    });
    await fresh.route("**/*.wasm", async (route) => {
      await fresh.getByText("Loading ONNX Runtime").waitFor();
      await route.continue();
    });
    await fresh.goto(site.url);
    await fresh.locator("progress").waitFor();
    await driverOf(fresh, site).ready();
    expect(runtimes).toHaveLength(1);
    const bodies = await Promise.all(scripts.slice(0, runtimes[0]));
    const kilobytes = bodies.reduce((sum, body) => sum + gzipSync(body).length, 0) / 1000;
    expect(kilobytes).toBeGreaterThan(10);
    expect(kilobytes).toBeLessThan(FIRST_PAGE_KILOBYTES);
    await fresh.close();
  });

  it("trains on one thread without cross-origin isolation, and says what threads need", async () => {
    const plain = await serve(folder(dist), { isolated: false });
    const fresh = await context.newPage();
    const driver = driverOf(fresh, plain);
    await driver.open(SMALL);
    expect(await driver.text(".status")).toContain("Cross-Origin-Embedder-Policy");
    await driver.settings();
    expect(await fresh.getByLabel("Runs on").locator("option").allTextContents()).toEqual([
      "Automatic: WebAssembly, one thread",
      "WebAssembly, one thread",
    ]);
    await driver.button("Step").click();
    await driver.untilStepIs(1);
    await fresh.close();
    await plain.close();
  });

  it("trains all the same where the browser keeps no states, and says so", async () => {
    // Of its own: the worker's script may be in the cache of the other pages.
    const apart = await browser.newContext();
    const fresh = await apart.newPage();
    const driver = driverOf(fresh, site);
    // The database is opened in the worker: its script is where it can be taken away.
    await fresh.route("**/playground.worker*.js", async (route) => {
      const response = await route.fetch();
      const body = `Object.defineProperty(globalThis, "indexedDB", { value: { open() { throw new Error("denied"); } } });\n${await response.text()}`;
      await route.fulfill({ response, body });
    });
    // Where cookies are forbidden, even to look at these throws.
    await fresh.addInitScript(() => {
      for (const name of ["localStorage", "sessionStorage"]) {
        Object.defineProperty(globalThis, name, {
          get() {
            throw new DOMException("denied", "SecurityError");
          },
        });
      }
    });
    await driver.open(SMALL);
    await driver.button("Step").click();
    await driver.untilStepIs(1);
    await eventually(() => driver.text(".status")).toBe(
      "A reload will start again: states cannot be kept (denied).",
    );
    await apart.close();
  });

  it("says what is missing and what still works where WebAssembly is blocked", async () => {
    const fresh = await context.newPage();
    await fresh.addInitScript(() => {
      Reflect.deleteProperty(globalThis, "WebAssembly");
    });
    await fresh.goto(`${site.url}#/playground`);
    const alert = fresh.getByRole("alert");
    await alert.waitFor();
    expect(await alert.textContent()).toContain("This browser has no WebAssembly");
    expect(await alert.getByRole("link").allTextContents()).toEqual(["the lessons", "the runs"]);
    await fresh.close();
  });
});

describe.skipIf(findChromium() === undefined)("the playground on WebGPU", () => {
  it("trains and draws as on WebAssembly, and an emulated GPU is not taken without being asked for", async () => {
    const site = await serve(folder(dist));
    const browser = await launch({ webgpu: true });
    try {
      const page = await browser.newPage({ acceptDownloads: true });
      const the = driverOf(page, site);
      await the.open(SMALL);
      await the.settings();
      expect(await page.getByLabel("Runs on").locator("option:checked").textContent()).toMatch(
        /^Automatic: WebAssembly/,
      );
      await the.button("Step").click();
      await the.untilStepIs(1);
      const row = async (): Promise<number[]> => (await the.csv("Losses"))[1].split(",").map(Number);
      const expected = await row();
      await page.getByLabel("Runs on").selectOption("webgpu");
      await page.locator("[aria-keyshortcuts=s]:disabled").waitFor();
      await the.ready();
      // What was trained on the other device goes on here.
      await the.untilStepIs(1);
      await the.button("Reset").click();
      await the.untilStepIs(0);
      await the.button("Step").click();
      await the.untilStepIs(1);
      (await row()).forEach((value, i) => {
        expect(value).toBeCloseTo(expected[i], 3);
      });
    } finally {
      await browser.close();
      await site.close();
    }
  });
});
