/** How long a run will take, said before it begins. */
import { loadCheckpoint, NotFiniteError, saveCheckpoint, type Trainer } from "../train/index.ts";
import type { RunEvent } from "./run-events.ts";

/** Iterations up to which waiting for an estimate is longer than waiting for the run. */
const SHORT = 200;
const TRIED = 3;

/**
 * Seconds to the last step, by some iterations that are tried and taken back: the trainer is left as it was. Undefined where few
 * iterations are left, or where those that are tried do not stay finite.
 *
 * @param trainer at the step from which the run goes on
 * @param steps the last step of the run
 */
export const timeLeft = async (trainer: Trainer, steps: number): Promise<number | undefined> => {
  const left = steps - trainer.progress.step;
  if (left < SHORT) return undefined;
  const before = await saveCheckpoint(trainer);
  try {
    // The first iteration compiles its program, and reads the first examples.
    await trainer.iterate();
    const started = performance.now();
    for (let tried = 0; tried < TRIED; tried++) await trainer.iterate();
    return (left * (performance.now() - started)) / 1000 / TRIED;
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
