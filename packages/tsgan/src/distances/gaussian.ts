import { UsageError } from "../errors.ts";
import { checkNumber } from "../options.ts";
import { checkFinite, numbersOf } from "./check.ts";
import { type Cholesky, pivotedCholesky } from "./linear-algebra.ts";
import { type Matrix, type MatrixLike, matrixOf } from "./matrix.ts";

/** A normal law in d dimensions. Its covariance may be singular. */
export interface Gaussian {
  /** [d] */
  readonly mean: Float64Array;
  /** [d, d], symmetric and positive semi-definite. */
  readonly covariance: Matrix;
}

/** A normal law as people have it. */
export interface GaussianLike {
  /** [d] */
  readonly mean: ArrayLike<number>;
  /** [d, d], symmetric and positive semi-definite. */
  readonly covariance: MatrixLike;
}

/** Mean and covariance of fitting sizes, all finite. */
export const checkGaussian = (where: string, name: string, law: GaussianLike): Gaussian => {
  if (typeof law !== "object" || law === null) {
    throw new UsageError(`${where}: ${name} must be a law, { mean, covariance }; got ${law}`);
  }
  const mean = numbersOf(where, `the mean of ${name}`, law.mean);
  const covariance = matrixOf(where, `the covariance of ${name}`, law.covariance);
  const d = mean.length;
  if (d === 0) throw new UsageError(`${where}: the mean of ${name} must hold at least 1 number; got 0`);
  if (covariance.rows !== d || covariance.columns !== d) {
    throw new UsageError(
      `${where}: the covariance of ${name} must be [${d},${d}] as its mean is [${d}]; ` +
        `got [${covariance.rows},${covariance.columns}]`,
    );
  }
  checkFinite(where, `the covariance of ${name}`, covariance.data);
  return { mean, covariance };
};

/** The Cholesky factor of a covariance, once it has been found to be one. */
export const factorOf = (where: string, name: string, covariance: Matrix): Cholesky => {
  const { rows: d, data } = covariance;
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < i; j++) {
      // |Σ_ij|² ≤ Σ_ii Σ_jj bounds an entry of a semi-definite matrix, and the rounding of one that was computed.
      const bound = Math.sqrt(Math.abs(data[i * d + i])) * Math.sqrt(Math.abs(data[j * d + j]));
      if (Math.abs(data[i * d + j] - data[j * d + i]) > 1e-6 * bound) {
        throw new UsageError(
          `${where}: the covariance of ${name} must be symmetric; got ${data[i * d + j]} at [${i},${j}] ` +
            `and ${data[j * d + i]} at [${j},${i}]`,
        );
      }
      if (Math.abs(data[i * d + j]) > (1 + 1e-6) * bound) throw notSemiDefinite(where, name);
    }
  }
  const cholesky = pivotedCholesky(covariance);
  if (cholesky === undefined) throw notSemiDefinite(where, name);
  return cholesky;
};

const notSemiDefinite = (where: string, name: string): UsageError =>
  new UsageError(
    `${where}: the covariance of ${name} must be positive semi-definite; it has a negative eigenvalue`,
  );

/**
 * Kullback–Leibler divergence between normal laws p = N(μ₁, Σ₁) and q = N(μ₂, Σ₂):
 *
 *   KL(p‖q) = ½ [tr(Σ₂⁻¹Σ₁) + (μ₂ − μ₁)ᵀ Σ₂⁻¹ (μ₂ − μ₁) − d + log(det Σ₂ / det Σ₁)].
 *
 * With singular covariances it is infinite, unless both laws fill the same affine subspace: then d is its dimension
 * and the formula holds within it. It is Infinity, too, where it is beyond the largest float.
 *
 * @returns nats, at least 0
 * @throws UsageError for laws of different dimensions, or a covariance that is not symmetric and positive semi-definite
 */
export const gaussianKl = (first: GaussianLike, second: GaussianLike): number => {
  const [p, q] = [checkGaussian("gaussianKl", "p", first), checkGaussian("gaussianKl", "q", second)];
  const factorP = factorOf("gaussianKl", "p", p.covariance).factor;
  const { factor: factorQ, pivots } = factorOf("gaussianKl", "q", q.covariance);
  const d = q.mean.length;
  if (p.mean.length !== d) {
    throw new UsageError(`gaussianKl: p and q must have the same dimension; got ${p.mean.length} and ${d}`);
  }
  const rank = pivots.length;
  const difference = Float64Array.from(p.mean, (value, i) => value - q.mean[i]);
  const columns = Array.from({ length: factorP.columns }, (_, k) =>
    Float64Array.from({ length: d }, (_, i) => factorP.data[i * factorP.columns + k]),
  );
  const deviation = (i: number) =>
    Math.sqrt(p.covariance.data[i * d + i]) +
    Math.sqrt(q.covariance.data[i * d + i]) +
    Math.abs(difference[i]);

  /** z with L z = x, L the factor of Σ₂, or undefined when x is outside the subspace that q fills. */
  const whiten = (x: Float64Array): Float64Array | undefined => {
    const z = new Float64Array(rank);
    for (let k = 0; k < rank; k++) {
      const row = pivots[k] * rank;
      let sum = x[pivots[k]];
      for (let t = 0; t < k; t++) sum -= factorQ.data[row + t] * z[t];
      z[k] = sum / factorQ.data[row + k];
      if (!Number.isFinite(z[k])) return undefined; // farther than can be written
    }
    for (let i = 0; i < d; i++) {
      let sum = x[i];
      for (let t = 0; t < rank; t++) sum -= factorQ.data[i * rank + t] * z[t];
      if (!(Math.abs(sum) <= Math.min(1e-6 * deviation(i), Number.MAX_VALUE))) return undefined;
    }
    return z;
  };

  let squares = 0;
  for (const x of [difference, ...columns]) {
    const z = whiten(x);
    if (z === undefined) return Number.POSITIVE_INFINITY;
    for (const value of z) squares += value * value;
  }
  // The coordinates of q's pivots chart the subspace; there q has full rank, and p must have it too.
  const covariance = new Float64Array(rank * rank);
  for (let k = 0; k < rank; k++) {
    for (let l = 0; l < rank; l++) covariance[k * rank + l] = p.covariance.data[pivots[k] * d + pivots[l]];
  }
  const charted = pivotedCholesky({ rows: rank, columns: rank, data: covariance });
  if (charted === undefined || charted.pivots.length < rank) return Number.POSITIVE_INFINITY;
  let logRatio = 0; // log √(det Σ₂ / det Σ₁)
  for (let k = 0; k < rank; k++) {
    logRatio += Math.log(factorQ.data[pivots[k] * rank + k]);
    logRatio -= Math.log(charted.factor.data[charted.pivots[k] * rank + k]);
  }
  return Math.max(0, 0.5 * (squares - rank) + logRatio);
};

/**
 * Jensen–Shannon divergence of N(μ₁, σ₁²) and N(μ₂, σ₂²), in [0, log 2]. There is no closed form: adaptive Simpson
 * quadrature of ½ E_p log(p/m) + ½ E_q log(q/m), m = ½(p + q), each in the standard coordinate of its law, to about
 * 1e-12.
 *
 * @param mean1 μ₁
 * @param deviation1 σ₁ > 0, the standard deviation
 * @param mean2 μ₂
 * @param deviation2 σ₂ > 0
 * @throws UsageError for a mean that is not finite, or a deviation that is not positive
 */
export const gaussianJensenShannon1d = (
  mean1: number,
  deviation1: number,
  mean2: number,
  deviation2: number,
): number => {
  const where = "gaussianJensenShannon1d";
  for (const mean of [mean1, mean2]) checkNumber(where, "a mean", mean);
  for (const deviation of [deviation1, deviation2]) {
    checkNumber(where, "a standard deviation", deviation, { above: 0 });
  }
  const gap = mean1 / 2 - mean2 / 2; // halves, as means near the largest float may lie farther apart than it
  const sum =
    halfOf((gap / deviation2) * 2, deviation1, deviation2) +
    halfOf((-gap / deviation1) * 2, deviation2, deviation1);
  return Math.min(Math.LN2, Math.max(0, sum));
};

/** Where a panel ends, in standard deviations: the core and the tails; beyond 40 there is nothing. */
const PANELS = [-40, -20, -10, -6, -4, -3, -2, -1, 0, 1, 2, 3, 4, 6, 10, 20, 40];

/**
 * ½ E_p [log 2 − softplus(log q − log p)] = ½ E_p log(p/m). With x = μ₁ + σ₁u it is an integral over the standard normal
 * law of u, in which q has the mean −δ/r and the deviation 1/r, r = σ₁/σ₂.
 *
 * @param delta δ = (μ₁ − μ₂)/σ₂
 */
const halfOf = (delta: number, deviation1: number, deviation2: number): number => {
  const ratio = deviation1 / deviation2;
  const logRatio = Math.log(deviation1) - Math.log(deviation2);
  const integrand = (u: number): number => {
    const v = delta + ratio * u;
    const logOdds = 0.5 * (u * u - v * v) + logRatio; // log q − log p
    return Math.exp(-0.5 * u * u) * (Math.LN2 - (Number.isNaN(logOdds) ? 0 : softplus(logOdds)));
  };
  // Panels on the scale of both laws, so that neither is missed however narrow.
  const ends = [...PANELS, ...PANELS.map((step) => (step - delta) / ratio)]
    .filter((end) => end >= -40 && end <= 40)
    .sort((x, y) => x - y);
  let sum = 0;
  for (let i = 1; i < ends.length; i++) sum += simpson(integrand, ends[i - 1], ends[i], 1e-14);
  return (0.5 * sum) / Math.sqrt(2 * Math.PI);
};

const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** ∫ f from a to b by Simpson's rule, halving each panel until it agrees with its two halves. */
const simpson = (f: (x: number) => number, a: number, b: number, tolerance: number): number => {
  const refine = (
    a: number,
    fa: number,
    b: number,
    fb: number,
    fm: number,
    whole: number,
    depth: number,
  ): number => {
    const m = 0.5 * (a + b);
    const fl = f(0.5 * (a + m));
    const fr = f(0.5 * (m + b));
    const left = ((m - a) / 6) * (fa + 4 * fl + fm);
    const right = ((b - m) / 6) * (fm + 4 * fr + fb);
    const error = left + right - whole;
    if (depth === 0 || Math.abs(error) <= 15 * tolerance) return left + right + error / 15;
    return refine(a, fa, m, fm, fl, left, depth - 1) + refine(m, fm, b, fb, fr, right, depth - 1);
  };
  const [fa, fm, fb] = [f(a), f(0.5 * (a + b)), f(b)];
  return refine(a, fa, b, fb, fm, ((b - a) / 6) * (fa + 4 * fm + fb), 20);
};
