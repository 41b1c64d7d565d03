/** What consistency penalties share: how much the critic's scores change with a random change of the images. */
import { mean, square, sub, type Tensor } from "../graph/index.ts";
import { diffAugment } from "../nn/augment.ts";
import type { PenaltyInputs } from "./penalty.ts";

/** E(D(x) − D(T(x)))², T the augmentations of the policy. */
export const inconsistency = (
  policy: string,
  x: Tensor,
  scores: Tensor,
  { critic, random }: PenaltyInputs,
): Tensor => mean(square(sub(scores, critic(diffAugment(policy)(x, random)))));
