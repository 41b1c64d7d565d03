/** The discriminator of the first two losses: the cross-entropy of logits against labels. */
import { number, type ResolvedOptions } from "../define/index.ts";
import { add, mean, mul, neg, softplus, type Tensor } from "../graph/index.ts";
import type { Equilibrium } from "./loss.ts";

/**
 * Elementwise cross-entropy of logits x against a target t: −t log σ(x) − (1 − t) log(1 − σ(x))
 * = t · softplus(−x) + (1 − t) · softplus(x). Unlike softplus(x) − t·x it cancels nothing at large x.
 */
const crossEntropy = (x: Tensor, target: number): Tensor =>
  add(mul(softplus(neg(x)), target), mul(softplus(x), 1 - target));

/** Targets of the discriminator. Values inside (0, 1) smooth its labels; the generator's loss stays unsmoothed. */
export const labels = {
  realLabel: number({
    default: 1,
    least: 0,
    most: 1,
    means:
      "target for real samples; 0.9 is one-sided label smoothing (Salimans et al. 2016, arXiv:1606.03498)",
    search: { low: 0.7, high: 1 },
  }),
  fakeLabel: number({
    default: 0,
    least: 0,
    most: 1,
    means: "target for generated samples",
    search: { low: 0, high: 0.3 },
  }),
};

type Labels = ResolvedOptions<typeof labels>;

/** The discriminator's loss: −E log σ(r) − E log(1 − σ(f)) for the labels 1 and 0. */
export const labelled =
  ({ realLabel, fakeLabel }: Labels) =>
  (real: Tensor, fake: Tensor): Tensor =>
    add(mean(crossEntropy(real, realLabel)), mean(crossEntropy(fake, fakeLabel)));

export const labelledFormula = {
  of: "discriminator",
  text: "−E log σ(r) − E log(1 − σ(f))",
  latex: "-\\mathbb{E}\\log\\sigma(r) - \\mathbb{E}\\log(1 - \\sigma(f))",
};

/** Entropy of a coin in nats. */
const entropy = (p: number): number => (p > 0 && p < 1 ? -p * Math.log(p) - (1 - p) * Math.log(1 - p) : 0);

/** The best constant probability is the mean of the labels. */
export const labelledEquilibrium = ({ realLabel, fakeLabel }: Labels): Equilibrium => {
  const p = (realLabel + fakeLabel) / 2;
  return {
    discriminatorLoss: 2 * entropy(p),
    scoreGap: 0,
    accuracy: 0.5,
    text: p === 0.5 ? "2 log 2 = 1.386, accuracy 0.5" : `2 H(${p}), accuracy 0.5`,
  };
};
