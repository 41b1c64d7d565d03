/** Ctrl-C and its kin: the first asks a command to save and end, the second ends it at once. */

/** Exit codes of a command that was stopped by a signal, as shells have them: 128 + the signal's number. */
const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

type Signal = keyof typeof EXIT_CODES;

export interface Signals {
  /** Exit code of a command that was stopped by what has come; undefined where nothing has. */
  exitCode(): number | undefined;
  /** Leaves signals to the process again. */
  off(): void;
}

/** Calls `stop` at the first signal; the second, after `last`, ends the process. */
export const onSignals = (stop: () => void, last: () => void = () => {}): Signals => {
  const names = Object.keys(EXIT_CODES) as Signal[];
  let first: Signal | undefined;
  const off = (): void => {
    for (const name of names) process.off(name, handle);
  };
  const handle = (name: NodeJS.Signals): void => {
    if (first === undefined) {
      first = name as Signal;
      stop();
      return;
    }
    // By the signal itself: process.exit would take ONNX Runtime down in the middle of a step, which aborts.
    last();
    off();
    process.kill(process.pid, name);
  };
  for (const name of names) process.on(name, handle);
  return { exitCode: () => (first === undefined ? undefined : EXIT_CODES[first]), off };
};
