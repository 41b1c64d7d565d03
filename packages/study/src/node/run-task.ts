/** One task of a study in its run's folder: trains to where the task ends and says what came of it. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { NotFiniteError, RunError, resolveConfig } from "tsgan";
import {
  describeFailure,
  evaluateRun,
  holdsRun,
  lockHolder,
  openRun,
  openRunFolder,
  type RunEvent,
  readJson,
  startRun,
  type UsedFile,
  writeFileAtomic,
} from "tsgan/node";
import {
  type Evaluation,
  evaluationsOf,
  type Outcome,
  type Study,
  stepsPerIteration,
  type Task,
  type Trial,
  type TrialRecord,
} from "../index.ts";

export interface TaskOptions {
  readonly study: Study;
  readonly task: Task;
  /** Folder of the trial's run. What is there is gone on with. */
  readonly out: string;
  readonly threads?: number | undefined;
  /** Files that have registered things which the trial names. */
  readonly uses?: readonly UsedFile[] | undefined;
  /** Stops the run with a checkpoint. */
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: (event: RunEvent) => void;
}

/** Seconds that a run of a budget in seconds has trained, up to its last checkpoint. */
const SECONDS = "seconds.json";

const readSeconds = (out: string): number => {
  const file = join(out, SECONDS);
  return existsSync(file) ? Number((readJson(file) as { seconds?: unknown } | null)?.seconds) || 0 : 0;
};

/** Milliseconds for which a run may be held by a process that is about to end. */
const PATIENCE = 60_000;

/** Waits for a worker that has lost its coordinator, and has not noticed yet. @throws RunError if it does not end */
const waitForRun = async (out: string): Promise<void> => {
  const end = Date.now() + PATIENCE;
  for (let pid = lockHolder(out); pid !== undefined; pid = lockHolder(out)) {
    if (Date.now() > end) throw new RunError(`${out}: process ${pid} is still training this run; stop it`);
    await sleep(50);
  }
};

/** The evaluations of a trial that its run's folder holds. */
export const evaluationsIn = (study: Study, trial: Trial, out: string): Evaluation[] =>
  holdsRun(out) ? evaluationsOf(study, trial, [...openRunFolder(out).eachRecord()]) : [];

/** What a trial's folder has lost. No result of the trial. */
class LostFigures extends RunError {}

/**
 * Makes sure that the records of a trial that has trained up to a step hold all its evaluations, whatever they came to.
 *
 * @throws LostFigures where some are missing: a record of the trial without them would say that they were never made
 */
const checkEvaluations = (
  { evaluateEvery }: Study,
  out: string,
  perIteration: number,
  last: number | undefined,
): void => {
  if (last === undefined) return;
  const steps = new Set<number>();
  for (const { step } of openRunFolder(out).eachRecord()) {
    if ((step * perIteration) % evaluateEvery === 0) steps.add(step * perIteration);
  }
  for (let step = evaluateEvery; step <= last; step += evaluateEvery) {
    if (steps.has(step)) continue;
    throw new LostFigures(
      `${out}: metrics.jsonl has lost the evaluation of step ${step}; remove the folder, and the trial is trained again`,
    );
  }
};

/** Whether an error is not the trial's: the disk is full, or its data are not there, which is seen before it starts. */
const isOfTheMachine = (error: unknown, hasStarted: boolean): boolean =>
  error instanceof LostFigures ||
  (error instanceof RunError && (!hasStarted || (error.cause instanceof Error && "code" in error.cause)));

/** The reason of a failure, which does not depend on where the run was interrupted. */
const reasonOf = (error: unknown): string =>
  error instanceof NotFiniteError
    ? new NotFiniteError(error.step, error.metric, error.tensor).message
    : describeFailure(error).message;

/**
 * Trains a task from wherever its folder stands. A run that diverges, or whose configuration turns out not to work, is a
 * result; a machine that does not let it run is an error.
 *
 * @param options the task, the study, the run's folder, threads, and the signal
 * @returns undefined where the signal stopped it
 * @throws RunError for a disk that is full, data that are not there, or a run that another process trains
 */
export const runTask = async (options: TaskOptions): Promise<Outcome | undefined> => {
  const { study, task, out, threads, uses, signal, onEvent = () => {} } = options;
  const { trial, until } = task;
  const config = resolveConfig(trial.config);
  const perIteration = stepsPerIteration(config, study.stepUnit);
  const last = until === undefined ? undefined : until / perIteration;
  const evaluations = (): Evaluation[] => evaluationsIn(study, trial, out);
  const recordOf = (
    status: TrialRecord["status"],
    found: readonly Evaluation[],
    error?: string,
  ): Outcome => ({
    record: { trial, status, ...(error === undefined ? {} : { error }), evaluations: found },
  });

  await waitForRun(out);
  if (
    until !== undefined &&
    holdsRun(out) &&
    (openRunFolder(out).latestCheckpoint()?.step ?? 0) >= until / perIteration
  ) {
    return { paused: evaluations().filter(({ step }) => step <= until) };
  }

  const stop = new AbortController();
  const stopped = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  const seconds = "seconds" in study.budget ? study.budget.seconds : undefined;
  const before = seconds === undefined ? 0 : readSeconds(out);
  let began: number | undefined;
  const spent = (): number => before + (performance.now() - (began ?? 0)) / 1000;
  try {
    if (seconds === undefined || before < seconds) {
      const result = await startRun({
        config,
        out,
        resume: true,
        threads,
        uses,
        signal: stopped,
        onEvent(event) {
          if (event.type === "start") began = performance.now();
          if (event.type === "checkpoint" && seconds !== undefined) {
            writeFileAtomic(join(out, SECONDS), `${JSON.stringify({ seconds: spent() })}\n`);
          }
          if (event.type === "step") {
            if (event.record.step === last || (seconds !== undefined && spent() >= seconds)) stop.abort();
          }
          onEvent(event);
        },
      });
      if (result.stopped && !stop.signal.aborted) return undefined;
    }
    const end = until ?? ("steps" in study.budget ? study.budget.steps : undefined);
    checkEvaluations(study, out, perIteration, end);
    if (until !== undefined) return { paused: evaluations() };
    if (seconds === undefined) return recordOf("finished", evaluations());
    return recordOf("finished", await withLast(evaluations(), options, perIteration));
  } catch (error) {
    if (isOfTheMachine(error, began !== undefined)) throw error;
    return recordOf("failed", evaluations(), reasonOf(error));
  }
};

/** The evaluations of a run that ended by the clock, with one of its last step. */
const withLast = async (
  evaluations: readonly Evaluation[],
  { study, out, threads, task }: TaskOptions,
  perIteration: number,
): Promise<Evaluation[]> => {
  const run = openRun(out, { threads });
  const step = run.trainer.progress.step * perIteration;
  if (evaluations.at(-1)?.step === step) return [...evaluations];
  const { evaluateMetrics: metrics } = task.trial.config;
  const { figures } = await evaluateRun(run, { samples: study.evaluateSamples, metrics, threads });
  await run.trainer.dispose();
  return [
    ...evaluations,
    { step, metrics: Object.fromEntries(figures.map(({ key, value }) => [key, value])) },
  ];
};
