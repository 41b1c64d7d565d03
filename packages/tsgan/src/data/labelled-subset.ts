/** The few labelled examples that semi-supervised learning starts from. */
import { RunError, UsageError } from "../errors.ts";
import { randomStream } from "../random/index.ts";
import type { Dataset } from "./dataset.ts";
import { type FiniteDataset, finite } from "./finite.ts";

/** Examples looked at in one go while the labels are searched. */
const CHUNK = 1000;

/** Indices of the first `perClass` examples of each class, in the order that `seed` selects. */
const choose = async (
  read: NonNullable<Dataset["read"]>,
  { name, size, classes = [] }: Dataset,
  perClass: number,
  seed: number,
): Promise<Uint32Array> => {
  const order = randomStream(seed, "labelled").permutation(size);
  const found: number[][] = classes.map(() => []);
  for (let start = 0; start < size; start += CHUNK) {
    const indices = order.subarray(start, start + CHUNK);
    const { labels } = await read(indices);
    labels?.forEach((label, i) => {
      if (found[label].length < perClass) found[label].push(indices[i]);
    });
    if (found.every((own) => own.length === perClass)) return Uint32Array.from(found.flat());
  }
  const short = found.findIndex((own) => own.length < perClass);
  throw new RunError(
    `data set ${name}: class ${classes[short]} has ${found[short].length} examples; labelsPerClass is ${perClass}; lower it`,
  );
};

/**
 * `perClass` random examples of each class, in order of their classes; which ones depends on `seed` alone. They are
 * chosen when they are first read.
 *
 * @param dataset of a finite size, with labels
 * @throws UsageError for data without labels or without end
 */
export const labelledSubset = (dataset: Dataset, perClass: number, seed: number): FiniteDataset => {
  const { name, shape, size, classes, read } = dataset;
  if (classes === undefined || read === undefined || !Number.isFinite(size)) {
    throw new UsageError(`data set ${name}: labelled examples can be taken from a finite, labelled one only`);
  }
  if (!(Number.isSafeInteger(perClass) && perClass >= 1)) {
    throw new UsageError(
      `data set ${name}: labelsPerClass must be a whole number of at least 1; got ${perClass}`,
    );
  }
  let chosen: Promise<Uint32Array> | undefined;
  return finite({
    name,
    shape,
    size: perClass * classes.length,
    classes,
    async read(indices) {
      chosen ??= choose(read, dataset, perClass, seed);
      const own = await chosen;
      return read(indices.map((index) => own[index]));
    },
  });
};
