/** One's own pictures from the folder to the page: trained on, judged, exported and drawn. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeOnnx } from "../graph/index.ts";
import { findChromium } from "../testing/chromium.ts";
import { type ExamplePage, openExamplePage } from "../testing/example-page.ts";
import { evaluateRun } from "./evaluate.ts";
import { openRun } from "./open-run.ts";
import { startRun } from "./run.ts";

let folder: string;
let page: ExamplePage | undefined;
const cache = process.env.TSGAN_CACHE;
const at = (...names: string[]): string => join(folder, ...names);

/** A picture of one shape somewhere on a dark ground. */
const drawing = (shape: string, n: number, width: number, height: number): Promise<Buffer> => {
  const [x, y, hue] = [0.3 + 0.05 * (n % 9), 0.3 + 0.045 * ((7 * n) % 10), (37 * n) % 360];
  const marks: Readonly<Record<string, string>> = {
    disc: `<circle cx="${width * x}" cy="${height * y}" r="${width * 0.2}"/>`,
    "long bar": `<rect x="0" y="${height * y}" width="${width * 2 * x}" height="${height * 0.12}"/>`,
    triangle: `<path d="M${width * x} ${height * 0.1}L${width} ${height * 0.9}L0 ${height * y}Z"/>`,
  };
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#123"/><g fill="hsl(${hue} 80% 60%)">${marks[shape]}</g></svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
};

const write = async (name: string, content: Promise<Buffer>): Promise<void> => {
  mkdirSync(dirname(at(name)), { recursive: true });
  writeFileSync(at(name), await content);
};

const SHAPES = ["disc", "long bar", "triangle"];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tsgan-own-training-"));
  process.env.TSGAN_CACHE = at("cache");
  for (let n = 0; n < 24; n++) await write(`tall/${n}.png`, drawing(SHAPES[n % 3], n, 64, 96));
  for (const shape of SHAPES) {
    for (let n = 0; n < 12; n++) await write(`shapes/${shape}/${n}.png`, drawing(shape, n, 32, 32));
  }
  if (findChromium() !== undefined) page = await openExamplePage();
});
afterAll(async () => {
  await page?.close();
  if (cache === undefined) delete process.env.TSGAN_CACHE;
  else process.env.TSGAN_CACHE = cache;
  rmSync(folder, { recursive: true, force: true });
});

const judged = async (out: string, samples: number) => {
  const run = openRun(at(out));
  const evaluation = await evaluateRun(run, { samples, metrics: ["fid", "precision-recall"] });
  await run.trainer.dispose();
  return evaluation;
};

describe("rectangles of 64 × 96", () => {
  it.each([
    ["dcgan", { base: 2 }, "hinge"],
    ["resnet", { generatorWidth: 2, discriminatorWidth: 2 }, "hinge"],
    ["r3gan", { width: 8, groups: 2 }, "rpgan-r1-r2"],
  ])("are trained on by %s, judged, exported and drawn", async (name, options, loss) => {
    const { generator, sample } = await startRun({
      config: { data: at("tall"), imageSize: "64x96", model: { name, ...options }, loss, batch: 4, steps: 2 },
      out: at(name),
    });
    const [columns, rows] = [8, 8];
    expect(await sharp(sample).metadata()).toMatchObject({ width: columns * 66 + 2, height: rows * 98 + 2 });
    const { figures, leftOut } = await judged(name, 32);
    expect([figures.map(({ key }) => key), leftOut]).toEqual([
      ["fid", "precision", "recall", "density", "coverage"],
      [],
    ]);
    const model = readFileSync(generator);
    expect(describeOnnx(model, generator).metadata).toMatchObject({ shape: "3x96x64" });
    await page?.give(`${name}.onnx`, model, /^64 images in \d+ ms$/);
    if (page !== undefined) expect((await page.canvas()).width).toBe(8 * 64);
  });
});

describe("folders as classes", () => {
  it("name the columns, the exported generator's classes, the page's choices and the figures", async () => {
    const { generator, sample, report } = await startRun({
      config: { data: at("shapes"), imageSize: 32, model: { name: "cgan", base: 2 }, batch: 6, steps: 2 },
      out: at("classes"),
    });
    const { width, height } = await sharp(sample).metadata();
    // Three columns of 64 pixels, and two lines of letters above them.
    expect([width, height]).toEqual([3 * 66 + 2, 22 * 66 + 2 + 2 * 14 + 2]);
    expect(readFileSync(report, "utf8")).toContain("Columns: disc, long bar, triangle.");
    const model = readFileSync(generator);
    expect(describeOnnx(model, generator).metadata.classNames).toBe(JSON.stringify(SHAPES));
    const { byClass } = await judged("classes", 30);
    expect(byClass?.classes.map(({ name, samples, examples }) => [name, samples, examples])).toEqual(
      SHAPES.map((name) => [name, 10, 12]),
    );
    for (const { figures } of byClass?.classes ?? []) {
      expect(figures.map(({ key }) => key)).toEqual(["fid", "precision", "recall", "density", "coverage"]);
    }
    await page?.give("cgan.onnx", model, /^64 images in \d+ ms; columns: disc, long bar, triangle$/);
    const offered = await page?.page.locator("#label option").allTextContents();
    if (page !== undefined) expect(offered).toEqual(["all in turn", ...SHAPES]);
  });
});
