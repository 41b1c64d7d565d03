/** What a worker does: one thing at a time. What the page asks for is done between two iterations. */

export interface WorkLoop {
  /** Runs `task` when nothing else runs. */
  do<T>(task: () => Promise<T>): Promise<T>;
  /** For an iteration that wants to be seen: waits so long, or until something is asked for. */
  pause(milliseconds: number): Promise<void>;
  /** Looks again at once: something has changed that no task has done. */
  wake(): void;
}

/** Milliseconds of work after which messages of the page are looked at: a few times in a frame of the page. */
const SLICE = 4;

/** Lets messages in: a worker whose promises settle at once would never take one. */
const breathe = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });

/**
 * Begins the loop, which never ends.
 *
 * @param iterate one iteration, done again and again while it plays
 * @param after done after each task and iteration
 * @param onError told of errors of `iterate` and `after`; it must stop the playing. Those of a task go to who asked for it.
 */
export const workLoop = ({
  isPlaying,
  iterate,
  after = async () => {},
  onError,
}: {
  readonly isPlaying: () => boolean;
  readonly iterate: () => Promise<void>;
  readonly after?: () => Promise<void>;
  readonly onError: (error: unknown) => void;
}): WorkLoop => {
  const tasks: (() => Promise<void>)[] = [];
  let wake = (): void => {};

  const sleep = (milliseconds?: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = milliseconds === undefined ? undefined : setTimeout(resolve, milliseconds);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const run = async (): Promise<never> => {
    let began = performance.now();
    for (;;) {
      try {
        const task = tasks.shift();
        if (task !== undefined) await task();
        else if (isPlaying()) await iterate();
        else await sleep();
        await after();
      } catch (error) {
        onError(error);
      }
      if (performance.now() - began > SLICE) {
        await breathe();
        began = performance.now();
      }
    }
  };
  void run();

  return {
    do: (task) =>
      new Promise((resolve, reject) => {
        tasks.push(async () => {
          try {
            resolve(await task());
          } catch (error) {
            reject(error);
          }
        });
        wake();
      }),
    // Something may have been asked for in the meantime, which nothing would wake up for.
    pause: (milliseconds) => (tasks.length > 0 ? Promise.resolve() : sleep(milliseconds)),
    wake: () => wake(),
  };
};
