/**
 * Which trials may run now, and how far. What may run is a function of the study and of the results so far, whatever the
 * order in which they come in: a study that is interrupted, or spread over machines, makes the same decisions.
 */
import { knownFigures } from "tsgan/metrics";
import type { Study } from "./definition.ts";
import type { Evaluation, TrialRecord } from "./record.ts";
import { rungsOf } from "./resolve.ts";
import { type Trial, trialsOf } from "./trials.ts";

/** A trial, to be trained from wherever it stands. */
export interface Task {
  readonly trial: Trial;
  /** Step, in the study's unit, at which it is compared with others and may end; without, it runs to its end. */
  readonly until?: number;
}

/** What a task led to. */
export type Outcome =
  | { readonly record: TrialRecord }
  /** The trial has reached its task's step, and is not at its end. */
  | { readonly paused: readonly Evaluation[] };

export interface Agenda {
  readonly trials: readonly Trial[];
  /** Tasks that may be begun now and were not given out before. */
  ready(): Task[];
  /** Takes in what a task led to. Returns the records to keep: its own, and those of the trials that it stopped. */
  complete(trial: Trial, outcome: Outcome): TrialRecord[];
  /** Number of trials without a record. */
  open(): number;
}

interface Entry {
  readonly trial: Trial;
  record?: TrialRecord;
  evaluations: readonly Evaluation[];
}

/** Trials of one model on one data set. */
interface Group {
  /** Those that none has been preferred to. */
  racing: Entry[];
  /** Number of rungs at which they have been compared. */
  passed: number;
}

/**
 * The agenda of a study of which some trials have ended before.
 *
 * With successive halving, the trials of each model on each data set form a group. When all of a group that are still in
 * the race have reached a rung, the best 1 / factor (at least one) go on. Trials that failed count as the worst; of
 * equals, the earlier trial goes on.
 *
 * @param records of the trials that have ended
 * @throws UsageError where the figure that halving compares is none of a metric
 */
export const createAgenda = (study: Study, records: readonly TrialRecord[] = []): Agenda => {
  const rungs = rungsOf(study);
  const { metric = "", factor = 1 } = study.earlyStopping ?? {};
  const lowerIsBetter = knownFigures().some(({ key, better }) => key === metric && better === "lower");
  const entries = new Map<string, Entry>();
  const groups = new Map<string, Group>();
  let tasks: Task[] = [];
  let open = 0;

  const groupOf = ({ data, model }: Trial): string => `${data}_${model}`;

  const begin = ({ trial, record }: Entry, rung: number): void => {
    if (record === undefined) tasks.push(rung < rungs.length ? { trial, until: rungs[rung] } : { trial });
  };

  const end = (entry: Entry, record: TrialRecord): TrialRecord => {
    entry.record = record;
    open--;
    return record;
  };

  const hasReached = ({ record, evaluations }: Entry, rung: number): boolean =>
    record !== undefined || evaluations.some(({ step }) => step >= rungs[rung]);

  const cost = ({ evaluations }: Entry, rung: number): number => {
    const value = evaluations.find(({ step }) => step === rungs[rung])?.metrics[metric];
    if (value === undefined) return Number.POSITIVE_INFINITY;
    return lowerIsBetter ? value : -value;
  };

  /** Compares the trials of a group at as many rungs as all of them have reached. */
  const compare = (group: Group): TrialRecord[] => {
    const stopped: TrialRecord[] = [];
    for (let rung = group.passed; rung < rungs.length; rung++) {
      if (!group.racing.every((entry) => hasReached(entry, rung))) break;
      // Stable: of equals, the earlier trial comes first.
      const ranked = [...group.racing].sort((a, b) => {
        const [left, right] = [cost(a, rung), cost(b, rung)];
        return left < right ? -1 : left > right ? 1 : 0;
      });
      const kept = Math.max(1, Math.floor(ranked.length / factor));
      for (const entry of ranked.slice(kept)) {
        if (entry.record !== undefined) continue;
        const { trial, evaluations } = entry;
        stopped.push(end(entry, { trial, status: "stopped", evaluations }));
      }
      group.racing = ranked.slice(0, kept);
      group.passed = rung + 1;
      for (const entry of group.racing) begin(entry, rung + 1);
    }
    return stopped;
  };

  const known = new Map(records.map((record) => [record.trial.id, record]));
  for (const trial of trialsOf(study)) {
    const record = known.get(trial.id);
    const entry: Entry = {
      trial,
      evaluations: record?.evaluations ?? [],
      ...(record === undefined ? {} : { record }),
    };
    entries.set(trial.id, entry);
    const group = groups.get(groupOf(trial));
    if (group === undefined) groups.set(groupOf(trial), { racing: [entry], passed: 0 });
    else group.racing.push(entry);
    if (record === undefined) open++;
    begin(entry, 0);
  }

  return {
    trials: [...entries.values()].map(({ trial }) => trial),
    ready() {
      const given = tasks;
      tasks = [];
      return given;
    },
    complete(trial, outcome) {
      const entry = entries.get(trial.id) as Entry;
      if (entry.record !== undefined) return [];
      entry.evaluations = "record" in outcome ? outcome.record.evaluations : outcome.paused;
      const own = "record" in outcome ? [end(entry, outcome.record)] : [];
      return [...own, ...compare(groups.get(groupOf(trial)) as Group)];
    },
    open: () => open,
  };
};
