/**
 * What is kept in the browser's own database for a reload: values by name, those of each tab apart. It stays on the machine.
 * Pages and their workers use it.
 */

interface Entry {
  readonly tab: string;
  readonly name: string;
  readonly keptAt: number;
  readonly value: unknown;
}

type EntryKey = [tab: string, name: string];

const DATABASE = "tsgan";
const STORE = "kept";
/** Those of 0.2 and before, which tabs shared. */
const OLD_DATABASES = ["tsgan-playground", "tsgan-images"];

/** Begins the names of the locks that tabs hold while they are there. */
export const TAB_LOCK = "tsgan-tab-";

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

let database: Promise<IDBDatabase> | undefined;

const openDatabase = async (): Promise<IDBDatabase> => {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => {
    const store = request.result.createObjectStore(STORE, { keyPath: ["tab", "name"] });
    store.createIndex("name", ["name", "keptAt"]);
    store.createIndex("keptAt", "keptAt");
    for (const name of OLD_DATABASES) indexedDB.deleteDatabase(name);
  };
  return settled(request);
};

const storeFor = async (mode: IDBTransactionMode): Promise<IDBObjectStore> => {
  database ??= openDatabase();
  return (await database).transaction(STORE, mode).objectStore(STORE);
};

/** Tabs that are open; undefined where the browser does not say. */
const openTabs = async (): Promise<ReadonlySet<string> | undefined> => {
  // There on secure addresses alone.
  const { locks } = navigator as { locks?: LockManager };
  const { held = [] } = (await locks?.query()) ?? {};
  if (locks === undefined) return undefined;
  return new Set(held.flatMap(({ name }) => (name?.startsWith(TAB_LOCK) ? name.slice(TAB_LOCK.length) : [])));
};

/** Of all tabs: what nobody else may change meanwhile, such as images that somebody has dropped. */
export const EVERY_TAB = "";

/** Whether an entry was left by a tab that is closed; where the browser does not say, none is. */
const isLeft = ([owner]: EntryKey, tab: string, open: ReadonlySet<string> | undefined): boolean =>
  open !== undefined && owner !== tab && owner !== EVERY_TAB && !open.has(owner);

/** Keys by the time at which they were kept. */
const keysOf = async (store: IDBObjectStore, index: string, range?: IDBKeyRange): Promise<EntryKey[]> =>
  (await settled(store.index(index).getAllKeys(range))) as EntryKey[];

const named = (name: string): IDBKeyRange => IDBKeyRange.bound([name, 0], [name, Number.POSITIVE_INFINITY]);

/** The kept value; undefined where there is none. What another tab has left that is closed is taken over, the newest first. */
export const recall = async (tab: string, name: string): Promise<unknown> => {
  const own = (await settled((await storeFor("readonly")).get([tab, name]))) as Entry | undefined;
  if (own !== undefined || tab === EVERY_TAB) return own?.value;
  const open = await openTabs();
  const keys = await keysOf(await storeFor("readonly"), "name", named(name));
  const left = keys.findLast((key) => isLeft(key, tab, open));
  if (left === undefined) return undefined;
  const entry = (await settled((await storeFor("readonly")).get(left))) as Entry | undefined;
  return entry?.value;
};

/** @param most of the names that begin as this one does up to its first space, how many are kept: the newest */
export const keep = async (tab: string, name: string, value: unknown, most: number): Promise<void> => {
  const open = await openTabs();
  const store = await storeFor("readwrite");
  store.put({ tab, name, keptAt: Date.now(), value } satisfies Entry);
  const [page] = name.split(" ");
  const alike = (await keysOf(store, "keptAt")).filter(([, other]) => other.split(" ")[0] === page);
  alike.forEach((key, i) => {
    if (i < alike.length - most || (key[1] === name && isLeft(key, tab, open))) store.delete(key);
  });
};

/** Forgets what this tab has kept, and what it would take over instead. */
export const forget = async (tab: string, name: string): Promise<void> => {
  const open = await openTabs();
  const store = await storeFor("readwrite");
  for (const key of await keysOf(store, "name", named(name))) {
    if (key[0] === tab || isLeft(key, tab, open)) await settled(store.delete(key));
  }
};
