/** What the queue says of a session's tasks while they are trained: it is passed on, and who takes in results is woken. */
import type { QueueEvents } from "bullmq";
import type { Session } from "../node/session.ts";
import { progressOf } from "./received.ts";

export interface Listener {
  /** Ids of jobs that are said to have ended since this was last asked. */
  ended(): readonly string[];
  /** Resolves when a job is said to have ended, at `wake`, and after so many milliseconds at the latest. */
  wait(milliseconds: number): Promise<void>;
  wake(): void;
}

/** @param trialOf the trial whose task a job is; undefined where it is none of the session's */
export const listenTo = (
  events: Pick<QueueEvents, "on">,
  trialOf: (id: string) => string | undefined,
  session: Pick<Session, "report">,
): Listener => {
  let ended = new Set<string>();
  let wake = (): void => {};
  /** Workers that are known to have begun a job. */
  const begun = new Map<string, Set<string>>();

  const onEnd = ({ jobId: id }: { jobId: string }): void => {
    if (trialOf(id) === undefined) return;
    ended.add(id);
    wake();
  };
  events.on("completed", onEnd);
  events.on("failed", onEnd);
  events.on("progress", ({ jobId: id, data }) => {
    const trial = trialOf(id);
    const told = progressOf(data);
    if (trial === undefined || told === undefined) return;
    const { worker, step, steps } = told;
    const workers = begun.get(id) ?? new Set();
    if (workers.has(worker)) {
      session.report({ type: "step", trial, worker, step });
      return;
    }
    begun.set(id, workers.add(worker));
    session.report({ type: "begin", trial, worker, attempt: 1, step, steps });
  });
  events.on("stalled", ({ jobId: id }) => {
    const trial = trialOf(id);
    if (trial === undefined) return;
    begun.delete(id);
    const reason = "its worker was not heard of any more";
    session.report({ type: "lost", trial, worker: "", reason, attempt: 1 });
  });

  return {
    ended() {
      const ids = [...ended];
      ended = new Set();
      return ids;
    },
    wait: (milliseconds) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
        if (ended.size > 0) wake();
      }),
    wake: () => wake(),
  };
};
