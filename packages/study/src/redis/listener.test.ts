import { EventEmitter } from "node:events";
import type { QueueEvents } from "bullmq";
import { describe, expect, it } from "vitest";
import type { StudyEvent } from "../node/session.ts";
import { listenTo } from "./listener.ts";

const listening = () => {
  const events = new EventEmitter();
  const told: StudyEvent[] = [];
  const trialOf = (id: string): string | undefined => (id === "job" ? "trial" : undefined);
  const listener = listenTo(events as unknown as Pick<QueueEvents, "on">, trialOf, {
    report: (event) => told.push(event),
  });
  return { events, told, listener };
};

const LONG = 1e6;

describe("what a queue says of a study's tasks", () => {
  it("is passed on as the begin and the steps of a trial, anew after its worker was lost", () => {
    const { events, told } = listening();
    const step = (number: number) => ({ jobId: "job", data: { worker: "one", step: number, steps: 9 } });
    events.emit("progress", step(1));
    events.emit("progress", step(2));
    events.emit("progress", { jobId: "job", data: "poison" });
    events.emit("progress", { ...step(3), jobId: "another study's" });
    events.emit("stalled", { jobId: "job" });
    events.emit("progress", step(1));
    const trial = "trial";
    expect(told).toEqual([
      { type: "begin", trial, worker: "one", attempt: 1, step: 1, steps: 9 },
      { type: "step", trial, worker: "one", step: 2 },
      { type: "lost", trial, worker: "", reason: "its worker was not heard of any more", attempt: 1 },
      { type: "begin", trial, worker: "one", attempt: 1, step: 1, steps: 9 },
    ]);
  });

  it("wakes who waits when a task of the study has ended, which is then said once", async () => {
    const { events, listener } = listening();
    const waited = listener.wait(LONG);
    events.emit("completed", { jobId: "another study's" });
    events.emit("completed", { jobId: "job" });
    events.emit("failed", { jobId: "job" });
    await waited;
    // What was heard before one waits is not waited for.
    await listener.wait(LONG);
    expect(listener.ended()).toEqual(["job"]);
    expect(listener.ended()).toEqual([]);
    const again = listener.wait(LONG);
    listener.wake();
    await again;
  });
});
