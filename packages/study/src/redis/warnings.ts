/** How a worker says what goes wrong. */
export interface Speaker {
  readonly warn: (message: string) => void;
  /** The same, but the same thing once a minute. */
  readonly tell: (message: string) => void;
}

/** Milliseconds after which the same is said again. */
const AGAIN = 60_000;
/** Texts that are remembered. */
const MOST = 100;

/** Passes on what is said, the same thing once a minute: what goes wrong with a queue does so several times a second. */
export const tellOnce = (
  tell: (message: string) => void,
  now: () => number = () => performance.now(),
): ((message: string) => void) => {
  const told = new Map<string, number>();
  return (message) => {
    const before = told.get(message);
    if (before !== undefined && now() - before < AGAIN) return;
    told.delete(message);
    told.set(message, now());
    for (const oldest of [...told.keys()].slice(0, -MOST)) told.delete(oldest);
    tell(message);
  };
};
