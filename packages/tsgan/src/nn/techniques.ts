/** Stabilising techniques as functions of tensors (Salimans et al. 2016, arXiv:1606.03498, and after). */
import {
  abs,
  add,
  broadcastTo,
  concat,
  exp,
  formatShape,
  GraphError,
  matmul,
  mean,
  mul,
  neg,
  reshape,
  sizeOf,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  variance,
} from "../graph/index.ts";
import { checkInteger, checkNumber } from "../options.ts";
import { batchNorm, batchNormalize } from "./normalization.ts";

export interface MinibatchDiscriminationOptions {
  /** Whether an example counts as close to itself, which adds 1: yes in the paper, no in the authors' code. */
  readonly includeSelf?: boolean;
}

/**
 * Minibatch discrimination: how close each example is to the others, o(xᵢ)_b = Σⱼ exp(−‖M_ib − M_jb‖₁), M = features · T.
 * The result is to be concatenated to the features. Salimans et al. 2016, §3.2.
 *
 * @param features [N, A]
 * @param tensor T, [A, B, C]
 * @returns [N, B]
 */
export const minibatchDiscrimination = (
  features: Tensor,
  tensor: Tensor,
  { includeSelf = true }: MinibatchDiscriminationOptions = {},
): Tensor => {
  const [n] = features.shape;
  const [a, b, c] = tensor.shape;
  const rows = matmul(features, reshape(tensor, [a, b * c]));
  const differences = sub(reshape(rows, [n, 1, b, c]), reshape(rows, [1, n, b, c]));
  const closeness = sum(exp(neg(sum(abs(differences), 3))), 1);
  return includeSelf ? closeness : sub(closeness, 1);
};

export interface MinibatchStandardDeviationOptions {
  /** Examples that are compared with each other; the batch must divide into such groups. All by default. */
  readonly groupSize?: number;
}

const DEVIATION_EPSILON = 1e-8;

/**
 * Minibatch standard deviation: the deviation of each feature over a group of examples, averaged over features and
 * positions, is appended as one more channel. Karras et al. 2018, arXiv:1710.10196, §3; groups: arXiv:1912.04958.
 *
 * @param x [N, C, …]
 * @returns [N, C + 1, …]
 * @throws UsageError for a group size that is no whole number of at least 1, GraphError where the batch does not divide
 * into such groups
 */
export const minibatchStandardDeviation = (
  x: Tensor,
  { groupSize = x.shape[0] }: MinibatchStandardDeviationOptions = {},
): Tensor => {
  const [n, c, ...positions] = x.shape;
  checkInteger("minibatch standard deviation", "groupSize", groupSize, 1);
  if (n % groupSize !== 0) {
    throw new GraphError(
      `minibatch standard deviation: the batch must divide into groups of ${groupSize}; got ${formatShape(x.shape)}`,
    );
  }
  const groups = n / groupSize;
  const grouped = reshape(x, [groups, groupSize, c * sizeOf(positions)]);
  const deviation = mean(sqrt(add(variance(grouped, 1), DEVIATION_EPSILON)), 1);
  const ones = positions.map(() => 1);
  const perExample = broadcastTo(reshape(deviation, [groups, 1, 1, ...ones]), [
    groups,
    groupSize,
    1,
    ...ones,
  ]);
  return concat([x, broadcastTo(reshape(perExample, [n, 1, ...ones]), [n, 1, ...positions])], 1);
};

export interface VirtualBatchNorm {
  /** x, each example normalised by its own and the reference's statistics. */
  readonly output: Tensor;
  /** The reference batch, normalised by its own statistics: the next layer's reference. */
  readonly reference: Tensor;
}

/**
 * Virtual batch norm: an example is normalised by statistics that mix its own, with weight 1/(N + 1), and those of a
 * reference batch of N examples fixed before training, so that it does not depend on the others of its batch.
 * var = E x² − (E x)². Salimans et al. 2016, §3.5.
 *
 * @param x [M, C, …]
 * @param reference [N, C, …]
 * @param gamma scale [C]
 * @param beta shift [C]
 * @param epsilon added to the variance
 */
export const virtualBatchNorm = (
  x: Tensor,
  reference: Tensor,
  gamma: Tensor,
  beta: Tensor,
  epsilon = 1e-3,
): VirtualBatchNorm => {
  const weight = 1 / (reference.shape[0] + 1);
  const mixedMean = (own: Tensor, fixed: Tensor): Tensor => {
    const axes = own.shape.map((_, i) => i).filter((i) => i !== 1);
    const positions = axes.slice(1);
    return add(mul(mean(own, positions, true), weight), mul(mean(fixed, axes, true), 1 - weight));
  };
  const first = mixedMean(x, reference);
  const second = mixedMean(square(x), square(reference));
  const statistics = { mean: first, variance: sub(second, square(first)) };
  return {
    output: batchNormalize(x, statistics, gamma, beta, epsilon),
    reference: batchNorm(reference, gamma, beta, epsilon),
  };
};

/**
 * Deviation of instance noise at a step: initial · max(0, 1 − step / annealSteps). Noise of that deviation is added to
 * real and generated samples alike. Sønderby et al. 2017, arXiv:1610.04490; Arjovsky & Bottou 2017, arXiv:1701.04862.
 *
 * @throws UsageError for a negative deviation, or an annealing of no steps
 */
export const instanceNoiseSigma = (step: number, initial: number, annealSteps: number): number => {
  checkNumber("instance noise", "initial", initial, { least: 0 });
  checkNumber("instance noise", "annealSteps", annealSteps, { least: Number.MIN_VALUE });
  return initial * Math.max(0, 1 - step / annealSteps);
};

/**
 * Packing: `count` examples become one, side by side along the channels, so that the discriminator sees how varied they
 * are. Lin et al. 2018, arXiv:1712.04086.
 *
 * @param x [N, C, …]
 * @returns [N / count, count · C, …]
 * @throws UsageError for a count below 1, GraphError for a batch that is no multiple of it
 */
export const pack = (x: Tensor, count: number): Tensor => {
  const [n, c, ...positions] = x.shape;
  checkInteger("pack", "count", count, 1);
  if (n % count !== 0) {
    throw new GraphError(`pack: the batch must be a multiple of ${count}; got ${formatShape(x.shape)}`);
  }
  return reshape(x, [n / count, count * c, ...positions]);
};
