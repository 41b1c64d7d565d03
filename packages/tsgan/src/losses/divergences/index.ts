/**
 * Divergences between distributions as training objectives: between discrete ones given by logits [..., K] (the mean
 * over all leading axes is taken), and between Gaussians with diagonal covariance. Natural logarithms.
 */
export { type DiagonalGaussian, type NormalRule, normalGrid, normalSamples } from "./gaussian.ts";
export { gaussianW1, gaussianW2 } from "./gaussian-wasserstein.ts";
export { discreteJensenShannon, gaussianJensenShannon } from "./jensen-shannon.ts";
export { discreteKl, gaussianKl } from "./kl.ts";
export { discreteReverseKl, gaussianReverseKl } from "./reverse-kl.ts";
export { discreteTotalVariation, gaussianTotalVariation } from "./total-variation.ts";
