import { useEffect, useRef, useState } from "preact/hooks";
import { replaceQuery, route } from "../route.ts";
import type { Fields } from "../ui/fields.ts";
import { readState, type State, writeState } from "./lesson.ts";

/** Milliseconds between two changes of the address. Browsers allow no more than about three a second for long. */
const PACE = 350;

/** A lesson's state, which the address holds too. A change shows at once; while one drags, the address follows behind. */
export const useAddressState = (
  fields: Fields,
): {
  readonly state: State;
  /** What of the address could not be read. */
  readonly notices: readonly string[];
  readonly move: (next: State) => void;
} => {
  const query = route.value.query.toString();
  const [shown, setShown] = useState(() => readState(fields, route.peek().query));
  const address = useRef({ written: query, at: Number.NEGATIVE_INFINITY, timer: 0 });

  const write = (next: State): void => {
    const text = writeState(fields, next);
    Object.assign(address.current, { written: text.toString(), at: performance.now() });
    replaceQuery(text);
  };
  useEffect(() => {
    if (query === address.current.written) return;
    // Someone else changed it: a link, the back button, a hand.
    clearTimeout(address.current.timer);
    address.current.written = query;
    setShown(readState(fields, route.peek().query));
  }, [fields, query]);
  // A change that is still due belongs to this lesson and not to the next.
  useEffect(() => () => clearTimeout(address.current.timer), []);

  return {
    ...shown,
    move: (next) => {
      setShown({ state: next, notices: [] });
      clearTimeout(address.current.timer);
      const due = address.current.at + PACE - performance.now();
      if (due <= 0) write(next);
      else address.current.timer = window.setTimeout(() => write(next), due);
    },
  };
};
