/** What a run may be made of, as data for the forms of the page: built-in things and those of files of --use. */
import type { Thing } from "@tsgan/studio/api";
import { experiments } from "@tsgan/theory";
import { type DatasetDefinition, catalogue as datasets, describeDataset } from "tsgan/data";
import { type Definition, type Kind, plainOptions } from "tsgan/define";
import { catalogue as losses, terms } from "tsgan/losses";
import { featureCatalogue, catalogue as metrics } from "tsgan/metrics";
import { type ModelFactory, catalogue as models } from "tsgan/models";
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

/** Whether a model can be trained on a data set: pairs are for models that translate, and the networks must fit its shape. */
const fits = (factory: ModelFactory, { holds, shape, classes }: DatasetDefinition): boolean => {
  const { data } = factory.definition;
  if ((data === "pairs") !== (holds === "pairs")) return false;
  if (shape === undefined) return data !== (holds === "points" ? "images" : "points");
  try {
    factory.create().for({ shape, ...(classes !== undefined && { classes }) });
    return true;
  } catch {
    // The data do not fit; one of somebody's own may say so as it likes.
    return false;
  }
};

const modelsFor = (definition: DatasetDefinition): readonly string[] =>
  models.all.flatMap((factory) => (fits(factory, definition) ? factory.definition.name : []));

export const allThings = (): Readonly<Record<Kind, readonly Thing[]>> => ({
  dataset: datasets.all.map(({ definition }) => ({
    ...thing(definition),
    title: describeDataset(definition),
    models: modelsFor(definition),
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
