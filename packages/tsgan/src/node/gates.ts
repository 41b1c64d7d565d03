/** Gates that let so many through at a time: what bounds the memory of work that is done side by side. */

/** A semaphore. `enter` waits for a place and returns what gives it back. */
export const places = (count: number): (() => Promise<() => void>) => {
  let free = count;
  const waiting: (() => void)[] = [];
  return async () => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    return () => {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    };
  };
};

export interface Gate {
  /** Waits until a picture of so many pixels may be decoded; the result is called when it has been. */
  enter(pixels: number): Promise<() => void>;
}

const LARGE = 8_000_000;
const GIANT = 48_000_000;

/** Small pictures pass, two large ones at a time, and one giant. */
export const pictureGate = (): Gate => {
  const [large, giant] = [places(2), places(1)];
  return {
    async enter(pixels) {
      if (pixels < LARGE) return () => {};
      const leaveLarge = await large();
      if (pixels < GIANT) return leaveLarge;
      const leaveGiant = await giant();
      return () => {
        leaveGiant();
        leaveLarge();
      };
    },
  };
};

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
