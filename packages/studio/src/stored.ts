/** Small things that a browser keeps between visits. Where it keeps nothing, as in a frame of somebody else's page, the page does without. */

/** What was kept; null where nothing was, or where the browser does not say. */
export const recallText = (kind: "local" | "session", key: string): string | null => {
  try {
    return globalThis[`${kind}Storage`].getItem(key);
  } catch {
    // Even to look at the storage is forbidden where cookies are.
    return null;
  }
};

export const keepText = (kind: "local" | "session", key: string, text: string): void => {
  try {
    globalThis[`${kind}Storage`].setItem(key, text);
  } catch {
    // Forbidden, or full: the next visit begins as the first one.
  }
};
