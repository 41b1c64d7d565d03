import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterEach, beforeEach, expect, it } from "vitest";
import { RunError } from "../errors.ts";
import { pngOfPixels } from "../testing/own-data.ts";
import { asStored, pattern } from "../testing/picture-files.ts";
import { readPictures } from "./read-pictures.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tsgan-pictures-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, bytes: Uint8Array | string): string => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};

it("reads pictures in the order asked for, turned as the camera says", async () => {
  const picture = pattern(8, 6);
  const { width, height, data } = asStored(picture, 6);
  const turned = sharp(data, { raw: { width, height, channels: 3 } }).withMetadata({ orientation: 6 });
  const paths = [
    write("b.webp", await turned.webp({ lossless: true }).toBuffer()),
    write("a.png", await pngOfPixels(picture)),
  ];
  const { examples, shape } = await readPictures(paths, { size: "8x6", channels: 3 });
  expect(shape).toEqual([3, 6, 8]);
  expect(examples.slice(0, 144)).toEqual(examples.slice(144));
  expect(examples[1]).toBe(Math.fround(picture.data[3] / 127.5 - 1));
});

it("names the file that cannot be read, and why", async () => {
  const path = write("a.jpg", "<!doctype html>");
  const reading = readPictures([path], { size: 8, channels: 1 });
  await expect(reading).rejects.toThrow(RunError);
  await expect(reading).rejects.toThrow(
    `${path}: cannot be read as a picture: no picture but HTML, a web page`,
  );
  await expect(readPictures([join(folder, "none.png")], { size: 8, channels: 1 })).rejects.toThrow(
    "there is no such file or folder (ENOENT)",
  );
});
