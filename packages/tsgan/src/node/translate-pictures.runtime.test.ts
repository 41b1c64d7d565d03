import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RunError, UsageError } from "../errors.ts";
import { pngOfPixels } from "../testing/own-data.ts";
import { asStored, pattern } from "../testing/picture-files.ts";
import { openRun } from "./open-run.ts";
import { startRun } from "./run.ts";
import { translatePictures } from "./translate-pictures.ts";

let folder: string;
const at = (...names: string[]): string => join(folder, ...names);
const write = (name: string, bytes: Uint8Array | string): string => {
  writeFileSync(at(name), bytes);
  return at(name);
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tsgan-translate-"));
  mkdirSync(at("pairs"));
  for (let i = 0; i < 4; i++) write(`pairs/${i}.png`, await pngOfPixels(pattern(32 + i, 8)));
  for (const name of ["pix2pix", "cyclegan"]) {
    const model = { name, base: 2, ...(name === "cyclegan" && { blocks: 1 }) };
    await startRun({
      config: { data: at("pairs"), imageSize: 16, model, batch: 2, steps: 2 },
      out: at(name),
    });
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const translate = async (run: string, files: readonly string[], rest: { back?: boolean } = {}) => {
  const opened = openRun(at(run));
  try {
    return await translatePictures(opened, files, { out: at("out"), ...rest });
  } finally {
    await opened.trainer.dispose();
    rmSync(at("given"), { recursive: true, force: true });
  }
};

describe("pictures of one's own", () => {
  it("become what the run makes of them, a file each, byte-equal however the camera was held", async () => {
    const picture = pattern(20, 12);
    const files = [write("plain.png", await pngOfPixels(picture))];
    for (let orientation = 1; orientation <= 8; orientation++) {
      const { width, height, data } = asStored(picture, orientation);
      const image = sharp(data, { raw: { width, height, channels: 3 } }).withMetadata({ orientation });
      files.push(write(`turned-${orientation}.webp`, await image.webp({ lossless: true }).toBuffer()));
    }
    const { written, failed } = await translate("pix2pix", files);
    expect(failed).toEqual([]);
    expect(written.map(({ from }) => from)).toEqual(files);
    expect(written[1].to).toBe(at("out", "turned-1.png"));
    const pngs = written.map(({ to }) => readFileSync(to).toString("base64"));
    expect(new Set(pngs).size).toBe(1);
    expect(await sharp(written[0].to).metadata()).toMatchObject({ width: 16, height: 16, channels: 3 });

    const run = openRun(at("pix2pix"));
    const source = new Float32Array(6 * 256);
    const { data } = await sharp(files[0]).resize(16, 16).raw().toBuffer({ resolveWithObject: true });
    for (let k = 0; k < 768; k++) source[(k % 3) * 256 + Math.floor(k / 3)] = data[k] / 127.5 - 1;
    const made = (await run.trainer.sample(1, { sources: source })).subarray(768);
    await run.trainer.dispose();
    const bytes = await sharp(written[0].to).raw().toBuffer();
    expect([...bytes]).toEqual(
      [...bytes.keys()].map(
        (k) => Uint8ClampedArray.of((made[(k % 3) * 256 + Math.floor(k / 3)] + 1) * 127.5)[0],
      ),
    );
  });

  it("come from folders, in any letters, and keep their names apart", async () => {
    mkdirSync(at("given"));
    for (const name of ["b.png", "b.jpg", "cafe\u0301.png", "notes.txt"]) {
      write(`given/${name}`, name.endsWith("txt") ? "x" : await pngOfPixels(pattern(8, 8)));
    }
    const { written } = await translate("cyclegan", [at("given")]);
    expect(written.map(({ to }) => basename(to))).toEqual(["b.png", "b-2.png", "caf\u00e9.png"]);
  });

  it("go back where the run translates both ways", async () => {
    const file = write("one.png", await pngOfPixels(pattern(16, 16)));
    const bytes = async (back: boolean) => {
      const { written } = await translate("cyclegan", [file], { back });
      return readFileSync(written[0].to);
    };
    expect(await bytes(true)).not.toEqual(await bytes(false));
    const refused = translate("pix2pix", [file], { back: true });
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow(
      "model pix2pix translates first images into second ones, and not back",
    );
  });

  it("are left out and named where they cannot be read; none is written over", async () => {
    const file = write("good.png", await pngOfPixels(pattern(16, 16)));
    const bad = write("bad.jpg", "<!doctype html>");
    const { written, failed } = await translate("cyclegan", [bad, file]);
    expect(failed).toEqual([`${bad}: cannot be read as a picture: no picture but HTML, a web page`]);
    expect(written).toHaveLength(1);
    await expect(translate("cyclegan", [bad])).rejects.toThrow(RunError);
    await expect(translate("cyclegan", [at("nothing.png")])).rejects.toThrow(
      `${at("nothing.png")}: there is no such file or folder`,
    );
    const before = readFileSync(file);
    const opened = openRun(at("cyclegan"));
    const again = await translatePictures(opened, [file], { out: folder });
    await opened.trainer.dispose();
    expect(again.written[0].to).toBe(at("good-2.png"));
    expect(readFileSync(file)).toEqual(before);
    expect(existsSync(at("good-2.png"))).toBe(true);
  });
});
