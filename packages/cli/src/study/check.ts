/** What only shows with data and networks at hand, before a study begins: hours later it would be too late. */

import { type Study, type Trial, trialsOf } from "@tsgan/study";
import { UsageError } from "tsgan";
import { ganOf, parseConfig, resolveConfig } from "tsgan/config";
import { checkScores } from "tsgan/gan";
import { checkMetrics } from "tsgan/metrics";
import { dataOptions, extractorFor, openDataset } from "tsgan/node";

interface Checked {
  /** What is wrong where it is. */
  readonly where: string;
  readonly trial: Trial;
}

/** Adds where it was to what is wrong. */
const within = <Value>(where: string, task: () => Value): Value => {
  try {
    return task();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const [first] = error.message.replace(/^study: /, "").split("\n");
    throw new UsageError(`study: ${where}: ${first}`, { cause: error });
  }
};

/** What a trial's configuration must be right in, whichever sample it is. */
const checkTrial = (
  { where, trial: { config } }: Checked,
  { shape, classes }: { readonly shape: readonly number[]; readonly classes?: readonly string[] },
): void =>
  within(where, () => {
    const run = resolveConfig(parseConfig(config, "config"));
    const { model, loss } = ganOf(run, { shape, classes: classes?.length });
    checkScores(model, loss);
  });

/** Trials that take each value of each choice, so that one that is not drawn until sample 50 is known to be right. */
const choicesOf = (study: Study): Checked[] =>
  study.models.flatMap((model) =>
    Object.entries(model.search).flatMap(([name, space]) => {
      if (!("choice" in space)) return [];
      const { choice, ...rest } = space;
      const seeds = study.seeds.slice(0, 1);
      return choice.flatMap((fixed) => {
        const where = `models.${model.name}.search.${name}.choice, ${JSON.stringify(fixed)}`;
        const models = [{ ...model, search: { ...model.search, [name]: { ...rest, fixed } } }];
        const trials = within(where, () => trialsOf({ ...study, samples: 1, seeds, models }));
        return trials.map((trial) => ({ where, trial }));
      });
    }),
  );

/**
 * Builds the plan of every trial for its data set, and of one for each value of each choice.
 *
 * @throws UsageError for networks, losses or metrics that do not fit each other or the data
 * @throws RunError for data that are not there
 */
export const checkStudy = async (study: Study): Promise<void> => {
  const choices = choicesOf(study);
  const drawn = trialsOf(study).map((trial) => ({ where: `trial ${trial.id}`, trial }));
  const trials = [...choices, ...drawn];
  for (const { name, metrics } of study.data) {
    const own = trials.filter(({ trial }) => trial.data === name);
    const config = within(own[0].where, () => resolveConfig(own[0].trial.config));
    const dataset = await openDataset(config.data, dataOptions(config));
    for (const trial of own) checkTrial(trial, dataset);
    const extractor = await extractorFor(dataset);
    try {
      checkMetrics({ dataset, extractor }, metrics);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      throw new UsageError(`study: data.${name}: ${error.message}`, { cause: error });
    } finally {
      await extractor.dispose();
    }
  }
};
