/** How a worker on Redis trains a task that it has taken. */
import type { Outcome, Study, Task } from "../index.ts";
import { localPool, type PoolOptions } from "../node/pool.ts";

export interface TrainOptions {
  readonly study: Study;
  readonly task: Task;
  readonly out: string;
  readonly signal: AbortSignal;
  readonly onStep: (step: number, steps: number) => void;
}

/** Trains a task in a folder; undefined where the signal stopped it. */
export type Train = (options: TrainOptions) => Promise<Outcome | undefined>;

/** Trains in a process of its own, which may be lost as any worker of a local study. */
export const trainInProcess =
  (options: Omit<PoolOptions, "workers">): Train =>
  async ({ study, task, out, signal, onStep }) => {
    let waiting = [task];
    let outcome: Outcome | undefined;
    let steps = 0;
    await localPool({ ...options, workers: 1 })(
      {
        study,
        uses: [],
        hash: "",
        trials: [task.trial],
        ready() {
          const given = waiting;
          waiting = [];
          return given;
        },
        open: () => (outcome === undefined ? 1 : 0),
        runOf: () => out,
        settle(_, result) {
          outcome = result;
        },
        report(event) {
          if (event.type === "begin") steps = event.steps;
          if (event.type === "begin" || event.type === "step") onStep(event.step, steps);
        },
      },
      signal,
    );
    return outcome;
  };
