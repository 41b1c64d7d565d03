/** A study under way, whoever trains its trials: what may run, what has come of it, and where that is written. */
import type { UsedFile } from "tsgan/node";
import {
  type Agenda,
  createAgenda,
  type Outcome,
  type Study,
  type Task,
  type Trial,
  type TrialRecord,
} from "../index.ts";
import { checkStudyUses, holdsStudy, lockStudy } from "./folder.ts";

/** What is shown of a study. Steps are iterations of the trainer, as `steps` of a run. */
export type StudyEvent =
  | {
      readonly type: "start";
      readonly study: string;
      readonly out: string;
      readonly trials: number;
      readonly ended: number;
      readonly workers: number;
    }
  | {
      readonly type: "begin";
      readonly trial: string;
      readonly worker: string;
      readonly attempt: number;
      readonly step: number;
      readonly steps: number;
    }
  | { readonly type: "step"; readonly trial: string; readonly worker: string; readonly step: number }
  /** A worker was lost. Its trial goes to another one. */
  | {
      readonly type: "lost";
      readonly trial: string | undefined;
      readonly worker: string;
      readonly reason: string;
      readonly attempt: number;
    }
  /** A trial waits at a step to be compared with others. */
  | { readonly type: "paused"; readonly trial: string; readonly worker: string }
  | {
      readonly type: "record";
      readonly trial: string;
      readonly worker: string | undefined;
      readonly status: TrialRecord["status"];
      readonly error?: string;
    }
  /** Something is wrong with what the trials run on, and goes on to be tried. */
  | { readonly type: "warning"; readonly message: string }
  /** Workers have been told to save and end. */
  | { readonly type: "stopping" };

export interface Session {
  readonly study: Study;
  /** Files of things of one's own that trials may name. */
  readonly uses: readonly UsedFile[];
  /** Tells studies apart, versions of tsgan, and contents of files of one's own. */
  readonly hash: string;
  readonly trials: readonly Trial[];
  /** Tasks that may be begun now and were not given out before. */
  ready(): Task[];
  /** Number of trials without a record. */
  open(): number;
  /** Folder of a trial's run. */
  runOf(id: string): string;
  /** Takes in what a task led to, once: writes the records that follow from it. */
  settle(trial: Trial, outcome: Outcome, worker: string): void;
  /** Tells whoever watches and, but for steps, the log. */
  report(event: StudyEvent): void;
}

/** What trains the tasks of a session until none is left or the signal stops it: a pool of processes, or a queue. */
export type Backend = (session: Session, signal: AbortSignal) => Promise<void>;

export interface StudyOptions {
  readonly study: Study;
  readonly out: string;
  readonly resume: boolean;
  /** Files that have registered things which the study names; written to study.json with their hashes. */
  readonly uses?: readonly UsedFile[];
  /** Workers there will be, to be shown; 0 where others bring them. */
  readonly workers: number;
  readonly backend: Backend;
  readonly signal: AbortSignal;
  readonly onEvent: (event: StudyEvent) => void;
}

export interface StudyResult {
  readonly trials: number;
  readonly finished: number;
  readonly stopped: number;
  readonly failed: number;
  /** Trials without a record, where the study was stopped. */
  readonly open: number;
}

/**
 * Runs what is left of a study, as the only process that does.
 *
 * @param options the study, its folder, whether to `resume`, what runs its tasks, and the signal
 * @throws UsageError for a folder with something else in it, or a study that began with files which are not given now
 * @throws RunError where another process runs the study, or the machine does not let it go on
 */
export const runStudy = async (options: StudyOptions): Promise<StudyResult> => {
  const { study, out, resume, uses = [], workers, backend, signal, onEvent } = options;
  const changed = holdsStudy(out) ? checkStudyUses(out, uses) : [];
  const folder = lockStudy(out, study, resume, uses);
  try {
    const agenda: Agenda = createAgenda(study, folder.records());
    const { trials } = agenda;
    const report = (event: StudyEvent): void => {
      if (event.type !== "step") folder.log(event);
      onEvent(event);
    };
    report({
      type: "start",
      study: study.name,
      out,
      trials: trials.length,
      ended: trials.length - agenda.open(),
      workers,
    });
    for (const message of changed) report({ type: "warning", message });
    await backend(
      {
        study,
        uses,
        hash: folder.hash,
        trials,
        ready: () => agenda.ready(),
        open: () => agenda.open(),
        runOf: (id) => folder.runOf(id),
        settle(trial, outcome, worker) {
          if ("paused" in outcome) report({ type: "paused", trial: trial.id, worker });
          for (const record of agenda.complete(trial, outcome)) {
            folder.writeRecord(record);
            const { status, error } = record;
            const own = record.trial.id === trial.id && "record" in outcome;
            report({
              type: "record",
              trial: record.trial.id,
              worker: own ? worker : undefined,
              status,
              ...(error === undefined ? {} : { error }),
            });
          }
        },
        report,
      },
      signal,
    );
    const records = folder.records();
    const count = (status: TrialRecord["status"]): number =>
      records.filter((record) => record.status === status).length;
    return {
      trials: trials.length,
      finished: count("finished"),
      stopped: count("stopped"),
      failed: count("failed"),
      open: trials.length - records.length,
    };
  } finally {
    folder.close();
  }
};
