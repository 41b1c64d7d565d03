/** Auto-encoding discriminators: a sample's score is its reconstruction error, an energy ≥ 0, low for real samples. */
import { UsageError } from "../errors.ts";
import { abs, add, clip, mean, mul, relu, reshape, stopGradient, sub, type Tensor } from "../graph/index.ts";
import { checkNumber } from "../options.ts";
import type { AdversarialLoss } from "./loss.ts";
import { defineLoss } from "./scores.ts";

/**
 * EBGAN: D minimises E r + E max(0, m − f), G minimises E f.
 *
 * Scores: energies ≥ 0, any shape. The margin m is in units of the energy. `pullingAway` is the paper's further term
 * for G. Zhao et al. 2017, arXiv:1609.03126, eq. 1–2.
 */
export const ebgan = ({ margin = 1 }: { /** m */ readonly margin?: number } = {}): AdversarialLoss => {
  checkNumber("ebgan", "margin", margin, { least: 0 });
  return defineLoss({
    name: "ebgan",
    options: { margin },
    scores: "energy",
    discriminator: (real, fake) => add(mean(real), mean(relu(sub(margin, fake)))),
    generator: (_real, fake) => mean(fake),
  });
};

export interface BeganOptions {
  /** γ, the diversity ratio E f / E r that is held, in [0, 1]. */
  readonly gamma?: number;
  /** λ, the proportional gain of k. */
  readonly lambda?: number;
  /** k before the first step. */
  readonly k?: number;
}

/**
 * BEGAN: D minimises E r − k E f, G minimises E f; then k ← clip(k + λ(γ E r − E f), 0, 1). k is a constant in the
 * gradient, and is the loss's state, [1].
 *
 * Scores: reconstruction errors for each example.
 * Berthelot et al. 2017, arXiv:1703.10717, §3.4.
 */
export const began = ({ gamma = 0.5, lambda = 1e-3, k = 0 }: BeganOptions = {}): AdversarialLoss => {
  checkNumber("began", "gamma", gamma, { least: 0, most: 1 });
  checkNumber("began", "lambda", lambda, { least: 0 });
  checkNumber("began", "k", k, { least: 0, most: 1 });
  return defineLoss({
    name: "began",
    options: { gamma, lambda, k },
    scores: "energy",
    discriminator: (real, fake, state) => {
      if (state === undefined)
        throw new UsageError("began: the state k is needed; pass it as the third argument");
      return sub(mean(real), mul(reshape(stopGradient(state), []), mean(fake)));
    },
    generator: (_real, fake) => mean(fake),
    state: {
      initial: [k],
      next: (real, fake, state) =>
        clip(add(state, mul(sub(mul(mean(real), gamma), mean(fake)), lambda)), 0, 1),
    },
  });
};

/** BEGAN's measure of convergence, E r + |γ E r − E f| (Berthelot et al. 2017, §3.4.1): lower is better. */
export const beganMeasure = (real: Tensor, fake: Tensor, gamma = 0.5): Tensor =>
  add(mean(real), abs(sub(mul(mean(real), gamma), mean(fake))));
