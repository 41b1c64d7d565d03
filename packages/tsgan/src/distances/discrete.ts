/**
 * Divergences between two distributions over the same finite set of outcomes. p and q are weights ≥ 0 that add to one,
 * of the same length; the rounding of float32 is divided out. Logarithms are natural; 0 log 0 = 0 and outcomes with
 * p = q = 0 add nothing.
 *
 * All are f-divergences D_f(P‖Q) = Σ q f(p/q) (Csiszár 1967; Nowozin et al. 2016, table 1).
 */
import { distributionOf } from "./check.ts";

type Weights = ArrayLike<number>;

/** Σᵢ term(pᵢ, qᵢ) over the outcomes that have weight in at least one of the two; a sum below 0 is rounding. */
const divergence =
  (where: string, term: (p: number, q: number) => number, most = Number.POSITIVE_INFINITY) =>
  (p: Weights, q: Weights): number => {
    const ps = distributionOf(where, "p", p, p?.length);
    const qs = distributionOf(where, "q", q, ps.length);
    let sum = 0;
    for (let i = 0; i < ps.length; i++) if (ps[i] > 0 || qs[i] > 0) sum += term(ps[i], qs[i]);
    return Math.min(most, Math.max(0, sum));
  };

/** p log(p/q): 0 for p = 0, Infinity for q = 0 < p. */
const klTerm = (p: number, q: number): number => {
  if (p === 0) return 0;
  const ratio = p / q;
  // Beside a denormal number the quotient may be out of range where its logarithm is not.
  return p * (ratio > 0 && ratio < Number.POSITIVE_INFINITY ? Math.log(ratio) : Math.log(p) - Math.log(q));
};

/** p log(p/m), m = ½(p + q), of which log1p keeps what is small. */
const toMiddle = (p: number, q: number): number => {
  const delta = (p - q) / (p + q); // p/m − 1
  return delta > -0.5 ? p * Math.log1p(delta) : klTerm(p, p + q) + p * Math.LN2;
};

/** (p − q)²/q: Infinity for q = 0 < p. */
const squareOver = (p: number, q: number): number => {
  const difference = Math.abs(p - q);
  if (difference === 0) return 0;
  if (q === 0) return Number.POSITIVE_INFINITY;
  const relative = difference / q;
  return relative < Number.POSITIVE_INFINITY ? relative * difference : (difference * difference) / q;
};

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
  (p, q) => 0.5 * (toMiddle(p, q) + toMiddle(q, p)),
  Math.LN2,
);

/** Total variation distance ½ Σ |p − q|, in [0, 1]. */
export const totalVariation = divergence("totalVariation", (p, q) => 0.5 * Math.abs(p - q), 1);

/** Squared Hellinger distance ½ Σ (√p − √q)² = 1 − Σ √(pq), in [0, 1]. */
export const hellingerSquared = divergence(
  "hellingerSquared",
  (p, q) => 0.5 * ((p - q) / (Math.sqrt(p) + Math.sqrt(q))) ** 2,
  1,
);

/**
 * Pearson χ² divergence Σ (p − q)²/q, in [0, ∞]: D_f with f(u) = (u − 1)². Some papers exchange the names of this and
 * Neyman's (f-GAN's table and its generator function disagree).
 */
export const chiSquaredPearson = divergence("chiSquaredPearson", squareOver);

/** Neyman χ² divergence Σ (p − q)²/p, in [0, ∞]: Pearson's with p and q exchanged. */
export const chiSquaredNeyman = divergence("chiSquaredNeyman", (p, q) => squareOver(q, p));
