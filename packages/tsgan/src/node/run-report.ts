/** What is seen of a run at its end, and its report. */
import type { RunConfig } from "../config/index.ts";
import type { Dataset } from "../data/index.ts";
import { examine, type HealthFacts, type Verdict } from "../metrics/index.ts";
import {
  chooseFrames,
  factsOf,
  reportedRun,
  reportHtml,
  type TableReport,
  tableReport,
} from "../report/index.ts";
import type { Device } from "../runtime/index.ts";
import { isTable } from "../tables/index.ts";
import type { GanTrainer } from "../train/index.ts";
import { environmentOf } from "./environment.ts";
import { extractorFor } from "./evaluate.ts";
import { type Privacy, privacyOf } from "./privacy.ts";
import type { MetricsLine, RunFolder } from "./run-folder.ts";

/** A run that is trained in a folder. */
export interface RunInFolder {
  readonly config: RunConfig;
  readonly dataset: Dataset;
  readonly trainer: GanTrainer;
  readonly folder: RunFolder;
  readonly device: Device | undefined;
  readonly threads: number | undefined;
}

/** What was seen of a run at its end. */
export interface Seen {
  readonly health: readonly Verdict[];
  readonly table: TableReport | undefined;
}

/** Whether a record may hold figures of an evaluation, which all count. */
export const isJudged = ({ evaluateEvery }: RunConfig, { step }: MetricsLine): boolean =>
  evaluateEvery !== undefined && step % evaluateEvery === 0;

const recordsOf = ({ config, folder }: RunInFolder): MetricsLine[] =>
  folder.readMetrics({ keep: (record) => isJudged(config, record), onDamage: () => {} });

/** What a run of differential privacy has spent by now; undefined for any other. */
export const privacyNow = ({ config, dataset, trainer }: RunInFolder): Privacy | undefined =>
  privacyOf(trainer, dataset.size, { steps: config.steps, done: trainer.progress.step });

/**
 * Looks at a run's records, and at samples where its trainer can draw some.
 *
 * @param game what its health is judged by
 */
export const lookAtRun = async (run: RunInFolder, game: HealthFacts, canSample: boolean): Promise<Seen> => {
  const { config, dataset, trainer, device, threads } = run;
  const { seed } = config;
  const records = recordsOf(run);
  if (!canSample) return { health: await examine({ config, dataset, records, game }), table: undefined };
  const extractor = await extractorFor(dataset, { device, threads });
  const health = await examine({ config, dataset, records, trainer, extractor, game });
  const sample = (count: number): Promise<Float32Array> => trainer.sample(count, { seed });
  const guarantee = privacyNow(run)?.guarantee;
  const table = isTable(dataset)
    ? await tableReport(dataset, extractor, sample, { seed, guarantee })
    : undefined;
  await extractor.dispose();
  return { health, table };
};

/** What the report says of this session of a run. */
export interface RunSession {
  /** The step at which it began, and when: milliseconds of `performance.now()`. */
  readonly first: number;
  readonly started: number;
  readonly warnings: readonly string[];
  /** Names of the classes in the columns of the samples. */
  readonly titles: readonly string[] | undefined;
}

/**
 * Writes the report of a run as it stands.
 *
 * @param failure why it ended before its last step
 * @returns its path
 */
export const writeRunReport = (
  run: RunInFolder,
  { health, table }: Seen,
  { first, started, warnings, titles }: RunSession,
  failure?: string,
): string => {
  const { config, dataset, trainer, folder, device, threads } = run;
  const facts = factsOf(dataset);
  const { step } = trainer.progress;
  return folder.writeText(
    "report.html",
    reportHtml({
      run: reportedRun(config, facts, trainer.parameterCounts),
      dataset: facts,
      metrics: recordsOf(run),
      columns: titles,
      samples: chooseFrames(folder.samples()).map((frame) => ({
        step: frame.step,
        png: folder.readSample(frame.step),
      })),
      warnings,
      health,
      table,
      failure,
      environment: environmentOf(device, threads),
      step,
      session: { steps: step - first, seconds: (performance.now() - started) / 1000 },
    }),
  );
};
