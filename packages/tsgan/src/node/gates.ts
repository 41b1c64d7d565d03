/** Gates that let so many through at a time: what bounds the memory of work that is done side by side. */

/**
 * Lets in what fits: `enter(weight)` waits, first come first served, until the weights inside leave room, and returns what
 * gives the room back. What is heavier than all room comes in alone.
 */
export const room = (most: number): ((weight: number) => Promise<() => void>) => {
  let free = most;
  const waiting: { weight: number; enter: () => void }[] = [];
  const admit = (): void => {
    while (waiting.length > 0 && waiting[0].weight <= free) {
      const { weight, enter } = waiting.shift()!;
      free -= weight;
      enter();
    }
  };
  return async (wanted) => {
    const weight = Math.min(wanted, most);
    await new Promise<void>((enter) => {
      waiting.push({ weight, enter });
      admit();
    });
    return () => {
      free += weight;
      admit();
    };
  };
};

/** Waits for room for a weight; the result gives it back. */
export type Gate = ReturnType<typeof room>;

/**
 * Results of `work` in the order of the items, with at most `width` at work or waiting to be taken. The first failure ends
 * it.
 */
export const mapInOrder = async <T, R>(
  items: Iterable<T> | AsyncIterable<T>,
  width: number,
  work: (item: T) => Promise<R>,
  take: (result: R) => void,
): Promise<void> => {
  const waiting: Promise<R>[] = [];
  try {
    for await (const item of items) {
      if (waiting.length === width) take(await waiting.shift()!);
      waiting.push(work(item));
    }
    while (waiting.length > 0) take(await waiting.shift()!);
  } finally {
    await Promise.allSettled(waiting);
  }
};
