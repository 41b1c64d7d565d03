/**
 * A process that trains one trial after the other, as it is told over its channel: ONNX Runtime blocks its thread, and
 * what goes wrong in one process leaves the others alone.
 */

import { describeFailure, type Failure, type UsedFile } from "tsgan/node";
import type { Outcome, Study, Task } from "../index.ts";
import { runTask } from "./run-task.ts";

export type WorkerOrder =
  | {
      readonly type: "task";
      readonly study: Study;
      readonly task: Task;
      readonly out: string;
      readonly threads: number;
    }
  /** Save and end. */
  | { readonly type: "stop" };

export type WorkerReport =
  | { readonly type: "ready" }
  /** Training has begun, at the step (an iteration) of the run's last checkpoint. */
  | { readonly type: "start"; readonly step: number; readonly steps: number }
  | { readonly type: "step"; readonly step: number }
  | { readonly type: "checkpoint"; readonly step: number }
  /** Without an outcome, it was stopped. */
  | { readonly type: "end"; readonly outcome: Outcome | undefined }
  | { readonly type: "failure"; readonly failure: Failure };

/** Milliseconds between reports of a run's steps. */
const PAUSE = 200;

const send = (report: WorkerReport): void => {
  // A channel that has broken is heard of by its disconnection.
  process.send?.(report, undefined, undefined, () => {});
};

/**
 * Makes this process a worker of a pool: it trains one task after the other, as it is told over its channel.
 *
 * @param load registers things of one's own that trials may name, and says from which files
 */
export const serveTasks = async (
  load: () => readonly UsedFile[] | Promise<readonly UsedFile[]> = () => [],
): Promise<void> => {
  // Nobody would take the results, and the run is safe in its folder. Not process.exit: it would take ONNX Runtime down in
  // the middle of a step.
  process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
  // A terminal sends these to all processes of the command; the coordinator says what to do.
  for (const signal of ["SIGINT", "SIGHUP"]) process.on(signal, () => {});

  const stop = new AbortController();
  let uses: readonly UsedFile[] = [];
  process.on("message", async (order: WorkerOrder) => {
    if (order.type === "stop") {
      stop.abort();
      return;
    }
    try {
      send({ type: "end", outcome: await train(order, uses, stop.signal) });
    } catch (error) {
      send({ type: "failure", failure: describeFailure(error) });
    }
  });
  try {
    uses = await load();
    send({ type: "ready" });
  } catch (error) {
    send({ type: "failure", failure: describeFailure(error) });
  }
};

const train = (
  { study, task, out, threads }: WorkerOrder & { type: "task" },
  uses: readonly UsedFile[],
  signal: AbortSignal,
): Promise<Outcome | undefined> => {
  let next = 0;
  return runTask({
    study,
    task,
    out,
    threads,
    uses,
    signal,
    onEvent(event) {
      if (event.type === "start") send({ type: "start", step: event.step, steps: event.config.steps });
      if (event.type === "checkpoint") send({ type: "checkpoint", step: event.step });
      if (event.type === "step" && performance.now() >= next) {
        next = performance.now() + PAUSE;
        send({ type: "step", step: event.record.step });
      }
    },
  });
};
