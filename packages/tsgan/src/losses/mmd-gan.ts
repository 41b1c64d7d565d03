import { choice } from "../define/index.ts";
import { add, exp, matmul, mean, mul, neg, power, sub, sum, type Tensor } from "../graph/index.ts";
import { defineLoss } from "./loss.ts";
import { checkEmbeddings, offDiagonal, squaredDistances } from "./pairwise.ts";
import { pointModel } from "./preset-parts.ts";
import { SYMBOLS } from "./shared-facts.ts";

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

/** Mean of k over the pairs of two batches; over pairs of different members for a batch with itself. */
const meanKernel = (kernel: Kernel, x: Tensor, y: Tensor): Tensor => {
  const matrix = kernel(x, y);
  if (x !== y) return mean(matrix);
  const n = x.shape[0];
  return mul(sum(mul(matrix, offDiagonal(n))), 1 / (n * (n - 1)));
};

/**
 * MMD-GAN: the discriminator is a feature map, and a fixed kernel compares the two batches of features. G minimises the
 * squared maximum mean discrepancy MMD² = E k(r, r′) + E k(f, f′) − 2 E k(r, f) of the embeddings, D maximises it. The
 * estimator is unbiased (pairs of different samples), so it may be below 0.
 *
 * Scores: embeddings [N, d], N ≥ 2. D needs a constraint: weight clipping (Li) or a gradient penalty on the slope of the
 * witness E k(·, r) − E k(·, f) (Bińkowski).
 * Li et al. 2017, arXiv:1705.08584 (who take the root, and add an auto-encoder); Bińkowski et al. 2018, arXiv:1801.01401.
 */
export const mmdGan = defineLoss({
  name: "mmd-gan",
  title: "MMD-GAN",
  scores: "embedding",
  usesReal: true,
  options: {
    kernel: choice(["gaussian", "rational-quadratic"], {
      default: "rational-quadratic",
      means: "gaussian: σ = 1, 2, 4, 8, 16; rational-quadratic: α = 0.1, 1, 10, plus the dot product",
      symbol: "k",
    }),
  },
  formulas: [
    { of: "discriminator", text: "−MMD²(r, f)", latex: "-\\mathrm{MMD}^2(r, f)" },
    {
      of: "generator",
      text: "MMD²(r, f) = E k(r, r′) + E k(f, f′) − 2 E k(r, f)",
      latex:
        "\\mathrm{MMD}^2(r, f) = \\mathbb{E}\\,k(r, r') + \\mathbb{E}\\,k(f, f') - 2\\,\\mathbb{E}\\,k(r, f)",
    },
  ],
  symbols: `${SYMBOLS}; scores are vectors; k: kernel; E k(r, r′) over different samples`,
  papers: [
    {
      authors: "Li et al.",
      year: 2017,
      title: "MMD GAN: towards deeper understanding of moment matching network",
      arxiv: "1705.08584",
    },
    { authors: "Bińkowski et al.", year: 2018, title: "Demystifying MMD GANs", arxiv: "1801.01401" },
  ],
  approximates: "the largest squared maximum mean discrepancy over the discriminator's feature maps",
  failure:
    "needs a constraint on the feature map (`gradient-penalty` or `weight-clipping`); kernels of fixed width are " +
    "flat for embeddings far apart",
  notes:
    "Unbiased, so values below 0 are normal near the end. Li et al. take its root and add an auto-encoder. Gradient " +
    "penalties look at the slope of the witness E k(D(x), r) − E k(D(x), f), as Bińkowski et al. do.",
  presets: {
    // All pairs of a batch are compared, so it is small.
    "mmd-gan": {
      points: {
        penalties: [{ name: "gradient-penalty", weight: 0.1 }],
        batch: 64,
        model: { ...pointModel, discriminatorOutput: "embedding", code: 8 },
      },
      source: "Bińkowski et al. 2018, arXiv:1801.01401, take WGAN-GP's penalty on the witness",
    },
  },
  create: ({ kernel }) => {
    const k = kernels[kernel];
    const discrepancy = (real: Tensor, fake: Tensor): Tensor => {
      checkEmbeddings("mmd-gan", real, fake, 2);
      const self = add(meanKernel(k, real, real), meanKernel(k, fake, fake));
      return sub(self, mul(meanKernel(k, real, fake), 2));
    };
    return {
      discriminator: (real, fake) => neg(discrepancy(real, fake)),
      generator: discrepancy,
      witness: (scores, real, fake) => sub(mean(k(scores, real), 1), mean(k(scores, fake), 1)),
    };
  },
});
