/** Worker processes on this machine. */
import { RunError } from "tsgan";
import { type Job, type PoolJobs, poolJobs } from "./pool-jobs.ts";
import { type PoolProcess, startProcess, type WorkerProcess } from "./pool-process.ts";
import type { Backend } from "./session.ts";
import type { WorkerReport } from "./worker.ts";

export interface PoolOptions {
  readonly workers: number;
  /** Threads of each worker. */
  readonly threads: number;
  /** Workers that a trial may lose without having got any further. */
  readonly attempts: number;
  /** The worker processes; without it, they know only what is built in. */
  readonly workerProcess?: WorkerProcess | undefined;
}

interface PoolWorker {
  readonly process: PoolProcess;
  state: { readonly is: "starting" | "idle" | "ending" } | { readonly is: "busy"; readonly job: Job };
}

/** Processes that may end before they are ready, one after the other, until there is no use in trying again. */
const FALSE_STARTS = 3;

const builtIn: WorkerProcess = { module: new URL("./worker-process.js", import.meta.url), args: [] };

/** What a worker says of the job that it has. */
const hearOfJob = (
  jobs: PoolJobs,
  job: Job,
  worker: string,
  report: WorkerReport & { readonly type: "start" | "checkpoint" | "step" },
): void => {
  if (report.type === "start") jobs.begin(job, worker, report.step, report.steps);
  if (report.type === "checkpoint") jobs.checkpoint(job, report.step);
  if (report.type === "step") jobs.step(job, worker, report.step);
};

/**
 * Runs the tasks of a session, one a process at a time. A task whose process is lost goes to another one. `workers` is
 * the number of processes.
 */
export const localPool =
  ({ workers: size, threads, attempts, workerProcess = builtIn }: PoolOptions): Backend =>
  (session, signal) =>
    new Promise((resolve, reject) => {
      const jobs = poolJobs(session, attempts);
      const workers = new Set<PoolWorker>();
      let failure: unknown;
      let falseStarts = 0;

      const isOver = (): boolean => signal.aborted || failure !== undefined || session.open() === 0;

      const give = (worker: PoolWorker, job: Job): void => {
        worker.state = { is: "busy", job };
        const { study } = session;
        const { task } = job;
        worker.process.tell({ type: "task", study, task, out: session.runOf(task.trial.id), threads });
      };

      /** Gives work to the idle, replaces the lost, and lets all go when there is nothing left. */
      const proceed = (): void => {
        jobs.fill();
        const over = isOver();
        for (const worker of workers) {
          if (worker.state.is !== "idle") continue;
          const job = over ? undefined : jobs.next();
          if (job !== undefined) give(worker, job);
          else if (over) {
            worker.state = { is: "ending" };
            worker.process.letGo();
          }
        }
        if (!over) while (workers.size < Math.min(size, session.open())) start();
        if (!over || workers.size > 0) return;
        signal.removeEventListener("abort", stop);
        if (failure === undefined) resolve();
        else reject(failure);
      };

      const stop = (): void => {
        for (const { state, process } of workers) if (state.is === "busy") process.tell({ type: "stop" });
        proceed();
      };

      const fail = (error: unknown): void => {
        failure ??= error;
        stop();
      };

      /** Does what a worker's message or end asks for. What goes wrong with it, such as a full disk, ends the study. */
      const attempt = (task: () => void): void => {
        try {
          task();
        } catch (error) {
          fail(error);
        }
        proceed();
      };

      const hear = (worker: PoolWorker, report: WorkerReport): void => {
        const { name } = worker.process;
        const job = worker.state.is === "busy" ? worker.state.job : undefined;
        switch (report.type) {
          case "ready":
            falseStarts = 0;
            worker.state = { is: "idle" };
            break;
          case "end":
            worker.state = { is: "idle" };
            if (job !== undefined && report.outcome !== undefined) jobs.end(job, name, report.outcome);
            break;
          case "failure":
            worker.state = { is: "idle" };
            fail(new RunError(report.failure.message));
            break;
          default:
            if (job !== undefined) hearOfJob(jobs, job, name, report);
        }
      };

      const lose = (worker: PoolWorker, reason: string): void => {
        workers.delete(worker);
        const { state, process } = worker;
        if (state.is === "starting" && ++falseStarts === FALSE_STARTS) {
          fail(new RunError(`workers of the study end before they have begun: ${reason}`));
        }
        if (state.is === "busy") jobs.lose(state.job, process.name, reason);
      };

      const start = (): void => {
        const worker: PoolWorker = {
          state: { is: "starting" },
          process: startProcess(workerProcess, {
            report: (report) => attempt(() => hear(worker, report)),
            error: fail,
            end: (reason) => attempt(() => lose(worker, reason)),
          }),
        };
        workers.add(worker);
      };

      signal.addEventListener("abort", stop);
      proceed();
    });
