/** What a run's config.json holds: the whole configuration, the data, and under what it was trained. */
import {
  completeConfig,
  ganOf,
  type LiveConfig,
  parseConfig,
  type RunConfig,
  resolveConfig,
} from "../config/index.ts";
import { RunError, UsageError } from "../errors.ts";
import { metricOf } from "../metrics/index.ts";
import { isRecord } from "../options.ts";
import { type DataFacts, factsOf } from "../report/index.ts";
import { arrange, checkPlan } from "../tables/index.ts";
import { type Conditions, splitConditions } from "./conditions.ts";
import { openData } from "./run-data.ts";
import { openRunFolder, type RunFolder } from "./run-folder.ts";
import { isUsedFile, type UsedFile } from "./uses.ts";
import { loadZod } from "./zod.ts";

export interface StoredConfig {
  readonly config: RunConfig;
  readonly dataset: DataFacts;
  /** Under what the run was begun, as far as it is known. */
  readonly conditions: Partial<Conditions>;
  readonly uses?: readonly UsedFile[] | undefined;
}

const isText = (value: unknown): boolean => typeof value === "string";

/** Whether these are facts of data, as far as anything is made of them, but for the plan of a table. */
const areFacts = ({ name, shape, size, classes, pairs, contents }: Record<string, unknown>): boolean =>
  isText(name) &&
  Array.isArray(shape) &&
  shape.length >= 1 &&
  shape.length <= 4 &&
  shape.every((side) => Number.isSafeInteger(side) && side >= 1) &&
  (size === undefined || Number.isSafeInteger(size)) &&
  (classes === undefined || (Array.isArray(classes) && classes.every(isText))) &&
  (pairs === undefined || pairs === "aligned" || pairs === "independent") &&
  (contents === undefined || isText(contents));

/** What is written of the data. @throws RunError where it is none of it */
export const storedFacts = (file: string, stored: unknown): DataFacts => {
  const dataset = isRecord(stored) ? stored.dataset : undefined;
  if (!isRecord(dataset) || !areFacts(dataset)) {
    throw new RunError(`${file}: expected the configuration of a run, with its dataset`);
  }
  if (dataset.table !== undefined) checkPlan(loadZod(), dataset.table, `${file}: dataset.table`);
  return dataset as unknown as DataFacts;
};

/** What a run's own files registered is not loaded by itself: whoever has the folder could run code of theirs. */
const resolvedWith = (config: unknown, file: string, uses: readonly UsedFile[]): RunConfig => {
  try {
    return resolveConfig(parseConfig(config, file));
  } catch (error) {
    if (!(error instanceof UsageError) || uses.length === 0) throw error;
    const flags = uses.map(({ file }) => `--use ${file}`).join(" ");
    throw new UsageError(`${error.message}; the run was made with ${flags}: give it again`, { cause: error });
  }
};

/** Configuration and data of the run in a folder. */
export const readStored = (folder: RunFolder): StoredConfig => {
  const file = `${folder.path}/config.json`;
  const stored = folder.readConfig();
  const dataset = storedFacts(file, stored);
  const { conditions, rest } = splitConditions(stored as Record<string, unknown>);
  if (typeof rest.game === "string") {
    throw new UsageError(
      `${folder.path}: it holds the run of a game of its own, ${rest.game}, whose code is not in the folder; the program that made it opens it`,
    );
  }
  const { dataset: _, ...config } = rest;
  const uses = Array.isArray(rest.uses) ? rest.uses.filter(isUsedFile) : [];
  return {
    config: resolvedWith(config, file, uses),
    dataset,
    conditions,
    uses,
  };
};

export const writeStored = (
  folder: RunFolder,
  { config, dataset, conditions, uses = [] }: StoredConfig,
): void => folder.writeConfig({ ...conditions, ...config, dataset, ...(uses.length > 0 && { uses }) });

/**
 * The configuration of the run in a folder.
 *
 * @param path the run's folder
 */
export const storedConfig = (path: string): RunConfig => readStored(openRunFolder(path)).config;

/**
 * The configuration with every option of the metrics that it asks for; a metric without options stays a name.
 *
 * @throws UsageError for a metric or an option that does not exist
 */
export const withMetrics = (config: LiveConfig): LiveConfig => {
  const { evaluateMetrics } = config;
  if (evaluateMetrics === undefined) return config;
  const whole = evaluateMetrics.map((choice) => {
    const { name, options } = metricOf(choice);
    return Object.keys(options).length === 0 ? name : { name, ...options };
  });
  return { ...config, evaluateMetrics: whole };
};

/** With every option's value, those included that a model works out from the data. */
const completed = (
  config: LiveConfig,
  { shape, classes, table }: Pick<DataFacts, "shape" | "classes" | "table">,
): RunConfig =>
  completeConfig(
    withMetrics(config),
    ganOf(config, { shape, classes: classes?.length, ...(table && { layout: arrange(table).layout }) }),
  );

/** Equal values give equal texts, in whatever order their keys were written. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner) =>
    isRecord(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );

/** Refuses to continue a run as another one. */
export const checkSameRun = (path: string, { config, dataset }: StoredConfig, live: LiveConfig): void => {
  const [stored, asked] = [completed(config, dataset), completed(live, dataset)];
  const keys = new Set([...Object.keys(stored), ...Object.keys(asked)]) as Set<keyof RunConfig>;
  for (const key of keys) {
    const [was, is] = [canonical(stored[key]), canonical(asked[key])];
    if (key === "steps") {
      if (asked.steps >= stored.steps) continue;
      throw new UsageError(
        `${path}: steps of a run can only be raised when it is resumed; it has ${was}, got ${is}`,
      );
    }
    if (was !== is) {
      throw new UsageError(
        `${path}: ${key} must stay as it is when a run is resumed: ${was}; got ${is}; leave it out or begin another run`,
      );
    }
  }
};

/**
 * A configuration with every option's value, those included that a model works out from the data, which are opened.
 *
 * @param config one that may leave options of the model open
 */
export const completeForData = async (config: RunConfig): Promise<RunConfig> => {
  return completed(config, factsOf(await openData(config, () => {})));
};
