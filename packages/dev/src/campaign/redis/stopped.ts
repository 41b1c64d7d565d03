/** The exit code of coordinators and workers that stop in words, after what BullMQ says by itself. */
export const STOPPED = 3;

const WORDS =
  /^study on Redis: .*go on with --resume$|; the trial is left open: see to the cause, and go on with --resume$|: expected a Redis that can be used: /ms;

/** Whether a process ended as it may, whatever happens to Redis. */
export const stoppedInWords = (code: number | null, said: string): boolean =>
  code === STOPPED && WORDS.test(said);
