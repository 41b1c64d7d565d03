/** What a run may be made of, as data for the forms of the page: built-in things and those of files of --use. */
import type { Thing } from "@tsgan/studio/api";
import { experiments } from "@tsgan/theory";
import { catalogue as datasets, describeDataset } from "tsgan/data";
import { type Definition, type Kind, plainOptions } from "tsgan/define";
import { catalogue as losses, terms } from "tsgan/losses";
import { featureCatalogue, catalogue as metrics } from "tsgan/metrics";
import { catalogue as models } from "tsgan/models";
import { augmentationCatalogue, linkCatalogue, optimizerCatalogue, scheduleCatalogue } from "tsgan/nn";
import { catalogue as penalties } from "tsgan/penalties";
import { catalogue as techniques } from "tsgan/techniques";

interface Definitions {
  readonly all: readonly { readonly definition: Definition }[];
}

const thing = ({ name, title, options }: Definition): Thing => ({
  name,
  title,
  options: plainOptions(options),
});

const thingsIn = ({ all }: Definitions): readonly Thing[] => all.map(({ definition }) => thing(definition));

export const allThings = (): Readonly<Record<Kind, readonly Thing[]>> => ({
  dataset: datasets.all.map(({ definition }) => ({
    ...thing(definition),
    title: describeDataset(definition),
  })),
  model: thingsIn(models),
  loss: thingsIn(losses),
  penalty: thingsIn(penalties),
  term: thingsIn(terms),
  technique: thingsIn(techniques),
  optimizer: thingsIn(optimizerCatalogue),
  link: thingsIn(linkCatalogue),
  schedule: thingsIn(scheduleCatalogue),
  augmentation: thingsIn(augmentationCatalogue),
  metric: thingsIn(metrics),
  features: thingsIn(featureCatalogue),
  experiment: thingsIn(experiments),
});
