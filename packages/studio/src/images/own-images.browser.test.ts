import type { Browser, Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundle, launch, type Site, serve } from "../../../tsgan/src/testing/browser.ts";
import { findChromium } from "../../../tsgan/src/testing/chromium.ts";
import { asStored, blockJpeg, pattern } from "../../../tsgan/src/testing/picture-files.ts";
import type * as ownImages from "./own-images.ts";

/** Files as a person drops them, by name. */
type Files = readonly (readonly [name: string, content: Uint8Array])[];

const ORIENTATIONS = [1, 2, 3, 4, 5, 6, 7, 8];

describe.skipIf(findChromium() === undefined)("one's own images in a Chromium", () => {
  let site: Site;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    site = await serve(await bundle(["../../../studio/src/images/own-images.ts"]));
    browser = await launch({ webgpu: false });
    page = await browser.newPage();
    await page.goto(site.url);
    const content = 'import * as module from "/own-images.js"; Object.assign(globalThis, module);';
    await page.addScriptTag({ type: "module", content });
    await page.waitForFunction(() => "decodeImages" in globalThis);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  /** Bytes of each image, as text that tells them apart. */
  const decoded = async (files: Files): Promise<string[]> => {
    const given = files.map(([name, content]) => [name, Buffer.from(content).toString("base64")] as const);
    return page.evaluate(async (all) => {
      const { decodeImages } = globalThis as unknown as Pick<typeof ownImages, "decodeImages">;
      const types: Readonly<Record<string, string>> = {
        jpg: "image/jpeg",
        png: "image/png",
        webp: "image/webp",
      };
      const dropped = all.map(([name, text]) => {
        const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
        const file = new File([bytes], name, { type: types[name.split(".").at(-1) ?? ""] });
        return { path: name, open: async () => file };
      });
      const { images, unreadable } = await decodeImages(dropped, () => {});
      const { pixels, count } = images;
      const size = pixels.length / count;
      return [
        ...Array.from({ length: count }, (_, i) => pixels.slice(i * size, (i + 1) * size).join(",")),
        ...unreadable.map((name: string) => `unreadable: ${name}`),
      ];
    }, given);
  };

  it.each([
    ["as large as what they are made to be", 64, 64],
    ["cut and made smaller", 131, 90],
    ["made larger", 21, 40],
  ])("all EXIF orientations of PNG and WebP hold the same bytes: %s", async (_, width, height) => {
    const picture = pattern(width, height);
    const files: [string, Uint8Array][] = [];
    const raw = ({ width: w, height: h, data }: typeof picture) =>
      sharp(data, { raw: { width: w, height: h, channels: 3 } });
    files.push(["upright.png", await raw(picture).png().toBuffer()]);
    for (const orientation of ORIENTATIONS) {
      const image = () => raw(asStored(picture, orientation)).withMetadata({ orientation });
      files.push([`${orientation}.png`, await image().png().toBuffer()]);
      files.push([`${orientation}.webp`, await image().webp({ lossless: true }).toBuffer()]);
    }
    const [upright, ...others] = await decoded(files);
    expect(others).toHaveLength(16);
    others.forEach((bytes, i) => {
      expect(bytes === upright, files[i + 1][0]).toBe(true);
    });
  });

  it("all EXIF orientations of JPEG hold the same bytes", async () => {
    const blocks = Array.from({ length: 6 }, (_, i) => [40 + 30 * i, 100 + 9 * i, 160 - 11 * i]);
    const packed = { width: 3, height: 2, data: Uint8Array.from(blocks.flat()) };
    const files = ORIENTATIONS.map((orientation): [string, Uint8Array] => {
      const { width, height, data } = asStored(packed, orientation);
      const own = Array.from({ length: 6 }, (_, i) => [...data.subarray(3 * i, 3 * i + 3)]);
      return [`${orientation}.jpg`, blockJpeg(width, height, own, { orientation })];
    });
    const [upright, ...others] = await decoded(files);
    others.forEach((bytes, i) => {
      expect(bytes === upright, files[i + 1][0]).toBe(true);
    });
  });

  it("a damaged EXIF block turns nothing, and what is no image is named", async () => {
    const picture = pattern(64, 64);
    const { width, height, data } = asStored(picture, 1);
    const webp = await sharp(data, { raw: { width, height, channels: 3 } })
      .withMetadata({ orientation: 6 })
      .webp({ lossless: true })
      .toBuffer();
    const damaged = Uint8Array.from(webp);
    const block = Buffer.from(damaged.buffer).indexOf("EXIF") + 8;
    damaged.fill(255, block + 4, block + 12);
    const plain = await sharp(data, { raw: { width, height, channels: 3 } })
      .png()
      .toBuffer();
    const [first, second, last] = await decoded([
      ["a.webp", damaged],
      ["a.png", plain],
      ["notes.png", new TextEncoder().encode("no image")],
    ]);
    expect(first === second).toBe(true);
    expect(last).toBe("unreadable: notes.png");
  });
});
