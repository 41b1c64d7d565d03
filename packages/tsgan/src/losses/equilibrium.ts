/** What each loss shows when the discriminator can tell nothing: the values that a healthy run hovers above. */
import type { AdversarialLoss } from "./loss.ts";

export interface Equilibrium {
  /** L_D when no function of an example tells real from generated: the least of L_D(s, s) over constant scores s. */
  readonly discriminatorLoss: number;
  /** Mean score of real examples less that of generated ones. */
  readonly scoreGap: number;
  /** Share of examples that the sign of the score puts right; losses on logits only. */
  readonly accuracy?: number;
  /** The same in words, for those who compare it with what they see. */
  readonly text: string;
}

const LOG_2 = Math.log(2);

/** Entropy of a coin in nats. */
const entropy = (p: number): number => (p > 0 && p < 1 ? -p * Math.log(p) - (1 - p) * Math.log(1 - p) : 0);

type Options = Readonly<Record<string, number | string>>;

/** Losses on logits whose best constant is a probability of one half. */
const logits = (discriminatorLoss: number, text: string): Equilibrium => ({
  discriminatorLoss,
  scoreGap: 0,
  accuracy: 0.5,
  text,
});

const unbounded = (discriminatorLoss: number, text: string): Equilibrium => ({
  discriminatorLoss,
  scoreGap: 0,
  text,
});

const crossEntropy = ({ realLabel, fakeLabel }: Options): Equilibrium => {
  const p = (Number(realLabel) + Number(fakeLabel)) / 2;
  return logits(2 * entropy(p), p === 0.5 ? "2 log 2 = 1.386, accuracy 0.5" : `2 H(${p}), accuracy 0.5`);
};

/** −f(1) of the divergence, which is 0 but for the GAN's own normalisation. */
const zero = (): Equilibrium => unbounded(0, "0, score gap 0");

const table: Readonly<Record<string, (options: Options) => Equilibrium>> = {
  minimax: crossEntropy,
  "non-saturating": crossEntropy,
  "least-squares": ({ a, b }) => {
    const loss = (Number(b) - Number(a)) ** 2 / 4;
    return unbounded(loss, `(b − a)²/4 = ${loss}, score gap 0`);
  },
  wasserstein: () => unbounded(0, "0: the score gap, which estimates the distance, goes to 0"),
  hinge: () => unbounded(2, "2, score gap 0"),
  "relativistic-average": () => ({
    discriminatorLoss: 2 * LOG_2,
    scoreGap: 0,
    text: "2 log 2 = 1.386, score gap 0",
  }),
  "relativistic-average-hinge": () => unbounded(2, "2, score gap 0"),
  "relativistic-average-least-squares": () => unbounded(2, "2, score gap 0"),
  "relativistic-paired": () => unbounded(LOG_2, "log 2 = 0.693, score gap 0"),
  "fgan-kl": zero,
  "fgan-reverse-kl": zero,
  "fgan-pearson": zero,
  "fgan-squared-hellinger": zero,
  "fgan-jensen-shannon": zero,
  "fgan-gan": () => unbounded(2 * LOG_2, "2 log 2 = 1.386, score gap 0"),
  "fgan-total-variation": zero,
  ebgan: ({ margin }) => unbounded(Number(margin), `the margin, ${margin}`),
};

/**
 * Equilibrium of a loss. Undefined where scores are no single numbers (feature maps), where the loss carries a state that
 * moves its balance (BEGAN), or where labels do not cancel.
 */
export const equilibriumOf = ({ name, options }: AdversarialLoss): Equilibrium | undefined =>
  Object.hasOwn(table, name) ? table[name](options) : undefined;
