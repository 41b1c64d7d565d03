/**
 * The files of a zip archive, read one by one without unpacking it. Nothing is written, so that paths can do no harm; those
 * that lead out of the archive are refused all the same, as is what unpacks to absurd sizes.
 */
import type { Readable } from "node:stream";
import type { Entry, ZipFile } from "yauzl";
import type { Unreadable } from "../data/index.ts";
import { RunError } from "../errors.ts";
import { fileError, reasonOf } from "./files.ts";
import { HEAD } from "./identify.ts";
import {
  type FileContent,
  inOrder,
  isHidden,
  type ListedFile,
  type Listing,
  stampOf,
  tooLarge,
} from "./listing.ts";

type Yauzl = typeof import("yauzl");

const MOST_ENTRIES = 2_000_000;
/** A picture that unpacks to more than so many times its size, and to more than so much, is a trap. */
const MOST_TIMES = 300;
const HARMLESS = 2 ** 26;
/** What is larger is not unpacked into memory. */
const LARGEST_ENTRY = 2 ** 28;

/** https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.4.5 */
const METHODS: Readonly<Record<number, string>> = {
  9: "Deflate64",
  12: "bzip2",
  14: "LZMA",
  93: "Zstandard",
  95: "xz",
};

/** Why an entry cannot be unpacked. */
const faultOf = (entry: Entry): string | undefined => {
  const { compressionMethod: method } = entry;
  if (entry.isEncrypted()) return "encrypted; unpack it with its password and give the folder";
  if (method === 0 || method === 8) return undefined;
  return `compressed by ${METHODS[method] ?? `method ${method}`}; make the archive anew with Deflate`;
};

/** Refuses to unpack the whole of what becomes too large. */
const checkSize = ({ compressedSize, uncompressedSize }: Entry): void => {
  if (uncompressedSize > HARMLESS && uncompressedSize > MOST_TIMES * compressedSize) {
    const times = Math.round(uncompressedSize / compressedSize);
    throw new Error(`it unpacks to ${times} times its size, as zip bombs do`);
  }
  if (uncompressedSize > LARGEST_ENTRY) throw tooLarge(uncompressedSize, LARGEST_ENTRY);
};

/** Unix keeps what a file is in the upper half of the attributes. */
const isLink = ({ versionMadeBy, externalFileAttributes }: Entry): boolean =>
  versionMadeBy >> 8 === 3 && ((externalFileAttributes >>> 16) & 0o170000) === 0o120000;

const readEntry = async (
  zip: ZipFile,
  entry: Entry,
  wanted: (head: Uint8Array) => boolean,
): Promise<FileContent> => {
  const fault = faultOf(entry);
  if (fault !== undefined) throw new Error(fault);
  const size = entry.uncompressedSize;
  const stream: Readable = await zip.openReadStreamPromise(entry);
  try {
    let bytes = Buffer.alloc(Math.min(HEAD, size));
    let done = 0;
    let isWanted = false;
    const look = (): boolean => {
      isWanted = wanted(bytes.subarray(0, done));
      if (!isWanted) return false;
      checkSize(entry);
      const whole = Buffer.allocUnsafe(size);
      whole.set(bytes.subarray(0, done));
      bytes = whole;
      return true;
    };
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      for (let at = 0; at < chunk.length; ) {
        const some = chunk.subarray(at, at + bytes.length - done);
        bytes.set(some, done);
        done += some.length;
        at += some.length;
        if (!isWanted && done === bytes.length && !look()) return { head: bytes };
        if (isWanted && at < chunk.length && done === bytes.length)
          throw new Error("longer than the archive says");
      }
    }
    if (!isWanted && !look()) return { head: bytes.subarray(0, done) };
    if (done < size) throw new Error("cut short in the archive");
    return { head: bytes.subarray(0, Math.min(HEAD, done)), content: bytes };
  } catch (error) {
    throw new Error(reasonOf(error));
  } finally {
    stream.destroy();
  }
};

/** Names, without the folders' own entries, of what the archive holds. Refused paths go to `unreadable`. */
const pathOf = (
  { getFileNameLowLevel, validateFileName }: Yauzl,
  entry: Entry,
): { path: string } | { fault: string; name: string } => {
  const raw = entry.fileName as unknown as Buffer;
  const name = getFileNameLowLevel(entry.generalPurposeBitFlag, raw, entry.extraFields, false);
  const fault = validateFileName(name);
  const shown = [...name].map((letter) => (letter < " " ? "?" : letter)).join("");
  if (fault !== null && fault !== undefined)
    return { fault: "its path leads out of the archive", name: shown };
  return { path: shown.normalize("NFC").replace(/^(?:\.\/)+/, "") };
};

/** Refuses an archive whose files share bytes, which small archives that unpack to no end do. */
const checkOverlaps = (path: string, entries: readonly Entry[]): void => {
  const ordered = [...entries].sort((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader);
  ordered.forEach((entry, i) => {
    const next = ordered[i + 1];
    if (next === undefined) return;
    if (entry.relativeOffsetOfLocalHeader + entry.compressedSize > next.relativeOffsetOfLocalHeader) {
      throw new RunError(
        `${path}: files in the archive share the same bytes, as in zip bombs; it is not read`,
      );
    }
  });
};

/** @throws RunError for what is no zip archive, is damaged, or is made to exhaust its reader */
export const listZip = async (path: string): Promise<Listing> => {
  // Loaded when it is needed: a bundle of ES modules cannot hold it.
  const yauzl: Yauzl = await import("yauzl");
  let zip: ZipFile;
  try {
    // Names as bytes: one that is refused should not end the list.
    zip = await yauzl.openPromise(path, { decodeStrings: false, autoClose: false });
  } catch (error) {
    throw damaged(path, error);
  }
  try {
    if (zip.entryCount > MOST_ENTRIES) {
      throw new RunError(
        `${path}: the archive lists ${zip.entryCount} files; at most ${MOST_ENTRIES} are read`,
      );
    }
    return await listEntries(yauzl, zip, path);
  } catch (error) {
    zip.close();
    throw error instanceof RunError ? error : damaged(path, error);
  }
};

const damaged = (path: string, error: unknown): RunError =>
  error instanceof Error && "code" in error
    ? fileError("read", path, error)
    : new RunError(
        `${path}: the zip archive is damaged or cut short (${reasonOf(error)}); make it or fetch it anew`,
      );

const listEntries = async (yauzl: Yauzl, zip: ZipFile, path: string): Promise<Listing> => {
  const files: (ListedFile & { readonly crc: number })[] = [];
  const folders = new Set<string>();
  const entries: Entry[] = [];
  const unreadable: Unreadable[] = [];
  const passedOver: Record<string, number> = {};
  const passOver = (kind: string): void => {
    passedOver[kind] = (passedOver[kind] ?? 0) + 1;
  };
  for await (const entry of zip.eachEntry()) {
    entries.push(entry);
    const found = pathOf(yauzl, entry);
    if ("fault" in found) {
      unreadable.push({ path: found.name, cause: found.fault });
      continue;
    }
    const parts = found.path.split("/");
    const isFolder = found.path.endsWith("/");
    if (parts.some(isHidden)) {
      if (!isFolder) passOver("hidden");
      continue;
    }
    const above = parts.slice(0, -1);
    above.forEach((_, i) => {
      folders.add(above.slice(0, i + 1).join("/"));
    });
    if (isFolder) continue;
    if (isLink(entry)) passOver("link");
    else {
      files.push({
        path: found.path,
        size: entry.uncompressedSize,
        held: entry.uncompressedSize,
        crc: entry.crc32,
        read: (wanted) => readEntry(zip, entry, wanted),
        async *stream() {
          const fault = faultOf(entry);
          if (fault !== undefined) throw new RunError(`${path}, ${found.path}: ${fault}`);
          yield* (await zip.openReadStreamPromise(entry)) as AsyncIterable<Uint8Array>;
        },
      });
    }
  }
  checkOverlaps(path, entries);
  const ordered = inOrder(files);
  return {
    source: "zip",
    files: ordered,
    folders: [...folders].sort(),
    stamp: stampOf([...ordered.map(({ path: own, size, crc }) => [own, size, crc]), unreadable]),
    passedOver,
    unreadable,
    close: () => zip.close(),
  };
};
