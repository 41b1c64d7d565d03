/** What a page holds and what its address says: the same, in both directions. */
import { batch, effect, type ReadonlySignal, signal, untracked } from "@preact/signals";
import { replaceQuery, route } from "../route.ts";
import type { Read } from "./fields.ts";

export interface Address<S> {
  readonly state: ReadonlySignal<S>;
  /** About the address as it was opened: they go with the first change. */
  readonly notices: ReadonlySignal<readonly string[]>;
  /** Changes the state. It shows at once; while one drags or types, the address follows behind. */
  change(next: S): void;
  /** The link to the state as it is. */
  link(): string;
  /**
   * Takes over what links and the browser's history say, until the returned function is called.
   *
   * @param onRead told of each state that the address brings
   */
  follow(onRead?: (before: S, now: S) => void): () => void;
}

/** Milliseconds between two changes of the address: browsers allow a hundred in half a minute. */
const PACE = 350;
/** Changes that are made at once after a pause: a reload that follows one finds it. */
const BURST = 10;

/**
 * @param isHere whether a path is that of the page
 * @param bare what an address without a query stands for: the usual state, or what the page has already
 */
export const addressOf = <S>({
  isHere,
  read,
  write,
  bare = "usual",
}: {
  readonly isHere: (path: readonly string[]) => boolean;
  readonly read: (query: URLSearchParams) => Read<S>;
  readonly write: (state: S) => URLSearchParams;
  readonly bare?: "usual" | "kept";
}): Address<S> => {
  const { path, query } = route.peek();
  const opened = read(isHere(path) ? query : new URLSearchParams());
  const state = signal(opened.state);
  const notices = signal(opened.notices);
  let seen = isHere(path) ? query.toString() : undefined;
  let written = Number.NEGATIVE_INFINITY;
  let allowed = BURST;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const put = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (!isHere(route.peek().path)) return;
    const now = performance.now();
    allowed = Math.min(BURST, allowed + (now - written) / PACE) - 1;
    written = now;
    const text = write(state.peek());
    seen = text.toString();
    replaceQuery(text);
  };

  const take = (from: URLSearchParams, onRead: (before: S, now: S) => void): void => {
    if (from.toString() === seen) return;
    if (bare === "kept" && from.size === 0) {
      put();
      return;
    }
    // What was still to be written is no longer what the page is about.
    clearTimeout(timer);
    timer = undefined;
    seen = from.toString();
    const before = state.peek();
    const now = read(from);
    batch(() => {
      state.value = now.state;
      notices.value = now.notices;
    });
    onRead(before, now.state);
  };

  return {
    state,
    notices,
    change(next) {
      batch(() => {
        state.value = next;
        notices.value = [];
      });
      clearTimeout(timer);
      const due = written + (1 - allowed) * PACE - performance.now();
      if (due <= 0) put();
      else timer = setTimeout(put, due);
    },
    link() {
      if (timer !== undefined) put();
      return location.href;
    },
    follow(onRead = () => {}) {
      const stop = effect(() => {
        const now = route.value;
        if (isHere(now.path)) untracked(() => take(now.query, onRead));
      });
      return () => {
        stop();
        clearTimeout(timer);
        timer = undefined;
      };
    },
  };
};
