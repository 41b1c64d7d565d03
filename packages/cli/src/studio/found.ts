/** Finding the folders of runs and studies below one folder: two looks at each, and nothing is read. */
import type { Stats } from "node:fs";
import { join } from "node:path";
import { breather, entriesOf, fileInside, isFile, look } from "./disk.ts";

/** What was found less than so many milliseconds ago is not looked for anew. */
const FRESH = 500;

/** Folders of folders of runs: `group/study/trials/ID`. */
const DEEPEST = 4;

export interface Found {
  readonly kind: "run" | "study";
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly begun: number;
  readonly updated: number;
}

/** By id: the path below the folder that is looked through. */
export type Folders = ReadonlyMap<string, Found>;

/** Its version changes with every file that is made, replaced or removed in the folder, and with each line of metrics. */
const runOf = (path: string, folder: Stats): Found => {
  const metrics = look(join(path, "metrics.jsonl"));
  return {
    kind: "run",
    version: [folder.ino, folder.mtimeMs, metrics?.size ?? 0, metrics?.mtimeMs ?? 0]
      .map((x) => Math.round(x).toString(36))
      .join("-"),
    begun: folder.birthtimeMs,
    // Notes change the folder, but not what was trained.
    updated: metrics?.mtimeMs ?? folder.mtimeMs,
  };
};

/** A run's folder as it is now; undefined where there is none. */
export const findRun = (path: string): Found | undefined => {
  const folder = look(path);
  return folder && runOf(path, folder);
};

/** @param known what was found before: a run stays one */
const findFolders = async (root: string, known: Folders): Promise<Folders> => {
  const result = new Map<string, Found>();
  const rest = breather();
  const visit = async (path: string, id: string, depth: number): Promise<void> => {
    // Links are not followed: what they lead to may lie elsewhere, and would be there twice otherwise.
    for (const name of await entriesOf(path, true)) {
      if (name.startsWith(".")) continue;
      await rest();
      const own = join(path, name);
      const ownId = id === "" ? name : `${id}/${name}`;
      const folder = look(own);
      if (folder === undefined) continue;
      const isRun = known.get(ownId)?.kind === "run" || isFile(join(own, "config.json"));
      if (isRun) {
        result.set(ownId, runOf(own, folder));
        continue;
      }
      const study = look(join(own, "study.json"));
      if (study?.isFile()) {
        const version = Math.round(study.mtimeMs).toString(36);
        result.set(ownId, { kind: "study", version, begun: folder.birthtimeMs, updated: study.mtimeMs });
      }
      if (depth < DEEPEST) await visit(own, ownId, depth + 1);
    }
  };
  await visit(root, "", 1);
  return result;
};

/** The study that a run is a trial of. @param id as in the list: `paper/trials/mnist_wgan_sample-0_seed-1` */
export const studyOf = (root: string, id: string): string | undefined => {
  const [, study] = /^(.+)\/trials\/[^/]+$/.exec(id) ?? [];
  return study !== undefined && fileInside(root, `${study}/study.json`) !== undefined ? study : undefined;
};

export interface FolderFinder {
  /** What is known. */
  found(): Folders;
  /** Looks for runs and studies, unless it has just done so: whoever asks meanwhile waits for the same answer. */
  scan(): Promise<Folders>;
  /** Looks at some runs again. @returns all that is known */
  refresh(ids: Iterable<string>): Folders;
  /** Looks anew when it is next asked. */
  renew(): void;
}

/** @param onScan told what is there whenever it was looked for */
export const folderFinder = (root: string, onScan: (found: Folders) => void): FolderFinder => {
  let found: Folders = new Map();
  let scanned = Number.NEGATIVE_INFINITY;
  let scanning: Promise<Folders> | undefined;

  const scanAnew = async (): Promise<Folders> => {
    try {
      found = await findFolders(root, found);
      scanned = performance.now();
      onScan(found);
      return found;
    } finally {
      scanning = undefined;
    }
  };

  return {
    found: () => found,
    scan() {
      if (performance.now() - scanned < FRESH) return Promise.resolve(found);
      scanning ??= scanAnew();
      return scanning;
    },
    refresh(ids) {
      const next = new Map(found);
      for (const id of ids) {
        const run = findRun(join(root, id));
        if (run === undefined) next.delete(id);
        else next.set(id, run);
      }
      found = next;
      return next;
    },
    renew() {
      scanned = Number.NEGATIVE_INFINITY;
    },
  };
};
