/** What stands between examples and the discriminator: value range, instance noise, augmentation, pool of past fakes. */
import {
  add,
  cast,
  concat,
  constant,
  less,
  maximum,
  mul,
  reshape,
  sign,
  sizeOf,
  slice,
  stopGradient,
  sub,
  sum,
  type Tensor,
  where,
} from "../graph/index.ts";
import type { Model } from "../models/model.ts";
import { diffAugment, overfitting, type Random } from "../nn/index.ts";
import type { Feeds } from "./feeds.ts";
import type { Plan } from "./plan.ts";

/** From [−1, 1], as data are, to the range that the model's networks see. */
export const toModelRange = (model: Model, x: Tensor): Tensor =>
  model.range === "unit" ? mul(add(x, 1), 0.5) : x;

/** From the range that the model's networks see to [−1, 1]. */
export const fromModelRange = (model: Model, x: Tensor): Tensor =>
  model.range === "unit" ? sub(mul(x, 2), 1) : x;

export interface Perception {
  readonly plan: Plan;
  /** Of each augmentation, [1]; without it every image is changed. */
  readonly probability: Tensor | undefined;
  readonly random: Random;
  /** Deviation of the instance noise. */
  sigma(): Tensor;
}

/** x with fresh noise and augmentation, as the plan has them: both are meant for [−1, 1], whatever the model's range. */
export const perceived = (x: Tensor, { plan, probability, random, sigma }: Perception): Tensor => {
  const { model, instanceNoise, augment } = plan;
  if (instanceNoise === undefined && augment === undefined) return x;
  let seen = fromModelRange(model, x);
  if (instanceNoise !== undefined) seen = add(seen, mul(random("normal", x.shape), sigma()));
  if (augment !== undefined) {
    const chance = probability === undefined ? {} : { probability: reshape(probability, []) };
    seen = diffAugment(augment.policy, chance)(seen, random);
  }
  return toModelRange(model, seen);
};

/**
 * ADA's controller, in the graph so that a resumed run has the same p:
 * p ← max(0, p + sign(E sign D(real) − target) · batch / images).
 */
export const nextProbability = (plan: Plan, p: Tensor, realScores: Tensor): Tensor => {
  const { target = 0.6, images = 500_000 } = plan.augment?.adaptive ?? {};
  const direction = sign(sub(overfitting(stopGradient(realScores)), target));
  return maximum(add(p, mul(direction, plan.batch / images)), 0);
};

/** Slots of the pool for each place in the batch. */
const slotsOf = ({ imagePool = 0, batch }: Plan): number => Math.max(1, Math.round(imagePool / batch));

/** Length of the pool's vector: slots × batch × example, and one number for how many fakes it has seen. */
export const poolSize = (plan: Plan): number => slotsOf(plan) * plan.batch * sizeOf(plan.model.shape) + 1;

/**
 * Fakes as the discriminator is shown them (Shrivastava et al. 2017, arXiv:1612.07828, §2.3): until the pool is full
 * each fake goes in and is shown; after that half of them are shown, and half change places with a random past one.
 * Each place in the batch has slots of its own, so that no two fakes meet in one.
 */
export const pooled = (
  plan: Plan,
  fake: Tensor,
  pool: Tensor | undefined,
  feeds: Feeds,
): { readonly fake: Tensor; readonly next?: Tensor } => {
  if (pool === undefined) return { fake };
  const slots = slotsOf(plan);
  const n = fake.shape[0];
  const size = sizeOf(plan.model.shape);
  const length = slots * n * size;
  const stored = reshape(slice(pool, [0], [length]), [slots, n, size]);
  const seen = slice(pool, [length], [length + 1]);
  const fresh = reshape(fake, [1, n, size]);

  const filling = less(seen, slots);
  const swaps = where(filling, 0, cast(less(feeds.take("uniform", [1, n, 1]), 0.5), "float32"));
  const enters = where(filling, 1, swaps);
  // The next free slot while the pool fills, a random one afterwards.
  const place = where(filling, seen, mul(feeds.take("uniform", [1, n, 1]), slots));
  const number = constant(
    Float32Array.from({ length: slots }, (_, i) => i),
    [slots, 1, 1],
  );
  const chosen = sub(cast(less(place, add(number, 1)), "float32"), cast(less(place, number), "float32"));

  const past = sum(mul(stored, chosen), 0, true);
  const shown = add(mul(fresh, sub(1, swaps)), mul(past, swaps));
  const replaced = mul(chosen, enters);
  const kept = add(mul(stored, sub(1, replaced)), mul(fresh, replaced));
  const next = concat([reshape(kept, [length]), add(seen, 1)], 0);
  return { fake: reshape(shown, fake.shape), next: stopGradient(next) };
};
