import { UsageError } from "../errors.ts";
import { checkPoints } from "./check.ts";
import { checkGaussian, type Gaussian } from "./gaussian.ts";
import { matmul, symmetricEigenvalues } from "./linear-algebra.ts";
import { type Matrix, transpose } from "./matrix.ts";

/** Samples [n, d], one a row, or the mean and covariance that were taken of them before. */
export type Moments = Matrix | Gaussian;

export interface FrechetOptions {
  /**
   * ε added to the diagonal of both covariances inside the root only, as the published FID code does when its root
   * fails. Another number than without, by up to a few 1e-2, and possibly a little below 0. 0 without.
   */
  readonly rootEpsilon?: number;
}

/** The terms of the squared Fréchet distance; `value` = meanTerm + traceReal + traceFake − 2 traceSqrtProduct. */
export interface FrechetTerms {
  readonly value: number;
  /** |μ₁ − μ₂|² */
  readonly meanTerm: number;
  /** tr Σ₁ */
  readonly traceReal: number;
  /** tr Σ₂ */
  readonly traceFake: number;
  /** tr (Σ₁Σ₂)^½ */
  readonly traceSqrtProduct: number;
}

/** Mean and covariance (divisor n − 1) of samples [n, d], n ≥ 2: what to keep of a training set. */
export const moments = (samples: Matrix): Gaussian => {
  checkPoints("moments", "samples", samples, 2);
  const { mean, scaled } = centre(samples);
  return { mean, covariance: matmul(transpose(scaled), scaled) };
};

/** The mean, and the samples less their mean divided by √(n − 1), whose Gram matrix is the covariance. */
const centre = ({ rows: n, columns: d, data }: Matrix): { mean: Float64Array; scaled: Matrix } => {
  const mean = new Float64Array(d);
  for (let i = 0; i < n; i++) for (let k = 0; k < d; k++) mean[k] += data[i * d + k];
  for (let k = 0; k < d; k++) mean[k] /= n;
  const scaled = new Float64Array(n * d);
  const divisor = Math.sqrt(n - 1);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < d; k++) scaled[i * d + k] = (data[i * d + k] - mean[k]) / divisor;
  return { mean, scaled: { rows: n, columns: d, data: scaled } };
};

/** A matrix product that is asked for: left · right. */
interface Product {
  readonly left: Matrix;
  readonly right: Matrix;
}

/** A law as mean, trace of its covariance Σ, and a factor F [r, d] with FᵀF = Σ. */
interface Factored {
  readonly mean: ArrayLike<number>;
  readonly trace: number;
  readonly factor: Matrix;
}

/**
 * With Σ₁ = F₁ᵀF₁ and Σ₂ = F₂ᵀF₂, tr (Σ₁Σ₂)^½ is the nuclear norm of F₁F₂ᵀ: no root of a covariance is formed, and
 * singular ones need no care. For n ≤ d samples F is the centred data itself, otherwise a Cholesky factor.
 *
 * A generator, so that the same steps run on a product that answers at once and on one that answers later.
 */
function* terms(real: Moments, fake: Moments, rootEpsilon: number): Generator<Product, FrechetTerms, Matrix> {
  if (!(rootEpsilon >= 0 && rootEpsilon < Number.POSITIVE_INFINITY)) {
    throw new UsageError(`frechetDistance: rootEpsilon must be a number of at least 0; got ${rootEpsilon}`);
  }
  const p = yield* factorise("real", real, rootEpsilon);
  const q = yield* factorise("fake", fake, rootEpsilon);
  const d = p.mean.length;
  if (q.mean.length !== d) {
    throw new UsageError(
      `frechetDistance: real and fake must have the same number of features; got ${d} and ${q.mean.length}`,
    );
  }
  const [narrow, wide] = p.factor.rows <= q.factor.rows ? [p.factor, q.factor] : [q.factor, p.factor];
  const product = yield { left: narrow, right: transpose(wide) };
  const gram = yield { left: product, right: transpose(product) };
  let traceSqrtProduct = 0;
  for (const eigenvalue of symmetricEigenvalues(gram)) traceSqrtProduct += Math.sqrt(Math.max(0, eigenvalue));

  let meanTerm = 0;
  for (let k = 0; k < d; k++) meanTerm += (p.mean[k] - q.mean[k]) ** 2;
  const value = meanTerm + p.trace + q.trace - 2 * traceSqrtProduct;
  return {
    value: rootEpsilon === 0 ? Math.max(0, value) : value,
    meanTerm,
    traceReal: p.trace,
    traceFake: q.trace,
    traceSqrtProduct,
  };
}

function* factorise(name: string, law: Moments, rootEpsilon: number): Generator<Product, Factored, Matrix> {
  if ("covariance" in law) return factoriseGaussian(name, law, rootEpsilon);
  checkPoints("frechetDistance", name, law, 2);
  const { mean, scaled } = centre(law);
  if (law.rows <= law.columns && rootEpsilon === 0) {
    return { mean, trace: scaled.data.reduce((sum, x) => sum + x * x, 0), factor: scaled };
  }
  const covariance = yield { left: transpose(scaled), right: scaled };
  return factoriseGaussian(name, { mean, covariance }, rootEpsilon);
}

const factoriseGaussian = (name: string, { mean, covariance }: Gaussian, rootEpsilon: number): Factored => {
  const d = mean.length;
  const data = Float64Array.from(covariance.data);
  let trace = 0;
  for (let k = 0; k < d; k++) {
    trace += data[k * d + k];
    data[k * d + k] += rootEpsilon;
  }
  const { factor } = checkGaussian("frechetDistance", name, { mean, covariance: { ...covariance, data } });
  return { mean, trace, factor: transpose(factor) };
};

/**
 * The terms of the squared Fréchet distance of two normal laws, which is their squared 2-Wasserstein distance
 * (Dowson & Landau 1982; FID's formula, Heusel et al. 2017):
 *
 *   |μ₁ − μ₂|² + tr Σ₁ + tr Σ₂ − 2 tr (Σ₁Σ₂)^½.
 *
 * Not rooted. Covariances may be singular, of fewer samples than features too. A negative value that rounding leaves
 * is set to 0.
 *
 * @param real samples [n, d], n ≥ 2, or their moments
 * @param fake samples [m, d], m ≥ 2, or their moments
 */
export const frechetTerms = (
  real: Moments,
  fake: Moments,
  { rootEpsilon = 0 }: FrechetOptions = {},
): FrechetTerms => {
  const steps = terms(real, fake, rootEpsilon);
  let step = steps.next();
  while (!step.done) step = steps.next(matmul(step.value.left, step.value.right));
  return step.value;
};

/**
 * `frechetTerms` with the matrix products left to `multiply`, for thousands of features, where they dominate: the
 * product of ONNX Runtime is some twenty times as fast as the one here.
 */
export const frechetTermsAsync = async (
  real: Moments,
  fake: Moments,
  multiply: (left: Matrix, right: Matrix) => Matrix | Promise<Matrix>,
  { rootEpsilon = 0 }: FrechetOptions = {},
): Promise<FrechetTerms> => {
  const steps = terms(real, fake, rootEpsilon);
  let step = steps.next();
  while (!step.done) step = steps.next(await multiply(step.value.left, step.value.right));
  return step.value;
};

/** Squared Fréchet distance, the `value` of `frechetTerms`. */
export const frechetDistance = (real: Moments, fake: Moments, options: FrechetOptions = {}): number =>
  frechetTerms(real, fake, options).value;

/** Squared 2-Wasserstein distance of two normal laws (the Bures distance of the covariances when the means agree). */
export const gaussianW2Squared = (p: Gaussian, q: Gaussian): number => frechetDistance(p, q);
