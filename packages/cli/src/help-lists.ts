/** The names of what there is, for help: built-in things, and those that files of --use registered. */
import { optionsOf, type TopicOption } from "tsgan/config";
import { catalogue as datasets } from "tsgan/data";
import { lossNames, terms } from "tsgan/losses";
import { catalogue as metrics } from "tsgan/metrics";
import { catalogue as models } from "tsgan/models";
import { linkCatalogue, optimizerCatalogue } from "tsgan/nn";
import { catalogue as penalties } from "tsgan/penalties";
import { catalogue as techniques } from "tsgan/techniques";

export interface HelpLists {
  readonly data: readonly string[];
  readonly models: readonly string[];
  readonly losses: readonly string[];
  readonly penalties: readonly string[];
  readonly techniques: readonly string[];
  readonly terms: readonly string[];
  readonly optimizers: readonly string[];
  readonly links: readonly string[];
  readonly metrics: readonly string[];
  /** Of `tsgan theory` only. */
  readonly experiments: readonly { readonly name: string; readonly options: readonly TopicOption[] }[];
}

/** @param command whose help is asked for */
export const helpLists = async (command: string | undefined): Promise<HelpLists> => ({
  data: datasets.names,
  models: models.names,
  losses: lossNames(),
  penalties: penalties.names,
  techniques: techniques.names,
  terms: terms.names,
  optimizers: optimizerCatalogue.names,
  links: linkCatalogue.names,
  metrics: metrics.names,
  experiments:
    command === "theory"
      ? (await import("@tsgan/theory")).experiments.all.map(({ definition }) => ({
          name: definition.name,
          options: optionsOf(definition.options),
        }))
      : [],
});
