import { UsageError } from "../errors.ts";
import { checkInteger, checkPair, checkPositive } from "./check.ts";
import type { Estimator } from "./energy.ts";
import type { Matrix } from "./matrix.ts";
import { fillInnerProducts, fillSquaredDistances } from "./pairwise.ts";

/** A kernel k(x, y) as a function of |x − y|² or of x·y, and of the dimension d. */
export interface Kernel {
  readonly of: "squared-distance" | "inner-product";
  value(s: number, dimension: number): number;
}

/** Gaussian kernel exp(−|x − y|²/(2σ²)) of bandwidth σ > 0. */
export const rbfKernel = (bandwidth: number): Kernel => rbfMixtureKernel([bandwidth]);

/**
 * Sum, or mean, over bandwidths σ of the kernels exp(−|x − y|²/(2σ²)): no single bandwidth suits every scale
 * (Li et al. 2015, generative moment matching networks, §2.1, sum; MMD GAN, Li et al. 2017).
 */
export const rbfMixtureKernel = (bandwidths: readonly number[], combine: "sum" | "mean" = "sum"): Kernel => {
  if (bandwidths.length === 0)
    throw new UsageError("rbfMixtureKernel: bandwidths must hold at least 1 number; got 0");
  for (const bandwidth of bandwidths) checkPositive("rbfMixtureKernel", "a bandwidth", bandwidth);
  const rates = bandwidths.map((bandwidth) => -1 / (2 * bandwidth * bandwidth));
  const weight = combine === "sum" ? 1 : 1 / bandwidths.length;
  return {
    of: "squared-distance",
    value: (squaredDistance) => {
      let sum = 0;
      for (const rate of rates) sum += Math.exp(rate * squaredDistance);
      return weight * sum;
    },
  };
};

/** Polynomial kernel (x·y/d + 1)ᵏ of degree k; k = 3 is KID's (Bińkowski et al. 2018, §4). */
export const polynomialKernel = (degree = 3): Kernel => {
  checkInteger("polynomialKernel", "degree", degree, 1);
  return {
    of: "inner-product",
    value: (product, dimension) => {
      const base = product / dimension + 1;
      let power = base;
      for (let k = 1; k < degree; k++) power *= base; // far faster than the general power
      return power;
    },
  };
};

/** Linear kernel x·y: the biased MMD² is |mean x − mean y|². */
export const linearKernel = (): Kernel => ({ of: "inner-product", value: (product) => product });

/** Σ_i Σ_j k(x_i, y_j), without the terms i = j where `distinct`. */
const kernelSum = (kernel: Kernel, x: Matrix, y: Matrix, distinct: boolean): number => {
  const fill = kernel.of === "inner-product" ? fillInnerProducts : fillSquaredDistances;
  const row = new Float64Array(y.rows);
  let sum = 0;
  for (let i = 0; i < x.rows; i++) {
    fill(x, i, y, row);
    let rowSum = 0;
    for (let j = 0; j < y.rows; j++) if (!distinct || j !== i) rowSum += kernel.value(row[j], x.columns);
    sum += rowSum;
  }
  return sum;
};

/**
 * Squared maximum mean discrepancy MMD² = E k(X, X′) + E k(Y, Y′) − 2 E k(X, Y) (Gretton et al. 2012).
 *
 * @param x [n, d]
 * @param y [m, d]
 * @param estimator "biased" (eq. 5, all pairs, never negative but for rounding) or "unbiased" (eq. 3, i ≠ j within
 *   each set, may be negative, needs two samples of each)
 */
export const mmdSquared = (
  x: Matrix,
  y: Matrix,
  kernel: Kernel,
  estimator: Estimator = "unbiased",
): number => {
  const distinct = estimator === "unbiased";
  checkPair("mmdSquared", ["x", "y"], x, y, distinct ? 2 : 1);
  const n = x.rows;
  const m = y.rows;
  const excluded = distinct ? 1 : 0;
  return (
    kernelSum(kernel, x, x, distinct) / (n * (n - excluded)) +
    kernelSum(kernel, y, y, distinct) / (m * (m - excluded)) -
    (2 * kernelSum(kernel, x, y, false)) / (n * m)
  );
};
