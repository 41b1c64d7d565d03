import { checkNumber } from "../options.ts";

/** The distances between two parallel lines. */
export interface ParallelLines {
  readonly kl: number;
  readonly reverseKl: number;
  readonly jensenShannon: number;
  readonly totalVariation: number;
  readonly w1: number;
  readonly w2: number;
}

/**
 * Learning parallel lines (Arjovsky et al. 2017, example 1): P uniform on {0} × [0, 1], Q uniform on {θ} × [0, 1].
 *
 * For θ ≠ 0 the supports are disjoint: KL and reverse KL are infinite, JS = log 2 and TV = 1 whatever θ, while
 * W₁ = W₂ = |θ| falls to 0 as the lines approach. All are 0 at θ = 0.
 *
 * @param theta θ, the distance of the lines, of either sign
 * @throws UsageError for a θ that is not finite
 */
export const parallelLines = (theta: number): ParallelLines => {
  checkNumber("parallelLines", "theta", theta);
  const distance = Math.abs(theta);
  return theta === 0
    ? { kl: 0, reverseKl: 0, jensenShannon: 0, totalVariation: 0, w1: 0, w2: 0 }
    : {
        kl: Number.POSITIVE_INFINITY,
        reverseKl: Number.POSITIVE_INFINITY,
        jensenShannon: Math.LN2,
        totalVariation: 1,
        w1: distance,
        w2: distance,
      };
};
