/** Gaussians with diagonal covariance, and expectations under them. */
import { UsageError } from "../../errors.ts";
import {
  add,
  constant,
  div,
  formatShape,
  log,
  mul,
  neg,
  square,
  sub,
  sum,
  type Tensor,
} from "../../graph/index.ts";

/** N(mean, diag(std²)); mean and std are [d], std > 0. */
export interface DiagonalGaussian {
  readonly mean: Tensor;
  readonly std: Tensor;
}

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
export const expectation = (
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
