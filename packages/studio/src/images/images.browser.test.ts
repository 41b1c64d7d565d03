import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import type { Browser, BrowserContext, Page } from "playwright-core";
import sharp from "sharp";
import { randomStream } from "tsgan";
import { resolveConfig } from "tsgan/config";
import { fromPixels } from "tsgan/data";
import { latentFill } from "tsgan/game";
import { decodeSafetensors, encodeSafetensors, type GanTrainer, trainerOf } from "tsgan/train";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { violations, violationsOfColours } from "../../../tsgan/src/testing/axe.ts";
import { folder, launch, type Site, serve } from "../../../tsgan/src/testing/browser.ts";
import { findChromium } from "../../../tsgan/src/testing/chromium.ts";
import { repository } from "../../../tsgan/src/testing/repository.ts";
import { zip } from "../../../tsgan/src/testing/zip-files.ts";
import { wordsOf } from "./by-data.ts";
import { configOf, parseAddress, usualSettings } from "./settings.ts";

const artifacts = join(repository, "test-artifacts/studio");

/** The smallest networks and batches: what is tested does not hang on them. */
const TINY = "?width=8&batch=8&latent=16";

const WIDE = { width: 1280, height: 900 };

/** A loaded machine may take its time. */
const TIMEOUT = 60_000;

const eventually = <T>(value: () => T) => expect.poll(value, { timeout: TIMEOUT });

describe.skipIf(findChromium() === undefined)("the images page", () => {
  let site: Site;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    mkdirSync(artifacts, { recursive: true });
    site = await serve(folder(process.env.STUDIO_DIST ?? join(repository, "packages/studio/dist")));
    browser = await launch({ webgpu: false });
    context = await browser.newContext({ viewport: WIDE, reducedMotion: "reduce" });
    page = await context.newPage();
    page.setDefaultTimeout(TIMEOUT);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const fact = async (name: string): Promise<string> =>
    (await page
      .locator(".facts div", { has: page.getByText(name, { exact: true }) })
      .locator("dd")
      .textContent()) ?? "";
  const step = async (): Promise<number> => Number((await fact("Step")).replaceAll(",", ""));
  const untilStep = (atLeast: number): Promise<void> => eventually(step).toBeGreaterThanOrEqual(atLeast);
  const untilIdle = (): Promise<unknown> => page.locator(".controls .train:enabled").waitFor();
  /** Presses what would drop a run, and says yes where that is asked. */
  const dropping = async (name: string): Promise<void> => {
    const isAsked = (await step()) > 0;
    await button(name).click();
    if (isAsked) await button("Go on without").click();
  };
  const open = async (query: string): Promise<void> => {
    await page.goto("about:blank");
    await page.goto(`${site.url}#/images${query}`);
    await untilIdle();
  };
  const saved = async (item: string): Promise<{ name: string; bytes: Uint8Array }> => {
    await page.getByText("Files", { exact: true }).click();
    const [download] = await Promise.all([page.waitForEvent("download"), button(item).click()]);
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  };
  const samples = async () => {
    const { bytes } = await saved("Save samples and their z");
    return decodeSafetensors(bytes).tensors;
  };
  const give = async (control: string, name: string, bytes: Uint8Array): Promise<void> => {
    await page
      .locator(`input[type=file][aria-label="${control}"]`)
      .setInputFiles({ name, mimeType: "application/octet-stream", buffer: Buffer.from(bytes) });
  };
  const problem = (): Promise<string | null> => page.getByRole("alert").textContent();
  const screenshot = (name: string): Promise<Buffer> =>
    page.screenshot({ path: join(artifacts, `images-${name}.png`), fullPage: true });

  /** Bytes of the first channel of an image on a canvas. */
  const drawn = (label: string, side: number, column = 0): Promise<number[]> =>
    page.getByRole("img", { name: label, exact: true }).evaluate(
      (canvas, [size, at]) => {
        const { data } = (canvas as HTMLCanvasElement)
          .getContext("2d")!
          .getImageData(at * (size + 1), 0, size, size);
        return Array.from({ length: size * size }, (_, i) => data[4 * i]);
      },
      [side, column],
    );

  describe("a run on MNIST", () => {
    let checkpoint: { name: string; bytes: Uint8Array };

    it("trains step by step and by itself, and its losses and samples show", async () => {
      await open(TINY);
      await button("Step").click();
      await untilStep(1);
      await untilIdle();
      const before = await drawn("64 samples at step 1", 28);
      await button("Continue from step 1").click();
      await untilStep(20);
      await button("Pause").click();
      await untilIdle();
      const now = await step();
      await page.getByRole("img", { name: `64 samples at step ${now}`, exact: true }).waitFor();
      expect(await drawn(`64 samples at step ${now}`, 28)).not.toEqual(before);
      expect((await drawn("Images of the data", 28)).some((grey) => grey > 200)).toBe(true);
      expect(await fact("Speed")).toMatch(/^[\d.]+ it\/s$/);

      // But for those that follow a click at once, which are wanted.
      const jumps = await page.evaluate(
        () =>
          new Promise<number>((resolve) => {
            const observer = new PerformanceObserver((list) => {
              const shifts = list.getEntries() as unknown as { value: number; hadRecentInput: boolean }[];
              resolve(
                shifts.reduce((sum, { value, hadRecentInput }) => sum + (hadRecentInput ? 0 : value), 0),
              );
            });
            observer.observe({ type: "layout-shift", buffered: true });
            setTimeout(() => resolve(0), 500);
          }),
      );
      expect(jumps).toBeLessThan(0.02);

      // Back in time, and to the newest again.
      const scrubber = page.getByRole("slider", { name: "Samples at step" });
      await scrubber.press("Home");
      await page.getByRole("img", { name: "64 samples at step 0", exact: true }).waitFor();
      await scrubber.press("End");
      await page.getByRole("img", { name: `64 samples at step ${now}`, exact: true }).waitFor();
    });

    it("exports a generator that gives the page's images in Node.js", async () => {
      const { name, bytes } = await saved("Save generator.onnx");
      expect(name).toBe("generator.onnx");
      const picture = await saved("Save picture");
      expect(picture.name).toMatch(/^samples-step-\d{6}\.png$/);
      expect(await sharp(picture.bytes).metadata()).toMatchObject({ format: "png", width: 8 * 29 - 1 });
      const { z, image } = await samples();
      expect(image.shape).toEqual([64, 1, 28, 28]);
      const session = await InferenceSession.create(bytes);
      const output = await session.run({ z: new Tensor("float32", z.data as Float32Array, z.shape) });
      expect(output.image.dims).toEqual(image.shape);
      let worst = 0;
      (output.image.data as Float32Array).forEach((value, i) => {
        expect(Math.abs(value)).toBeLessThanOrEqual(1);
        worst = Math.max(worst, Math.abs(value - image.data[i]));
      });
      expect(worst).toBeLessThan(1e-4);
      await session.release();
    });

    it("goes back to a checkpoint, with the same samples, and on as before", async () => {
      checkpoint = await saved("Save checkpoint");
      const at = await step();
      expect(checkpoint.name).toBe(`step-${String(at).padStart(6, "0")}.safetensors`);
      const oneStep = async () => {
        await button("Step").click();
        await untilStep(at + 1);
        await untilIdle();
        return (await samples()).image.data;
      };
      const { image } = await samples();
      const after = await oneStep();
      expect(after).not.toEqual(image.data);
      await give("Load checkpoint", checkpoint.name, checkpoint.bytes);
      await button("Cancel").click();
      expect(await step()).toBe(at + 1);
      await give("Load checkpoint", checkpoint.name, checkpoint.bytes);
      await button("Go on without").click();
      await eventually(step).toBe(at);
      await untilIdle();
      expect((await samples()).image.data).toEqual(image.data);
      expect(await oneStep()).toEqual(after);
    });

    it("is there again after a reload, and goes on", async () => {
      const at = await step();
      const { image } = await samples();
      const grid = await drawn(`64 samples at step ${at}`, 28);
      const { hash } = new URL(page.url());
      await page.reload();
      await eventually(step).toBe(at);
      expect(new URL(page.url()).hash).toBe(hash);
      expect(await drawn(`64 samples at step ${at}`, 28)).toEqual(grid);
      await untilIdle();
      expect((await samples()).image.data).toEqual(image.data);
      await button("Step").click();
      await untilStep(at + 1);
      await untilIdle();
    });

    it.each([
      ["light", 1280],
      ["dark", 1280],
      ["light", 360],
    ] as const)("has no violation and no sideways scrolling: %s, %i px", async (theme, width) => {
      await page.setViewportSize({ width, height: 900 });
      await page.getByLabel("Colours").selectOption(theme);
      await page.getByRole("img", { name: "A − B + C" }).waitFor();
      const [red] = (await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).match(
        /\d+/g,
      )!;
      expect(Number(red) < 128).toBe(theme === "dark");
      await page.getByText("Files", { exact: true }).click();
      await screenshot(width === 360 ? "narrow" : theme);
      expect(await (theme === "light" ? violations(page) : violationsOfColours(page))).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      const menu = (await button("Save generator.onnx").boundingBox())!;
      expect(menu.x).toBeGreaterThanOrEqual(0);
      await page.getByText("Files", { exact: true }).press("Escape");
    });

    it("says that other settings are for a new run, which replaces it", async () => {
      await page.setViewportSize(WIDE);
      const at = await step();
      await page.getByLabel("Latent size").selectOption("32");
      expect(new URL(page.url()).hash).toContain("latent=32");
      expect(await page.getByText("These are for a new run").textContent()).toContain(`step ${at}`);
      expect(await page.locator(".controls .train").textContent()).toBe("Train a new run");
      await button("Continue the old one").waitFor();
      await button("Train a new run").click();
      await button("Cancel").click();
      expect(await step()).toBe(at);
      await dropping("New run");
      await eventually(step).toBe(0);
      await untilIdle();
      expect(await page.getByText("These are for a new run").count()).toBe(0);
    });

    it("refuses checkpoints of another model and damaged ones, and stays as it is", async () => {
      const { image } = await samples();
      // As another program writes it, which does not say what it was trained with.
      const { tensors, metadata } = decodeSafetensors(checkpoint.bytes);
      const { studio: _, digest: __, ...others } = metadata;
      await give(
        "Load checkpoint",
        "other.safetensors",
        encodeSafetensors(tensors, others, { digest: true }),
      );
      await expect
        .poll(problem)
        .toMatch(/^other\.safetensors: it belongs to another model: tensor .* must be /);
      await give("Load checkpoint", "damaged.safetensors", checkpoint.bytes.slice(0, -9));
      await eventually(problem).toMatch(/^damaged\.safetensors: truncated; expected \d+ bytes, got \d+$/);
      expect(await step()).toBe(0);
      expect((await samples()).image.data).toEqual(image.data);
    });

    it("takes settings, data and curves from a checkpoint, on a fresh page too", async () => {
      const other = await browser.newContext({ viewport: WIDE });
      const fresh = await other.newPage();
      await fresh.goto(`${site.url}#/images?data=fashion-mnist`);
      await fresh.locator(".controls .train:enabled").waitFor();
      await fresh
        .locator('input[type=file][aria-label="Load checkpoint"]')
        .setInputFiles({ name: "mine.safetensors", mimeType: "", buffer: Buffer.from(checkpoint.bytes) });
      const at = Number(/step-0*(\d+)/.exec(checkpoint.name)![1]);
      await fresh.getByText(`Continue from step ${at.toLocaleString("en")}`).waitFor({ timeout: TIMEOUT });
      expect(new URL(fresh.url()).hash).toContain("latent=16");
      expect(await fresh.getByRole("combobox", { name: "Data" }).inputValue()).toBe("mnist");
      expect(await fresh.getByText("No values yet").count()).toBe(0);
      await other.close();
    });
  });

  describe("the latent space", () => {
    it("takes points by click and by keyboard, and shows what lies between and around them", async () => {
      await page.getByRole("radio", { name: "A", exact: true }).check();
      await page.getByRole("button", { name: "Sample 5", exact: true }).click();
      const first = page.getByRole("button", { name: "Sample 5, chosen as A" });
      await first.waitFor();
      await first.press("ArrowDown");
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "Sample 13, chosen as B" }).waitFor();

      const a = () => drawn("A", 28);
      const ends = async () => [
        await drawn("9 images from A to B", 28),
        await drawn("9 images from A to B", 28, 8),
      ];
      await eventually(async () => (await ends())[0]).toEqual(await a());
      await eventually(async () => (await ends())[1]).toEqual(await drawn("B", 28));

      const moved = () => drawn("A, moved by the sliders", 28);
      await eventually(moved).toEqual(await a());
      await page.getByRole("slider", { name: "z 1", exact: true }).fill("3");
      await eventually(moved).not.toEqual(await a());
      await page.getByRole("combobox", { name: "Sliders" }).selectOption("principal directions at A");
      await eventually(moved).toEqual(await a());
      const direction = page.getByRole("slider", { name: "Direction 1" });
      await eventually(() => direction.isEnabled()).toBe(true);
      await direction.fill("6");
      await eventually(moved).not.toEqual(await a());
    });
  });

  describe("a generator from a file", () => {
    const SIDE = 16;
    const CLASSES = 3;

    const trainerFor = (model: string): GanTrainer =>
      trainerOf({
        config: resolveConfig({ data: "squares", model: { name: model, base: 4, latent: 8 }, batch: 4 }),
        dataset: fromPixels({
          name: "squares",
          shape: [1, SIDE, SIDE],
          pixels: new Uint8Array(CLASSES * SIDE * SIDE),
          labels: Int32Array.of(0, 1, 2),
          classes: ["a", "b", "c"],
        }),
      });

    it("draws the images that Node.js draws, of the label that is chosen", async () => {
      const trainer = trainerFor("cgan");
      const model = await trainer.exportGenerator();
      await give("Open generator.onnx", "digits.onnx", model);
      await page.getByRole("radio", { name: "digits.onnx" }).waitFor();
      await untilIdle();
      const z = trainer.latents(8, 1);
      const session = await InferenceSession.create(model);
      const rowOf = async (label: (i: number) => number): Promise<Float32Array[]> => {
        const { image } = await session.run({
          z: new Tensor("float32", z, [8, 8]),
          label: new Tensor(
            "int32",
            Int32Array.from({ length: 8 }, (_, i) => label(i)),
            [8],
          ),
        });
        const area = SIDE * SIDE;
        return Array.from({ length: 8 }, (_, i) =>
          (image.data as Float32Array).slice(i * area, (i + 1) * area),
        );
      };
      /** Largest difference from what is drawn, in grey levels. */
      const difference = async (images: readonly Float32Array[], column: number): Promise<number> => {
        const shown = await drawn("32 samples of seed 1", SIDE, column);
        return Math.max(...shown.map((grey, i) => Math.abs(grey - (images[column][i] + 1) * 127.5)));
      };
      const inTurn = await rowOf((i) => i % CLASSES);
      for (const column of [0, 4, 7]) await eventually(() => difference(inTurn, column)).toBeLessThan(0.6);
      await page.getByRole("combobox", { name: /^Class/ }).selectOption({ label: "c" });
      const twos = await rowOf(() => 2);
      for (const column of [0, 4, 7]) await eventually(() => difference(twos, column)).toBeLessThan(0.6);
      await session.release();
      await trainer.dispose();
    });

    it("is refused with one clear message where it is none", async () => {
      const points = trainerOf({
        config: resolveConfig({ data: "ring", model: { name: "mlp", latent: 2, hidden: [4] }, batch: 4 }),
        dataset: (await import("tsgan/data")).ring(),
      });
      const good = await trainerFor("dcgan").exportGenerator();
      const cases: [string, Uint8Array, RegExp][] = [
        [
          "notes.onnx",
          new TextEncoder().encode("not a model"),
          /^notes\.onnx: expected an ONNX model; got a file of 11 bytes/,
        ],
        [
          "points.onnx",
          await points.exportGenerator(),
          /^points\.onnx: expected a generator of images .* got one of \[batch, 2\]/,
        ],
        [
          "half.onnx",
          good.slice(0, good.length >> 1),
          /^half\.onnx: (expected an ONNX model|the model cannot be)/,
        ],
      ];
      for (const [name, bytes, message] of cases) {
        await give("Open generator.onnx", name, bytes);
        await eventually(problem).toMatch(message);
        await untilIdle();
      }
      // What was open stays open.
      expect(await page.getByRole("radio", { name: "digits.onnx" }).isChecked()).toBe(true);
    });
  });

  describe("images that are dropped on the page", () => {
    const png = (red: number, green: number): Promise<Buffer> =>
      sharp({
        create: { width: 40, height: 60, channels: 4, background: { r: red, g: green, b: 9, alpha: 1 } },
      })
        .png()
        .toBuffer();

    it("are trained on, and files that are none are named", async () => {
      await page.getByRole("combobox", { name: "Data" }).selectOption("own");
      await page.getByLabel(/Drop images, folders or a zip here/).setInputFiles([
        { name: "one.png", mimeType: "image/png", buffer: await png(250, 0) },
        { name: "two.png", mimeType: "image/png", buffer: await png(0, 250) },
        { name: "broken.png", mimeType: "image/png", buffer: Buffer.from("no image") },
      ]);
      await page
        .getByText("2 colour images read; 1 file not readable: broken.png", { exact: true })
        .last()
        .waitFor();
      expect(await page.locator(".expectation").textContent()).toContain("2 images: copies likely; about");
      await page.getByRole("img", { name: "Your images" }).waitFor();
      await page.getByLabel("Width").selectOption("8");
      await page.getByLabel("Batch").selectOption("8");
      await untilIdle();
      await dropping("New run");
      await eventually(step).toBe(0);
      await untilIdle();
      await button("Step").click();
      await untilStep(1);
      await untilIdle();
      expect((await samples()).image.shape).toEqual([64, 3, 32, 32]);
    });

    it("may come from the camera, and stand as thumbnails at once", async () => {
      const before = Number(
        /(\d+) images are kept|(\d+) images/.exec(
          (await page.locator(".drop small").textContent()) ?? "",
        )?.[1] ?? 2,
      );
      // A camera made of a canvas that changes.
      await page.evaluate(() => {
        const canvas = document.createElement("canvas");
        const context = canvas.getContext("2d")!;
        setInterval(() => {
          context.fillStyle = `hsl(${performance.now() % 360} 90% 50%)`;
          context.fillRect(0, 0, canvas.width, canvas.height);
        }, 30);
        Object.defineProperty(navigator.mediaDevices, "getUserMedia", {
          value: async () => canvas.captureStream(30),
        });
      });
      await button("Use the camera").click();
      await button("Take one").click();
      await page
        .getByText(`1 picture taken; ${before + 1} images in all`)
        .first()
        .waitFor();
      await button("Take 32").click();
      await page
        .getByText(`32 pictures taken; ${before + 33} images in all`)
        .first()
        .waitFor();
      expect(await page.locator(".expectation").textContent()).toContain(
        `${before + 33} images: copies likely`,
      );
      await button("Close the camera").click();
      await untilIdle();
    });

    it("may come by drag and drop, transparent ones on white", async () => {
      const clear = await sharp({ create: { width: 8, height: 8, channels: 4, background: "#00000000" } })
        .png()
        .toBuffer();
      const transfer = await page.evaluateHandle(
        ([bytes]) => {
          const data = new DataTransfer();
          for (const name of ["a.png", "b.png"]) data.items.add(new File([Uint8Array.from(bytes)], name));
          return data;
        },
        [[...clear]],
      );
      await page
        .getByRole("group", { name: "Your own images" })
        .dispatchEvent("drop", { dataTransfer: transfer });
      await page.getByText("2 grey images read", { exact: true }).last().waitFor();
      const kept = await page.evaluate(
        () =>
          new Promise<number[]>((resolve) => {
            const request = indexedDB.open("tsgan");
            request.onsuccess = () => {
              const get = request.result.transaction("kept").objectStore("kept").get(["", "own-images"]);
              get.onsuccess = () => resolve([...new Set(get.result.value.pixels as Uint8Array)]);
            };
          }),
      );
      expect(kept).toEqual([255]);
    });
  });

  describe("class names", () => {
    const colours = { ant: "#d02020", bee: "#20d020", cat: "#2020d0" };
    const picture = (background: string): Promise<Buffer> =>
      sharp({ create: { width: 20, height: 20, channels: 3, background } })
        .png()
        .toBuffer();

    it("come from the folders of an archive, stand over the columns, and one of them is generated", async () => {
      const files = await Promise.all(
        Object.entries(colours).flatMap(([name, background]) =>
          [1, 2].map(async (i) => ({ name: `pets/${name}/${i}.png`, content: await picture(background) })),
        ),
      );
      await open(`${TINY}&data=own`);
      await page
        .getByLabel(/Drop images, folders or a zip here/)
        .setInputFiles({ name: "pets.zip", mimeType: "application/zip", buffer: zip(files) });
      await page.getByText("6 colour images of 3 classes read", { exact: true }).last().waitFor();
      await page.getByText("3 classes: ant, bee, cat", { exact: true }).waitFor();
      await page.getByLabel("Model").selectOption("acgan");
      expect(await page.locator(".expectation").textContent()).toContain(
        "6 images of 3 classes: copies likely",
      );
      await untilIdle();
      // Of other settings than the run that is there: a step is one of a new run.
      await dropping("Step");
      await eventually(step).toBe(1);
      await untilIdle();
      await page
        .getByRole("img", { name: "63 samples at step 1, in columns ant, bee, cat", exact: true })
        .waitFor();
      expect(await page.locator(".class-names span").allTextContents()).toEqual(["ant", "bee", "cat"]);

      // A row is one noise, a column one class; what is saved is what is seen.
      const { z, label, image } = await samples();
      expect([z.shape, label.shape, image.shape]).toEqual([[63, 16], [63], [63, 3, 32, 32]]);
      expect([...label.data.slice(0, 4)]).toEqual([0, 1, 2, 0]);
      expect(z.data.slice(0, 16)).toEqual(z.data.slice(16, 32));
      expect(z.data.slice(0, 16)).not.toEqual(z.data.slice(48, 64));

      // Of one class, as Node.js makes them from the saved generator.
      const { bytes } = await saved("Save generator.onnx");
      const session = await InferenceSession.create(bytes);
      await page.getByRole("combobox", { name: /^Class/ }).selectOption("bee");
      await page.getByRole("button", { name: "Sample 5: bee", exact: true }).waitFor();
      const drawnZ = new Float32Array(8 * 16);
      latentFill({ size: 16, distribution: "normal" }, randomStream(1, "sample/latent"), drawnZ);
      const { image: bees } = await session.run({
        z: new Tensor("float32", drawnZ, [8, 16]),
        label: new Tensor("int32", new Int32Array(8).fill(1), [8]),
      });
      await eventually(async () => {
        const red = await drawn("32 samples of seed 1", 32, 4);
        const from = 4 * 3 * 1024;
        const wanted = (bees.data as Float32Array).slice(from, from + 1024);
        return Math.max(...red.map((value, i) => Math.abs(value - (wanted[i] + 1) * 127.5)));
      }).toBeLessThan(0.6);
      await session.release();
      await screenshot("classes");
    });

    it("come from a folder that is chosen, too, and images without them say why a model cannot be chosen", async () => {
      const root = mkdtempSync(join(tmpdir(), "tsgan-classes-"));
      try {
        for (const name of ["left", "right"]) {
          mkdirSync(join(root, "all", name), { recursive: true });
          writeFileSync(join(root, "all", name, "1.png"), await picture(name === "left" ? "#000" : "#fff"));
        }
        await page.locator('input[type=file][aria-label="Choose a folder"]').setInputFiles(join(root, "all"));
        await page.getByText("2 classes: left, right", { exact: true }).waitFor();
        expect(await page.getByLabel("Model").inputValue()).toBe("acgan");
        await page
          .getByLabel(/Drop images, folders or a zip here/)
          .setInputFiles([join(root, "all/left/1.png"), join(root, "all/right/1.png")]);
        await page.getByText("Your images have no class names", { exact: false }).first().waitFor();
        expect(await page.getByLabel("Model").inputValue()).toBe("dcgan");
        expect(await page.getByLabel("Model").locator("option[disabled]").count()).toBe(3);
        await untilIdle();
      } finally {
        rmSync(root, { recursive: true });
      }
    });
  });

  describe("what the data choose", () => {
    const flat = (background: { r: number; g: number; b: number }): Promise<Buffer> =>
      sharp({ create: { width: 12, height: 12, channels: 3, background } })
        .png()
        .toBuffer();
    const drop = async (count: number, fileOf: (i: number) => readonly [string, Promise<Buffer>]) => {
      const files = await Promise.all(
        Array.from({ length: count }, async (_, i) => {
          const [name, content] = fileOf(i);
          return { name, content: await content };
        }),
      );
      await open("?data=own&by=data");
      await page
        .getByLabel(/Drop images, folders or a zip here/)
        .setInputFiles({ name: "own.zip", mimeType: "application/zip", buffer: zip(files) });
    };
    const oneStep = async (): Promise<void> => {
      await untilIdle();
      await dropping("Step");
      await eventually(step).toBe(1);
      await untilIdle();
    };

    it("goes by the folders that images lie in, is said, and is trained", async () => {
      await drop(6, (i) => [
        `${i % 2 === 0 ? "ant" : "bee"}/${i}.png`,
        flat({ r: 250 * (i % 2), g: 40 * i, b: 9 }),
      ]);
      await page.getByText("6 colour images of 2 classes read", { exact: true }).last().waitFor();
      const config = configOf({ ...usualSettings("own"), by: "data" }, { channels: 3, count: 6, classes: 2 });
      await page.getByText(`${wordsOf(config)}. 2 classes: ant, bee`).waitFor();
      expect(await page.getByLabel("Loss", { exact: true }).count()).toBe(0);
      await oneStep();
      await page
        .getByRole("img", { name: "64 samples at step 1, in columns ant, bee", exact: true })
        .waitFor();
      expect(new URL(page.url()).hash).toBe("#/images?data=own&by=data");
      // By hand it is another run.
      await page.getByLabel("Networks, loss and rates").selectOption("hand");
      await page.getByText("These are for a new run").waitFor();
      expect(await page.getByLabel("Loss", { exact: true }).inputValue()).toBe("non-saturating");
      await page.getByLabel("Networks, loss and rates").selectOption("data");
      await button("Continue from step 1").waitFor();
    });

    it("is groups that look alike where there are many in grey without names", async () => {
      await drop(200, (i) => [`${i}.png`, flat({ r: i, g: i, b: i })]);
      await page.getByText("200 grey images read", { exact: true }).last().waitFor();
      await page.getByText(/on groups of images that look alike/).waitFor();
      await oneStep();
      const name = "64 samples at step 1, in columns group 1, group 2";
      await page.getByRole("img", { name, exact: true }).waitFor();
      // A run that is kept has the same groups again.
      await page.reload();
      await eventually(step).toBe(1);
      await untilIdle();
      await button("Step").click();
      await eventually(step).toBe(2);
    });
  });

  it("shows the numbers of the library's trainer: weights, losses and samples of the same settings", async () => {
    await open(`${TINY}&seed=5&on=single`);
    await dropping("New run");
    await eventually(step).toBe(0);
    await untilIdle();
    for (let i = 1; i <= 3; i++) {
      await button("Step").click();
      await eventually(step).toBe(i);
      await untilIdle();
    }
    const site = process.env.STUDIO_DIST ?? join(repository, "packages/studio/dist");
    const pixels = await readFile(join(site, "data/mnist.bin"));
    const { settings } = parseAddress(new URLSearchParams(`${TINY.slice(1)}&seed=5`)).state;
    const trainer = trainerOf({
      config: configOf(settings, { channels: 1, count: 10_000, classes: 10 }),
      dataset: fromPixels({ name: "mnist", shape: [1, 28, 28], pixels: pixels.subarray(0, 10_000 * 784) }),
    });
    const records = [];
    for (let i = 0; i < 3; i++) records.push(await trainer.iterate());
    const { generator, discriminator } = trainer.parameterCounts;
    expect(await fact("Weights G, D")).toBe(
      `${generator.toLocaleString("en")}, ${discriminator.toLocaleString("en")}`,
    );
    await page.getByLabel("Download Losses").click();
    const [download] = await Promise.all([page.waitForEvent("download"), button("CSV").click()]);
    const [head, ...lines] = (await readFile(await download.path(), "utf8")).trim().split("\n");
    expect(head).toBe("step,discriminator,generator");
    expect(lines.map((line) => line.split(",").map(Number))).toEqual(
      records.map(({ step, discriminatorLoss, generatorLoss }) => [
        step,
        expect.closeTo(discriminatorLoss, 4),
        expect.closeTo(generatorLoss, 4),
      ]),
    );
    const { image } = await samples();
    const wanted = await trainer.sample(64, { seed: 5 });
    const worst = (image.data as Float32Array).reduce(
      (most, value, i) => Math.max(most, Math.abs(value - wanted[i])),
      0,
    );
    expect(worst).toBeLessThan(1e-3);
    await trainer.dispose();
  });

  it("deletes a run for good", async () => {
    await page.getByText("Files", { exact: true }).click();
    await dropping("Delete the run");
    await page.getByText(/^Samples appear here/).waitFor();
    await page.reload();
    await untilIdle();
    await page.getByText(/^Samples appear here/).waitFor();
    expect(await step()).toBe(0);
  });

  it("follows the address, and names what it asks for in vain", async () => {
    await open("?data=cats&width=8&on=abacus");
    const notice = await page.getByText("in the address").textContent();
    expect(notice).toMatch(
      /^data=cats in the address: expected one of mnist, .+; using MNIST digits\. on=abacus in /,
    );
    expect(await page.getByLabel("Width").inputValue()).toBe("8");
    await page.getByLabel("Device").selectOption("single");
    await eventually(() => new URL(page.url()).hash).toBe("#/images?width=8&on=single");
    await page.reload();
    await untilIdle();
    expect(await page.getByLabel("Device").inputValue()).toBe("single");
    await page.evaluate(() => {
      location.hash = "#/images?loss=hinge";
    });
    await eventually(() => page.getByLabel("Loss", { exact: true }).inputValue()).toBe("hinge");
    expect(await page.getByLabel("Width").inputValue()).toBe("16");
    expect(await page.getByLabel("Device").inputValue()).toBe("auto");
  });
});
