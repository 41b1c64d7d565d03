/** What the page keeps in the browser across a reload: one IndexedDB store of values by name. Nothing is sent. */
import { openDatabase, settled } from "../database.ts";

const DATABASE = "tsgan-images";
const STORE = "kept";

const withStore = async <T>(
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> => {
  const database = await openDatabase(DATABASE, (created) => created.createObjectStore(STORE));
  try {
    return await settled(act(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
};

/** The kept value; undefined where there is none. */
export const recall = (name: string): Promise<unknown> => withStore("readonly", (store) => store.get(name));

export const keep = async (name: string, value: unknown): Promise<void> => {
  await withStore("readwrite", (store) => store.put(value, name));
};

export const forget = async (name: string): Promise<void> => {
  await withStore("readwrite", (store) => store.delete(name));
};
