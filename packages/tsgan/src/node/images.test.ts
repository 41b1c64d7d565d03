import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buildSync } from "esbuild";
import sharp, { type Sharp } from "sharp";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RunError, UsageError } from "../errors.ts";
import { openImagePairs } from "./image-pairs.ts";
import { type ImageOptions, openImages } from "./images.ts";
import { listFolder } from "./listing.ts";

let parent: string;
let folder: string;
let cacheFolder: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "tsgan-images-"));
  folder = join(parent, "photos");
  cacheFolder = join(parent, "cache");
  mkdirSync(folder);
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

type Colour = { r: number; g: number; b: number; alpha?: number };
const red = { r: 255, g: 0, b: 0 };
const green = { r: 0, g: 255, b: 0 };
const blue = { r: 0, g: 0, b: 255 };

const solid = (background: Colour, width = 8, height = 8) =>
  sharp({ create: { width, height, channels: background.alpha === undefined ? 3 : 4, background } });

const save = async (name: string, image: Sharp) => {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  await image.toFile(path);
  return path;
};

const open = (options: ImageOptions = {}) =>
  openImages(
    { from: "files", path: folder, listing: listFolder(folder) },
    { cacheFolder, size: 4, ...options },
  );

/** The examples, each as the first value of its planes. */
const colours = async (options: ImageOptions = {}) => {
  const dataset = await open(options);
  const planes = dataset.shape[0];
  const { examples } = await dataset.read(Uint32Array.from({ length: dataset.size }, (_, i) => i));
  dataset.close();
  return Array.from({ length: dataset.size }, (_, n) =>
    Array.from({ length: planes }, (_, plane) => examples[(n * planes + plane) * 16]),
  );
};

describe("decoding", () => {
  it("reads PNG, JPEG and WebP in the order of their paths, colours in planes", async () => {
    await save("a.png", solid(red));
    await save("b.JPG", solid(green).jpeg({ quality: 100 }));
    await save("c.webp", solid(blue).webp({ lossless: true }));
    writeFileSync(join(folder, "readme.md"), "not an image");
    const [a, b, c] = await colours();
    expect(a).toEqual([1, -1, -1]);
    expect(b.map(Math.round)).toEqual([-1, 1, -1]);
    expect(c).toEqual([-1, -1, 1]);
  });

  it("gives one channel for grey, and three for a grey file in colour", async () => {
    const grey = { r: 51, g: 51, b: 51 };
    await save("a.png", solid(grey).toColourspace("b-w"));
    await save("b.png", solid(grey));
    const value = Math.fround(51 / 127.5 - 1);
    expect(await colours({ channels: 1 })).toEqual([[value], [value]]);
    expect(await colours({ channels: 3 })).toEqual([
      [value, value, value],
      [value, value, value],
    ]);
  });

  it("composites transparency on white", async () => {
    await save("a.png", solid({ ...red, alpha: 0 }));
    await save("b.webp", solid({ ...red, alpha: 0.5 }).webp({ lossless: true }));
    const [clear, half] = await colours();
    expect(clear).toEqual([1, 1, 1]);
    expect(half[0]).toBe(1);
    expect(half[1]).toBeCloseTo(0, 1);
  });

  it("reads 16-bit and palette files as 8-bit colour", async () => {
    await save("a.png", solid(red).png({ palette: true }));
    await save("b.png", solid(red).toColourspace("rgb16"));
    expect(await colours()).toEqual([
      [1, -1, -1],
      [1, -1, -1],
    ]);
  });

  it("cuts the central square out of a rectangle", async () => {
    // Red margins left and right of a green square.
    const image = solid(red, 24, 8).composite([
      { input: await solid(green).png().toBuffer(), left: 8, top: 0 },
    ]);
    await save("a.png", image.clone());
    await save("b.png", image.clone());
    const dataset = await open({ size: 8 });
    const { examples } = await dataset.read(Uint32Array.of(0));
    expect(examples.slice(0, 64).every((value) => value === -1)).toBe(true);
    expect(examples.slice(64, 128).every((value) => value === 1)).toBe(true);
  });

  it("turns a photo as its camera says", async () => {
    // Left half red, right half blue, to be shown turned by 90° clockwise: red above.
    const image = solid(blue, 8, 8).composite([
      { input: await solid(red, 4, 8).png().toBuffer(), left: 0, top: 0 },
    ]);
    const buffer = await image.png().toBuffer();
    for (const name of ["a.jpg", "b.jpg"]) {
      await save(name, sharp(buffer).withMetadata({ orientation: 6 }).jpeg({ quality: 100 }));
    }
    const dataset = await open({ size: 8 });
    const { examples } = await dataset.read(Uint32Array.of(0));
    const redAt = (x: number, y: number) => Math.round(examples[y * 8 + x]);
    expect([redAt(1, 1), redAt(6, 1), redAt(1, 6), redAt(6, 6)]).toEqual([1, 1, -1, -1]);
  });
});

describe("labels", () => {
  it("are the names of the first subfolders", async () => {
    await save("cats/1.png", solid(red));
    await save("dogs/1.png", solid(green));
    await save("dogs/puppies/2.png", solid(blue));
    const dataset = await open();
    expect(dataset.classes).toEqual(["cats", "dogs"]);
    expect(await dataset.read(Uint32Array.of(2, 0, 1))).toMatchObject({ labels: Int32Array.of(1, 0, 1) });
  });

  it("stay with their images where one is skipped", async () => {
    await save("cats/1.png", solid(red));
    writeFileSync(join(folder, "cats", "2.png"), "broken");
    await save("dogs/1.png", solid(green));
    const dataset = await open();
    const { examples, labels } = await dataset.read(Uint32Array.of(0, 1));
    expect([...(labels ?? [])]).toEqual([0, 1]);
    expect([examples[0], examples[48]]).toEqual([1, -1]);
  });

  it.each([
    ["all images in one subfolder", ["all/1.png", "all/2.png"]],
    ["many images outside the subfolders", ["0.png", "00.png", "cats/1.png", "dogs/1.png"]],
  ])("are none with %s", async (_, names) => {
    for (const name of names) await save(name, solid(red));
    const dataset = await open();
    expect(dataset.size).toBe(names.length);
    expect(dataset.classes).toBeUndefined();
    expect((await dataset.draw(1, 0, 2)).labels).toBeUndefined();
  });
});

describe("bad files", () => {
  it("are skipped, counted and named with their reason, each time the folder is opened", async () => {
    await save("a.png", solid(red));
    await save("b.png", solid(green));
    const noise = { type: "gaussian", mean: 128, sigma: 50 } as const;
    for (const [name, format] of [
      ["cut.png", "png"],
      ["cut.jpg", "jpeg"],
      ["cut.webp", "webp"],
    ] as const) {
      const path = await save(
        name,
        sharp({ create: { width: 64, height: 64, channels: 3, background: red, noise } }).toFormat(format),
      );
      truncateSync(path, Math.floor(statSync(path).size * 0.6));
    }
    writeFileSync(join(folder, "text.jpeg"), "hello");
    writeFileSync(join(folder, "empty.png"), "");
    mkdirSync(join(folder, ".thumbnails"));
    writeFileSync(join(folder, ".thumbnails", "hidden.png"), "");
    for (let time = 0; time < 2; time++) {
      const dataset = await open();
      expect(dataset.size).toBe(2);
      const { unreadable, passedOver } = dataset.reading!;
      expect(unreadable?.count).toBe(5);
      expect(passedOver).toEqual({ hidden: 1 });
      expect(Object.fromEntries(unreadable!.named.map(({ path, cause }) => [path, cause]))).toEqual({
        "cut.jpg": "JPEG, cut short",
        "cut.png": "PNG, cut short",
        "cut.webp": "WebP, cut short",
        "empty.png": "the file is empty",
        "text.jpeg": "no picture but text",
      });
      for (const { cause } of unreadable!.named) expect(cause).not.toContain("\n");
      dataset.close();
    }
  });

  it("are not all named where there are many", async () => {
    await save("a.png", solid(red));
    await save("b.png", solid(red));
    for (let i = 0; i < 20; i++) writeFileSync(join(folder, `bad${i}.png`), "x");
    const { unreadable } = (await open()).reading!;
    expect([unreadable?.count, unreadable?.named.length]).toEqual([20, 5]);
  });

  it("end it where fewer than two images are left, and leave no cache", async () => {
    await save("a.png", solid(red));
    writeFileSync(join(folder, "b.png"), "broken");
    await expect(open()).rejects.toThrow(RunError);
    await expect(open()).rejects.toThrow(
      /expected at least 2 pictures .*; got 1 picture; cannot be read: b\.png \(no picture but text\)/,
    );
    expect(readdirSync(cacheFolder)).toEqual([]);
  });

  it("a folder without images says so", async () => {
    writeFileSync(join(folder, "a.txt"), "");
    await expect(open()).rejects.toThrow(
      `${folder}: expected at least 2 pictures (PNG, JPEG, WebP, AVIF, TIFF, GIF or BMP files) in the folder, the archive or their subfolders; got none; passed over: 1 .txt`,
    );
  });

  it("an impossible size is refused", async () => {
    await save("a.png", solid(red));
    await expect(open({ size: 0 })).rejects.toThrow(UsageError);
  });
});

describe("cache", () => {
  const cached = () => readdirSync(cacheFolder).map((name) => join(cacheFolder, name));

  beforeEach(async () => {
    await save("a.png", solid(red));
    await save("b.png", solid(green));
  });

  it("is one file, used the next time", async () => {
    const progress: string[] = [];
    const onProgress = (done: number, total: number) => progress.push(`${done}/${total}`);
    await open({ onProgress });
    expect(cached()).toHaveLength(1);
    await open({ onProgress });
    expect(progress).toEqual(["2/2"]);
  });

  it("is made anew when a file changes, comes or goes", async () => {
    expect(await colours()).toEqual([
      [1, -1, -1],
      [-1, 1, -1],
    ]);
    await save("b.png", solid(blue, 9, 9));
    await save("c.png", solid(red));
    expect(await colours()).toEqual([
      [1, -1, -1],
      [-1, -1, 1],
      [1, -1, -1],
    ]);
    rmSync(join(folder, "a.png"));
    expect(await colours()).toHaveLength(2);
    expect(cached()).toHaveLength(1);
  });

  it("is made anew when it was cut short anywhere", async () => {
    await open();
    const [path] = cached();
    const whole = readFileSync(path);
    for (const length of [0, 5, 96, whole.length - 12, whole.length - 1]) {
      truncateSync(path, length);
      expect(await colours()).toEqual([
        [1, -1, -1],
        [-1, 1, -1],
      ]);
      expect(readFileSync(path).equals(whole)).toBe(true);
    }
  });

  it("holds each size and number of channels apart", async () => {
    expect((await open({ size: 4 })).shape).toEqual([3, 4, 4]);
    expect((await open({ size: 6, channels: 1 })).shape).toEqual([1, 6, 6]);
    expect(cached()).toHaveLength(2);
  });

  it("that cannot be written is said in one line", async () => {
    writeFileSync(cacheFolder, "a file in the way");
    await expect(open()).rejects.toThrow(`cannot create ${cacheFolder}: it is a file, not a folder`);
  });
});

it("says which package is missing where sharp is not installed", async () => {
  await save("a.png", solid(red));
  const program = join(parent, "entry.mjs");
  writeFileSync(
    join(parent, "entry.ts"),
    `import { openDataset } from ${JSON.stringify(join(import.meta.dirname, "datasets.ts"))};
    await openDataset(process.argv[2], { cacheFolder: process.argv[3] }).catch((error) => console.log(error.message));`,
  );
  buildSync({
    entryPoints: [join(parent, "entry.ts")],
    outfile: program,
    bundle: true,
    platform: "node",
    format: "esm",
    external: ["sharp"],
  });
  expect(execFileSync(process.execPath, [program, folder, cacheFolder], { encoding: "utf8" })).toBe(
    `reading the images of ${folder} needs the package sharp: npm install sharp\n`,
  );
});

describe("folders of pairs", () => {
  const openPairs = (split: "train" | "test" = "train") =>
    openImagePairs(folder, listFolder(folder), { cacheFolder, size: 4, split });
  /** First value of each plane of the pairs in order of training. */
  const planesOf = async (count: number) => {
    const pairs = await openPairs();
    const { examples } = await pairs.draw(1, 0, count);
    return Array.from({ length: count }, (_, n) =>
      Array.from({ length: 6 }, (_, plane) => examples[(n * 6 + plane) * 16]),
    );
  };

  it("with equal names in A and B hold pairs that belong together, whatever the kind of file", async () => {
    for (const name of ["1", "2", "3"]) {
      await save(`A/${name}.png`, solid(name === "2" ? green : red));
      await save(`B/${name}.webp`, solid(blue).webp({ lossless: true }));
    }
    expect(await openPairs()).toMatchObject({ name: "photos", shape: [6, 4, 4], size: 2, pairs: "aligned" });
    expect((await openPairs("test")).size).toBe(1);
    const planes = await planesOf(2);
    expect(planes.map((pair) => pair.slice(3))).toEqual([
      [-1, -1, 1],
      [-1, -1, 1],
    ]);
    expect(new Set(planes.map((pair) => pair.slice(0, 3).join()))).toEqual(new Set(["1,-1,-1", "-1,1,-1"]));
  });

  it("with other names in A and B hold images of two kinds", async () => {
    for (const name of ["1", "2", "3"]) {
      await save(`A/a${name}.png`, solid(red));
      await save(`B/b${name}.png`, solid(blue));
    }
    expect(await openPairs()).toMatchObject({ shape: [6, 4, 4], pairs: "independent" });
    expect(await planesOf(1)).toEqual([[1, -1, -1, -1, -1, 1]]);
  });

  it("without A and B hold images side by side, to start from on the left", async () => {
    for (const name of ["1", "2", "3"]) {
      const right = { input: await solid(blue).png().toBuffer(), left: 8, top: 0 };
      await save(`${name}.png`, solid(red, 16, 8).composite([right]));
    }
    expect(await openPairs()).toMatchObject({ shape: [6, 4, 4], size: 2, pairs: "aligned" });
    expect(await planesOf(1)).toEqual([[1, -1, -1, -1, -1, 1]]);
  });

  it("are refused where half of a pair cannot be read", async () => {
    for (const name of ["1", "2", "3"]) {
      await save(`A/${name}.png`, solid(red));
      await save(`B/${name}.png`, solid(blue));
    }
    truncateSync(join(folder, "B/2.png"), 20);
    await expect(openPairs()).rejects.toThrow(
      "every image of a pair must be readable; cannot be read: B/2.png (PNG, cut short",
    );
  });
});
