/** Decodes the pictures of a folder, an archive or an array into a cache on disk, once. */
import { createHash } from "node:crypto";
import { basename, join, resolve } from "node:path";
import {
  type Counts,
  type Fit,
  type ImageSize,
  type Reading,
  sidesOf,
  type Unreadable,
} from "../data/index.ts";
import { RunError } from "../errors.ts";
import type { ArrayFile } from "./array-file.ts";
import type { RawPicture } from "./bmp.ts";
import { cacheFolder } from "./cache.ts";
import { decodePicture, type PictureTarget, type StoredPicture } from "./decode-picture.ts";
import { reasonOf } from "./files.ts";
import { mapInOrder, room } from "./gates.ts";
import { extensionOf, hasPictureExtension, identifyFile } from "./identify.ts";
import { type ImageCache, type ImageCacheInfo, openImageCache, writeImageCache } from "./image-cache.ts";
import type { ListedFile, Listing } from "./listing.ts";
import { gatherPictureFacts } from "./picture-facts.ts";
import { loadSharp, type SharpModule } from "./sharp.ts";

export interface PictureOptions {
  /** What images are made to be: a side, or "64x96" as width x height; default 32, or an array's own. */
  size?: ImageSize;
  /** 1 for grey, 3 for colour (default). */
  channels?: 1 | 3;
  /** Cut to the middle (default), whole with white margins, or stretched. */
  fit?: Fit;
  /** Where decoded images are kept; default: `cacheFolder()`. */
  cacheFolder?: string;
  /** Called while files are decoded for the first time. */
  onProgress?: (done: number, total: number) => void;
}

/** Where pictures come from. */
export type PictureSource =
  | { readonly from: "files"; readonly path: string; readonly listing: Listing }
  | { readonly from: "array"; readonly path: string; readonly array: ArrayFile };

export const closeSource = (source: PictureSource): void =>
  source.from === "files" ? source.listing.close() : source.array.close();

const DEFAULT_SIZE = 32;
/** Pictures in work, or waiting for those before them. */
const WINDOW = 16;
/** Bytes of files that are held at a time, and pixels that are decoded at a time: two photographs, or many small pictures. */
const MOST_BYTES = 100_000_000;
export const MOST_AT_ONCE = 50_000_000;
/** Unreadable files that are named; the others are only counted. */
export const NAMED = 5;
/** And that are kept in the cache. */
const KEPT = 10_000;
/** Part of the cache's key: to be raised when the same file would be decoded differently. */
const DECODER = 3;

type Loaded =
  | { readonly picture: StoredPicture | RawPicture; readonly format: string; readonly path?: string }
  | { readonly passedOver: string }
  | { readonly unreadable: Unreadable };

interface Item {
  load(): Promise<Loaded>;
  /** Bytes that loading takes into memory. */
  readonly held: number;
}

export const loadFile = async (file: ListedFile): Promise<Loaded> => {
  const { path } = file;
  try {
    const { head, content } = await file.read((first) => identifyFile(path, first).kind === "picture");
    const { name, kind, remedy } = identifyFile(path, head);
    if (content !== undefined) return { picture: { format: name, content }, format: name, path };
    const advice = remedy === undefined ? "" : `; ${remedy}`;
    if (kind === "foreign picture")
      return { unreadable: { path, cause: `${name}, which is not read${advice}` } };
    if (hasPictureExtension(path)) {
      const cause = name === "empty" ? "the file is empty" : `no picture but ${name}`;
      return { unreadable: { path, cause: `${cause}${advice}` } };
    }
    return { passedOver: extensionOf(path) };
  } catch (error) {
    const extension = extensionOf(path);
    return hasPictureExtension(path) || !extension.startsWith(".")
      ? { unreadable: { path, cause: reasonOf(error) } }
      : { passedOver: extension };
  }
};

const itemsOf = (source: PictureSource): { total: number; items: AsyncIterable<Item> | Iterable<Item> } => {
  if (source.from === "files") {
    const { files } = source.listing;
    return {
      total: files.length,
      items: files.map((file) => ({ load: () => loadFile(file), held: file.held })),
    };
  }
  const { array } = source;
  return {
    total: array.pictures.count,
    items: (async function* () {
      for await (const picture of array.read()) {
        yield { load: async () => ({ picture, format: array.type }), held: 0 };
      }
    })(),
  };
};

const addTo = (counts: Record<string, number>, kind: string): void => {
  counts[kind] = (counts[kind] ?? 0) + 1;
};

/** Folders without a picture somewhere below. */
const withoutPictures = (folders: readonly string[], paths: readonly string[]): string[] => {
  const full = new Set<string>();
  for (const path of paths) {
    for (let at = path.lastIndexOf("/"); at !== -1; at = path.lastIndexOf("/", at - 1)) {
      const folder = path.slice(0, at);
      if (full.has(folder)) break;
      full.add(folder);
    }
  }
  return folders.filter((folder) => !full.has(folder)).slice(0, KEPT);
};

const EXPECTED = "PNG, JPEG, WebP, AVIF, TIFF, GIF or BMP files";
const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

const counted = (counts: Counts): string =>
  Object.entries(counts)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(", ");

/** Refuses a source with fewer than two pictures, and says what was in their place. */
const checkCount = (
  path: string,
  count: number,
  { passedOver, unreadable }: Pick<ImageCacheInfo, "passedOver" | "unreadable">,
): void => {
  if (count >= 2) return;
  const named = unreadable.slice(0, NAMED).map((one) => `${one.path} (${one.cause})`);
  if (unreadable.length > NAMED) named.push("…");
  const bad = named.length === 0 ? "" : `; cannot be read: ${named.join(", ")}`;
  const passed = Object.keys(passedOver).length === 0 ? "" : `; passed over: ${counted(passedOver)}`;
  const archives = Object.keys(passedOver).some((kind) => /^\.(?:zip|npz|npy)$/.test(kind))
    ? "; give the archive or array itself"
    : "";
  throw new RunError(
    `${path}: expected at least 2 pictures (${EXPECTED}) in the folder, the archive or their subfolders; got ${count === 0 ? "none" : plural(count, "picture")}${bad}${passed}${archives}`,
  );
};

/** Runs work in which no picture is decoded twice, so that what sharp keeps of each would only cost memory. */
const withoutCache = async <T>(sharp: SharpModule, work: () => Promise<T>): Promise<T> => {
  const { memory, files, items } = sharp.cache();
  sharp.cache(false);
  try {
    return await work();
  } finally {
    sharp.cache({ memory: memory.max, files: files.max, items: items.max });
  }
};

/** Decodes all that a source holds. */
const buildCache = async (
  cachePath: string,
  key: string,
  source: PictureSource,
  target: PictureTarget,
  onProgress: PictureOptions["onProgress"],
): Promise<void> => {
  const sharp = await loadSharp(`reading the images of ${source.path}`);
  const [bytes, pixels] = [room(MOST_BYTES), room(MOST_AT_ONCE)];
  const { items, total } = itemsOf(source);
  const listing = source.from === "files" ? source.listing : undefined;
  await writeImageCache(cachePath, (append) =>
    withoutCache(sharp, async () => {
      const facts = gatherPictureFacts();
      const paths: string[] = [];
      const digests: string[] = [];
      const formats: Record<string, number> = {};
      const passedOver: Record<string, number> = { ...listing?.passedOver };
      const unreadable: Unreadable[] = [...(listing?.unreadable ?? [])];
      let done = 0;
      const work = async (item: Item) => {
        const leave = await bytes(item.held);
        try {
          const loaded = await item.load();
          if (!("picture" in loaded)) return loaded;
          const { picture, ...rest } = loaded;
          return { ...rest, decoded: await decodePicture(sharp, picture, target, pixels) };
        } catch (error) {
          if (listing === undefined)
            throw new RunError(`${source.path}: ${reasonOf(error)}`, { cause: error });
          return { failed: reasonOf(error) };
        } finally {
          leave();
        }
      };
      await mapInOrder(items, WINDOW, work, (result) => {
        if ("decoded" in result) {
          const { decoded, path, format } = result;
          append(decoded.planes);
          facts.add(decoded);
          digests.push(createHash("sha256").update(decoded.planes).digest("hex").slice(0, 16));
          if (path !== undefined) paths.push(path);
          addTo(formats, format);
        } else if ("passedOver" in result) addTo(passedOver, result.passedOver);
        else if ("unreadable" in result) unreadable.push(result.unreadable);
        else unreadable.push({ path: listing?.files[done].path ?? String(done), cause: result.failed });
        done++;
        if (done % WINDOW === 0 || done === total) onProgress?.(done, total);
      });
      const met = { passedOver, unreadable: unreadable.slice(0, KEPT) };
      checkCount(source.path, digests.length, met);
      const { channels, across, height, width } = target;
      return {
        key,
        shape: [across * channels, height, width],
        count: digests.length,
        ...(listing && { paths }),
        digests: digests.join(""),
        formats,
        ...met,
        emptyFolders: listing === undefined ? [] : withoutPictures(listing.folders, paths),
        pictures: facts.facts(),
        notes: source.from === "array" ? source.array.notes : [],
      };
    }),
  );
};

/** Decoded pictures, of which data sets take some. */
export interface Pictures {
  readonly name: string;
  readonly path: string;
  readonly source: Reading["source"];
  readonly target: PictureTarget;
  readonly cache: ImageCache;
}

const nameOf = (path: string): string => basename(resolve(path)).replace(/\.(?:zip|npz|npy)$/i, "");

/** What pictures of a source are made to be. */
const targetOf = (
  name: string,
  source: PictureSource,
  options: Pick<PictureOptions, "size" | "channels" | "fit">,
  across: 1 | 2 = 1,
): PictureTarget => {
  const array = source.from === "array" ? source.array.pictures : undefined;
  const { size, channels = array?.channels === 1 ? 1 : 3, fit = "cover" } = options;
  const sides =
    size === undefined && array !== undefined
      ? { width: array.width, height: array.height }
      : sidesOf(`data set ${name}`, size ?? DEFAULT_SIZE);
  return { ...sides, channels, fit, across };
};

/** Opens the pictures of a source, decoding them first where no cache fits. The source is closed. */
export const openPictures = async (
  source: PictureSource,
  options: PictureOptions,
  across: 1 | 2 = 1,
): Promise<Pictures> => {
  const { path } = source;
  const name = nameOf(path);
  const part = source.from === "files" ? source.listing : source.array;
  try {
    const target = targetOf(name, source, options, across);
    const key = createHash("sha256")
      .update(JSON.stringify([DECODER, target, part.stamp]))
      .digest("hex");
    const which = source.from === "array" ? part.stamp : "";
    const place = createHash("sha256")
      .update(JSON.stringify([resolve(path), target, which]))
      .digest("hex");
    const file = join(cacheFolder(options.cacheFolder), `${name}-${place.slice(0, 16)}.images`);
    let cache = openImageCache(file, key);
    if (cache === undefined) {
      await buildCache(file, key, source, target, options.onProgress);
      cache = openImageCache(file, key);
    }
    if (cache === undefined) throw new RunError(`${file}: the cache cannot be read back; try again`);
    return { name, path, source: source.from === "array" ? "array" : source.listing.source, target, cache };
  } finally {
    closeSource(source);
  }
};
