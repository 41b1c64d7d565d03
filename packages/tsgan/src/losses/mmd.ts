/** MMD-GAN: the discriminator is a feature map, and a fixed kernel compares the two batches of features. */
import { add, exp, matmul, mean, mul, neg, power, sub, sum, type Tensor } from "../graph/index.ts";
import { checkChoice } from "../options.ts";
import type { AdversarialLoss } from "./loss.ts";
import { checkEmbeddings, offDiagonal, squaredDistances } from "./pairwise.ts";
import { defineLoss } from "./scores.ts";

type Kernel = (x: Tensor, y: Tensor) => Tensor;

/** Li et al. 2017: Σ_σ exp(−‖x − y‖² / 2σ²), σ = 1, 2, 4, 8, 16. */
const gaussianMixture: Kernel = (x, y) => {
  const distances = squaredDistances(x, y);
  return [1, 2, 4, 8, 16].map((sigma) => exp(mul(distances, -1 / (2 * sigma * sigma)))).reduce(add);
};

/** Bińkowski et al. 2018: Σ_α (1 + ‖x − y‖² / 2α)^−α + xy, α = 0.1, 1, 10 as in the authors' code. */
const rationalQuadratic: Kernel = (x, y) => {
  const distances = squaredDistances(x, y);
  return [0.1, 1, 10]
    .map((alpha) => power(add(1, mul(distances, 1 / (2 * alpha))), -alpha))
    .reduce(add, matmul(x, y, { transposeB: true }));
};

const kernels = { gaussian: gaussianMixture, "rational-quadratic": rationalQuadratic };

export interface MmdOptions {
  readonly kernel?: "gaussian" | "rational-quadratic";
}

/** Mean of k over the pairs of two batches; over pairs of different members for a batch with itself. */
const meanKernel = (kernel: Kernel, x: Tensor, y: Tensor): Tensor => {
  const matrix = kernel(x, y);
  if (x !== y) return mean(matrix);
  const n = x.shape[0];
  return mul(sum(mul(matrix, offDiagonal(n))), 1 / (n * (n - 1)));
};

/**
 * MMD-GAN: G minimises the squared maximum mean discrepancy MMD² = E k(r, r′) + E k(f, f′) − 2 E k(r, f) of the
 * embeddings, D maximises it. The estimator is unbiased (pairs of different samples), so it may be below 0.
 *
 * Scores: embeddings [N, d], N ≥ 2. D needs a constraint: weight clipping (Li) or a gradient penalty on the slope of the
 * witness E k(·, r) − E k(·, f) (Bińkowski).
 * Li et al. 2017, arXiv:1705.08584 (who take the root, and add an auto-encoder); Bińkowski et al. 2018, arXiv:1801.01401.
 */
export const mmdGan = ({ kernel = "rational-quadratic" }: MmdOptions = {}): AdversarialLoss => {
  checkChoice("mmd-gan", "kernel", kernel, Object.keys(kernels));
  const k = kernels[kernel];
  const discrepancy = (real: Tensor, fake: Tensor): Tensor => {
    checkEmbeddings("mmd-gan", real, fake, 2);
    const self = add(meanKernel(k, real, real), meanKernel(k, fake, fake));
    return sub(self, mul(meanKernel(k, real, fake), 2));
  };
  return defineLoss({
    name: "mmd-gan",
    options: { kernel },
    scores: "embedding",
    relativistic: true,
    discriminator: (real, fake) => neg(discrepancy(real, fake)),
    generator: discrepancy,
    witness: (scores, real, fake) => sub(mean(k(scores, real), 1), mean(k(scores, fake), 1)),
  });
};
