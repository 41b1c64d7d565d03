/** What only shows with data and networks at hand, before a study begins: hours later it would be too late. */

import { type Study, type Trial, trialsOf } from "@tsgan/study";
import { UsageError } from "tsgan";
import { ganOf, parseConfig, resolveConfig } from "tsgan/config";
import { checkMetrics } from "tsgan/metrics";
import { dataOptions, extractorFor, openDataset } from "tsgan/node";

/** What a trial's configuration must be right in, whichever sample it is. */
const checkTrial = (
  { id, config }: Trial,
  { shape, classes }: { readonly shape: readonly number[]; readonly classes?: readonly string[] },
): void => {
  try {
    const run = resolveConfig(parseConfig(config, "config"));
    ganOf(run, { shape, classes: classes?.length });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`study: trial ${id}: ${error.message.split("\n")[0]}`, { cause: error });
  }
};

/**
 * Builds the plan of every trial for its data set.
 *
 * @throws UsageError for networks, losses or metrics that do not fit each other or the data
 * @throws RunError for data that are not there
 */
export const checkStudy = async (study: Study): Promise<void> => {
  const trials = trialsOf(study);
  for (const { name, metrics } of study.data) {
    const own = trials.filter(({ data }) => data === name);
    const config = resolveConfig(own[0].config);
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
