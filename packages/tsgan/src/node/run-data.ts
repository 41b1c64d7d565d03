/** The data of a run: opened as its configuration says, written down, and known again when it is resumed. */
import type { RunConfig } from "../config/index.ts";
import { checkDataset, type Dataset, type Reading } from "../data/index.ts";
import { readingWarnings } from "../data/reading.ts";
import { RunError } from "../errors.ts";
import { catalogue as models } from "../models/index.ts";
import { type DataFacts, dataLines, readingContext } from "../report/index.ts";
import { differentialPrivacy } from "../techniques/index.ts";
import { type DatasetOptions, openDataset } from "./datasets.ts";

/**
 * What a configuration says about opening its data. They are what `openDataset` takes: of the `model` whether it
 * translates pairs or takes rows as they come, the size, the `channels`, the fit, labels and columns; of its
 * `techniques` whether training sees rows one by one.
 */
export const dataOptions = ({
  model,
  dataOptions: settings,
  imageSize,
  channels,
  fit,
  labels,
  columns,
  as,
  schema,
  holdOut,
  techniques = [],
}: Pick<
  RunConfig,
  | "model"
  | "dataOptions"
  | "imageSize"
  | "channels"
  | "fit"
  | "labels"
  | "columns"
  | "as"
  | "schema"
  | "holdOut"
> &
  Partial<Pick<RunConfig, "techniques">>): DatasetOptions => ({
  pairs: models.get(model.name).definition.translates === true,
  ...(settings === undefined ? {} : { settings }),
  ...(imageSize === undefined ? {} : { size: imageSize }),
  ...(channels === undefined ? {} : { channels }),
  ...(fit === undefined ? {} : { fit }),
  ...(labels === undefined ? {} : { labels }),
  ...(columns === undefined ? {} : { columns }),
  ...(as === undefined ? {} : { as }),
  ...(schema === undefined ? {} : { schema }),
  ...(holdOut === undefined ? {} : { holdOut }),
  ...(models.get(model.name).definition.asIs === true && { asIs: true }),
  ...(techniques.some(({ name }) => name === differentialPrivacy.definition.name) && { alone: true }),
});

/** Opens the data of a run. */
export const openData = (
  config: RunConfig,
  onEvent: (event: { readonly type: "reading"; readonly done: number; readonly total: number }) => void,
  split: "train" | "test" = "train",
  table: Pick<DatasetOptions, "keepRows" | "plan"> = {},
): Promise<Dataset> =>
  openDataset(config.data, {
    ...dataOptions(config),
    split,
    ...table,
    onProgress: (done, total) => onEvent({ type: "reading", done, total }),
  });

/**
 * Says what was read, and what looks wrong with it.
 *
 * @throws RunError where training cannot work
 */
export const inspectData = async (
  dataset: Dataset,
  config: RunConfig,
  on: {
    readonly warn: (message: string) => void;
    readonly read: (reading: Reading | undefined, lines: string[]) => void;
  },
): Promise<void> => {
  const { batch, seed } = config;
  const { reading } = dataset;
  const lines = dataLines(dataset, config);
  if (lines.length > 0) on.read(reading, lines);
  if (reading !== undefined) {
    for (const message of readingWarnings(reading, readingContext(config))) on.warn(message);
  }
  const findings = await checkDataset(dataset, { batch, seed });
  for (const { severity, message } of findings) if (severity === "warning") on.warn(message);
  const errors = findings.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new RunError(errors.map(({ message }) => message).join("; "));
};

const describe = ({ size, shape }: DataFacts): string =>
  `${size ?? "any number of"} examples of [${shape.join(",")}]`;

const named = (classes: readonly string[] | undefined): string =>
  classes === undefined
    ? "no classes"
    : `classes ${classes.slice(0, 20).join(", ")}${classes.length > 20 ? ", …" : ""}`;

/**
 * Compares the data of a run that is resumed with those that it began with. A number stands for a class in the networks, so
 * other classes are refused; other examples are only said.
 *
 * @returns what has changed, in words
 * @throws RunError where classes or the shape differ
 */
export const changedData = (path: string, was: DataFacts, is: DataFacts): string | undefined => {
  const refuse = (before: string, now: string): RunError =>
    new RunError(
      `${path}: the run began with ${before}; data set ${is.name} has ${now}; put the data back as they were, or begin another run`,
    );
  if (JSON.stringify(was.classes) !== JSON.stringify(is.classes)) {
    throw refuse(named(was.classes), named(is.classes));
  }
  if (was.shape.join() !== is.shape.join()) throw refuse(describe(was), describe(is));
  const changed = `data set ${is.name}: it has changed since the run began`;
  if (was.size !== is.size) return `${changed}: ${describe(was)} then, ${describe(is)} now`;
  if (was.contents === undefined || is.contents === undefined || was.contents === is.contents)
    return undefined;
  return `${changed}: as many examples, but not the same; the run goes on with those of now`;
};
