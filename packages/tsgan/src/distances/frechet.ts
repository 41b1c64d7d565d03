import { UsageError } from "../errors.ts";
import { checkKeys, checkNumber } from "../options.ts";
import { pointsOf } from "./check.ts";
import { checkGaussian, factorOf, type Gaussian, type GaussianLike } from "./gaussian.ts";
import { eigenvaluesOf, matmul } from "./linear-algebra.ts";
import { type Matrix, type MatrixLike, transpose } from "./matrix.ts";
import { exponentOf, inRange, largestOf, nearOne, scaleAll, scaleBy, scaledBack } from "./scale.ts";

/** Samples [n, d], one a row, or the mean and covariance that were taken of them before. */
export type Moments = MatrixLike | GaussianLike;

export interface FrechetOptions {
  /**
   * ε added to the diagonal of both covariances inside the root only, as the published FID code does when its root
   * fails. Another number than without, by up to a few 1e-2, and possibly a little below 0. 0 without.
   */
  readonly rootEpsilon?: number | undefined;
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
export const moments = (samples: MatrixLike): Gaussian => {
  const { exponent, scaled: points } = nearOne(pointsOf("moments", "samples", samples, 2));
  const { mean, scaled } = centre(points[0]);
  const covariance = matmul(transpose(scaled), scaled);
  if (exponent === 0) return { mean, covariance };
  const back = (power: number) => (value: number) => scaledBack("moments", value, power * exponent);
  return {
    mean: mean.map(back(1)),
    covariance: { ...covariance, data: covariance.data.map(back(2)) },
  };
};

/** The mean, and the samples less their mean divided by √(n − 1), whose Gram matrix is the covariance. */
const centre = ({ rows: n, columns: d, data }: Matrix): { mean: Float64Array; scaled: Matrix } => {
  // Sums are taken about the first row: a feature that never changes then has a variance of exactly 0.
  const mean = new Float64Array(d);
  for (let i = 1; i < n; i++) for (let k = 0; k < d; k++) mean[k] += data[i * d + k] - data[k];
  for (let k = 0; k < d; k++) mean[k] = data[k] + mean[k] / n;
  const scaled = new Float64Array(n * d);
  const divisor = Math.sqrt(n - 1);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < d; k++) scaled[i * d + k] = (data[i * d + k] - mean[k]) / divisor;
  return { mean, scaled: { rows: n, columns: d, data: scaled } };
};

/** A law that has been checked: samples, or a normal law. */
type Checked = Matrix | Gaussian;

const isGaussian = (law: Moments): law is GaussianLike =>
  typeof law === "object" && law !== null && "covariance" in law;

const checkedLaw = (name: string, law: Moments): Checked =>
  isGaussian(law) ? checkGaussian("frechetDistance", name, law) : pointsOf("frechetDistance", name, law, 2);

/** Of a scale c: samples and means are as c, covariances as c². */
const sizeOfLaw = (law: Checked): number =>
  "mean" in law
    ? Math.max(largestOf(law.mean), Math.sqrt(largestOf(law.covariance.data)))
    : largestOf(law.data);

const scaledLaw = (law: Checked, exponent: number): Checked =>
  "mean" in law
    ? {
        mean: scaleAll(law.mean, exponent),
        covariance: { ...law.covariance, data: scaleAll(law.covariance.data, 2 * exponent) },
      }
    : { ...law, data: scaleAll(law.data, exponent) };

const equal = (x: Float64Array, y: Float64Array): boolean =>
  x.length === y.length && x.every((value, k) => value === y[k]);

/** Whether both are given by the very same numbers. */
const isSame = (p: Checked, q: Checked): boolean =>
  "mean" in p
    ? "mean" in q && equal(p.mean, q.mean) && equal(p.covariance.data, q.covariance.data)
    : "data" in q && p.columns === q.columns && equal(p.data, q.data);

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
function* terms(
  real: Moments,
  fake: Moments,
  options: FrechetOptions,
): Generator<Product, FrechetTerms, Matrix> {
  const where = "frechetDistance";
  checkKeys(where, options, ["rootEpsilon"]);
  const { rootEpsilon: given = 0 } = options;
  checkNumber(where, "rootEpsilon", given, { least: 0 });
  const laws = [checkedLaw("real", real), checkedLaw("fake", fake)] as const;
  const [d, columns] = laws.map((law) => ("mean" in law ? law.mean.length : law.columns));
  if (d !== columns) {
    throw new UsageError(
      `${where}: real and fake must have the same number of features; got ${d} and ${columns}`,
    );
  }
  const exponent = exponentOf(Math.max(...laws.map(sizeOfLaw)));
  const rootEpsilon = scaleBy(given, -2 * exponent);
  const p = yield* factorise("real", scaledLaw(laws[0], -exponent), rootEpsilon);
  const q = yield* factorise("fake", scaledLaw(laws[1], -exponent), rootEpsilon);
  const [narrow, wide] = p.factor.rows <= q.factor.rows ? [p.factor, q.factor] : [q.factor, p.factor];
  const product = yield { left: narrow, right: transpose(wide) };
  const gram = yield { left: product, right: transpose(product) };
  const eigenvalues = eigenvaluesOf(gram);
  // Eigenvalues that are nothing but rounding would count with their roots, which are large.
  const rounding = 4 * eigenvalues.length * Number.EPSILON * largestOf(eigenvalues);
  let traceSqrtProduct = 0;
  for (const eigenvalue of eigenvalues) if (eigenvalue > rounding) traceSqrtProduct += Math.sqrt(eigenvalue);
  if (rootEpsilon === 0 && isSame(...laws)) traceSqrtProduct = p.trace;

  let meanTerm = 0;
  for (let k = 0; k < d; k++) meanTerm += (p.mean[k] - q.mean[k]) ** 2;
  const value = meanTerm + p.trace + q.trace - 2 * traceSqrtProduct;
  const back = (term: number): number => scaledBack(where, inRange(where, term), 2 * exponent);
  return {
    value: back(rootEpsilon === 0 ? Math.max(0, value) : value),
    meanTerm: back(meanTerm),
    traceReal: back(p.trace),
    traceFake: back(q.trace),
    traceSqrtProduct: back(traceSqrtProduct),
  };
}

function* factorise(name: string, law: Checked, rootEpsilon: number): Generator<Product, Factored, Matrix> {
  if ("mean" in law) return factoriseGaussian(name, law, rootEpsilon);
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
  const { factor } = factorOf("frechetDistance", name, { ...covariance, data });
  return { mean, trace, factor: transpose(factor) };
};

/**
 * The terms of the squared Fréchet distance of two normal laws, which is their squared 2-Wasserstein distance
 * (Dowson & Landau 1982; FID's formula, Heusel et al. 2017):
 *
 *   |μ₁ − μ₂|² + tr Σ₁ + tr Σ₂ − 2 tr (Σ₁Σ₂)^½.
 *
 * Not rooted. Covariances may be singular, of fewer samples than features too. A negative value that rounding leaves
 * is set to 0, and equal arguments give 0. Errors are of the order of 1e-8 of the traces.
 *
 * @param real samples [n, d], n ≥ 2, or their moments
 * @param fake samples [m, d], m ≥ 2, or their moments
 * @throws UsageError for a covariance that is none, and for a result beyond the largest float
 */
export const frechetTerms = (real: Moments, fake: Moments, options: FrechetOptions = {}): FrechetTerms => {
  const steps = terms(real, fake, options);
  let step = steps.next();
  while (!step.done) step = steps.next(matmul(step.value.left, step.value.right));
  return step.value;
};

/**
 * `frechetTerms` with the matrix products left to `multiply`, for thousands of features, where they dominate: the
 * product of ONNX Runtime is some twenty times as fast as the one here.
 *
 * @param real mean and covariance of the real features, as `moments` gives them
 * @param fake those of the generated ones
 */
export const frechetTermsAsync = async (
  real: Moments,
  fake: Moments,
  multiply: (left: Matrix, right: Matrix) => Matrix | Promise<Matrix>,
  options: FrechetOptions = {},
): Promise<FrechetTerms> => {
  const steps = terms(real, fake, options);
  let step = steps.next();
  while (!step.done) step = steps.next(await multiply(step.value.left, step.value.right));
  return step.value;
};

/**
 * Squared Fréchet distance, the `value` of `frechetTerms`.
 *
 * @param real mean and covariance of the real features, as `moments` gives them
 * @param fake those of the generated ones
 * @example
 * ```ts
 * import { frechetDistance, moments } from "tsgan/distances";
 *
 * const real = moments([[0, 0], [1, 0], [0, 1], [1, 1]]);
 * const fake = moments([[3, 0], [4, 0], [3, 1], [4, 1]]);
 * console.log(frechetDistance(real, fake)); // 9: equal covariances, means 3 apart
 * ```
 */
export const frechetDistance = (real: Moments, fake: Moments, options: FrechetOptions = {}): number =>
  frechetTerms(real, fake, options).value;

/** Squared 2-Wasserstein distance of two normal laws (the Bures distance of the covariances when the means agree). */
export const gaussianW2Squared = (p: GaussianLike, q: GaussianLike): number => frechetDistance(p, q);
