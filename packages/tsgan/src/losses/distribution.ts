/**
 * Divergences between distributions as training objectives: between discrete ones given by logits [..., K] (the mean
 * over all leading axes is taken), and between Gaussians with diagonal covariance. Natural logarithms.
 */
import { UsageError } from "../errors.ts";
import {
  abs,
  add,
  constant,
  div,
  exp,
  formatShape,
  log,
  logSoftmax,
  mean,
  minimum,
  mul,
  neg,
  relu,
  reshape,
  softmax,
  softplus,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
} from "../graph/index.ts";

/** log((eᵃ + eᵇ) / 2) */
const logMean = (a: Tensor, b: Tensor): Tensor => sub(add(a, softplus(sub(b, a))), Math.LN2);

/** KL(p‖q) = Σ p (log p − log q), p and q the softmaxes of the logits. Range [0, ∞). */
export const discreteKl = (pLogits: Tensor, qLogits: Tensor): Tensor =>
  mean(sum(mul(softmax(pLogits), sub(logSoftmax(pLogits), logSoftmax(qLogits))), -1));

/** Reverse KL, KL(q‖p). */
export const discreteReverseKl = (pLogits: Tensor, qLogits: Tensor): Tensor => discreteKl(qLogits, pLogits);

/** Jensen–Shannon: ½ KL(p‖m) + ½ KL(q‖m), m = ½(p + q). Range [0, log 2]. */
export const discreteJensenShannon = (pLogits: Tensor, qLogits: Tensor): Tensor => {
  const [logP, logQ] = [logSoftmax(pLogits), logSoftmax(qLogits)];
  const logM = logMean(logP, logQ);
  const terms = add(mul(softmax(pLogits), sub(logP, logM)), mul(softmax(qLogits), sub(logQ, logM)));
  return mul(mean(sum(terms, -1)), 0.5);
};

/** Total variation: ½ Σ |p − q|. Range [0, 1]. */
export const discreteTotalVariation = (pLogits: Tensor, qLogits: Tensor): Tensor =>
  mul(mean(sum(abs(sub(softmax(pLogits), softmax(qLogits))), -1)), 0.5);

/** N(mean, diag(std²)); mean and std are [d], std > 0. */
export interface DiagonalGaussian {
  readonly mean: Tensor;
  readonly std: Tensor;
}

/** KL(p‖q) = Σ over dimensions of log(σ_q/σ_p) + (σ_p² + (μ_p − μ_q)²) / 2σ_q² − ½. Range [0, ∞). */
export const gaussianKl = (p: DiagonalGaussian, q: DiagonalGaussian): Tensor => {
  const spread = add(square(div(p.std, q.std)), square(div(sub(p.mean, q.mean), q.std)));
  return sum(sub(add(log(div(q.std, p.std)), mul(spread, 0.5)), 0.5));
};

/** Reverse KL, KL(q‖p). */
export const gaussianReverseKl = (p: DiagonalGaussian, q: DiagonalGaussian): Tensor => gaussianKl(q, p);

/** Wasserstein-2 distance √(‖μ_p − μ_q‖² + ‖σ_p − σ_q‖²). Its derivative is not defined where p = q. */
export const gaussianW2 = (p: DiagonalGaussian, q: DiagonalGaussian): Tensor =>
  sqrt(add(sum(square(sub(p.mean, q.mean))), sum(square(sub(p.std, q.std)))));

/** A rule E h(t) ≈ Σᵢ wᵢ h(tᵢ) for standard normal t in d dimensions: points [S, d], weights [S]. */
export interface NormalRule {
  readonly points: Tensor;
  readonly weights: Tensor;
}

const GRID_STEP = 0.0125;
const GRID_END = 9;

/** The trapezoidal rule on [−9, 9] in one dimension: for smooth h as exact as float32 weights allow. */
export const normalGrid = (): NormalRule => {
  const size = 2 * (GRID_END / GRID_STEP) + 1;
  const points = Float32Array.from({ length: size }, (_, i) => i * GRID_STEP - GRID_END);
  const weights = points.map((t) => (GRID_STEP / Math.sqrt(2 * Math.PI)) * Math.exp(-0.5 * t * t));
  return { points: constant(points, [size, 1]), weights: constant(weights, [size]) };
};

/** Monte Carlo: standard normal noise [S, d], fresh for each step. */
export const normalSamples = (noise: Tensor): NormalRule => {
  const [samples] = noise.shape;
  return { points: noise, weights: constant(new Float32Array(samples).fill(1 / samples), [samples]) };
};

/** log p(x) of each row of x, without the constant −d/2 log 2π that all Gaussians share. */
const logDensity = (x: Tensor, { mean, std }: DiagonalGaussian): Tensor =>
  neg(sum(add(mul(square(div(sub(x, mean), std)), 0.5), log(std)), -1));

/** E_p of a function of log q(x) − log p(x). The points move with μ and σ, so derivatives are exact for the rule. */
const expectation = (
  p: DiagonalGaussian,
  q: DiagonalGaussian,
  { points, weights }: NormalRule,
  integrand: (logRatio: Tensor) => Tensor,
): Tensor => {
  if (points.shape[1] !== p.mean.shape[0]) {
    const got = `${formatShape(points.shape)} and ${formatShape(p.mean.shape)}`;
    throw new UsageError(`gaussian divergence: a rule [S,d] for d dimensions is needed; got ${got}`);
  }
  const x = add(mul(points, p.std), p.mean);
  return sum(mul(weights, integrand(sub(logDensity(x, q), logDensity(x, p)))));
};

/** Jensen–Shannon, ½ E_p(log p − log m) + ½ E_q(log q − log m), m = ½(p + q). No closed form: by a rule. */
export const gaussianJensenShannon = (
  p: DiagonalGaussian,
  q: DiagonalGaussian,
  rule: NormalRule = normalGrid(),
): Tensor => {
  // log p − log m = log 2 − softplus(log q − log p)
  const half = (a: DiagonalGaussian, b: DiagonalGaussian): Tensor =>
    expectation(a, b, rule, (logRatio) => sub(Math.LN2, softplus(logRatio)));
  return mul(add(half(p, q), half(q, p)), 0.5);
};

/** Total variation ½ ∫|p − q| = E_p max(0, 1 − q/p). By a rule. Range [0, 1]. */
export const gaussianTotalVariation = (
  p: DiagonalGaussian,
  q: DiagonalGaussian,
  rule: NormalRule = normalGrid(),
): Tensor => expectation(p, q, rule, (logRatio) => relu(sub(1, exp(minimum(logRatio, 0)))));

/** Wasserstein-1 distance in one dimension, E|μ_p − μ_q + (σ_p − σ_q) t|, t standard normal. By a rule. */
export const gaussianW1 = (p: DiagonalGaussian, q: DiagonalGaussian): Tensor => {
  const { points, weights } = normalGrid();
  const gap = add(sub(p.mean, q.mean), mul(sub(p.std, q.std), points));
  return sum(mul(weights, abs(reshape(gap, weights.shape))));
};
