/**
 * Image files as a data set. Each file is decoded once into a cache on disk (`image-cache.ts`) and read from there by
 * index, so that a folder of any size needs the memory of one batch.
 */
import { createHash } from "node:crypto";
import { type Dirent, readdirSync, statSync } from "node:fs";
import { basename, join, relative, resolve, sep } from "node:path";
import type { Sharp } from "sharp";
import type { Dataset } from "../data/dataset.ts";
import { type FiniteDataset, finite, scalePixels } from "../data/finite.ts";
import { alignedPairs, independentPairs, splitOff } from "../data/pairs.ts";
import { RunError, UsageError } from "../errors.ts";
import { cacheFolder } from "./cache.ts";
import { fileError } from "./files.ts";
import { type ImageCache, openImageCache, writeImageCache } from "./image-cache.ts";
import { loadSharp, type SharpModule } from "./sharp.ts";

export interface ImageOptions {
  /** Side of the square images given out; default 32. */
  size?: number;
  /** 1 for grey, 3 for colour (default). */
  channels?: 1 | 3;
  /** Where decoded images are kept; default: `cacheFolder()`. */
  cacheFolder?: string;
  /** Called while files are decoded for the first time. */
  onProgress?: (done: number, total: number) => void;
  /** Told, in one line, what was skipped. */
  onWarning?: (message: string) => void;
}

/** The data set and the means to close the cache's file before the process ends. */
export interface ImageDataset extends FiniteDataset {
  close(): void;
}

interface ImageSource {
  readonly name: string;
  readonly folder: string;
  /** Paths of the image files. */
  readonly files: readonly string[];
  /** How a rectangle becomes a square: cut at both ends, or with white margins. */
  readonly fit: "cover" | "contain";
  /** Images side by side in each file; 1 where nothing is said. */
  readonly across?: 1 | 2;
}

const DEFAULT_SIZE = 32;
const LARGEST_SIZE = 1024;
const EXTENSIONS = /\.(png|jpe?g|webp)$/i;
/** Files decoded at a time: enough to keep the decoder's threads busy, few enough for images of many megapixels. */
const WINDOW = 16;
/** Damaged files that are named; the others are only counted. */
const NAMED = 5;
/** Part of the cache's key: to be raised when the same file would be decoded differently. */
const DECODER = 1;

/** Image files below `folder`, sorted by path so that indices do not depend on the file system. Hidden ones are left out. */
const findImages = (folder: string, recursive: boolean): string[] => {
  const found: string[] = [];
  const visit = (current: string) => {
    let entries: Dirent[];
    try {
      entries = readdirSync(current, { withFileTypes: true });
    } catch (error) {
      throw fileError("read", current, error);
    }
    for (const entry of entries) {
      if (entry.name.startsWith(".")) continue;
      const path = join(current, entry.name);
      if (entry.isDirectory()) {
        if (recursive) visit(path);
      } else if (EXTENSIONS.test(entry.name)) found.push(path);
    }
  };
  visit(folder);
  return found.sort();
};

/** The name of the first subfolder that each file is in, where all are in one and there are at least two. */
const labelBySubfolder = (
  folder: string,
  files: readonly string[],
): { classes: string[]; labelOf: (file: string) => number } | undefined => {
  const top = (file: string) => {
    const [first, ...rest] = relative(folder, file).split(sep);
    return rest.length === 0 ? "" : first;
  };
  const classes = [...new Set(files.map(top))].sort();
  if (classes.length < 2 || classes.includes("")) return undefined;
  const index = new Map(classes.map((name, i) => [name, i]));
  return { classes, labelOf: (file) => index.get(top(file)) ?? 0 };
};

/** Size and time of change of each file, and what is done with it: the same key means the same pixels. */
const cacheKey = (
  { folder, files, fit, across = 1 }: ImageSource,
  size: number,
  channels: number,
): string => {
  const digest = createHash("sha256").update(JSON.stringify([DECODER, fit, across, size, channels]));
  for (const file of files) {
    const status = statSync(file, { throwIfNoEntry: false });
    digest.update(JSON.stringify([relative(folder, file), status?.size, status?.mtimeMs]));
  }
  return digest.digest("hex");
};

/** The images of a file, one or two side by side, as bytes, CHW each. */
const decode = async (
  sharp: SharpModule,
  file: string,
  size: number,
  channels: 1 | 3,
  { fit, across = 1 }: ImageSource,
): Promise<Uint8Array> => {
  const background = "#ffffff";
  const whole: Sharp = sharp(file, { failOn: "error" }).autoOrient().flatten({ background });
  const area = size * size;
  const planes = new Uint8Array(across * channels * area);
  const put = async (image: Sharp, place: number): Promise<void> => {
    const square = image
      .resize(size, size, { fit, background })
      .toColourspace(channels === 1 ? "b-w" : "srgb");
    const { data, info } = await square.raw().toBuffer({ resolveWithObject: true });
    if (info.channels !== channels) throw new Error(`decoded to ${info.channels} channels`);
    for (let pixel = 0; pixel < area; pixel++) {
      for (let channel = 0; channel < channels; channel++) {
        planes[(place * channels + channel) * area + pixel] = data[channels * pixel + channel];
      }
    }
  };
  if (across === 1) await put(whole, 0);
  else {
    // Apart before they are resized: else each would bleed into the other at the seam.
    const { data, info } = await whole.raw().toBuffer({ resolveWithObject: true });
    const { width, height, channels: stored } = info;
    const half = Math.floor(width / 2);
    for (const place of [0, 1]) {
      const side = sharp(data, { raw: { width, height, channels: stored } });
      await put(side.extract({ left: place * (width - half), top: 0, width: half, height }), place);
    }
  }
  return planes;
};

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

const buildCache = async (
  path: string,
  key: string,
  source: ImageSource,
  size: number,
  channels: 1 | 3,
  onProgress: ImageOptions["onProgress"],
): Promise<void> => {
  const sharp = await loadSharp(`reading the images of ${source.folder}`);
  const { folder, files, across = 1 } = source;
  const labelling = labelBySubfolder(folder, files);
  await writeImageCache(path, async (append) => {
    const labels: number[] = [];
    const skippedExamples: string[] = [];
    let count = 0;
    for (let start = 0; start < files.length; start += WINDOW) {
      const some = files.slice(start, start + WINDOW);
      const results = await Promise.allSettled(
        some.map((file) => decode(sharp, file, size, channels, source)),
      );
      results.forEach((result, i) => {
        if (result.status === "fulfilled") {
          append(result.value);
          count++;
          if (labelling) labels.push(labelling.labelOf(some[i]));
        } else if (skippedExamples.length < NAMED) {
          const reason = result.reason instanceof Error ? result.reason.message : String(result.reason);
          // libvips may add lines of detail; the first says what is wrong.
          skippedExamples.push(`${relative(folder, some[i])} (${reason.split("\n")[0]})`);
        }
      });
      onProgress?.(Math.min(start + WINDOW, files.length), files.length);
    }
    const skipped = files.length - count;
    if (count < 2) {
      throw new RunError(
        `${folder}: expected at least 2 readable images; got ${count} of ${plural(files.length, "file")}: ${skippedExamples.join(", ")}`,
      );
    }
    return {
      key,
      shape: [across * channels, size, size],
      count,
      ...(labelling && { classes: labelling.classes, labels }),
      skipped,
      skippedExamples,
    };
  });
};

/** Opens the images of a source, decoding them first where no cache fits. */
const openImages = async (source: ImageSource, options: ImageOptions): Promise<ImageDataset> => {
  const { size = DEFAULT_SIZE, channels = 3, onProgress, onWarning } = options;
  const { name, folder, fit, across = 1 } = source;
  if (!(Number.isInteger(size) && size >= 1 && size <= LARGEST_SIZE)) {
    throw new UsageError(`data set ${name}: size must be an integer in 1 … ${LARGEST_SIZE}; got ${size}`);
  }
  const place = createHash("sha256")
    .update(JSON.stringify([resolve(folder), fit, across, size, channels]))
    .digest("hex")
    .slice(0, 16);
  const path = join(cacheFolder(options.cacheFolder), `${basename(resolve(folder))}-${place}.images`);
  const key = cacheKey(source, size, channels);
  let cache: ImageCache | undefined = openImageCache(path, key);
  if (cache === undefined) {
    await buildCache(path, key, source, size, channels, onProgress);
    cache = openImageCache(path, key);
  }
  if (cache === undefined) throw new RunError(`${path}: the cache cannot be read back; try again`);

  const { info, read, close } = cache;
  if (info.skipped > 0) {
    const more = info.skipped > info.skippedExamples.length ? ", …" : "";
    onWarning?.(
      `data set ${name}: ${plural(info.skipped, "image")} of ${info.count + info.skipped} cannot be read and ${info.skipped === 1 ? "is" : "are"} skipped: ${info.skippedExamples.join(", ")}${more}`,
    );
  }
  const { labels } = info;
  const record = new Uint8Array(channels * across * size * size);
  const dataset = finite({
    name,
    shape: info.shape,
    size: info.count,
    ...(info.classes && { classes: info.classes }),
    read(indices) {
      const examples = new Float32Array(indices.length * record.length);
      indices.forEach((index, i) => {
        read(index, record);
        scalePixels(record, examples, i * record.length);
      });
      return labels ? { examples, labels: Int32Array.from(indices, (index) => labels[index]) } : { examples };
    },
  });
  return { ...dataset, close };
};

/**
 * The PNG, JPEG and WebP files of a folder and its subfolders: cut to the central square, resized, transparency on
 * white, turned as the camera says. If all files are in subfolders, and those are two or more, the subfolders' names are
 * the classes.
 *
 * @throws RunError if the folder has no images or fewer than two that can be read; a damaged image is skipped and named
 * through `onWarning`
 */
export const openImageFolder = async (folder: string, options: ImageOptions = {}): Promise<ImageDataset> => {
  const files = findImages(folder, true);
  if (files.length === 0) {
    throw new RunError(
      `${folder}: expected PNG, JPEG or WebP files in the folder or its subfolders; got none`,
    );
  }
  return openImages({ name: basename(resolve(folder)), folder, files, fit: "cover" }, options);
};

/** Whether a folder holds two kinds of images, in subfolders A and B. */
const holdsKinds = (folder: string): boolean =>
  ["A", "B"].every((kind) => statSync(join(folder, kind), { throwIfNoEntry: false })?.isDirectory());

/**
 * A folder of pairs of images, split into training and test pairs: subfolders A and B, where files of equal names belong
 * together, or no two do; or images of both, side by side, the one to start from on the left. Images are cut to the
 * central square and resized, as in `openImageFolder`.
 *
 * @throws RunError if there are no images, or if one of a pair cannot be read
 */
export const openPairFolder = async (
  folder: string,
  { split = "train", ...options }: ImageOptions & { split?: "train" | "test" },
): Promise<Dataset> => {
  const name = basename(resolve(folder));
  if (!holdsKinds(folder)) {
    const files = findImages(folder, true);
    if (files.length === 0) {
      throw new RunError(
        `${folder}: expected subfolders A and B, or images of pairs side by side, as PNG, JPEG or WebP files; got none`,
      );
    }
    const pairs = await openImages({ name, folder, files, fit: "cover", across: 2 }, options);
    return splitOff({ ...pairs, pairs: "aligned" }, split);
  }
  const open = async (kind: "A" | "B") => {
    const own = join(folder, kind);
    const files = findImages(own, true);
    const names = files.map((file) => relative(own, file).replace(EXTENSIONS, ""));
    return { names, images: await openImages({ name: kind, folder: own, files, fit: "cover" }, options) };
  };
  const [first, second] = [await open("A"), await open("B")];
  if (first.names.join("\n") !== second.names.join("\n")) {
    return independentPairs(name, splitOff(first.images, split), splitOff(second.images, split));
  }
  for (const { names, images } of [first, second]) {
    if (images.size === names.length) continue;
    throw new RunError(
      `${folder}: every image of a pair must be readable; got ${images.size} of ${names.length} in ${images.name}`,
    );
  }
  return splitOff(alignedPairs(name, first.images, second.images), split);
};

/** The images directly in a folder, with white margins instead of cuts and no labels. */
export const openSprites = async (
  name: string,
  folder: string,
  options: ImageOptions,
): Promise<ImageDataset> =>
  openImages({ name, folder, files: findImages(folder, false), fit: "contain" }, options);
