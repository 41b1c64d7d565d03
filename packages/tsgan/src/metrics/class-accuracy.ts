/** How good a classifier a discriminator is that names classes. */
import type { Dataset } from "../data/index.ts";
import { UsageError } from "../errors.ts";
import type { GanTrainer } from "../train/index.ts";
import { mostProbable } from "./classifier.ts";

/** Examples read at a time. */
const CHUNK = 1000;

/**
 * Share in [0, 1] of the examples of `test` for which the largest logit of the discriminator's head `classes` is that of
 * their label.
 *
 * @param trainer a trainer of a model with a classifying head, such as `sgan`
 * @throws UsageError for a model without such a head, or data without labels or without end
 */
export const classAccuracy = async (trainer: GanTrainer, test: Dataset): Promise<number> => {
  const { name, size, classes, read } = test;
  if (classes === undefined || read === undefined || !Number.isFinite(size)) {
    throw new UsageError(`test accuracy: expected a finite, labelled data set; got ${name}`);
  }
  let right = 0;
  for (let start = 0; start < size; start += CHUNK) {
    const count = Math.min(CHUNK, size - start);
    const { examples, labels } = await read(Uint32Array.from({ length: count }, (_, i) => start + i));
    const { heads } = await trainer.discriminate(examples, labels);
    if (heads.classes === undefined) {
      throw new UsageError(
        `test accuracy: expected a discriminator with a head for the classes; model ${trainer.gan.model.name} has none`,
      );
    }
    mostProbable(heads.classes, classes.length).forEach((label, i) => {
      if (label === labels?.[i]) right++;
    });
  }
  return right / size;
};
