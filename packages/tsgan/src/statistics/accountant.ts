/**
 * What differential privacy is spent by noisy steps on samples of the data: Rényi differential privacy of the sampled Gaussian
 * mechanism (Mironov, Talwar, Zhang 2019, arXiv:1908.10530, §3.3, whole orders), turned into (ε, δ) by Proposition 12 of Canonne,
 * Kamath, Steinke 2020 (arXiv:2004.00010). Neighbouring tables differ by one row that is there or not.
 */
import { UsageError } from "../errors.ts";

/** Orders α among which the best bound is looked for. */
export const orders: readonly number[] = [
  ...Array.from({ length: 63 }, (_, i) => i + 2),
  ...[80, 96, 128, 160, 192, 256, 384, 512, 1024],
];

const logSumExp = (logs: readonly number[]): number => {
  const most = Math.max(...logs);
  return most + Math.log(logs.reduce((sum, value) => sum + Math.exp(value - most), 0));
};

/**
 * Rényi divergence of order α of one step: log(Σₖ C(α, k) (1 − q)^(α − k) qᵏ exp((k² − k) / 2σ²)) / (α − 1).
 *
 * @param rate q: the probability with which each row is in a step, independently
 * @param noise σ: deviation of the noise in units of the most that one row adds
 */
export const renyiOfStep = (rate: number, noise: number, order: number): number => {
  if (rate === 0) return 0;
  if (rate === 1) return order / (2 * noise * noise);
  const logs: number[] = [];
  let binomial = 0;
  for (let k = 0; k <= order; k++) {
    logs.push(
      binomial + k * Math.log(rate) + (order - k) * Math.log1p(-rate) + (k * k - k) / (2 * noise * noise),
    );
    binomial += Math.log(order - k) - Math.log(k + 1);
  }
  return Math.max(0, logSumExp(logs)) / (order - 1);
};

export interface NoisySteps {
  /** Probability with which each row is in a step, independently. */
  readonly rate: number;
  /** Deviation of the noise, in units of the most that one row adds. */
  readonly noise: number;
  readonly steps: number;
  /** Probability with which ε does not hold. */
  readonly delta: number;
}

/**
 * ε of so many `steps` at a `rate`, with a `noise` and for a `delta`: the least over the orders of R + log(1 − 1/α) − log(δ α) / (α − 1), R the
 * divergence of all steps.
 */
export const epsilonOf = ({ rate, noise, steps, delta }: NoisySteps): number => {
  if (steps === 0 || rate === 0) return 0;
  const bounds = orders.map(
    (order) =>
      steps * renyiOfStep(rate, noise, order) +
      Math.log1p(-1 / order) -
      Math.log(delta * order) / (order - 1),
  );
  return Math.max(0, Math.min(...bounds));
};

const LEAST_NOISE = 0.3;
const MOST_NOISE = 1e4;

/**
 * The least noise with which so many `steps` at a `rate` spend no more than ε, for a `delta`.
 *
 * @param epsilon ε
 * @throws UsageError for an ε that no noise up to 10,000 keeps
 */
export const noiseFor = (epsilon: number, { rate, steps, delta }: Omit<NoisySteps, "noise">): number => {
  const spends = (noise: number): number => epsilonOf({ rate, noise, steps, delta });
  let [low, high] = [LEAST_NOISE, MOST_NOISE];
  if (spends(low) <= epsilon) return low;
  if (spends(high) > epsilon) {
    throw new UsageError(
      `differential-privacy: an epsilon of ${epsilon} cannot be kept over ${steps} steps; take fewer steps, a smaller batch or a larger epsilon`,
    );
  }
  while (high / low > 1 + 1e-9) {
    const middle = Math.sqrt(low * high);
    if (spends(middle) > epsilon) low = middle;
    else high = middle;
  }
  return high;
};
