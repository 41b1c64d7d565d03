/** How long a run will take, said before it begins. */
import { loadCheckpoint, NotFiniteError, saveCheckpoint, type Trainer } from "../train/index.ts";
import type { RunEvent } from "./run-events.ts";

/** Iterations up to which waiting for an estimate is longer than waiting for the run. */
const SHORT = 200;
/** Steady iterations that are tried, fewer where so many milliseconds have gone; and iterations in all. */
const TRIED = 8;
const LONG_ENOUGH = 1500;
const MOST = 20;

/**
 * Seconds to the last step, by some iterations that are tried and taken back: the trainer is left as it was. Those that compile
 * a program are not counted: the first, and the first of another kind, as with a penalty in every eighth step. Undefined where few
 * iterations are left, or where those that are tried do not stay finite.
 *
 * @param trainer at the step from which the run goes on
 * @param steps the last step of the run
 */
export const timeLeft = async (trainer: Trainer, steps: number): Promise<number | undefined> => {
  const left = steps - trainer.progress.step;
  if (left < SHORT) return undefined;
  const before = await saveCheckpoint(trainer);
  let [steady, spent] = [0, 0];
  try {
    for (let i = 0; i < MOST && steady < TRIED && (steady < 3 || spent < LONG_ENOUGH); i++) {
      const { compiledPrograms } = trainer;
      const started = performance.now();
      await trainer.iterate();
      if (trainer.compiledPrograms > compiledPrograms) continue;
      spent += performance.now() - started;
      steady++;
    }
    return steady === 0 ? undefined : (left * spent) / 1000 / steady;
  } catch (error) {
    if (error instanceof NotFiniteError) return undefined;
    throw error;
  } finally {
    loadCheckpoint(trainer, before);
  }
};

/** Tells how long it will take, where that is worth a word. */
export const sayTimeLeft = async (
  trainer: Trainer,
  steps: number,
  onEvent: (event: RunEvent) => void,
): Promise<void> => {
  const seconds = await timeLeft(trainer, steps);
  if (seconds !== undefined) onEvent({ type: "estimate", seconds });
};
