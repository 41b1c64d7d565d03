/** Checks of scores, and the cross-entropy of logits that several families are made of. */
import { UsageError } from "../errors.ts";
import { add, formatShape, mul, neg, sameShape, softplus, type Tensor } from "../graph/index.ts";
import type { AdversarialLoss } from "./loss.ts";

const checkShapes = (name: string, real: Tensor, fake: Tensor): void => {
  if (sameShape(real.shape, fake.shape)) return;
  const got = `${formatShape(real.shape)} and ${formatShape(fake.shape)}`;
  throw new UsageError(
    `${name}: fake scores must have the shape of the real ones; got ${got}; reshape the critic's output`,
  );
};

/**
 * The same loss, which refuses real and fake scores of different shapes: broadcasting [64] against [64,1] would
 * silently give the mean over all pairs. The generator's loss is checked only where it uses the real scores.
 */
export const defineLoss = (loss: AdversarialLoss): AdversarialLoss => ({
  ...loss,
  discriminator: (real, fake, state) => {
    checkShapes(loss.name, real, fake);
    return loss.discriminator(real, fake, state);
  },
  generator: (real, fake, state) => {
    if (loss.relativistic === true) checkShapes(loss.name, real, fake);
    return loss.generator(real, fake, state);
  },
});

/**
 * Elementwise cross-entropy of logits x against a target t: −t log σ(x) − (1 − t) log(1 − σ(x))
 * = t · softplus(−x) + (1 − t) · softplus(x). Unlike softplus(x) − t·x it cancels nothing at large x.
 */
export const crossEntropy = (x: Tensor, target: number): Tensor =>
  add(mul(softplus(neg(x)), target), mul(softplus(x), 1 - target));
