import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Outcome, resolveStudy, type Task, type Trial, trialsOf } from "../index.ts";
import { poolJobs } from "./pool-jobs.ts";
import type { StudyEvent } from "./session.ts";

const study = resolveStudy({
  name: "jobs",
  data: { ring: { config: { model: "mlp" } } },
  models: { hinge: { config: { loss: "hinge" } } },
  samples: 2,
  budget: { steps: 8 },
  metrics: ["swd"],
  evaluateEvery: 8,
});
const [first, second] = trialsOf(study);

const begin = () => {
  const events: StudyEvent[] = [];
  const settled: [trial: string, outcome: Outcome][] = [];
  let ready: Task[] = [{ trial: first }, { trial: second }];
  const jobs = poolJobs(
    {
      study,
      uses: [],
      hash: "",
      trials: [first, second],
      ready() {
        const given = ready;
        ready = [];
        return given;
      },
      open: () => 2,
      runOf: (id) => join(tmpdir(), "tsgan-no-such-study", id),
      settle: ({ id }: Trial, outcome) => settled.push([id, outcome]),
      report: (event) => events.push(event),
    },
    2,
  );
  jobs.fill();
  return { jobs, events, settled };
};

describe("jobs of a pool", () => {
  it("are given out in order, and one whose worker is lost comes next", () => {
    const { jobs, events } = begin();
    const job = jobs.next()!;
    expect(job.task.trial).toBe(first);
    jobs.begin(job, "1", 0, 8);
    jobs.lose(job, "1", "SIGKILL");
    expect(jobs.next()).toBe(job);
    jobs.begin(job, "2", 0, 8);
    expect(jobs.next()!.task.trial).toBe(second);
    expect(jobs.next()).toBeUndefined();
    expect(events).toEqual([
      { type: "begin", trial: first.id, worker: "1", attempt: 1, step: 0, steps: 8 },
      { type: "lost", trial: first.id, worker: "1", reason: "SIGKILL", attempt: 1 },
      { type: "begin", trial: first.id, worker: "2", attempt: 2, step: 0, steps: 8 },
    ]);
  });

  it("fail when they lose too many workers without having got any further", () => {
    const { jobs, settled } = begin();
    const job = jobs.next()!;
    jobs.lose(job, "1", "SIGKILL");
    jobs.begin(jobs.next()!, "2", 4, 8);
    jobs.lose(job, "2", "exit code 1");
    jobs.begin(jobs.next()!, "3", 4, 8);
    expect(settled).toEqual([]);
    jobs.lose(job, "3", "exit code 1: out of memory");
    const error = "its worker was lost 2 times at step 4, the last time by exit code 1: out of memory";
    expect(settled).toEqual([
      [first.id, { record: { trial: first, status: "failed", error, evaluations: [] } }],
    ]);
    expect(jobs.next()!.task.trial).toBe(second);
    expect(jobs.next()).toBeUndefined();
  });
});
