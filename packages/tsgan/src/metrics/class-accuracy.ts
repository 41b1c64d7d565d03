/** How good a classifier a discriminator is that names classes. */
import type { Dataset } from "../data/index.ts";
import { UsageError } from "../errors.ts";
import type { Augment } from "../nn/index.ts";
import { checkInteger } from "../options.ts";
import { randomStream } from "../random/index.ts";
import type { GanTrainer } from "../train/index.ts";
import { openLooks } from "./changed-looks.ts";
import { mostProbable } from "./classifier.ts";

/** Examples read at a time. */
const CHUNK = 1000;

/** What names the class of an example: one look at it as it is, or many. */
export interface ClassAccuracyOptions {
  /** Changes each look anew, such as `diffAugment([augmentations.warp({ turn: 7 })])`; without, one look at the example itself. */
  readonly change?: Augment | undefined;
  /** Looks at each example, n; 12 without, and 1 where nothing changes them. */
  readonly looks?: number | undefined;
  /** Of the changes' random numbers; 1 without. */
  readonly seed?: number | undefined;
}

/** Adds the softmax of each row of logits [n, classes]. */
const addProbabilities = (sums: Float64Array, logits: ArrayLike<number>, classes: number): void => {
  for (let start = 0; start < sums.length; start += classes) {
    let top = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < classes; c++) top = Math.max(top, logits[start + c]);
    let total = 0;
    for (let c = 0; c < classes; c++) total += Math.exp(logits[start + c] - top);
    for (let c = 0; c < classes; c++) sums[start + c] += Math.exp(logits[start + c] - top) / total;
  }
};

/**
 * Share in [0, 1] of the examples x of `test` whose label is argmax Σᵢ softmax(l(Tᵢ x)), i = 1 … n: l are the logits of the
 * discriminator's head `classes`, Tᵢ random changes of the example, drawn anew for each look. Without a change it is the largest
 * logit of x itself. Many looks are wrong less often than one: Krizhevsky et al. 2012, "ImageNet classification with deep convolutional neural
 * networks", §4.1, where they are ten crops.
 *
 * @param trainer a trainer of a model with a classifying head, such as `sgan`
 * @param options how many looks at each example, and what changes them
 * @throws UsageError for a model without such a head, data without labels or without end, or a number of looks below 1
 */
export const classAccuracy = async (
  trainer: GanTrainer,
  test: Dataset,
  { change, looks = change === undefined ? 1 : 12, seed = 1 }: ClassAccuracyOptions = {},
): Promise<number> => {
  const { name, size, shape, classes, read } = test;
  if (classes === undefined || read === undefined || !Number.isFinite(size)) {
    throw new UsageError(`test accuracy: expected a finite, labelled data set; got ${name}`);
  }
  checkInteger("test accuracy", "looks", looks, 1);
  const changed = change && (await openLooks(change, shape, trainer.place));
  const logitsOf = async (examples: Float32Array, labels?: Int32Array): Promise<Float32Array> => {
    const { heads } = await trainer.discriminate(examples, labels);
    if (heads.classes !== undefined) return heads.classes;
    throw new UsageError(
      `test accuracy: expected a discriminator with a head for the classes; model ${trainer.gan.model.name} has none`,
    );
  };
  let right = 0;
  try {
    for (let start = 0; start < size; start += CHUNK) {
      const count = Math.min(CHUNK, size - start);
      const { examples, labels } = await read(Uint32Array.from({ length: count }, (_, i) => start + i));
      const sums = new Float64Array(count * classes.length);
      for (let i = 0; i < looks; i++) {
        const stream = randomStream(seed, `look ${i}`, start);
        const seen = changed === undefined ? examples : await changed.look(examples, stream);
        addProbabilities(sums, await logitsOf(seen, labels), classes.length);
      }
      mostProbable(sums, classes.length).forEach((label, i) => {
        if (label === labels?.[i]) right++;
      });
    }
  } finally {
    await changed?.dispose();
  }
  return right / size;
};
