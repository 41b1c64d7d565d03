import { UsageError } from "../errors.ts";
import { checkFinite, checkPositive } from "./check.ts";
import { type Cholesky, pivotedCholesky } from "./linear-algebra.ts";
import type { Matrix } from "./matrix.ts";

/** A normal law in d dimensions. Its covariance may be singular. */
export interface Gaussian {
  /** [d] */
  readonly mean: ArrayLike<number>;
  /** [d, d], symmetric and positive semi-definite. */
  readonly covariance: Matrix;
}

/** The Cholesky factor of the covariance, once mean and covariance have been found to be those of a normal law. */
export const checkGaussian = (where: string, name: string, { mean, covariance }: Gaussian): Cholesky => {
  const d = mean.length;
  if (covariance.rows !== d || covariance.columns !== d) {
    throw new UsageError(
      `${where}: the covariance of ${name} must be [${d},${d}] as its mean is [${d}]; ` +
        `got [${covariance.rows},${covariance.columns}]`,
    );
  }
  checkFinite(where, `the mean of ${name}`, mean);
  checkFinite(where, `the covariance of ${name}`, covariance.data);
  const { data } = covariance;
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < i; j++) {
      // |Σ_ij|² ≤ Σ_ii Σ_jj bounds an entry of a semi-definite matrix, and the rounding of one that was computed.
      const bound = Math.sqrt(Math.abs(data[i * d + i] * data[j * d + j]));
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
 * and the formula holds within it.
 */
export const gaussianKl = (p: Gaussian, q: Gaussian): number => {
  const factorP = checkGaussian("gaussianKl", "p", p).factor;
  const { factor: factorQ, pivots } = checkGaussian("gaussianKl", "q", q);
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
    }
    for (let i = 0; i < d; i++) {
      let sum = x[i];
      for (let t = 0; t < rank; t++) sum -= factorQ.data[i * rank + t] * z[t];
      if (Math.abs(sum) > 1e-6 * deviation(i)) return undefined;
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
  return 0.5 * (squares - rank) + logRatio;
};

/**
 * Jensen–Shannon divergence of N(μ₁, σ₁²) and N(μ₂, σ₂²), in [0, log 2]. There is no closed form: adaptive Simpson
 * quadrature of ½ [p log(p/m) + q log(q/m)], m = ½(p + q), to about 1e-12.
 *
 * @param mean1 μ₁
 * @param deviation1 σ₁ > 0, the standard deviation
 */
export const gaussianJensenShannon1d = (
  mean1: number,
  deviation1: number,
  mean2: number,
  deviation2: number,
): number => {
  checkFinite("gaussianJensenShannon1d", "the means", [mean1, mean2]);
  checkPositive("gaussianJensenShannon1d", "the first standard deviation", deviation1);
  checkPositive("gaussianJensenShannon1d", "the second standard deviation", deviation2);
  const logDensity = (x: number, mean: number, deviation: number) =>
    -0.5 * ((x - mean) / deviation) ** 2 - Math.log(deviation) - 0.5 * Math.log(2 * Math.PI);
  const integrand = (x: number) => {
    const logP = logDensity(x, mean1, deviation1);
    const logQ = logDensity(x, mean2, deviation2);
    // log(p/m) = log 2 − softplus(log q − log p): finite where a density underflows.
    return (
      0.5 *
      (Math.exp(logP) * (Math.LN2 - softplus(logQ - logP)) +
        Math.exp(logQ) * (Math.LN2 - softplus(logP - logQ)))
    );
  };
  // Panels on the scale of both laws, so that neither is missed however narrow; beyond 10 σ lies 1e-23 of the mass.
  const steps = [-10, -6, -4, -3, -2, -1, 0, 1, 2, 3, 4, 6, 10];
  const ends = steps
    .flatMap((step) => [mean1 + step * deviation1, mean2 + step * deviation2])
    .sort((x, y) => x - y);
  let sum = 0;
  for (let i = 1; i < ends.length; i++) sum += simpson(integrand, ends[i - 1], ends[i], 1e-14);
  return sum;
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
