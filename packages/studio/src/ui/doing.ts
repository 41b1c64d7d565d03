/** What a page does one thing at a time, and shows. */
import type { Signal } from "@preact/signals";
import { isClosed } from "../engine/index.ts";
import { messageOf } from "../engine/message-of.ts";

export interface Doing {
  /** What the page is waiting for. */
  readonly busy: Signal<string | undefined>;
  readonly problem: Signal<string | undefined>;
  readonly onEnd?: () => void;
}

/** Does one thing at a time, says what, and shows what went wrong. Whether it went well. */
export const doingOneThing =
  ({ busy, problem, onEnd }: Doing) =>
  async (what: string, action: () => Promise<void>): Promise<boolean> => {
    if (busy.peek() !== undefined) return false;
    busy.value = what;
    problem.value = undefined;
    try {
      await action();
      return true;
    } catch (error) {
      if (!isClosed(error)) problem.value = messageOf(error);
      return false;
    } finally {
      busy.value = undefined;
      onEnd?.();
    }
  };
