/** A run's folder examined: what `tsgan doctor` says. */

import { ganOf } from "../config/index.ts";
import { examine, healthFacts, type Verdict } from "../metrics/index.ts";
import { openDataset } from "./datasets.ts";
import { extractorFor } from "./evaluate.ts";
import { type OpenRunOptions, openRun } from "./open-run.ts";
import { isJudged } from "./run.ts";
import { dataOptions } from "./run-data.ts";
import { type MetricsLine, openRunFolder } from "./run-folder.ts";
import { readStored } from "./stored-config.ts";

export interface Examination {
  /** Step of the checkpoint that samples were drawn at; undefined where there is none yet. */
  readonly step: number | undefined;
  readonly verdicts: readonly Verdict[];
}

/**
 * Examines a run: its records, and samples and weights at a checkpoint, the newest without `step`.
 *
 * @throws UsageError if there is no run, or no checkpoint of that step
 */
export const examineRun = async (path: string, options: OpenRunOptions = {}): Promise<Examination> => {
  const folder = openRunFolder(path);
  const { config } = readStored(folder);
  const keep = (record: MetricsLine): boolean => isJudged(config, record);
  const records = folder.readMetrics({ keep, onDamage: () => {} });
  for (const message of folder.surveyMetrics(records.at(-1)?.step ?? 0, config.logEvery)) {
    options.onEvent?.({ type: "warning", message });
  }
  if (options.step === undefined && folder.checkpoints().length === 0) {
    const dataset = await openDataset(config.data, dataOptions(config));
    const gan = ganOf(config, { shape: dataset.shape, classes: dataset.classes?.length });
    return {
      step: undefined,
      verdicts: await examine({ config, dataset, records, game: healthFacts(gan, dataset) }),
    };
  }
  const { trainer, data } = openRun(path, options);
  const { device, threads } = options;
  const dataset = await data();
  const extractor = await extractorFor(dataset, { device, threads });
  const game = healthFacts(trainer.gan, dataset);
  const verdicts = await examine({ config, dataset, records, trainer, extractor, game });
  const { step } = trainer.progress;
  await extractor.dispose();
  await trainer.dispose();
  return { step, verdicts };
};
