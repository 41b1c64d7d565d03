/** The browser's own database, as promises. What is kept there stays on the machine. */

/** The result of a request. */
export const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Opens a database; `create` makes its stores where there is none. */
export const openDatabase = (name: string, create: (database: IDBDatabase) => void): Promise<IDBDatabase> => {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => create(request.result);
  return settled(request);
};
