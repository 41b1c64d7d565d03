/**
 * Recipes for images: the first GAN, DCGAN, least squares, and the Wasserstein family. Where code and paper disagree the recipe says which it follows. In comments, R marks what was read in the
 * named code, U what is recalled from a paper and has not been checked.
 */
import { adam, both, bursts, plain, popularDcgan, type RecipeGroup, wganGp } from "./recipe.ts";

export const firstImages: RecipeGroup = {
  "gan-2014": {
    title: "the first GAN: perceptrons with maxout and dropout",
    config: {
      ...plain,
      model: { name: "gan-2014", latent: 100, latentDistribution: "unit-uniform" },
      loss: { name: "non-saturating" },
      // R learning rate 0.1, divided by 1.000004 an update down to 1e-6; momentum 0.5 → 0.7 over 250 epochs of 600 updates.
      optimizer: both({
        name: "sgd",
        learningRate: { kind: "exponential", from: 0.1, factor: 1 / 1.000004, every: 1, floor: 1e-6 },
        momentum: { kind: "linear", from: 0.5, to: 0.7, start: 0, end: 150_000 },
      }),
      batch: 100,
      steps: 150_000,
    },
    source: "goodfeli/adversarial, mnist.yaml (read); Goodfellow et al. 2014, arXiv:1406.2661",
    notes:
      "Follows the code. The generator's output bias starts at 0 instead of the logit of the pixels' means, and learning " +
      "rate and momentum change by update, not by epoch.",
  },
  dcgan: {
    title: "DCGAN, the authors' code for faces",
    config: {
      ...plain,
      // R 128 base filters; R weight decay 1e-5, which is not in the paper (U).
      model: { name: "dcgan", base: 128, latent: 100, latentDistribution: "uniform" },
      loss: { name: "non-saturating" },
      optimizer: both(adam(2e-4, 0.5, 0.999, { weightDecay: 1e-5 })),
      batch: 128,
    },
    source: "Newmu/dcgan_code, faces/train_uncond_dcgan.py (read); Radford et al. 2016, arXiv:1511.06434",
    notes:
      "Follows the code, whose weight decay the paper does not have. Kernels are 4 × 4 instead of 5 × 5.",
  },
  "dcgan-port": {
    title: "DCGAN, the popular TensorFlow port",
    config: popularDcgan,
    source: "carpedm20/DCGAN-tensorflow, main.py and model.py (read)",
    notes: "Two generator steps for each discriminator step. Kernels are 4 × 4 instead of 5 × 5.",
  },
  pacgan: {
    title: "PacGAN with packs of two",
    // R fjxmlzn/PacGAN stacked_MNIST_experiments: the popular DCGAN, generator twice, batch 64.
    config: { ...popularDcgan, techniques: [{ name: "packing", count: 2 }] },
    source: "fjxmlzn/PacGAN, stacked_MNIST_experiments (read); Lin et al. 2018, arXiv:1712.04086",
    notes: "Follows the code. There a batch is of 64 packs, here of 64 examples.",
  },
  lsgan: {
    title: "least squares, as in the study",
    config: {
      ...plain,
      model: { name: "study-net", latent: 64, discriminatorOutput: "probability" },
      loss: { name: "least-squares", a: 0, b: 1, c: 1 },
      optimizer: both(adam(2e-4, 0.5, 0.999)),
      batch: 64,
      // R 20 epochs of 50 000 images.
      steps: 15_625,
    },
    source:
      "google/compare_gan at 49495fd, params.py and gans/LSGAN.py (read); Mao et al. 2017, arXiv:1611.04076",
    notes:
      "Follows the code, which squares the sigmoid of the score; the paper squares the score itself: " +
      'discriminatorOutput "score" does that.',
  },
  wgan: {
    title: "Wasserstein GAN with weight clipping",
    config: {
      ...plain,
      model: { name: "dcgan", latent: 100, latentDistribution: "normal", discriminatorNorm: "batch" },
      loss: { name: "wasserstein" },
      penalties: [{ name: "weight-clipping", limit: 0.01 }],
      optimizer: both({ name: "rmsprop", learningRate: 5e-5 }),
      criticSteps: bursts,
      batch: 64,
    },
    source: "martinarjovsky/WassersteinGAN, main.py (read); Arjovsky et al. 2017, arXiv:1701.07875",
    notes:
      "Follows the code, with its bursts of critic steps, which the paper does not have. The code clips before each " +
      "critic step, tsgan after it; both clip batch norm's scales too.",
  },
  "wgan-gp": {
    title: "WGAN-GP for digits",
    config: wganGp,
    source: "igul222/improved_wgan_training, gan_mnist.py (read); Gulrajani et al. 2017, arXiv:1704.00028",
    notes:
      "Follows the code; the paper's algorithm 1 has β1 = 0. The networks are tsgan's DCGAN without norms: 4 × 4 kernels " +
      "instead of 5 × 5, tanh instead of a sigmoid.",
  },
  "wgan-gp-resnet": {
    title: "WGAN-GP with residual networks",
    config: {
      ...wganGp,
      model: {
        name: "resnet",
        latent: 128,
        generatorWidth: 128,
        discriminatorWidth: 128,
        discriminatorNorm: "none",
        pool: "mean",
      },
      optimizer: both(adam({ kind: "linear", from: 2e-4, to: 0 }, 0, 0.9)),
      batch: 64,
      generatorBatch: 128,
      steps: 100_000,
    },
    source: "igul222/improved_wgan_training, gan_cifar_resnet.py with ACGAN=False (read)",
    notes: "Follows the code, but for the noise U(0, 1/128) that it adds to real images.",
  },
  "wgan-lp": {
    title: "WGAN with the one-sided Lipschitz penalty",
    config: { ...wganGp, penalties: [{ name: "wgan-lp", weight: 10 }] },
    source: "lukovnikov/improved_wgan_training, gan_cifar.py (read); Petzka et al. 2018, arXiv:1709.08894",
    notes: "Follows the code; all but the penalty is wgan-gp's.",
  },
  "wgan-div": {
    title: "Wasserstein divergence",
    config: {
      ...plain,
      model: { name: "dcgan", latent: 100, latentDistribution: "normal", discriminatorNorm: "none" },
      loss: { name: "wasserstein" },
      penalties: [{ name: "wgan-div", weight: 2, exponent: 6, at: "real-and-fake" }],
      optimizer: both(adam(2e-4, 0.5, 0.999)),
      criticSteps: 5,
      batch: 64,
    },
    source: "eriklindernoren/PyTorch-GAN, wgan_div (read); Wu et al. 2018, arXiv:1712.01026",
    // U the paper's points.
    notes:
      "Follows the popular code, which takes the slope at the samples themselves; the paper draws interpolates " +
      '(at "interpolates"), with the same k and p.',
  },
};
