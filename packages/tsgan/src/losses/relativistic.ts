/**
 * Relativistic losses: how much more real are real samples than generated ones, and the other way for G
 * (Jolicoeur-Martineau 2018, arXiv:1807.00734). r, f: scores of real and fake; r̄, f̄ their batch means, through which
 * the gradient flows. The averages are sums of their two halves; the author's code halves them.
 */
import { add, mean, neg, relu, softplus, square, sub, type Tensor } from "../graph/index.ts";
import type { AdversarialLoss, ScoreKind } from "./loss.ts";
import { defineLoss } from "./scores.ts";

/** G's loss is D's with real and fake changing places. */
const symmetric = (
  name: string,
  scores: ScoreKind,
  discriminator: (real: Tensor, fake: Tensor) => Tensor,
): AdversarialLoss =>
  defineLoss({
    name,
    options: {},
    scores,
    relativistic: true,
    discriminator,
    generator: (real, fake) => discriminator(fake, real),
  });

/**
 * RaSGAN: D minimises −E log σ(r − f̄) − E log(1 − σ(f − r̄)); G the same with r and f changing places.
 *
 * Scores: logits, any shape. Jolicoeur-Martineau 2018, arXiv:1807.00734.
 */
export const relativisticAverage = (): AdversarialLoss =>
  symmetric("relativistic-average", "logit", (real, fake) =>
    add(mean(softplus(neg(sub(real, mean(fake))))), mean(softplus(sub(fake, mean(real))))),
  );

/**
 * RaHingeGAN: D minimises E max(0, 1 − (r − f̄)) + E max(0, 1 + (f − r̄)); G the same with r and f changing places.
 *
 * Scores: unbounded, any shape. Jolicoeur-Martineau 2018, arXiv:1807.00734.
 */
export const relativisticAverageHinge = (): AdversarialLoss =>
  symmetric("relativistic-average-hinge", "unbounded", (real, fake) =>
    add(mean(relu(sub(1, sub(real, mean(fake))))), mean(relu(add(1, sub(fake, mean(real)))))),
  );

/**
 * RaLSGAN: D minimises E(r − f̄ − 1)² + E(f − r̄ + 1)²; G the same with r and f changing places. No factor ½.
 *
 * Scores: unbounded, any shape. Jolicoeur-Martineau 2018, arXiv:1807.00734.
 */
export const relativisticAverageLeastSquares = (): AdversarialLoss =>
  symmetric("relativistic-average-least-squares", "unbounded", (real, fake) =>
    add(mean(square(sub(sub(real, mean(fake)), 1))), mean(square(add(sub(fake, mean(real)), 1)))),
  );

/**
 * RpGAN: D minimises E softplus(−(r − f)) over pairs of a real and a generated sample, G minimises E softplus(r − f).
 *
 * Scores: logits, any shape. With R1 and R2 it is the loss of R3GAN.
 * Jolicoeur-Martineau 2018, arXiv:1807.00734; Huang et al. 2024, arXiv:2501.05441.
 */
export const relativisticPaired = (): AdversarialLoss =>
  symmetric("relativistic-paired", "logit", (real, fake) => mean(softplus(neg(sub(real, fake)))));
