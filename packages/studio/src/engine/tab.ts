/** Which tab this is: two tabs must not go on from one saved state. */
import { keepText, recallText } from "../stored.ts";
import { TAB_LOCK } from "./kept.ts";

const KEY = "tsgan-tab";

/** Milliseconds in which the page before a reload is gone. */
const RELOAD = 500;

/** Takes the lock of a tab for as long as the page lives. @returns whether it was free */
const hold = (locks: LockManager, id: string): Promise<boolean> =>
  new Promise((resolve) => {
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), RELOAD);
    locks
      .request(`${TAB_LOCK}${id}`, { signal: timeout.signal }, () => {
        clearTimeout(timer);
        resolve(true);
        return new Promise(() => {});
      })
      .catch(() => resolve(false));
  });

const findTab = async (): Promise<string> => {
  const { locks } = navigator as { locks?: LockManager };
  const before = recallText("session", KEY);
  // A tab that was duplicated has the name of the first one, which holds its lock.
  if (before !== null && (locks === undefined || (await hold(locks, before)))) return before;
  const id = Array.from(crypto.getRandomValues(new Uint32Array(2)), (part) => part.toString(36)).join("-");
  keepText("session", KEY, id);
  if (locks !== undefined) await hold(locks, id);
  return id;
};

let found: Promise<string> | undefined;

/** The name of this tab: the same after a reload, another one in each other tab. */
export const tabName = (): Promise<string> => {
  found ??= findTab();
  return found;
};
