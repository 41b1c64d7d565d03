/**
 * Tells when run folders change. By looking, not by the operating system's notices: ten thousand runs have more folders than
 * these can watch, and network file systems send none. Runs that are under way are looked at twice a second, the others as
 * often as a twentieth of a core allows; and nothing while nobody listens.
 */
import type { ChangeEvent, RunState } from "@tsgan/studio/api";
import type { Folders } from "./found.ts";
import type { RunLibrary } from "./library.ts";

/** Milliseconds. */
const ACTIVE_PERIOD = 500;
const SCAN_PERIOD = 2000;
/** A run whose files changed within this is under way; and no more than so many are. */
const RECENT = 60_000;
const MOST_ACTIVE = 50;
/** Of the time, that scans may take. */
const SHARE = 0.05;

const differences = (before: Folders, after: Folders): ChangeEvent => {
  const changed = [...after].flatMap(([id, { version }]) => (before.get(id)?.version === version ? [] : id));
  const gone = [...before.keys()].filter((id) => !after.has(id));
  const listed = gone.length > 0 || changed.some((id) => !before.has(id));
  return { changed: [...changed, ...gone], listed };
};

const activeIn = (folders: Folders): string[] => {
  const since = Date.now() - RECENT;
  return [...folders]
    .filter(([, { kind, updated }]) => kind === "run" && updated > since)
    .sort(([, a], [, b]) => b.updated - a.updated)
    .slice(0, MOST_ACTIVE)
    .map(([id]) => id);
};

export interface Watch {
  /** @returns what ends it */
  subscribe(listener: (change: ChangeEvent) => void): () => void;
  /** Tells of a change that files do not show. */
  announce(change: ChangeEvent): void;
}

export const watchLibrary = (library: RunLibrary): Watch => {
  const listeners = new Set<(change: ChangeEvent) => void>();
  let known: Folders = new Map();
  let states: ReadonlyMap<string, RunState | undefined> = new Map();
  let timer: NodeJS.Timeout | undefined;
  let nextScan = 0;

  const announce = (change: ChangeEvent): void => {
    if (change.changed.length === 0 && !change.listed) return;
    for (const listener of listeners) listener(change);
  };

  const look = async (): Promise<void> => {
    const started = performance.now();
    const before = known;
    let after: Folders;
    if (started >= nextScan) {
      after = await library.scan();
      nextScan = performance.now() + Math.max(SCAN_PERIOD, (performance.now() - started) / SHARE);
    } else after = library.refresh(activeIn(before));
    known = after;
    const { changed, listed } = differences(before, after);
    // A process can end without a trace in its folder.
    const now = new Map<string, RunState | undefined>();
    for (const id of activeIn(after)) now.set(id, (await library.summary(id))?.state);
    const turned = [...now].flatMap(([id, state]) => (states.has(id) && states.get(id) !== state ? id : []));
    states = now;
    announce({ changed: [...new Set([...changed, ...turned])], listed });
  };

  const loop = (): void => {
    timer = setTimeout(() => {
      void look().finally(() => {
        if (timer !== undefined) loop();
      });
    }, ACTIVE_PERIOD);
  };

  return {
    announce,
    subscribe(listener) {
      listeners.add(listener);
      if (timer === undefined) {
        // Who listens asks for everything first, and is given what is known now or later: what comes after this is told.
        known = library.refresh([]);
        nextScan = 0;
        loop();
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearTimeout(timer);
        timer = undefined;
      };
    },
  };
};
