/** How fast a run goes, and when what shows it is due: drawing must not take the time of training. */

/** Iterations over which the speed is measured. */
const WINDOW = 30;

/** Iterations a second, with all that is done between them, over the last ones. */
export const speedometer = () => {
  let ends: number[] = [];
  return {
    restart: (): void => {
      ends = [];
    },
    /** An iteration has ended. Before the first one its graph is compiled: the speed is measured from its end. */
    count: (now = performance.now()): void => {
      ends.push(now);
      if (ends.length > WINDOW) ends.shift();
    },
    /** Undefined before there are two. */
    rate: (): number | undefined => {
      const span = ends[ends.length - 1] - ends[0];
      return span > 0 ? ((ends.length - 1) * 1000) / span : undefined;
    },
  };
};

/**
 * Work that is done again and again beside the training.
 *
 * @param least milliseconds between two, at least
 * @param share of the time that it takes, at most
 * @param now milliseconds of a clock
 */
export const spaced = (least: number, share: number, now: () => number = () => performance.now()) => {
  let last = now();
  let pause = least;
  return {
    /** It was as good as done just now. */
    restart: (): void => {
      last = now();
      pause = least;
    },
    /** Does it where it is due. */
    ifDue: async (work: () => Promise<void>): Promise<void> => {
      const began = now();
      if (began - last < pause) return;
      await work();
      last = now();
      pause = Math.max(least, (last - began) / share);
    },
  };
};
