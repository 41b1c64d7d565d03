/** Worker processes on this machine. */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { RunError } from "tsgan";
import type { Task } from "../index.ts";
import { evaluationsIn } from "./run-task.ts";
import type { Backend } from "./session.ts";
import type { WorkerOrder, WorkerReport } from "./worker.ts";

export interface PoolOptions {
  readonly workers: number;
  /** Threads of each worker. */
  readonly threads: number;
  /** Workers that a trial may lose without having got any further. */
  readonly attempts: number;
  /** The worker processes; without it, they know only what is built in. */
  readonly workerProcess?: WorkerProcess | undefined;
}

/** A module that calls `serveTasks`, and what the command line of its processes says. */
export interface WorkerProcess {
  readonly module: URL;
  readonly args: readonly string[];
}

/** A task with what is known of the workers that it was given to. */
interface Job {
  readonly task: Task;
  /** Workers lost since the trial last got further. */
  lost: number;
  /** The step of its last checkpoint. */
  checkpoint: number;
}

interface PoolWorker {
  readonly child: ChildProcess;
  readonly name: string;
  state: "starting" | "idle" | "busy" | "ending";
  job: Job | undefined;
  stderr: string;
}

/** Processes that may end before they are ready, one after the other, until there is no use in trying again. */
const FALSE_STARTS = 3;
const LONGEST_REASON = 300;

const builtIn: WorkerProcess = { module: new URL("./worker-process.js", import.meta.url), args: [] };

/** How a process ended, with its last words. */
const reasonOf = (code: number | null, signal: NodeJS.Signals | null, stderr: string): string => {
  const words = stderr.trim().split("\n").at(-1)?.slice(-LONGEST_REASON) ?? "";
  return `${signal === null ? `exit code ${code}` : signal}${words === "" ? "" : `: ${words}`}`;
};

/**
 * Runs the tasks of a session, one a process at a time. A task whose process is lost goes to another one. `workers` is
 * the number of processes.
 */
export const localPool =
  ({ workers: size, threads, attempts, workerProcess = builtIn }: PoolOptions): Backend =>
  (session, signal) =>
    new Promise((resolve, reject) => {
      const queue: Job[] = [];
      const workers = new Set<PoolWorker>();
      let failure: unknown;
      let falseStarts = 0;

      const isOver = (): boolean => signal.aborted || failure !== undefined || session.open() === 0;

      const tell = ({ child }: PoolWorker, order: WorkerOrder): void => {
        // What a process that is gone cannot be told is made good when its exit is heard of.
        child.send(order, () => {});
      };

      const give = (worker: PoolWorker, job: Job): void => {
        worker.state = "busy";
        worker.job = job;
        const { study } = session;
        const { task } = job;
        tell(worker, { type: "task", study, task, out: session.runOf(task.trial.id), threads });
      };

      /** Gives work to the idle, replaces the lost, and lets all go when there is nothing left. */
      const proceed = (): void => {
        queue.push(...session.ready().map((task) => ({ task, lost: 0, checkpoint: 0 })));
        const over = isOver();
        for (const worker of workers) {
          if (worker.state !== "idle") continue;
          const job = over ? undefined : queue.shift();
          if (job !== undefined) give(worker, job);
          else if (over) {
            worker.state = "ending";
            worker.child.disconnect();
          }
        }
        if (!over) while (workers.size < Math.min(size, session.open())) start();
        if (!over || workers.size > 0) return;
        signal.removeEventListener("abort", stop);
        if (failure === undefined) resolve();
        else reject(failure);
      };

      const stop = (): void => {
        for (const worker of workers) if (worker.state === "busy") tell(worker, { type: "stop" });
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

      const advance = (job: Job, checkpoint: number): void => {
        if (checkpoint <= job.checkpoint) return;
        job.checkpoint = checkpoint;
        job.lost = 0;
      };

      const hear = (worker: PoolWorker, report: WorkerReport): void => {
        const { job, name } = worker;
        const trial = job?.task.trial.id;
        switch (report.type) {
          case "ready":
            falseStarts = 0;
            worker.state = "idle";
            break;
          case "start":
            if (job === undefined || trial === undefined) break;
            advance(job, report.step);
            session.report({
              type: "begin",
              trial,
              worker: name,
              attempt: job.lost + 1,
              step: report.step,
              steps: report.steps,
            });
            break;
          case "checkpoint":
            if (job !== undefined) advance(job, report.step);
            break;
          case "step":
            if (trial !== undefined) session.report({ type: "step", trial, worker: name, step: report.step });
            break;
          case "end":
          case "failure":
            worker.state = "idle";
            worker.job = undefined;
            if (report.type === "failure") fail(new RunError(report.failure.message));
            else if (job !== undefined && report.outcome !== undefined) {
              session.settle(job.task.trial, report.outcome, name);
            }
            break;
        }
      };

      const lose = (worker: PoolWorker, reason: string): void => {
        workers.delete(worker);
        const { job, name, state } = worker;
        if (state === "starting" && ++falseStarts === FALSE_STARTS) {
          fail(new RunError(`workers of the study end before they have begun: ${reason}`));
        }
        if (job !== undefined && state !== "ending") {
          const { trial } = job.task;
          job.lost++;
          session.report({ type: "lost", trial: trial.id, worker: name, reason, attempt: job.lost });
          if (job.lost < attempts) queue.unshift(job);
          else {
            const error = `its worker was lost ${attempts} times at step ${job.checkpoint}, the last time by ${reason}`;
            const evaluations = evaluationsIn(session.study, trial, session.runOf(trial.id));
            session.settle(trial, { record: { trial, status: "failed", error, evaluations } }, name);
          }
        }
      };

      const start = (): void => {
        const child = fork(fileURLToPath(workerProcess.module), [...workerProcess.args], {
          execArgv: [],
          stdio: ["ignore", "ignore", "pipe", "ipc"],
        });
        const worker: PoolWorker = {
          child,
          name: String(child.pid),
          state: "starting",
          job: undefined,
          stderr: "",
        };
        workers.add(worker);
        child.stderr?.on("data", (data) => {
          worker.stderr = `${worker.stderr}${data}`.slice(-4 * LONGEST_REASON);
        });
        child.on("message", (report: WorkerReport) => attempt(() => hear(worker, report)));
        child.on("error", fail);
        child.on("exit", (code, by) => attempt(() => lose(worker, reasonOf(code, by, worker.stderr))));
      };

      signal.addEventListener("abort", stop);
      proceed();
    });
