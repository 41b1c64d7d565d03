/** The files of a folder, listed once and read one by one. An archive is listed in the same way (`zip-listing.ts`). */
import { createHash } from "node:crypto";
import {
  constants,
  createReadStream,
  type Dirent,
  readdirSync,
  realpathSync,
  type Stats,
  statSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { join, sep } from "node:path";
import type { Unreadable } from "../data/index.ts";
import { fileError, kindOf, reasonOf } from "./files.ts";
import { HEAD } from "./identify.ts";

/** What is larger is not read. */
export const LARGEST_FILE = 2 ** 31 - 1;
/** What is larger is not taken into memory where it can be read from disk bit by bit. */
const LARGEST_HELD = 2 ** 24;

export interface FileContent {
  readonly head: Uint8Array;
  readonly content?: Uint8Array | string;
}

export interface ListedFile {
  /** Within the folder or archive: `/` between parts, letters composed (NFC) however the file system has them. */
  readonly path: string;
  readonly size: number;
  /** Bytes that reading it takes into memory. */
  readonly held: number;
  /**
   * The first bytes, and all of them where `wanted` says so after a look at the first; of a large file on disk its path
   * instead of all.
   *
   * @throws Error whose message is the cause, in words
   */
  read(wanted: (head: Uint8Array) => boolean): Promise<FileContent>;
  /** All bytes, in pieces, whatever its size. */
  stream(): AsyncIterable<Uint8Array>;
}

export interface Listing {
  readonly source: "folder" | "zip";
  /** In the order of their paths. */
  readonly files: readonly ListedFile[];
  /** Every folder, its path as those of the files. */
  readonly folders: readonly string[];
  /** Differs where a file came, went or changed. */
  readonly stamp: string;
  /** What is no file, or hidden, by kind. */
  readonly passedOver: Readonly<Record<string, number>>;
  readonly unreadable: readonly Unreadable[];
  close(): void;
}

/** What systems leave behind beside people's files. */
const JUNK =
  /^(?:__MACOSX|Thumbs\.db|ehthumbs\.db|desktop\.ini|@eaDir|lost\+found|\$RECYCLE\.BIN|System Volume Information)$/i;

/** Whether a file or folder of this name was not put there by a person. */
export const isHidden = (name: string): boolean => name.startsWith(".") || JUNK.test(name);

/** By code unit: the same order on every file system. */
export const inOrder = <T extends { readonly path: string }>(files: readonly T[]): T[] =>
  [...files].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));

export const stampOf = (facts: Iterable<unknown>): string => {
  const digest = createHash("sha256");
  for (const fact of facts) digest.update(JSON.stringify(fact));
  return digest.digest("hex");
};

export const tooLarge = (size: number, most: number): Error =>
  new Error(`${Math.round(size / 2 ** 20)} MiB, over the limit of ${Math.round(most / 2 ** 20)} MiB`);

/** What is counted where it is no file. */
const specialOf = (entry: Dirent | Stats): string =>
  entry.isFIFO() ? "pipe" : entry.isSocket() ? "socket" : "device";

/** Reads a file in the folder. It was a plain one when it was listed; should it be a pipe by now, opening does not wait. */
export const fileAt = (full: string, path: string, size: number): ListedFile => ({
  path,
  size,
  held: size > LARGEST_HELD ? 0 : size,
  stream: () => createReadStream(full),
  async read(wanted) {
    const handle = await open(full, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(
      (error: unknown) => {
        throw new Error(reasonOf(error));
      },
    );
    try {
      const status = await handle.stat();
      if (!status.isFile()) throw new Error(`${kindOf(status)}, not a file`);
      const head = Buffer.alloc(Math.min(HEAD, status.size));
      const { bytesRead } = await handle.read(head, 0, head.length, 0);
      const first = head.subarray(0, bytesRead);
      if (!wanted(first)) return { head: first };
      if (status.size > LARGEST_FILE) throw tooLarge(status.size, LARGEST_FILE);
      if (status.size > LARGEST_HELD) return { head: first, content: full };
      const bytes = Buffer.allocUnsafe(status.size);
      let done = 0;
      while (done < bytes.length) {
        const { bytesRead: got } = await handle.read(bytes, done, bytes.length - done, done);
        if (got === 0) break;
        done += got;
      }
      return { head: first, content: bytes.subarray(0, done) };
    } catch (error) {
      throw new Error(reasonOf(error));
    } finally {
      await handle.close();
    }
  },
});

/**
 * The files of a folder and of the folders in it. Links are followed; what was listed already, or lies around the folder, is
 * not listed again. Pipes and devices are not opened. A folder that may not be read is said to be so, unless it is the one
 * asked for.
 */
export const listFolder = (folder: string, options: { recursive?: boolean } = {}): Listing => {
  const { recursive = true } = options;
  const files: (ListedFile & { readonly time: number })[] = [];
  const folders: string[] = [];
  const unreadable: Unreadable[] = [];
  const passedOver: Record<string, number> = {};
  const passOver = (kind: string): void => {
    passedOver[kind] = (passedOver[kind] ?? 0) + 1;
  };
  const links: { full: string; path: string }[] = [];
  const visited = new Set<string>();
  let root: string;
  try {
    root = realpathSync(folder);
  } catch (error) {
    throw fileError("read", folder, error);
  }
  const add = (full: string, path: string): void => {
    const { size, mtimeMs } = statSync(full);
    files.push({ ...fileAt(full, path, size), time: mtimeMs });
  };
  const visit = (full: string, path: string): void => {
    visited.add(realpathSync(full));
    const entries = readdirSync(full, { withFileTypes: true });
    if (path !== "") folders.push(path);
    for (const entry of entries) {
      if (isHidden(entry.name)) {
        passOver("hidden");
        continue;
      }
      const own = join(full, entry.name);
      const name = entry.name.normalize("NFC");
      const ownPath = path === "" ? name : `${path}/${name}`;
      if (entry.name.includes("\ufffd")) {
        unreadable.push({ path: ownPath, cause: "its name is not in UTF-8; rename it" });
      } else attempt(entry, own, ownPath);
    }
  };
  const attempt = (entry: Dirent | Stats, full: string, path: string): void => {
    try {
      if (entry.isSymbolicLink()) links.push({ full, path });
      else if (entry.isDirectory()) {
        if (recursive) visit(full, path);
      } else if (entry.isFile()) add(full, path);
      else passOver(specialOf(entry));
    } catch (error) {
      unreadable.push({ path, cause: reasonOf(error) });
    }
  };
  try {
    visit(folder, "");
  } catch (error) {
    throw fileError("read", folder, error);
  }
  const follow = ({ full, path }: { full: string; path: string }): void => {
    try {
      const status = statSync(full);
      const target = status.isDirectory() ? realpathSync(full) : "";
      if (target !== "" && visited.has(target)) passOver("link to a folder read already");
      else if (target !== "" && root.startsWith(target.endsWith(sep) ? target : target + sep)) {
        passOver("link back to a folder around it");
      } else attempt(status, full, path);
    } catch (error) {
      unreadable.push({ path, cause: `a link that leads nowhere: ${reasonOf(error)}` });
    }
  };
  // Links come last, so that what they lead to keeps its own name where it lies in the folder, too. Folders behind them may
  // hold further ones.
  while (links.length > 0) for (const link of inOrder(links.splice(0))) follow(link);
  const ordered = inOrder(files);
  return {
    source: "folder",
    files: ordered,
    folders: folders.sort(),
    stamp: stampOf([...ordered.map(({ path, size, time }) => [path, size, time]), unreadable]),
    passedOver,
    unreadable,
    close: () => {},
  };
};
