import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findChromium } from "../testing/chromium.ts";
import { type ExamplePage, openExamplePage } from "../testing/example-page.ts";
import { type CaseName, trainerOfCase } from "../testing/training.ts";

const generatorOf = async (name: CaseName): Promise<Uint8Array> => {
  const trainer = trainerOfCase(name, { device: "cpu" });
  await trainer.iterate();
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

  it("draws 64 images of the generator it is given", async () => {
    await page.give("generator.onnx", await generatorOf("dcgan 16"), /^64 images in \d+ ms$/);
    const { width, values } = await page.canvas();
    expect(width).toBe(8 * 16);
    expect(values).toBeGreaterThan(2);
  });

  it("says so when the file is no generator of images", async () => {
    await page.give(
      "points.onnx",
      await generatorOf("mlp ring"),
      /points\.onnx: this generator makes no images/,
    );
    await page.give("text.onnx", new TextEncoder().encode("not a model"), /text\.onnx: /);
  });
});
