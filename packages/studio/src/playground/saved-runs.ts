/** Training states in the browser's own database, so that a reload goes on where it was. */
import { openDatabase, settled } from "../database.ts";
import type { SavedHistory } from "./history.ts";

export interface SavedGan {
  readonly checkpoint: Uint8Array;
  readonly losses: SavedHistory;
  readonly figures: SavedHistory;
}

export interface SavedRun {
  /** The experiment, as in the address. */
  readonly key: string;
  readonly savedAt: number;
  readonly gans: readonly SavedGan[];
}

const DATABASE = "tsgan-playground";
const STORE = "runs";
/** The newest experiments are kept. */
const MOST_RUNS = 8;

let database: Promise<IDBDatabase> | undefined;

const store = async (mode: IDBTransactionMode): Promise<IDBObjectStore> => {
  database ??= openDatabase(DATABASE, (created) => {
    created.createObjectStore(STORE, { keyPath: "key" }).createIndex("savedAt", "savedAt");
  });
  return (await database).transaction(STORE, mode).objectStore(STORE);
};

export const loadRun = async (key: string): Promise<SavedRun | undefined> =>
  (await settled((await store("readonly")).get(key))) as SavedRun | undefined;

export const saveRun = async (run: SavedRun): Promise<void> => {
  const runs = await store("readwrite");
  runs.put(run);
  const keys = await settled(runs.index("savedAt").getAllKeys());
  for (const key of keys.slice(0, Math.max(0, keys.length - MOST_RUNS))) runs.delete(key);
};

export const forgetRun = async (key: string): Promise<void> => {
  await settled((await store("readwrite")).delete(key));
};
