/** Losses beside the adversarial game: classes, codes, reconstructions, features. All are means over the batch. */
import { UsageError } from "../errors.ts";
import {
  abs,
  add,
  div,
  exampleNorm,
  expandLast,
  flatten,
  formatShape,
  logSoftmax,
  logSumExp,
  matmul,
  mean,
  mul,
  neg,
  oneHot,
  sameShape,
  softplus,
  square,
  stopGradient,
  sub,
  sum,
  type Tensor,
} from "../graph/index.ts";
import { checkNumber } from "../options.ts";
import { offDiagonal } from "./pairwise.ts";

/**
 * Softmax cross-entropy −E Σ_k t_k log softmax(x)_k of logits [N, K] against classes [N] (int32). With `smoothing` s the
 * targets are (1 − s) onehot + s/K.
 */
export const classCrossEntropy = (logits: Tensor, labels: Tensor, smoothing = 0): Tensor => {
  const classes = logits.shape[logits.shape.length - 1];
  if (!sameShape(logits.shape, [...labels.shape, classes])) {
    const got = `${formatShape(logits.shape)} and ${formatShape(labels.shape)}`;
    throw new UsageError(`classCrossEntropy: logits [N,K] and labels [N] are needed; got ${got}`);
  }
  checkNumber("classCrossEntropy", "smoothing", smoothing, { least: 0, most: 1 });
  const targets = add(mul(oneHot(labels, classes), 1 - smoothing), smoothing / classes);
  return neg(mean(sum(mul(targets, logSoftmax(logits)), -1)));
};

/**
 * AC-GAN: D minimises CE(real) + CE(fake), G minimises CE(fake), beside the adversarial loss. `labelSmoothing` touches
 * the targets of real samples only. Odena et al. 2017, arXiv:1610.09585.
 */
export const acgan = ({ labelSmoothing = 0 }: { readonly labelSmoothing?: number } = {}) => ({
  discriminator: (realLogits: Tensor, realLabels: Tensor, fakeLogits: Tensor, fakeLabels: Tensor): Tensor =>
    add(classCrossEntropy(realLogits, realLabels, labelSmoothing), classCrossEntropy(fakeLogits, fakeLabels)),
  generator: (fakeLogits: Tensor, fakeLabels: Tensor): Tensor => classCrossEntropy(fakeLogits, fakeLabels),
});

/** The logit of "real" where there are K class logits and an implicit K+1-th of 0: Z = log Σ exp, [N]. */
export const realnessLogit = (logits: Tensor): Tensor => logSumExp(logits, -1);

/**
 * Semi-supervised GAN with K+1 classes, the K+1-th ("generated") logit fixed at 0, so that D = σ(Z), Z = log Σ_k exp.
 * D minimises the sum of the three parts; the authors' code weighs the last two with ½. The generator is usually given
 * `featureMatching` instead of its own part here. Salimans et al. 2016, arXiv:1606.03498, §5.
 */
export const semiSupervised = {
  /** E(Z − logit of the label), over labelled samples. */
  supervised: (logits: Tensor, labels: Tensor): Tensor => classCrossEntropy(logits, labels),
  /** E softplus(−Z), over unlabelled samples. */
  unsupervisedReal: (logits: Tensor): Tensor => mean(softplus(neg(realnessLogit(logits)))),
  /** E softplus(Z), over generated samples. */
  unsupervisedFake: (logits: Tensor): Tensor => mean(softplus(realnessLogit(logits))),
  discriminator: (labelled: Tensor, labels: Tensor, unlabelled: Tensor, fake: Tensor): Tensor =>
    add(
      semiSupervised.supervised(labelled, labels),
      add(semiSupervised.unsupervisedReal(unlabelled), semiSupervised.unsupervisedFake(fake)),
    ),
  /** E softplus(−Z), over generated samples. */
  generator: (fake: Tensor): Tensor => mean(softplus(neg(realnessLogit(fake)))),
};

/**
 * InfoGAN's negative mutual-information bound, up to the entropy of the code. Chen et al. 2016, arXiv:1606.03657, §4–5.
 */
export const infogan = {
  /** Cross-entropy of a categorical code: log K minus this bounds the mutual information for a uniform code. */
  categorical: (logits: Tensor, code: Tensor): Tensor => classCrossEntropy(logits, code),
  /** E Σ over code dimensions of ½((c − μ)/s)² + log s + ½ log 2π: a Gaussian of fixed deviation s. */
  gaussian: (predictedMean: Tensor, code: Tensor, std = 1): Tensor => {
    checkNumber("infogan", "std", std, { least: Number.MIN_VALUE });
    const standard = mul(sub(code, predictedMean), 1 / std);
    const perDimension = add(mul(square(standard), 0.5), Math.log(std) + 0.5 * Math.log(2 * Math.PI));
    return mean(sum(perDimension, -1));
  },
  /** log K − cross-entropy, a lower bound of the mutual information of sample and uniform code, in nats. */
  categoricalBound: (logits: Tensor, code: Tensor): Tensor =>
    sub(Math.log(logits.shape[logits.shape.length - 1]), classCrossEntropy(logits, code)),
};

/** E|x − y|, the L1 distance of pix2pix, cycles and identities. */
export const l1 = (x: Tensor, y: Tensor): Tensor => {
  if (!sameShape(x.shape, y.shape)) {
    throw new UsageError(`l1: shapes must agree; got ${formatShape(x.shape)} and ${formatShape(y.shape)}`);
  }
  return mean(abs(sub(x, y)));
};

/**
 * Cycle consistency λ(E|F(G(x)) − x| + E|G(F(y)) − y|). Zhu et al. 2017, arXiv:1703.10593, eq. 2. (TF-GAN's value is half
 * of the sum.)
 */
export const cycleConsistency = (
  x: Tensor,
  xReconstructed: Tensor,
  y: Tensor,
  yReconstructed: Tensor,
  lambda = 10,
): Tensor => mul(add(l1(xReconstructed, x), l1(yReconstructed, y)), lambda);

/** pix2pix: G minimises E softplus(−scores) + λ E|generated − target|. Isola et al. 2017, arXiv:1611.07004, eq. 4. */
export const pix2pix = (fakeScores: Tensor, generated: Tensor, target: Tensor, lambda = 100): Tensor =>
  add(mean(softplus(neg(fakeScores))), mul(l1(generated, target), lambda));

/** ‖E φ(real) − E φ(fake)‖² of features [N, …]. Salimans et al. 2016, arXiv:1606.03498, §3.1. */
export const featureMatching = (realFeatures: Tensor, fakeFeatures: Tensor): Tensor =>
  sum(square(sub(mean(realFeatures, 0), mean(fakeFeatures, 0))));

/** Mean of past values θ[1] … θ[t], along the first axis of the history. A constant in the gradient. */
export const historicalMean = (history: Tensor): Tensor => stopGradient(mean(history, 0));

/** ‖θ − average‖², the average over past values held constant. Salimans et al. 2016, arXiv:1606.03498, §3.3. */
export const historicalAveraging = (parameters: Tensor, average: Tensor): Tensor =>
  sum(square(sub(parameters, stopGradient(average))));

/** Under the root of a norm: keeps the derivative finite at 0. */
const NORM_EPSILON = 1e-12;

/**
 * Pulling-away term of EBGAN's generator: 1/(N(N − 1)) Σ_{i≠j} cos²(sᵢ, sⱼ) of the encoder's features [N, …].
 * Range [0, 1]. Zhao et al. 2017, arXiv:1609.03126, §2.4.
 */
export const pullingAway = (features: Tensor): Tensor => {
  const [n] = features.shape;
  if (n < 2) throw new UsageError(`pullingAway: at least two examples are needed; got ${n}`);
  const unit = div(flatten(features), expandLast(exampleNorm(features, NORM_EPSILON)));
  const cosines = matmul(unit, unit, { transposeB: true });
  return mul(sum(mul(square(cosines), offDiagonal(n))), 1 / (n * (n - 1)));
};

/** E(label · score), what `wassersteinLabels` is made of, for labels as a tensor. */
export const labelledMean = (labels: Tensor, scores: Tensor): Tensor => {
  if (!sameShape(labels.shape, scores.shape)) {
    const got = `${formatShape(labels.shape)} and ${formatShape(scores.shape)}`;
    throw new UsageError(`labelledMean: labels must have the shape of the scores; got ${got}`);
  }
  return mean(mul(labels, scores));
};
