import { randomStream } from "tsgan/random";
import { describe, expect, it } from "vitest";
import { createAgenda, type Outcome, type Task } from "./agenda.ts";
import type { StudyDefinition } from "./definition.ts";
import type { TrialRecord } from "./record.ts";
import { evaluationsOf } from "./record.ts";
import { resolveStudy } from "./resolve.ts";

const definition: StudyDefinition = {
  name: "small",
  data: { ring: null },
  models: { ns: { config: { loss: "non-saturating" } }, hinge: { config: { loss: "hinge" } } },
  samples: 9,
  budget: { steps: 100 },
  evaluateEvery: 10,
  metrics: ["swd", "modes"],
};
const plain = resolveStudy(definition);
const halving = resolveStudy({
  ...definition,
  earlyStopping: { metric: "slicedWasserstein", first: 10, factor: 3 },
});

/** A trial whose distance is its sample's number, and which fails, if it does, after the first rung. */
const train = ({ trial, until }: Task, failing: readonly number[] = []): Outcome => {
  const evaluations = Array.from({ length: (until ?? 100) / 10 }, (_, i) => ({
    step: 10 * (i + 1),
    metrics: { slicedWasserstein: (trial.sample * 5) % 9 },
  }));
  if (failing.includes(trial.sample) && (until ?? 100) > 10) {
    return { record: { trial, status: "failed", error: "NaN", evaluations: evaluations.slice(0, 1) } };
  }
  return until === undefined
    ? { record: { trial, status: "finished", evaluations } }
    : { paused: evaluations };
};

/** Runs what is left, in an order that `seed` chooses, until `most` tasks have been done. */
const run = (
  study: typeof plain,
  records: readonly TrialRecord[],
  { seed = 0, most = Number.POSITIVE_INFINITY, failing = [] as readonly number[] } = {},
) => {
  const agenda = createAgenda(study, records);
  const found = [...records];
  const random = randomStream(seed, "order");
  const queue: Task[] = [];
  let done = 0;
  for (;;) {
    queue.push(...agenda.ready());
    if (queue.length === 0 || done++ === most) break;
    const [task] = queue.splice(random.integer(queue.length), 1);
    found.push(...agenda.complete(task.trial, train(task, failing)));
  }
  return { found, open: agenda.open(), done };
};

const byId = (records: readonly TrialRecord[]) =>
  [...records].sort((a, b) => (a.trial.id < b.trial.id ? -1 : 1));
describe("a agenda", () => {
  it("gives every trial out once, to its end", () => {
    const { found, open, done } = run(plain, []);
    expect({ count: found.length, open, done }).toEqual({ count: 18, open: 0, done: 18 });
    expect(found.every(({ status, evaluations }) => status === "finished" && evaluations.length === 10)).toBe(
      true,
    );
  });

  it("gives out what has no record", () => {
    const { found } = run(plain, [], { most: 5 });
    expect(found).toHaveLength(5);
    const agenda = createAgenda(plain, found);
    const ids = agenda.ready().map(({ trial }) => trial.id);
    expect(ids).toHaveLength(13);
    expect(ids.filter((id) => found.some(({ trial }) => trial.id === id))).toEqual([]);
  });

  it("counts a trial once, however often its result comes in", () => {
    const agenda = createAgenda(plain);
    const [task] = agenda.ready();
    expect(agenda.complete(task.trial, train(task))).toHaveLength(1);
    expect(agenda.complete(task.trial, train(task))).toEqual([]);
    expect(agenda.open()).toBe(17);
  });
});

describe("successive halving", () => {
  it("lets the best third of each model go on at each rung", () => {
    const { found } = run(halving, []);
    for (const model of ["ns", "hinge"]) {
      const own = found.filter(({ trial }) => trial.model === model);
      const lengths = own.map(({ evaluations }) => evaluations.length).sort((a, b) => a - b);
      expect(lengths).toEqual([1, 1, 1, 1, 1, 1, 3, 3, 10]);
      const finished = own.filter(({ status }) => status === "finished");
      expect(finished.map(({ trial }) => trial.sample)).toEqual([0]);
    }
  });

  it.each([1, 2, 3, 4])("decides the same in another order and after an interruption (%i)", (seed) => {
    const failing = [0, 2];
    const whole = byId(run(halving, [], { failing }).found);
    let records: readonly TrialRecord[] = [];
    for (const most of [4, 9, 14]) records = run(halving, records, { seed, most, failing }).found;
    expect(byId(run(halving, records, { seed, failing }).found)).toEqual(whole);
    expect(whole).toHaveLength(18);
  });

  it("keeps the place of trials that fail, and goes on without them", () => {
    // Samples 0, 2 and 4 are the best three of the first rung.
    const { found, open } = run(halving, [], { failing: [0, 2, 4] });
    expect(open).toBe(0);
    expect(found.filter(({ status }) => status === "failed")).toHaveLength(6);
    expect(found.filter(({ status }) => status === "finished")).toHaveLength(0);
  });
});

describe("evaluationsOf", () => {
  it("takes the figures of the study's metrics, in the study's steps", () => {
    const study = resolveStudy({
      ...definition,
      models: { wgan: { config: { loss: "wgan" } } },
      budget: { steps: 100 },
    });
    const [{ trial }] = createAgenda(study).ready();
    const { criticSteps } = trial.config as { criticSteps: number };
    const lines = [
      { step: 1, discriminatorLoss: 0.5 },
      { step: 2, discriminatorLoss: 0.4, slicedWasserstein: 3, modesCovered: 1, klToUniform: null },
      { step: 3, failure: "NaN" },
    ];
    expect(evaluationsOf(study, trial, lines)).toEqual([
      { step: 2 * criticSteps, metrics: { slicedWasserstein: 3, modesCovered: 1 } },
    ]);
  });
});
