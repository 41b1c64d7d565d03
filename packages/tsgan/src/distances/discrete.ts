/**
 * Divergences between two distributions over the same finite set of outcomes. p and q are weights ≥ 0 that add to one,
 * of the same length; logarithms are natural; 0 log 0 = 0 and outcomes with p = q = 0 add nothing.
 *
 * All are f-divergences D_f(P‖Q) = Σ q f(p/q) (Csiszár 1967; Nowozin et al. 2016, table 1).
 */
import { checkDistribution } from "./check.ts";

type Weights = ArrayLike<number>;

/** Σᵢ term(pᵢ, qᵢ) over the outcomes that have weight in at least one of the two. */
const divergence =
  (where: string, term: (p: number, q: number) => number) =>
  (p: Weights, q: Weights): number => {
    checkDistribution(where, "p", p, p.length);
    checkDistribution(where, "q", q, p.length);
    let sum = 0;
    for (let i = 0; i < p.length; i++) if (p[i] > 0 || q[i] > 0) sum += term(p[i], q[i]);
    return sum;
  };

/** p log(p/q): 0 for p = 0, Infinity for q = 0 < p. */
const klTerm = (p: number, q: number): number => (p === 0 ? 0 : p * Math.log(p / q));

/** Kullback–Leibler divergence KL(P‖Q) = Σ p log(p/q), in [0, ∞]; Infinity where q = 0 < p. */
export const kl = divergence("kl", klTerm);

/** Reverse Kullback–Leibler divergence KL(Q‖P) = Σ q log(q/p), in [0, ∞]. */
export const reverseKl = divergence("reverseKl", (p, q) => klTerm(q, p));

/**
 * Jensen–Shannon divergence ½ KL(P‖M) + ½ KL(Q‖M), M = ½(P + Q), in [0, log 2] (Lin 1991). The divergence, not its
 * square root. The optimal minimax discriminator attains 2 JS − 2 log 2 (Goodfellow et al. 2014, theorem 1).
 */
export const jensenShannon = divergence(
  "jensenShannon",
  (p, q) => 0.5 * (klTerm(p, 0.5 * (p + q)) + klTerm(q, 0.5 * (p + q))),
);

/** Total variation distance ½ Σ |p − q|, in [0, 1]. */
export const totalVariation = divergence("totalVariation", (p, q) => 0.5 * Math.abs(p - q));

/** Squared Hellinger distance ½ Σ (√p − √q)² = 1 − Σ √(pq), in [0, 1]. */
export const hellingerSquared = divergence(
  "hellingerSquared",
  (p, q) => 0.5 * (Math.sqrt(p) - Math.sqrt(q)) ** 2,
);

/**
 * Pearson χ² divergence Σ (p − q)²/q, in [0, ∞]: D_f with f(u) = (u − 1)². Some papers exchange the names of this and
 * Neyman's (f-GAN's table and its generator function disagree).
 */
export const chiSquaredPearson = divergence("chiSquaredPearson", (p, q) => (p - q) ** 2 / q);

/** Neyman χ² divergence Σ (p − q)²/p, in [0, ∞]: Pearson's with p and q exchanged. */
export const chiSquaredNeyman = divergence("chiSquaredNeyman", (p, q) => (p - q) ** 2 / p);
