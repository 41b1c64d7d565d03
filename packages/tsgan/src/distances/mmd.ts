import { UsageError } from "../errors.ts";
import { checkChoice, checkInteger, checkNumber } from "../options.ts";
import { pairOf } from "./check.ts";
import { checkEstimator, type Estimator } from "./energy.ts";
import type { Matrix, MatrixLike } from "./matrix.ts";
import { fillInnerProducts, fillSquaredDistances } from "./pairwise.ts";

/** A kernel k(x, y) as a function of |x − y|² or of x·y, and of the dimension d. */
export interface Kernel {
  readonly of: "squared-distance" | "inner-product";
  value(s: number, dimension: number): number;
}

/** Bandwidths whose squares are numbers. */
const BANDWIDTHS = { least: 1e-150, most: 1e150 };

/** Gaussian kernel exp(−|x − y|²/(2σ²)) of bandwidth σ, from 1e-150 to 1e150. */
export const rbfKernel = (bandwidth: number): Kernel => rbfMixtureKernel([bandwidth]);

/**
 * Sum, or mean, over bandwidths σ of the kernels exp(−|x − y|²/(2σ²)): no single bandwidth suits every scale
 * (Li et al. 2015, generative moment matching networks, §2.1, sum; MMD GAN, Li et al. 2017).
 *
 * @param combine whether the kernels are added up or averaged
 * @throws UsageError for no bandwidth, or one that is not positive
 */
export const rbfMixtureKernel = (bandwidths: readonly number[], combine: "sum" | "mean" = "sum"): Kernel => {
  if (!Array.isArray(bandwidths) || bandwidths.length === 0) {
    throw new UsageError(
      `rbfMixtureKernel: bandwidths must be a list of at least 1 number; got ${JSON.stringify(bandwidths)}`,
    );
  }
  for (const bandwidth of bandwidths) checkNumber("rbfMixtureKernel", "a bandwidth", bandwidth, BANDWIDTHS);
  checkChoice("rbfMixtureKernel", "combine", combine, ["sum", "mean"]);
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

/**
 * Polynomial kernel (x·y/d + 1)ᵏ of degree k; k = 3 is KID's (Bińkowski et al. 2018, §4).
 *
 * @throws UsageError for a degree that is no whole number of at least 1
 */
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
 * @throws UsageError where the kernel is not finite: a polynomial of points that are too large
 */
export const mmdSquared = (
  x: MatrixLike,
  y: MatrixLike,
  kernel: Kernel,
  estimator: Estimator = "unbiased",
): number => {
  const where = "mmdSquared";
  checkEstimator(where, estimator);
  if (typeof kernel?.value !== "function") {
    throw new UsageError(`${where}: the kernel must be one, such as rbfKernel(1); got ${typeof kernel}`);
  }
  const distinct = estimator === "unbiased";
  const [xs, ys] = pairOf(where, ["x", "y"], [x, y], distinct ? 2 : 1);
  const n = xs.rows;
  const m = ys.rows;
  const excluded = distinct ? 1 : 0;
  const value =
    kernelSum(kernel, xs, xs, distinct) / (n * (n - excluded)) +
    kernelSum(kernel, ys, ys, distinct) / (m * (m - excluded)) -
    (2 * kernelSum(kernel, xs, ys, false)) / (n * m);
  if (!Number.isFinite(value)) {
    throw new UsageError(
      `${where}: the kernel must be finite for these points; got a sum of ${value}; divide the points by their size`,
    );
  }
  return value;
};
