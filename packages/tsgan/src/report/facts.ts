/** The data of a run as they are written down, and what is said of them. */
import type { RunConfig } from "../config/index.ts";
import { catalogue, type Dataset, type Reading } from "../data/index.ts";
import { describeReading, type ReadingContext } from "../data/reading.ts";
import { catalogue as models } from "../models/index.ts";
import { isTable, type TablePlan } from "../tables/index.ts";

/** What is written down about the data of a run, so that its generator can be used without them. */
export interface DataFacts {
  readonly name: string;
  /** Shape of one example. */
  readonly shape: readonly number[];
  /** Number of examples; absent for a distribution that is sampled afresh. */
  readonly size?: number;
  readonly classes?: readonly string[];
  /** Where examples are pairs of images. */
  readonly pairs?: Dataset["pairs"];
  /** What was read, where the data come from a person's files. */
  readonly reading?: Reading;
  /** Differs where the examples do. */
  readonly contents?: string;
  /** How the rows of a table are read back. */
  readonly table?: TablePlan;
}

/** What is written down of a dataset, so that a run can be opened, sampled and reported without its examples. */
export const factsOf = (dataset: Dataset): DataFacts => {
  const { name, shape, size, classes, pairs, reading, contents } = dataset;
  return {
    name,
    shape: [...shape],
    ...(Number.isFinite(size) ? { size } : {}),
    ...(classes === undefined ? {} : { classes }),
    ...(pairs && { pairs }),
    ...(reading && { reading }),
    ...(contents !== undefined && { contents }),
    ...(isTable(dataset) && { table: dataset.table }),
  };
};

/** What the model at hand makes of what was read. */
export const readingContext = ({ model }: Pick<RunConfig, "model">): ReadingContext => {
  const { needsLabels } = models.get(model.name).definition;
  return needsLabels ? {} : { labelsUnused: `model ${model.name} learns without labels` };
};

/**
 * What is to be said of the data before the first step: what was read of a person's files, and labels that go unused.
 *
 * @param data the name of the data, its classes, and what was read
 * @param config its model may learn without labels
 */
export const dataLines = (
  { name, reading, classes }: Pick<DataFacts, "name" | "reading" | "classes">,
  config: Pick<RunConfig, "model">,
): string[] => {
  const context = readingContext(config);
  if (reading !== undefined) return describeReading(reading, context);
  const { labelsUnused } = context;
  // Modes of a distribution are no labels.
  const isNamed = !catalogue.has(name) || catalogue.get(name).definition.classes !== undefined;
  if (classes === undefined || labelsUnused === undefined || !isNamed) return [];
  return [`${name}: ${classes.length.toLocaleString("en-US")} classes (unused: ${labelsUnused})`];
};
