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
  },
  "dcgan-port": {
    title: "DCGAN, the popular TensorFlow port",
    config: popularDcgan,
  },
  pacgan: {
    title: "PacGAN with packs of two",
    // R fjxmlzn/PacGAN stacked_MNIST_experiments: the popular DCGAN, generator twice, batch 64.
    config: { ...popularDcgan, techniques: [{ name: "packing", count: 2 }] },
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
  },
  "wgan-gp": {
    title: "WGAN-GP for digits",
    config: wganGp,
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
  },
  "wgan-lp": {
    title: "WGAN with the one-sided Lipschitz penalty",
    config: { ...wganGp, penalties: [{ name: "wgan-lp", weight: 10 }] },
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
    // U the paper's points.
  },
};
