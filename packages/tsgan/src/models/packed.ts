/** PacGAN (Lin et al. 2018, arXiv:1712.04086): the discriminator sees several examples at once. */
import { UsageError } from "../errors.ts";
import { pack } from "../nn/index.ts";
import type { Model } from "./model.ts";

/**
 * `model` with a discriminator that judges `count` examples together, joined along their first axis.
 *
 * @throws UsageError for a count below 2, or a model with classes, heads or terms, whose examples cannot be joined
 */
export const packed = (model: Model, count: number): Model => {
  if (!Number.isInteger(count) || count < 2) {
    throw new UsageError(
      `packing: the number of examples must be a whole number of at least 2; got ${count}`,
    );
  }
  if (model.classes !== undefined || model.terms !== undefined) {
    throw new UsageError(
      `packing: model ${model.name} tells each example its label or code, which packs do not have; leave packing out`,
    );
  }
  return {
    ...model,
    packing: count,
    discriminator: ({ x }, scope) => {
      scope.mixesExamples();
      return model.discriminator({ x: pack(x, count) }, scope);
    },
  };
};
