/**
 * Renames runs, deletes them, and puts back what was deleted. A deleted run lies in `.trash/KEY/run` of the folder of runs,
 * beside where it was, until the trash is emptied.
 */
import { randomBytes } from "node:crypto";
import { lstatSync, mkdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Deleted } from "@tsgan/studio/api";
import { entriesOf, readJsonInside } from "./disk.ts";
import { resolveInside } from "./paths.ts";
import { Refusal } from "./reply.ts";

export interface Shelf {
  /** @returns the new id */
  rename(id: string, name: string): string;
  remove(id: string): Deleted;
  /** @returns the id under which it is back */
  restore(key: string): string;
  deleted(): Promise<readonly Deleted[]>;
  /** Deletes for good what lies in the trash. */
  empty(): void;
}

const TRASH = ".trash";
const KEY = /^[0-9a-z]{8,12}-[0-9a-f]{12}$/;
/** Names of folders that runs may have. */
export const RUN_NAME = /^\w[\w.-]{0,99}$/;
const LARGEST = 1 << 12;

/** A folder that is there and no link, which could lead anywhere. */
const isOwnFolder = (path: string): boolean => {
  try {
    return lstatSync(path).isDirectory();
  } catch {
    return false;
  }
};

const isThere = (path: string): boolean => {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
};

/** @param folderOf the folder of a run that may be moved. @throws Refusal for one that may not be */
export const openShelf = (root: string, folderOf: (id: string) => string): Shelf => {
  const trash = join(root, TRASH);

  const idOf = (key: string): string | undefined => {
    const path = join(trash, key);
    if (!KEY.test(key) || !isOwnFolder(trash) || !isOwnFolder(path) || !isOwnFolder(join(path, "run")))
      return undefined;
    try {
      const id = (readJsonInside(path, "from.json", LARGEST) as { id?: unknown }).id;
      return typeof id === "string" ? id : undefined;
    } catch {
      return undefined;
    }
  };

  return {
    rename(id, name) {
      if (!RUN_NAME.test(name)) {
        throw new Refusal(
          400,
          `name: expected letters, digits, ".", "-" and "_", at most 100; got ${JSON.stringify(name).slice(0, 120)}`,
        );
      }
      const path = folderOf(id);
      const to = join(dirname(path), name);
      if (isThere(to)) throw new Refusal(409, `there is a folder ${name} already; choose another name`);
      renameSync(path, to);
      return id.includes("/") ? `${id.slice(0, id.lastIndexOf("/"))}/${name}` : name;
    },
    remove(id) {
      const path = folderOf(id);
      if (!isThere(trash)) mkdirSync(trash);
      if (!isOwnFolder(trash)) throw new Refusal(409, `${TRASH} is no folder; move it away`);
      const at = Date.now();
      const key = `${at.toString(36)}-${randomBytes(6).toString("hex")}`;
      const place = join(trash, key);
      mkdirSync(place);
      writeFileSync(join(place, "from.json"), JSON.stringify({ id }));
      try {
        renameSync(path, join(place, "run"));
      } catch (error) {
        rmSync(place, { recursive: true, force: true });
        throw error;
      }
      return { key, id, at };
    },
    restore(key) {
      const id = idOf(key);
      if (id === undefined) throw new Refusal(404, "there is no such run in the trash");
      const above = id.includes("/") ? resolveInside(root, id.slice(0, id.lastIndexOf("/"))) : root;
      const name = basename(id);
      if (above === undefined || !RUN_NAME.test(name))
        throw new Refusal(409, `the folder that ${id} was in is gone`);
      const to = join(above, name);
      if (isThere(to)) throw new Refusal(409, `there is a folder ${id} again; rename that one first`);
      renameSync(join(trash, key, "run"), to);
      rmSync(join(trash, key), { recursive: true, force: true });
      return id;
    },
    async deleted() {
      if (!isOwnFolder(trash)) return [];
      const all = (await entriesOf(trash, true)).flatMap((key) => {
        const id = idOf(key);
        return id === undefined ? [] : { key, id, at: Number.parseInt(key, 36) };
      });
      return all.sort((a, b) => b.at - a.at);
    },
    empty() {
      if (!isOwnFolder(trash)) return;
      // Links within are removed, and not followed.
      rmSync(trash, { recursive: true, force: true });
      mkdirSync(trash);
      rmdirSync(trash);
    },
  };
};
