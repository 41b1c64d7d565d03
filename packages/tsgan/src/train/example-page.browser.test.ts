import { readFileSync } from "node:fs";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { resolveConfig } from "../config/index.ts";
import { fromExamples } from "../data/index.ts";
import { float64Product, input, reshape, toOnnx } from "../graph/index.ts";
import { findChromium } from "../testing/chromium.ts";
import { type ExamplePage, openExamplePage } from "../testing/example-page.ts";
import { type CaseName, trainerOfCase } from "../testing/training.ts";
import { importGenerator } from "./import-generator.ts";
import { trainerOf } from "./train.ts";

const generatorOf = async (name: CaseName): Promise<Uint8Array> => {
  const trainer = trainerOfCase(name, { device: "cpu" });
  await trainer.iterate();
  const model = await trainer.exportGenerator();
  await trainer.dispose();
  return model;
};

/** A generator of `name` after no step at all, of images or pairs of them, with three classes. */
const untrained = async (name: string, options: object = {}): Promise<Uint8Array> => {
  const isPair = name === "pix2pix" || name === "cyclegan";
  const shape = [isPair ? 6 : 1, 16, 16];
  const size = shape.reduce((product, side) => product * side, 1);
  const trainer = trainerOf({
    config: resolveConfig({ data: "squares", model: { name, base: 2, ...options }, batch: 2 }),
    dataset: {
      ...fromExamples({
        name: "squares",
        shape,
        examples: new Float32Array(3 * size),
        labels: Int32Array.of(0, 1, 2),
        classes: ["cat", "dog", "long bar"],
      }),
      ...(isPair && { pairs: "aligned" as const }),
    },
  });
  const model = await trainer.exportGenerator();
  await trainer.dispose();
  return model;
};

describe.skipIf(findChromium() === undefined)("examples/generate.html", () => {
  let page: ExamplePage;
  beforeAll(async () => {
    page = await openExamplePage();
  });
  afterAll(() => page?.close());

  /** A generator whose images are its latent numbers: 8 × 8 of them. */
  const mirror = (metadata: Readonly<Record<string, string>>): Uint8Array =>
    toOnnx((batch) => ({ image: reshape(input("z", [batch, 64]), [batch, 1, 8, 8]) }), { metadata });

  /** The latent numbers that the page draws, each to 1/255 of [−1, 1]. */
  const latents = async (metadata: Readonly<Record<string, string>>): Promise<readonly number[]> => {
    await page.give("mirror.onnx", mirror(metadata), /^64 images in/);
    return page.page.evaluate(() => {
      const { width, height } = document.querySelector("canvas") as HTMLCanvasElement;
      const context = (document.querySelector("canvas") as HTMLCanvasElement).getContext("2d");
      const { data } = (context as CanvasRenderingContext2D).getImageData(0, 0, width, height);
      return Array.from({ length: 4096 }, (_, i) => {
        const [image, k] = [Math.floor(i / 64), i % 64];
        const [x, y] = [(image % 8) * 8 + (k % 8), Math.floor(image / 8) * 8 + Math.floor(k / 8)];
        return data[4 * (y * width + x)] / 127.5 - 1;
      });
    });
  };

  it("draws 64 images of the generator it is given", async () => {
    await page.give("generator.onnx", await generatorOf("dcgan 16"), /^64 images in \d+ ms$/);
    const { width, values } = await page.canvas();
    expect(width).toBe(8 * 16);
    expect(values).toBeGreaterThan(2);
  });

  it.each(["fixed-bytes", "torch-one", "channels-last"])(
    "draws an imported generator of others: %s",
    async (name) => {
      const file = new URL(`../node/fixtures/generators/${name}.onnx`, import.meta.url);
      const { bytes } = await importGenerator(readFileSync(file), name, { device: "cpu" });
      await page.give(`${name}.onnx`, bytes, /^64 images in \d+ ms/);
      const { values } = await page.canvas();
      expect(values).toBeGreaterThan(10);
    },
  );

  it("says so when the file is no generator of images", async () => {
    await page.give(
      "points.onnx",
      await generatorOf("mlp ring"),
      /points\.onnx: this generator makes no images/,
    );
    await page.give("text.onnx", new TextEncoder().encode("not a model"), /text\.onnx: /);
  });

  it("offers the classes by name, and no others, and draws one or all of them in turn", async () => {
    await page.give(
      "cgan.onnx",
      await untrained("cgan"),
      /^64 images in \d+ ms; columns: cat, dog, long bar$/,
    );
    expect((await page.canvas()).width).toBe(3 * 16);
    expect(await page.page.locator("#label option").allTextContents()).toEqual([
      "all in turn",
      "cat",
      "dog",
      "long bar",
    ]);
    await page.page.selectOption("#label", { label: "dog" });
    await page.until(/^64 images in \d+ ms$/);
    expect((await page.canvas()).width).toBe(8 * 16);
    await page.give("generator.onnx", await generatorOf("dcgan 16"), /^64 images in/);
    expect(await page.page.locator("#classes").isHidden()).toBe(true);
  });

  it.each([
    ["uniform-01", 0, 1, 0.5],
    ["uniform", -1, 1, 0],
    // Beyond ±1 they are drawn as white and black.
    ["unit-uniform", -1, 1, 0],
    ["normal", -1, 1, 0],
  ])("draws latent numbers that are %s", async (latentDistribution, low, high, mean) => {
    const values = await latents({ latentDistribution });
    const share = (found: (value: number) => boolean) => values.filter(found).length / values.length;
    expect(Math.min(...values)).toBeGreaterThan(low - 0.01);
    expect(Math.max(...values)).toBeGreaterThan(high - 0.02);
    expect(values.reduce((sum, value) => sum + value, 0) / values.length).toBeCloseTo(mean, 1);
    const beyond = { "unit-uniform": 1 - 1 / Math.sqrt(3), normal: 0.317 }[latentDistribution] ?? 0;
    expect(share((value) => Math.abs(value) > 0.999)).toBeCloseTo(beyond, 1);
  });

  it("draws the parts of a latent code each from their own, categories in turn", async () => {
    const parts = [
      { name: "noise", size: 50, distribution: "uniform-01" },
      { name: "category", size: 14, distribution: "one-hot" },
    ];
    const values = await latents({ latentDistribution: "normal", latentParts: JSON.stringify(parts) });
    for (const n of [0, 5, 13, 14, 63]) {
      const own = values.slice(64 * n, 64 * (n + 1));
      expect(Math.min(...own.slice(0, 50))).toBeGreaterThan(-0.01);
      const category = own.slice(50).map((value) => Math.round(value));
      expect([category.indexOf(1), category.reduce((sum, value) => sum + value, 0)]).toEqual([n % 14, 1]);
    }
    const odd = { latentDistribution: "cauchy" };
    await page.give(
      "odd.onnx",
      mirror(odd),
      /^odd\.onnx: its latent numbers are cauchy, which this page does not know$/,
    );
  });

  it("asks for pictures where the generator translates them, and shows them beside what they become", async () => {
    await page.give("pix2pix.onnx", await untrained("pix2pix"), /^Choose pictures to translate\.$/);
    const red = await sharp({ create: { width: 20, height: 30, channels: 3, background: "#ff0000" } })
      .png()
      .toBuffer();
    const files = [1, 2].map((n) => ({ name: `${n}.png`, mimeType: "image/png", buffer: red }));
    await page.page.setInputFiles("#picture", files);
    await page.until(/^2 images in \d+ ms$/);
    expect((await page.canvas()).width).toBe(2 * 16);
    const first = await page.page.evaluate(() => {
      const canvas = document.querySelector("canvas") as HTMLCanvasElement;
      return [
        canvas.height,
        ...(canvas.getContext("2d") as CanvasRenderingContext2D).getImageData(3, 3, 1, 1).data,
      ];
    });
    expect(first).toEqual([32, 255, 0, 0, 255]);
    await page.page.setInputFiles("#picture", [
      { name: "notes.png", mimeType: "image/png", buffer: Buffer.from("x") },
    ]);
    await page.until(/^drawing: notes\.png: no picture that this browser reads$/);
    await page.give("cyclegan.onnx", await untrained("cyclegan", { blocks: 1 }), /notes\.png: no picture/);
    await page.page.setInputFiles("#picture", files);
    await page.until(/^2 images in/);
  });

  it("says what it cannot use, and the next choice works", async () => {
    await page.give(
      "product.onnx",
      float64Product(),
      /^product\.onnx: this is no generator of tsgan: it has no input z/,
    );
    await page.give("empty.onnx", new Uint8Array(0), /^empty\.onnx: this is no ONNX model that can be run/);
    expect(await page.page.locator("#draw").isDisabled()).toBe(true);
    await page.give("generator.onnx", await generatorOf("dcgan 16"), /^64 images in/);
    expect(await page.page.locator("#draw").isDisabled()).toBe(false);
  });

  it("says so where the CDN is not there, and draws once it is", async () => {
    const other = await openExamplePage();
    other.online(false);
    const model = await generatorOf("dcgan 16");
    await other.give(
      "generator.onnx",
      model,
      /^generator\.onnx: ONNX Runtime is not there \(https:.*\): go online/,
    );
    other.online(true);
    await other.give("generator.onnx", model, /^64 images in/);
    await other.close();
  });
});
