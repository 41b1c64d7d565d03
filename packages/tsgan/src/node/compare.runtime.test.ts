/** Anything judged against anything: two folders, and each kind of side on both sides. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UsageError } from "../errors.ts";
import { constant, conv2d, input, mean, relu, toOnnx } from "../graph/index.ts";
import { compareImages, onnxExtractor } from "../metrics/index.ts";
import { randomStream } from "../random/index.ts";
import { openProduct } from "../runtime/index.ts";
import { pngOfPixels } from "../testing/own-data.ts";
import { npy } from "../testing/picture-files.ts";
import { zip } from "../testing/zip-files.ts";
import { comparePaths } from "./compare.ts";
import { openDataset } from "./datasets.ts";
import { openRun } from "./open-run.ts";
import { startRun } from "./run.ts";

const SIDE = 16;
let folder: string;
let cacheFolder: string;
const at = (name: string): string => join(folder, name);

/** Smooth pictures of three kinds, so that features differ between kinds and hardly within. */
const pixelsOf = (seed: number, index: number): Uint8Array => {
  const numbers = new Float32Array(8);
  randomStream(seed, "pictures", index).fillUniform(numbers, 0, 1);
  const [x, y, size, ...colour] = numbers;
  return Uint8Array.from({ length: 3 * SIDE * SIDE }, (_, k) => {
    const [across, down] = [Math.floor(k / 3) % SIDE, Math.floor(k / 3 / SIDE)];
    const inside = Math.hypot(across - SIDE * x, down - SIDE * y) < 2 + 5 * size;
    return Math.round(255 * (inside ? colour[k % 3] : 0.1 * colour[3]));
  });
};

const pngs = (seed: number, count: number) =>
  Promise.all(
    Array.from({ length: count }, (_, i) =>
      pngOfPixels({ width: SIDE, height: SIDE, data: pixelsOf(seed, i) }),
    ),
  );

const makeFolder = async (name: string, seed: number, count: number): Promise<string> => {
  mkdirSync(at(name), { recursive: true });
  for (const [i, png] of (await pngs(seed, count)).entries()) {
    writeFileSync(join(at(name), `${String(i).padStart(4, "0")}.png`), png);
  }
  return at(name);
};

const figuresOf = async (...args: Parameters<typeof comparePaths>): Promise<Record<string, number>> => {
  const [path, against, options] = args;
  const { figures } = await comparePaths(path, against, { cacheFolder, ...options });
  return Object.fromEntries(figures.map(({ key, value }) => [key, value]));
};

/** A network of fixed random filters: features as of any that was learnt. */
const featureModel = (): Uint8Array => {
  const random = (count: number, step: number): Float32Array => {
    const out = new Float32Array(count);
    randomStream(3, "filters", step).fillNormal(out);
    return out;
  };
  return toOnnx((size) => {
    const first = constant(random(8 * 3 * 9, 0), [8, 3, 3, 3]);
    const second = constant(random(12 * 8 * 9, 1), [12, 8, 3, 3]);
    const hidden = relu(conv2d(input("image", [size, 3, SIDE, SIDE]), first, { padding: 1 }));
    return { pooled: mean(relu(conv2d(hidden, second, { padding: 1 })), [2, 3]) };
  });
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tsgan-compare-"));
  cacheFolder = at("cache");
  await makeFolder("a", 1, 150);
  await makeFolder("b", 2, 180);
  writeFileSync(at("features.onnx"), featureModel());
  const entries = (await pngs(2, 180)).map((content, i) => ({ name: `${i}.png`, content }));
  writeFileSync(at("b.zip"), zip(entries));
  const bytes = Uint8Array.from(Array.from({ length: 180 }, (_, i) => [...pixelsOf(2, i)]).flat());
  writeFileSync(at("b.npy"), npy("|u1", [180, SIDE, SIDE, 3], bytes));
  await startRun({
    config: { data: at("a"), imageSize: SIDE, model: { name: "dcgan", base: 2 }, batch: 8, steps: 2 },
    out: at("run"),
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** All pictures of a folder in the order of their names, as bytes. */
const imagesOf = async (path: string) => {
  const { size, read } = await openDataset(path, { size: SIDE, cacheFolder });
  const { examples } = await read!(Uint32Array.from({ length: size }, (_, i) => i));
  return { data: examples, shape: [size, 3, SIDE, SIDE] };
};

describe("two folders", () => {
  it("have the figures that compareImages gives of the same pixels, by pixels and by the features of a model", async () => {
    const [real, fake] = [await imagesOf(at("b")), await imagesOf(at("a"))];
    const features = await onnxExtractor(featureModel(), {
      file: at("features.onnx"),
      shape: [3, SIDE, SIDE],
    });
    const product = await openProduct();
    const { multiply } = product;
    for (const [own, given] of [
      [{ features: "pixels" }, {}],
      [{ features: at("features.onnx") }, { features }],
    ] as const) {
      const { figures } = await compareImages(real, fake, { seed: 1, multiply, ...given });
      expect(figures.length).toBeGreaterThan(6);
      expect(await figuresOf(at("a"), at("b"), own)).toEqual(
        Object.fromEntries(figures.map(({ key, value }) => [key, value])),
      );
    }
    await features.dispose();
    await product.dispose();
  });

  it("are read at their own size where all have one, and at the size that is asked for", async () => {
    const { shape, judged, against } = await comparePaths(at("a"), at("b"), {
      cacheFolder,
      metrics: ["fid"],
    });
    expect([shape, judged, against]).toEqual([
      [3, SIDE, SIDE],
      { path: at("a"), kind: "files", count: 150 },
      { path: at("b"), kind: "files", count: 180 },
    ]);
    const asked = { cacheFolder, metrics: ["fid"], size: "8x12", samples: 20 } as const;
    const small = await comparePaths(at("a"), at("b"), asked);
    expect([small.shape, small.judged]).toEqual([
      [3, 12, 8],
      { path: at("a"), kind: "files", count: 20, of: 150 },
    ]);
  });

  it("are not far from themselves: FID 0, and 0 to rounding for a copy in another archive", async () => {
    expect((await figuresOf(at("b"), at("b"), { metrics: ["fid"] })).fid).toBe(0);
    for (const copy of ["b.zip", "b.npy"]) {
      const model = { metrics: ["fid", "precision-recall"], features: at("features.onnx") };
      const figures = await figuresOf(at(copy), at("b"), model);
      expect(Math.abs(figures.fid)).toBeLessThan(1e-6);
      expect([figures.precision, figures.coverage]).toEqual([1, 1]);
    }
  });
});

describe("sides of a comparison", () => {
  const sides = ["run", "run/generator.onnx", "a", "b.zip", "b.npy", "pokemon"];
  const pairs = sides.flatMap((side, i) => sides.slice(i % 2).map((other) => [side, other] as const));

  it.each(pairs)("%s against %s", async (side, other) => {
    const path = (name: string): string => (name === "pokemon" ? name : at(name));
    const options = { metrics: ["fid", "swd"], samples: 60, cacheFolder };
    const fixed = [side, other].some((name) => name === "run" || name === "run/generator.onnx");
    const compared = comparePaths(path(side), path(other), options);
    if (fixed && [side, other].includes("pokemon")) {
      await expect(compared).rejects.toThrow(
        /expected examples of \[3,\d+,\d+\], as .* has; got \[3,\d+,\d+\]/,
      );
      return;
    }
    const { figures, shape } = await compared;
    expect(figures.map(({ key }) => key)).toEqual(["fid", "slicedWasserstein"]);
    expect(shape.slice(1)).toEqual([side, other].includes("pokemon") ? [32, 32] : [SIDE, SIDE]);
  });

  it("samples that were written as PNG files are those of the run, to the rounding of a byte", async () => {
    const run = openRun(at("run"));
    const samples = await run.trainer.sample(40, { seed: 1 });
    await run.trainer.dispose();
    mkdirSync(at("written"));
    const area = SIDE * SIDE;
    for (let n = 0; n < 40; n++) {
      const own = samples.subarray(3 * area * n, 3 * area * (n + 1));
      const bytes = Uint8Array.from({ length: 3 * area }, (_, k) =>
        Math.round((own[(k % 3) * area + Math.floor(k / 3)] + 1) * 127.5),
      );
      const png = sharp(bytes, { raw: { width: SIDE, height: SIDE, channels: 3 } }).png();
      await png.toFile(join(at("written"), `${n}.png`));
    }
    // E|x − y|² of the pictures before and after bounds the distance of their laws (Gelbrich 1990).
    const options = { metrics: ["fid"], samples: 40, features: "pixels" };
    expect((await figuresOf(at("run"), at("written"), options)).fid).toBeLessThan((3 * area) / 255 ** 2);
    expect((await figuresOf(at("run"), at("b"), options)).fid).toBeGreaterThan(10);
  });

  it("tables of points, and a run of points", async () => {
    const points = (seed: number, count: number): string => {
      const numbers = new Float32Array(2 * count);
      randomStream(seed, "points").fillNormal(numbers);
      return Array.from({ length: count }, (_, i) => `${numbers[2 * i]},${numbers[2 * i + 1]},9`).join("\n");
    };
    writeFileSync(at("one.csv"), `x,y,n\n${points(1, 200)}\n`);
    writeFileSync(at("two.csv"), `x,y,n\n${points(2, 200)}\n`);
    const columns = ["x", "y"];
    const figures = await figuresOf(at("one.csv"), at("two.csv"), { columns, metrics: ["swd", "fid"] });
    expect(figures.slicedWasserstein).toBeLessThan(0.3);
    expect(await figuresOf(at("one.csv"), "ring", { columns, metrics: ["swd"] })).toHaveProperty(
      "slicedWasserstein",
    );
  });

  it("with the same classes have figures of each", async () => {
    for (const name of ["pets", "own pets"]) {
      await makeFolder(`${name}/cat`, 1, 30);
      await makeFolder(`${name}/dog`, name === "pets" ? 2 : 5, 20);
    }
    const { byClass } = await comparePaths(at("own pets"), at("pets"), {
      cacheFolder,
      metrics: ["fid", "swd"],
      features: at("features.onnx"),
    });
    const [cat, dog] = byClass?.classes ?? [];
    expect([cat.name, cat.samples, cat.examples, dog.name, dog.samples]).toEqual(["cat", 30, 30, "dog", 20]);
    expect(cat.figures.map(({ key }) => key)).toEqual(["fid"]);
    expect(Math.abs(cat.figures[0].value)).toBeLessThan(1e-6);
    expect(dog.figures[0].value).toBeGreaterThan(1);
  });

  it.each<[string, string, Parameters<typeof comparePaths>[2], RegExp]>([
    ["a", "points.csv", {}, /it holds pictures; the other side has examples of \[2\]|expected examples of/],
    [
      "a",
      "run",
      { size: 8 },
      /^--image-size is for pictures of your own and data sets; a generator has its size/,
    ],
    [
      "mixed.csv",
      "points.csv",
      {},
      /^.*mixed\.csv: a table of mixed columns is judged with the run that learnt it/,
    ],
    ["a", "nothing/", {}, /there is no such file or folder/],
    ["a", "b", { metrics: ["fidd"] }, /^unknown metric "fidd"; did you mean "fid"\?/],
    ["a", "b", { metrics: ["is"] }, /^metric is: it needs a classifier; the features are colour$/],
    ["a", "b", { features: "minst" }, /^unknown features "minst"/],
  ])("%s against %s, %o, is refused", async (side, other, options, message) => {
    writeFileSync(at("points.csv"), "x,y\n1,2\n3,4\n");
    writeFileSync(at("mixed.csv"), `age,city\n${"30,Rome\n41,Oslo\n".repeat(20)}`);
    const failure = await comparePaths(at(side), at(other), { cacheFolder, ...options }).catch(
      (e: Error) => e,
    );
    expect(failure).toBeInstanceOf(UsageError);
    expect((failure as Error).message).toMatch(message);
  });
});
