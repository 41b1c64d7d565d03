/** A loss of one's own. */
import { UsageError } from "../errors.ts";
import type { AdversarialLoss } from "./loss.ts";
import { defineLoss } from "./scores.ts";

export type CustomLoss = Pick<AdversarialLoss, "discriminator" | "generator" | "scores"> &
  Partial<AdversarialLoss>;

/**
 * A loss of two functions of scores, each minimised by the player it is named after, and the kind of scores they take.
 *
 * @example
 * custom({
 *   scores: "unbounded",
 *   discriminator: (real, fake) => sub(mean(fake), mean(real)),
 *   generator: (_real, fake) => neg(mean(fake)),
 * })
 */
export const custom = (loss: CustomLoss): AdversarialLoss => {
  for (const part of ["discriminator", "generator"] as const) {
    if (typeof loss[part] !== "function") {
      throw new UsageError(`custom: ${part} must be a function of scores; got ${typeof loss[part]}`);
    }
  }
  return defineLoss({ name: "custom", options: {}, ...loss });
};
