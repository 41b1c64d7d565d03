/** What consistency penalties share: how much the critic's scores change with a random change of the images. */
import { value } from "../define/index.ts";
import { UsageError } from "../errors.ts";
import { mean, square, sub, type Tensor } from "../graph/index.ts";
import type { PenaltyInputs } from "./penalty.ts";

/** A random change of an image that leaves what it shows. */
export type Augment = (x: Tensor, random: PenaltyInputs["random"]) => Tensor;

export const augment = value<Augment | undefined>({
  default: undefined,
  otherwise: "the run's own augmentation, or color, translation and cutout",
  means: "random change of images, as a function",
  symbol: "T",
  check: (where, name, given) => {
    if (typeof given === "function") return given as Augment;
    throw new UsageError(
      `${where}: ${name} must be a function of images; got ${typeof given}; leave it out for the run's own`,
    );
  },
});

/** E(D(x) − D(T(x)))² */
export const inconsistency = (
  where: string,
  change: Augment | undefined,
  x: Tensor,
  scores: Tensor,
  inputs: PenaltyInputs,
): Tensor => {
  const changed = change?.(x, inputs.random) ?? inputs.augment?.(x);
  if (changed === undefined) {
    throw new UsageError(`${where}: there is no augmentation here; pass { augment }, a function of images`);
  }
  return mean(square(sub(scores, inputs.critic(changed))));
};
