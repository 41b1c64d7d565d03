/** The tasks of a session in a pool: who is next, how far each has got, and what its end or the loss of its worker means. */
import type { Outcome, Task } from "../index.ts";
import { evaluationsIn } from "./run-task.ts";
import type { Session } from "./session.ts";

/** A task with what is known of the workers that it was given to. */
export interface Job {
  readonly task: Task;
  /** Workers lost since the trial last got further. */
  lost: number;
  /** The step of its last checkpoint. */
  checkpoint: number;
}

export interface PoolJobs {
  /** Takes in what the session has for workers by now. */
  fill(): void;
  /** The job to be begun next; undefined where none waits. */
  next(): Job | undefined;
  /** Its worker trains, from the step of the run's last checkpoint. */
  begin(job: Job, worker: string, step: number, steps: number): void;
  checkpoint(job: Job, step: number): void;
  step(job: Job, worker: string, step: number): void;
  end(job: Job, worker: string, outcome: Outcome): void;
  /** It is next, for another worker; a trial that has lost too many has failed. */
  lose(job: Job, worker: string, reason: string): void;
}

/** @param attempts workers that a trial may lose without having got any further */
export const poolJobs = (session: Session, attempts: number): PoolJobs => {
  const waiting: Job[] = [];

  const checkpoint = (job: Job, step: number): void => {
    if (step <= job.checkpoint) return;
    job.checkpoint = step;
    job.lost = 0;
  };

  return {
    fill() {
      waiting.push(...session.ready().map((task) => ({ task, lost: 0, checkpoint: 0 })));
    },
    next: () => waiting.shift(),
    begin(job, worker, step, steps) {
      checkpoint(job, step);
      const trial = job.task.trial.id;
      session.report({ type: "begin", trial, worker, attempt: job.lost + 1, step, steps });
    },
    checkpoint,
    step: (job, worker, step) => session.report({ type: "step", trial: job.task.trial.id, worker, step }),
    end: (job, worker, outcome) => session.settle(job.task.trial, outcome, worker),
    lose(job, worker, reason) {
      const { trial } = job.task;
      job.lost++;
      session.report({ type: "lost", trial: trial.id, worker, reason, attempt: job.lost });
      if (job.lost < attempts) {
        waiting.unshift(job);
        return;
      }
      const error = `its worker was lost ${attempts} times at step ${job.checkpoint}, the last time by ${reason}`;
      const evaluations = evaluationsIn(session.study, trial, session.runOf(trial.id));
      session.settle(trial, { record: { trial, status: "failed", error, evaluations } }, worker);
    },
  };
};
