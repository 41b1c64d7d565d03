/** Normalisation as functions of graph tensors. */
import { withFacts } from "../define/index.ts";
import {
  add,
  div,
  matmul,
  mean,
  mul,
  reshape,
  sizeOf,
  sqrt,
  square,
  stopGradient,
  sub,
  sum,
  type Tensor,
  variance,
} from "../graph/index.ts";

/**
 * (x − mean) / √(variance + ε), both over `axes`.
 *
 * @param epsilon ε > 0
 */
export const standardize = (x: Tensor, axes: readonly number[], epsilon: number): Tensor =>
  div(sub(x, mean(x, axes, true)), sqrt(add(variance(x, axes, true), epsilon)));

/** A vector of one value a channel, shaped to broadcast over x [N, C, …]. */
export const perChannel = (vector: Tensor, x: Tensor): Tensor =>
  reshape(vector, [1, x.shape[1], ...x.shape.slice(2).map(() => 1)]);

/** All axes but the channels'. */
const channelAxes = (x: Tensor): number[] => x.shape.map((_, i) => i).filter((i) => i !== 1);

export interface BatchStatistics {
  /** Shapes broadcast over x: 1 everywhere but at the channels. */
  readonly mean: Tensor;
  readonly variance: Tensor;
}

/**
 * Mean and biased variance of each channel over the batch and all positions.
 *
 * @param x [N, C, …]
 */
export const batchStatistics = (x: Tensor): BatchStatistics => ({
  mean: mean(x, channelAxes(x), true),
  variance: variance(x, channelAxes(x), true),
});

/**
 * γ · (x − mean) / √(variance + ε) + β with γ, β [C] (Ioffe & Szegedy 2015, arXiv:1502.03167).
 *
 * @param gamma γ, [C]
 * @param beta β, [C]
 * @param epsilon ε > 0
 */
export const batchNormalize = (
  x: Tensor,
  { mean, variance }: BatchStatistics,
  gamma: Tensor,
  beta: Tensor,
  epsilon = 1e-5,
): Tensor => {
  const scale = div(perChannel(gamma, x), sqrt(add(variance, epsilon)));
  return add(mul(sub(x, mean), scale), perChannel(beta, x));
};

/**
 * Batch norm in training mode: statistics of this very batch.
 *
 * @param x [N, C, …]
 * @param gamma γ, [C]
 * @param beta β, [C]
 * @param epsilon ε > 0, added to the variance
 */
export const batchNorm = (x: Tensor, gamma: Tensor, beta: Tensor, epsilon = 1e-5): Tensor =>
  batchNormalize(x, batchStatistics(x), gamma, beta, epsilon);

/**
 * Statistics per example over `axes`; γ and β have the shape of those axes (Ba et al. 2016, arXiv:1607.06450).
 *
 * @param x [N, …]
 * @param gamma γ
 * @param beta β
 * @param epsilon ε > 0, added to the variance
 */
export const layerNorm = (
  x: Tensor,
  gamma: Tensor,
  beta: Tensor,
  axes: readonly number[] = x.shape.map((_, i) => i).slice(1),
  epsilon = 1e-5,
): Tensor => {
  const shape = x.shape.map((n, i) => (axes.includes(i) ? n : 1));
  return add(mul(standardize(x, axes, epsilon), reshape(gamma, shape)), reshape(beta, shape));
};

/**
 * Statistics per example and group of channels; γ, β [C] (Wu & He 2018, arXiv:1803.08494).
 *
 * @param x [N, C, …]
 * @param gamma γ
 * @param beta β
 * @param groups by which C can be divided
 * @param epsilon ε > 0, added to the variance
 */
export const groupNorm = (x: Tensor, gamma: Tensor, beta: Tensor, groups: number, epsilon = 1e-5): Tensor => {
  const n = x.shape[0];
  const grouped = reshape(x, [n, groups, sizeOf(x.shape) / (n * groups)]);
  const normal = reshape(standardize(grouped, [2], epsilon), x.shape);
  return add(mul(normal, perChannel(gamma, x)), perChannel(beta, x));
};

/**
 * Statistics per example and channel; γ, β [C] (Ulyanov et al. 2016, arXiv:1607.08022).
 *
 * @param x [N, C, …]
 * @param gamma γ
 * @param beta β
 * @param epsilon ε > 0, added to the variance
 */
export const instanceNorm = (x: Tensor, gamma: Tensor, beta: Tensor, epsilon = 1e-5): Tensor => {
  const axes = x.shape.map((_, i) => i).slice(2);
  return add(mul(standardize(x, axes, epsilon), perChannel(gamma, x)), perChannel(beta, x));
};

export interface SpectralNorm {
  /** W / σ, in the shape of W. */
  readonly normalized: Tensor;
  /** σ = uᵀ W v, the estimate of the largest singular value. */
  readonly sigma: Tensor;
  /** The vectors after the last iteration, to be kept for the next step. */
  readonly u: Tensor;
  readonly v: Tensor;
}

const NORM_EPSILON = 1e-12;

const unit = (x: Tensor): Tensor => div(x, add(sqrt(sum(square(x))), NORM_EPSILON));

/**
 * Spectral normalisation (Miyato et al. 2018, arXiv:1802.05957, algorithm 1): W as [out, rest], power iterations
 * v ← Wᵀu / ‖Wᵀu‖, u ← Wv / ‖Wv‖, then W / uᵀWv. u and v are constants in the gradient; σ is not.
 *
 * @param u unit vector [out] from the step before
 */
export const spectralNormalize = withFacts(
  (weight: Tensor, u: Tensor, iterations = 1): SpectralNorm => {
    const out = weight.shape[0];
    const matrix = reshape(weight, [out, sizeOf(weight.shape) / out]);
    const constantMatrix = stopGradient(matrix);
    let row = reshape(stopGradient(u), [1, out]);
    let column = unit(matmul(row, constantMatrix));
    row = unit(matmul(column, constantMatrix, { transposeB: true }));
    for (let i = 1; i < iterations; i++) {
      column = unit(matmul(row, constantMatrix));
      row = unit(matmul(column, constantMatrix, { transposeB: true }));
    }
    const sigma = sum(mul(matmul(stopGradient(row), matrix), stopGradient(column)));
    return {
      normalized: div(weight, sigma),
      sigma,
      u: reshape(row, [out]),
      v: reshape(column, [matrix.shape[1]]),
    };
  },
  {
    name: "spectral-norm",
    title: "spectral normalisation (SN-GAN)",
    formulas: [
      {
        of: "constraint",
        text: "W / σ(W), σ(W) ≈ uᵀ W v, by one power iteration a step",
        latex: "W / \\sigma(W),\\; \\sigma(W) \\approx u^\\top W v",
      },
    ],
    symbols:
      "W: each weight of the critic as [out, rest]; σ: its largest singular value; u, v kept from step to step",
    papers: [
      {
        authors: "Miyato et al.",
        year: 2018,
        title: "Spectral normalization for generative adversarial networks",
        arxiv: "1802.05957",
        where: "eq. 8, algorithm 1",
      },
    ],
    approximates: "layers with slope of at most 1, and so a critic with slope of at most 1",
    failure:
      "for convolutions σ is that of the filter's matrix, not of the layer; u lags behind weights that change fast; the " +
      "bound is loose for deep critics, which become too flat",
    use: "`--model sngan`; `--set model.discriminatorNorm=spectral` for dcgan and resnet; `--model mlp --set model.spectralNorm=true`",
  },
);
