/**
 * Decoded images in one file: records of equal size (bytes, CHW), then a JSON footer, its length as a little-endian
 * uint32, and eight bytes of magic. The footer comes last because it counts what could be decoded; a file cut short
 * has no magic at its end.
 */
import { closeSync, fstatSync, openSync, readSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Counts, PictureFacts, Unreadable } from "../data/index.ts";
import { RunError } from "../errors.ts";
import { beginFile, fileError, isMissing, makeFolder } from "./files.ts";

const MAGIC = "tsganIM1";
const TAIL = 4 + MAGIC.length;

export interface ImageCacheInfo {
  /** Identifies the source files and the options; another key means that the cache is out of date. */
  readonly key: string;
  readonly shape: readonly [channels: number, height: number, width: number];
  readonly count: number;
  /** Path of each image in its source; absent where it came from an array. */
  readonly paths?: readonly string[];
  /** What differs between images that differ, in the order of the images: 16 hexadecimal digits each. */
  readonly digests: string;
  /** What was met on the way. */
  readonly formats: Counts;
  readonly passedOver: Counts;
  readonly unreadable: readonly Unreadable[];
  /** Folders of the source that hold no image. */
  readonly emptyFolders: readonly string[];
  readonly pictures: Omit<PictureFacts, "width" | "height" | "fit">;
  readonly notes: readonly string[];
}

export interface ImageCache {
  readonly info: ImageCacheInfo;
  /** Reads the record of image `index` into `out`. */
  read(index: number, out: Uint8Array): void;
  close(): void;
}

const stride = ({ shape }: Pick<ImageCacheInfo, "shape">): number => shape[0] * shape[1] * shape[2];

/** Writes a cache atomically. `fill` appends the records and returns what the footer says. */
export const writeImageCache = async (
  path: string,
  fill: (append: (records: Uint8Array) => void) => Promise<ImageCacheInfo>,
): Promise<void> => {
  try {
    makeFolder(dirname(path));
    const file = beginFile(path);
    try {
      const info = await fill((records) => writeFileSync(file.handle, records));
      const footer = Buffer.from(JSON.stringify(info));
      const tail = Buffer.alloc(TAIL);
      tail.writeUInt32LE(footer.length);
      tail.write(MAGIC, 4, "latin1");
      writeFileSync(file.handle, Buffer.concat([footer, tail]));
      file.commit();
    } finally {
      file.abandon();
    }
  } catch (error) {
    throw fileError("write", path, error);
  }
};

/** Reads exactly `out.length` bytes; false if the file ends before. */
const readExactly = (handle: number, out: Uint8Array, position: number): boolean => {
  let done = 0;
  while (done < out.length) {
    const got = readSync(handle, out, done, out.length - done, position + done);
    if (got === 0) return false;
    done += got;
  }
  return true;
};

/** The footer, where the file is complete and consistent. */
const readInfo = (handle: number): ImageCacheInfo | undefined => {
  const { size } = fstatSync(handle);
  if (size < TAIL) return undefined;
  const tail = Buffer.alloc(TAIL);
  if (!readExactly(handle, tail, size - TAIL) || tail.toString("latin1", 4) !== MAGIC) return undefined;
  const length = tail.readUInt32LE();
  if (length > size - TAIL) return undefined;
  const footer = Buffer.alloc(length);
  if (!readExactly(handle, footer, size - TAIL - length)) return undefined;
  let info: ImageCacheInfo;
  try {
    info = JSON.parse(footer.toString("utf8"));
  } catch {
    return undefined;
  }
  return size === info.count * stride(info) + length + TAIL ? info : undefined;
};

/** Opens a cache; undefined if it is missing, damaged, or not of the given key. */
export const openImageCache = (path: string, key: string): ImageCache | undefined => {
  let handle: number;
  try {
    handle = openSync(path, "r");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw fileError("read", path, error);
  }
  const info = readInfo(handle);
  if (info?.key !== key) {
    closeSync(handle);
    return undefined;
  }
  const record = stride(info);
  return {
    info,
    read(index, out) {
      if (!readExactly(handle, out.subarray(0, record), index * record)) {
        throw new RunError(`${path}: the cache ends before image ${index}; delete it and try again`);
      }
    },
    close: () => closeSync(handle),
  };
};
