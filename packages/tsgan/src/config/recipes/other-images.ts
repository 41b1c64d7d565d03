/**
 * Recipes for images: what came beside and after the Wasserstein family. Where code and paper disagree the recipe says which it follows. In comments, R marks what was read in the
 * named code, U what is recalled from a paper and has not been checked.
 */
import { catalogue } from "../../losses/index.ts";
import { adam, both, bursts, plain, type Recipe, type RecipeGroup } from "./recipe.ts";

export const otherImages: RecipeGroup = {
  dragan: {
    title: "DRAGAN with small perceptrons",
    config: {
      ...plain,
      model: { name: "mlp", latent: 100, latentDistribution: "uniform", hidden: [128] },
      loss: { name: "non-saturating" },
      penalties: [{ name: "dragan", weight: 10 }],
      optimizer: both(adam(1e-4, 0.5, 0.9)),
      batch: 128,
      steps: 200_000,
    },
  },
  began: {
    title: "boundary equilibrium with an auto-encoder",
    config: {
      ...plain,
      model: { name: "began", base: 128, code: 64, latent: 64, latentDistribution: "uniform" },
      loss: { name: "began", gamma: 0.5, lambda: 1e-3, k: 0 },
      // R halved every 100 k down to 2e-5; the flag for β1 0.5 never reaches the optimiser.
      optimizer: both(
        adam({ kind: "exponential", from: 8e-5, factor: 0.5, every: 100_000, floor: 2e-5 }, 0.9, 0.999),
      ),
      batch: 16,
      steps: 500_000,
    },
  },
  ebgan: {
    title: "energy-based GAN with a pulling-away term",
    config: {
      ...plain,
      model: { name: "ebgan", latent: 62, latentDistribution: "uniform", pullingAway: 0.1 },
      loss: { name: "ebgan", margin: 1 },
      // R the generator's learning rate is 5 times the discriminator's.
      optimizer: { generator: adam(1e-3, 0.5, 0.999), discriminator: adam(2e-4, 0.5, 0.999) },
      batch: 64,
    },
  },
  sngan: {
    title: "spectral norm with plain convolutions",
    config: {
      ...plain,
      // R compare_gan BestModelSNDCGan; U that it is setting C of the paper's table 1.
      model: { name: "sngan", latent: 128, latentDistribution: "normal" },
      loss: { name: "non-saturating" },
      optimizer: both(adam(2e-4, 0.5, 0.999)),
      batch: 64,
      steps: 200_000,
    },
  },
  "sngan-resnet": {
    title: "spectral norm with residual networks",
    config: {
      ...plain,
      model: {
        name: "resnet",
        latent: 128,
        generatorWidth: 256,
        discriminatorWidth: 128,
        discriminatorNorm: "spectral",
        pool: "sum",
      },
      loss: { name: "hinge" },
      optimizer: both(adam({ kind: "linear", from: 2e-4, to: 0 }, 0, 0.9)),
      criticSteps: 5,
      batch: 64,
      generatorBatch: 128,
      steps: 50_000,
    },
  },
  ragan: {
    title: "relativistic average GAN",
    config: {
      ...plain,
      model: { name: "sngan", latent: 128, latentDistribution: "normal" },
      loss: { name: "relativistic-average" },
      optimizer: both(adam(2e-4, 0.5, 0.999)),
      batch: 32,
      steps: 100_000,
    },
  },
  "rpgan-r1-r2": {
    title: "R3GAN: relativistic pairs with R1 and R2, at a small scale",
    config: {
      ...plain,
      model: { name: "r3gan", latent: 64, latentDistribution: "normal" },
      loss: { name: "relativistic-paired" },
      penalties: [
        { name: "r1", weight: 0.05 },
        { name: "r2", weight: 0.05 },
      ],
      // R every schedule is a cosine over 20 M images.
      optimizer: both({
        name: "adam",
        learningRate: { kind: "cosine", from: 2e-4, to: 5e-5 },
        beta1: 0,
        beta2: { kind: "cosine", from: 0.9, to: 0.99 },
      }),
      batch: 512,
      steps: 39_063,
      // R a half-life of 5 M images.
      techniques: [{ name: "ema", decay: 0.99993 }],
    },
  },
  ...Object.fromEntries(
    catalogue.names
      .filter((name) => name.startsWith("fgan-"))
      .map((loss): [string, Omit<Recipe, "data">] => [
        loss,
        {
          title: `f-GAN, ${loss.slice("fgan-".length)}`,
          config: {
            ...plain,
            // U all of it: no official code was found.
            model: {
              name: "mlp",
              latent: 100,
              latentDistribution: "uniform",
              hidden: [240, 240],
              discriminatorActivation: "elu",
            },
            loss: { name: loss },
            optimizer: both(adam(2e-4, 0.5, 0.999)),
            batch: 4096,
          },
        },
      ]),
  ),
  "mmd-gan": {
    title: "MMD-GAN with a gradient penalty",
    config: {
      ...plain,
      model: {
        name: "dcgan",
        latent: 128,
        latentDistribution: "uniform",
        discriminatorNorm: "none",
        discriminatorOutput: "embedding",
        code: 16,
      },
      loss: { name: "mmd-gan", kernel: "rational-quadratic" },
      penalties: [{ name: "gradient-penalty", weight: 1 }],
      optimizer: both({ ...adam(1e-4, 0.5, 0.9), links: [{ name: "clip", limit: 1 }] }),
      criticSteps: 5,
      batch: 64,
      steps: 50_000,
    },
  },
  "mmd-gan-clipping": {
    title: "MMD-GAN with weight clipping",
    config: {
      ...plain,
      model: {
        name: "dcgan",
        latent: 10,
        latentDistribution: "normal",
        discriminatorNorm: "batch",
        discriminatorOutput: "embedding",
        code: 10,
      },
      loss: { name: "mmd-gan", kernel: "gaussian" },
      penalties: [{ name: "weight-clipping", limit: 0.01 }],
      optimizer: both({ name: "rmsprop", learningRate: 5e-5 }),
      criticSteps: bursts,
      batch: 64,
    },
  },
};
