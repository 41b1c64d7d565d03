/**
 * Distances between distributions, on plain float64 arrays: what a GAN's loss estimates, computed exactly where that
 * can be done. Sets of points are matrices with one point a row.
 */
export type { PointCosts } from "./costs.ts";
export {
  chiSquaredNeyman,
  chiSquaredPearson,
  hellingerSquared,
  jensenShannon,
  kl,
  reverseKl,
  totalVariation,
} from "./discrete.ts";
export { type Estimator, energyDistanceSquared, energyDistanceSquared1d } from "./energy.ts";
export {
  type FrechetOptions,
  type FrechetTerms,
  frechetDistance,
  frechetTerms,
  frechetTermsAsync,
  gaussianW2Squared,
  type Moments,
  moments,
} from "./frechet.ts";
export { type Gaussian, type GaussianLike, gaussianJensenShannon1d, gaussianKl } from "./gaussian.ts";
export { matmul, symmetricEigenvalues } from "./linear-algebra.ts";
export { type Matrix, type MatrixLike, matrix, takeRows, transpose } from "./matrix.ts";
export {
  type Kernel,
  linearKernel,
  mmdSquared,
  polynomialKernel,
  rbfKernel,
  rbfMixtureKernel,
} from "./mmd.ts";
export { type Cost, costMatrix } from "./pairwise.ts";
export { type ParallelLines, parallelLines } from "./parallel-lines.ts";
export {
  type Cloud,
  type Sinkhorn,
  type SinkhornDivergence,
  type SinkhornOptions,
  sinkhorn,
  sinkhornDivergence,
} from "./sinkhorn.ts";
export { randomDirections, type SlicedWasserstein, slicedWasserstein } from "./sliced.ts";
export { exactTransport, type Plan, type Transport } from "./transport.ts";
export { type Wasserstein1dOptions, wasserstein1d, wasserstein1dPower } from "./wasserstein-1d.ts";
