/** How a run is judged while it trains: figures of its samples, and what its classifier gets right. */
import type { RunConfig } from "../config/index.ts";
import type { Dataset } from "../data/index.ts";
import { classAccuracy, outranks, type Rank, rankOf } from "../metrics/index.ts";
import { type GanTrainer, saveCheckpoint, type TrainEvents } from "../train/index.ts";
import { hasTestSplit } from "./datasets.ts";
import { type JudgeOptions, openJudge } from "./evaluate.ts";
import { openData } from "./run-data.ts";
import type { RunEvent } from "./run-events.ts";
import type { RunFolder } from "./run-folder.ts";

/** Judges the generator while it trains, and keeps the state that did best. */
const openEvaluation = async (
  config: RunConfig,
  dataset: Dataset,
  folder: RunFolder,
  onEvent: (event: RunEvent) => void,
  options: JudgeOptions,
): Promise<{ evaluate: NonNullable<TrainEvents<GanTrainer>["evaluate"]>; dispose(): Promise<void> }> => {
  const judge = await openJudge(dataset, options);
  let best: Rank | undefined;
  // Damaged lines were told of when the run was resumed.
  for (const record of folder.eachRecord(() => {})) {
    const rank = rankOf(record);
    if (rank !== undefined && outranks(rank, best)) best = rank;
  }
  const warned = new Set<string>();
  const evaluate = async (trainer: GanTrainer): Promise<Record<string, number>> => {
    const samples = await trainer.sample(config.evaluateSamples, { seed: config.seed });
    const { evaluateMetrics: metrics, seed } = config;
    const judged = await judge.judge(samples, { metrics, training: true, seed, trainer });
    for (const { metric, reason } of judged.leftOut) {
      if (!warned.has(metric))
        onEvent({ type: "warning", message: `metric ${metric} is left out: ${reason}` });
      warned.add(metric);
    }
    const figures = Object.fromEntries(judged.figures.map(({ key, value }) => [key, value]));
    const rank = rankOf(figures);
    const isBest = rank !== undefined && outranks(rank, best);
    if (isBest) {
      folder.writeBest(await saveCheckpoint(trainer));
      best = rank;
    }
    onEvent({ type: "evaluation", step: trainer.progress.step, figures, best: isBest });
    return figures;
  };
  return { evaluate, dispose: () => judge.dispose() };
};

/** Test accuracy of a semi-supervised run's classifier, where the data have a test split. */
const openTest = (
  config: RunConfig,
  dataset: Dataset,
  { model }: GanTrainer["gan"],
  onEvent: (event: RunEvent) => void,
): ((trainer: GanTrainer) => Promise<number>) | undefined => {
  if (model.labelledBatch === undefined) return undefined;
  if (!hasTestSplit(config.data, dataset)) {
    const message = `data set ${config.data} has no test split: the accuracy of the classifier is not measured`;
    onEvent({ type: "warning", message });
    return undefined;
  }
  let test: Promise<Dataset> | undefined;
  return async (trainer) => {
    test ??= openData(config, onEvent, "test");
    return classAccuracy(trainer, await test);
  };
};

export interface RunJudging {
  /** Figures of the trainer at its step. */
  evaluate(trainer: GanTrainer): Promise<Record<string, number>>;
  /** The last one; undefined where none was measured. */
  testAccuracy(): number | undefined;
  dispose(): Promise<void>;
}

export const openJudging = async (
  config: RunConfig,
  dataset: Dataset,
  gan: GanTrainer["gan"],
  folder: RunFolder,
  onEvent: (event: RunEvent) => void,
  options: JudgeOptions,
): Promise<RunJudging> => {
  const evaluation =
    config.evaluateEvery === undefined
      ? undefined
      : await openEvaluation(config, dataset, folder, onEvent, options);
  const test = openTest(config, dataset, gan, onEvent);
  let testAccuracy: number | undefined;
  return {
    async evaluate(trainer) {
      testAccuracy = await test?.(trainer);
      return {
        ...(testAccuracy === undefined ? {} : { testAccuracy }),
        ...(await evaluation?.evaluate(trainer)),
      };
    },
    testAccuracy: () => testAccuracy,
    dispose: async () => evaluation?.dispose(),
  };
};
