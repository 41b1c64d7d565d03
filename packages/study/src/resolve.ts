/** From a study as people write it to one with every default filled in and every name known to exist. */

import { checkInteger, nearest, UsageError, unknownName } from "tsgan";
import { type PlainInput, type RunConfig, recipes } from "tsgan/config";
import { catalogue as datasets } from "tsgan/data";
import { lossNames } from "tsgan/losses";
import { catalogue as metricCatalogue } from "tsgan/metrics";
import { catalogue as models } from "tsgan/models";
import type { DataInput, ModelInput, Study, StudyData, StudyDefinition, StudyModel } from "./definition.ts";
import { fail } from "./fail.ts";
import { resolveSearch } from "./spaces.ts";
import { baseConfig, checkPaths } from "./trial-config.ts";
import { trialsOf } from "./trials.ts";

/** Names are parts of file names, joined by underscores. */
const NAME = /^[a-z0-9][a-z0-9.-]*$/i;

const checkNames = (path: string, entries: Readonly<Record<string, unknown>>): void => {
  const names = Object.keys(entries);
  if (names.length === 0) fail(path, "at least one entry", entries, `name what to train under ${path}`);
  for (const name of names) {
    if (!NAME.test(name)) {
      fail(path, "named with letters, digits, dots and hyphens", name, "names of folders are made of it");
    }
  }
};

/** Keys of a run's configuration that say what the study itself says. */
const OWNED: readonly (keyof PlainInput)[] = [
  "steps",
  "seed",
  "evaluateEvery",
  "evaluateSamples",
  "evaluateMetrics",
  "checkpointEvery",
];

/** The names in a configuration; whether they fit each other is seen when the networks are built. */
const checkConfig = (path: string, config: PlainInput): void => {
  const { loss, model, recipe } = config;
  for (const key of OWNED) {
    if (config[key] === undefined) continue;
    fail(
      `${path}.config.${key}`,
      "left out",
      config[key],
      "it is the same for all trials: the study says it",
    );
  }
  const named = (part: PlainInput["loss"]): string | undefined =>
    typeof part === "string" ? part : part?.name;
  const check = (kind: string, name: string | undefined, known: readonly string[]): void => {
    if (name === undefined || known.includes(name)) return;
    throw new UsageError(`study: ${path}.config: ${unknownName(kind, name, known).message}`);
  };
  check("loss", named(loss), lossNames());
  check("model", named(model), models.names);
  check("recipe", recipe, Object.keys(recipes));
};

const checkMetricNames = (path: string, metrics: readonly string[]): void => {
  if (metrics.length === 0)
    fail(path, "at least one metric", metrics, "a study without figures compares nothing");
  for (const metric of metrics) {
    if (metricCatalogue.has(metric)) continue;
    throw new UsageError(`study: ${path}: ${unknownName("metric", metric, metricCatalogue.names).message}`);
  }
};

const resolveData = (name: string, input: DataInput | null, metrics: readonly string[]): StudyData => {
  const path = `data.${name}`;
  const { config = {}, set = {}, metrics: own } = input ?? {};
  const data = config.data ?? name;
  // What looks like a path is one, and whether it is there is for whoever has files.
  if (!datasets.has(data) && !/[/\\.]/.test(data)) {
    throw new UsageError(`study: ${path}: ${unknownName("data set", data, datasets.names).message}`);
  }
  checkConfig(path, config);
  if (own !== undefined) checkMetricNames(`${path}.metrics`, own);
  return { name, config: { ...config, data }, set, metrics: own ?? metrics };
};

/** What a model trains with on each data set, before anything is drawn. */
const configsOf = (
  path: string,
  model: Pick<StudyModel, "name" | "config" | "set">,
  data: readonly StudyData[],
): readonly RunConfig[] => {
  try {
    return data.map((each) => baseConfig(each, model));
  } catch (error) {
    if (!(error instanceof UsageError) || error.message.startsWith("study: ")) throw error;
    throw new UsageError(`study: ${path}: ${error.message}`, { cause: error });
  }
};

const resolveModel = (
  name: string,
  { config, set = {}, search = {} }: ModelInput,
  data: readonly StudyData[],
): StudyModel => {
  const path = `models.${name}`;
  checkConfig(path, config);
  const model = { name, config, set };
  if (search !== "auto") checkPaths(path, search);
  return { ...model, search: resolveSearch(`${path}.search`, search, configsOf(path, model, data)) };
};

const checkWhole = (name: string, value: unknown, least: number): void =>
  checkInteger("study", name, value, least);

const seedsOf = (seeds: number | readonly number[]): readonly number[] => {
  if (typeof seeds === "number") {
    checkWhole("seeds", seeds, 1);
    if (seeds > MOST_TRIALS) fail("seeds", `at most ${MOST_TRIALS}`, seeds);
    return Array.from({ length: seeds }, (_, i) => i + 1);
  }
  if (seeds.length === 0) fail("seeds", "at least one seed", seeds);
  seeds.forEach((seed, i) => {
    checkWhole(`seeds.${i}`, seed, 0);
  });
  const seen = new Set<number>();
  const twice = seeds.find((seed) => seen.size === seen.add(seed).size);
  if (twice !== undefined) fail("seeds", "different from each other", seeds, `${twice} is there twice`);
  return [...seeds];
};

/** Trials of a study, at most: none has time for more, and each is a folder. */
const MOST_TRIALS = 100_000;

/** @throws UsageError where there are more trials than a folder should hold, or no number of them */
const checkCount = ({ data, models, samples, seeds }: Study): void => {
  const count = data.length * models.length * samples * seeds.length;
  if (count >= 0 && count <= MOST_TRIALS) return;
  fail(
    "samples",
    `such that there are at most ${MOST_TRIALS} trials`,
    samples,
    `${data.length} data sets, ${models.length} models and ${seeds.length} seeds make ${count}`,
  );
};

/**
 * Checks a study that was written down once, as far as trials are made of it: how many there are, their names, which are folders,
 * their seeds, and the first of each model on each data set.
 *
 * @throws UsageError, or whatever comes of something missing, where it is none that `resolveStudy` makes
 */
export const checkResolved = (study: Study): void => {
  for (const [path, list] of [
    ["data", study.data],
    ["models", study.models],
  ] as const) {
    checkNames(
      path,
      Object.fromEntries(list.map(({ name }) => [typeof name === "string" ? name : "", name])),
    );
  }
  for (const { name, search } of study.models) checkPaths(`models.${name}`, search);
  seedsOf(study.seeds);
  checkWhole("samples", study.samples, 1);
  checkCount(study);
  trialsOf({ ...study, samples: 1, seeds: study.seeds.slice(0, 1) });
};

const checkDefaults = (models: readonly StudyModel[]): void => {
  for (const { name, search } of models) {
    for (const [key, space] of Object.entries(search)) {
      if ("fixed" in space || space.default !== undefined) continue;
      fail(
        `models.${name}.search.${key}.default`,
        "given, since defaultsFirst is true",
        undefined,
        "add it, or leave defaultsFirst out",
      );
    }
  }
};

/**
 * Steps at which successive halving compares trials: first, first · factor … below the budget. Of the study's
 * `earlyStopping`; none without.
 */
export const rungsOf = ({ earlyStopping, budget }: Pick<Study, "earlyStopping" | "budget">): number[] => {
  if (earlyStopping === undefined || !("steps" in budget)) return [];
  const rungs: number[] = [];
  for (let step = earlyStopping.first; step < budget.steps; step *= earlyStopping.factor) rungs.push(step);
  return rungs;
};

const checkHalving = ({ earlyStopping, budget, data, evaluateEvery }: Study): void => {
  if (earlyStopping === undefined) return;
  const { metric, first, factor } = earlyStopping;
  if (!("steps" in budget)) {
    fail(
      "earlyStopping",
      "left out where the budget is in seconds",
      earlyStopping,
      "give the budget in steps",
    );
  }
  checkWhole("earlyStopping.first", first, 1);
  checkWhole("earlyStopping.factor", factor, 2);
  if (first % evaluateEvery !== 0) {
    fail(`earlyStopping.first`, `a multiple of evaluateEvery, ${evaluateEvery}`, first);
  }
  for (const { name, metrics } of data) {
    const known = metrics.flatMap((each) =>
      Object.entries(metricCatalogue.get(each).definition.figures).flatMap(([key, { better, from }]) =>
        better === "neither" || from !== undefined ? [] : [key],
      ),
    );
    if (known.includes(metric)) continue;
    const hint = nearest(metric, known);
    fail(
      "earlyStopping.metric",
      `a figure of the metrics of ${name} (${known.join(", ")})`,
      metric,
      hint === undefined ? undefined : `did you mean ${JSON.stringify(hint)}?`,
    );
  }
};

const checkBudget = ({ budget }: StudyDefinition): void => {
  if ("steps" in budget === "seconds" in budget) fail("budget", "either steps or seconds", budget);
  if ("steps" in budget) checkWhole("budget.steps", budget.steps, 1);
  else if (!(Number.isFinite(budget.seconds) && budget.seconds > 0)) {
    fail("budget.seconds", "above 0", budget.seconds, "a trial must have something to spend");
  }
};

/**
 * Fills in what a study leaves open.
 *
 * @param input data sets, models, search spaces, budget, as a study file has them
 * @throws UsageError for a name that does not exist (with the nearest one), an empty space, a budget of zero
 */
export const resolveStudy = (input: StudyDefinition): Study => {
  const { name, seed = 1, samples = 1, defaultsFirst = false, stepUnit = "discriminator", budget } = input;
  if (!NAME.test(name)) fail("name", "letters, digits, dots and hyphens", name);
  checkWhole("seed", seed, 0);
  checkWhole("samples", samples, 1);
  checkNames("data", input.data);
  checkNames("models", input.models);
  checkMetricNames("metrics", input.metrics);
  checkBudget(input);
  const last = "steps" in budget ? budget.steps : undefined;
  const evaluateEvery = input.evaluateEvery ?? last;
  if (evaluateEvery === undefined) {
    return fail(
      "evaluateEvery",
      "given where the budget is in seconds",
      undefined,
      "a trial has no last step",
    );
  }
  const { evaluateSamples = 2000, checkpointEvery = evaluateEvery } = input;
  checkWhole("evaluateEvery", evaluateEvery, 1);
  checkWhole("evaluateSamples", evaluateSamples, 2);
  checkWhole("checkpointEvery", checkpointEvery, 1);
  const data = Object.entries(input.data).map(([key, each]) => resolveData(key, each, input.metrics));
  const study: Study = {
    name,
    seed,
    data,
    models: Object.entries(input.models).map(([key, model]) => resolveModel(key, model, data)),
    samples,
    defaultsFirst,
    seeds: seedsOf(input.seeds ?? 1),
    budget,
    stepUnit,
    evaluateEvery,
    evaluateSamples,
    checkpointEvery,
    ...(input.earlyStopping === undefined ? {} : { earlyStopping: input.earlyStopping }),
  };
  checkCount(study);
  if (defaultsFirst) checkDefaults(study.models);
  checkHalving(study);
  return study;
};
