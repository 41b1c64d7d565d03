/** Figures of each class by itself: of samples that were asked to be of it, against the data's examples of it. */
import { type Dataset, finite, fromExamples } from "../data/index.ts";
import { sizeOf } from "../graph/index.ts";
import { catalogue, type MetricChoice, metricOf } from "./catalogue.ts";
import { evaluate, type Judgement } from "./evaluate.ts";
import type { FeatureExtractor } from "./extractor.ts";
import type { Subject } from "./metric.ts";
import { REFERENCE_SEED, type Reference, type ReferenceOptions, referenceOf } from "./reference.ts";

export interface ClassJudgement extends Judgement {
  readonly name: string;
  /** Samples that were asked to be of the class. */
  readonly samples: number;
  /** Examples of the class that they are compared with. */
  readonly examples: number;
}

export interface ByClass {
  /** The classes in the order of the data; none where `reason` says why. */
  readonly classes: readonly ClassJudgement[];
  readonly reason?: string;
}

export interface ByClassOptions {
  /** Those of them that say something of one class are computed; without, all that do. */
  readonly metrics?: readonly MetricChoice[] | undefined;
  /** What computes the statistics of a class: `referenceOf`, or one that keeps them. */
  readonly reference?: (
    dataset: Dataset,
    extractor: FeatureExtractor,
    options: ReferenceOptions,
  ) => Promise<Reference>;
}

const MOST_CLASSES = 100;
/** Examples of a distribution that is sampled afresh. */
const DRAWN = 10_000;
/** Examples read at a time. */
const CHUNK = 1024;

const countable = async (dataset: Dataset): Promise<Dataset> => {
  if (Number.isFinite(dataset.size) && dataset.read !== undefined) return dataset;
  const { name, shape, classes } = dataset;
  const { examples, labels } = await dataset.draw(REFERENCE_SEED, 0, DRAWN);
  return fromExamples({ name, shape, examples, ...(labels && classes && { labels, classes }) });
};

/** Indices of the examples of each class. */
const placesOf = async ({ read, size }: Dataset, count: number): Promise<readonly number[][]> => {
  const places: number[][] = Array.from({ length: count }, () => []);
  for (let start = 0; start < size; start += CHUNK) {
    const indices = Uint32Array.from({ length: Math.min(CHUNK, size - start) }, (_, i) => start + i);
    const { labels } = await read!(indices);
    labels?.forEach((label, i) => {
      places[label].push(start + i);
    });
  }
  return places;
};

const chosenOf = (
  { dataset, extractor }: Pick<Subject, "dataset" | "extractor">,
  metrics: readonly MetricChoice[] | undefined,
): readonly MetricChoice[] =>
  metrics === undefined
    ? catalogue.all
        .filter(
          ({ definition: { byClass, unasked } }) => byClass && (unasked?.({ dataset, extractor }) ?? true),
        )
        .map((factory) => factory.create())
    : metrics.filter((choice) => metricOf(choice).definition.byClass);

/**
 * Judges the samples of each class by itself: a generator that makes cats where dogs are asked for has good figures in all, and
 * bad ones for dogs.
 *
 * @param subject samples, data and features, as for `evaluate`; the statistics of all classes together are not needed
 * @param labels the class that each sample was asked to be of
 */
export const evaluateClasses = async (
  subject: Omit<Subject, "reference" | "invert">,
  labels: Int32Array,
  { metrics, reference = referenceOf }: ByClassOptions = {},
): Promise<ByClass> => {
  const { samples, extractor, multiply } = subject;
  const { name, shape, classes: names = [] } = subject.dataset;
  if (names.length > MOST_CLASSES) {
    return {
      classes: [],
      reason: `there are ${names.length} classes; at most ${MOST_CLASSES} are judged one by one`,
    };
  }
  const chosen = chosenOf(subject, metrics);
  if (chosen.length === 0) return { classes: [], reason: "no metric that was asked for is of one class" };
  const dataset = await countable(subject.dataset);
  const numbers = sizeOf(shape);
  const places = await placesOf(dataset, names.length);
  const classes: ClassJudgement[] = [];
  for (const [label, own] of names.entries()) {
    const made = [...labels.keys()].filter((i) => labels[i] === label);
    const at = Uint32Array.from(places[label]);
    const counts = { name: own, samples: made.length, examples: at.length };
    const some = finite({
      name: `${name}, ${own}`,
      shape,
      size: Math.max(1, at.length),
      read: (indices) => dataset.read!(indices.map((i) => at[i])),
    });
    if (made.length < 2 || at.length < 2) {
      const reason = `it takes 2 samples and 2 examples; got ${made.length} and ${at.length}`;
      classes.push({ ...counts, figures: [], leftOut: [{ metric: "all", reason }] });
      continue;
    }
    const values = new Float32Array(made.length * numbers);
    made.forEach((from, to) => {
      values.set(samples.subarray(from * numbers, (from + 1) * numbers), to * numbers);
    });
    const { contents } = subject.dataset;
    const part = { ...some, ...(contents !== undefined && { contents }) };
    const statistics = await reference(part, extractor, { ...(multiply && { multiply }) });
    const judged = await evaluate(
      { ...subject, samples: values, dataset: part, reference: statistics },
      { metrics: chosen },
    );
    classes.push({ ...counts, ...judged });
  }
  return { classes };
};
