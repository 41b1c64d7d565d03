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
    source: "kodalinaveen3/DRAGAN, the notebook for digits (read); Kodali et al. 2017, arXiv:1705.07215",
    notes:
      "Follows the authors' code, but for the points: x + ½ std(x) · U[0, 1) itself, where they go a random part of the " +
      "way there. Other codes differ again.",
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
    source:
      "carpedm20/BEGAN-tensorflow, config.py and trainer.py (read); Berthelot et al. 2017, arXiv:1703.10717",
    notes:
      "Follows this code, where β1 is 0.9 in effect. Other ports have γ = 0.75 and smaller networks with batch norm. Made for faces: " +
      "an auto-encoder of digits on black gives inverted ones back as well, and in 6,000 steps of small networks the generator stayed with " +
      "one of those. `--model study-net --set model.discriminatorOutput=reconstruction`, with images in [0, 1], makes digits.",
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
    source: "hwalsuklee/tensorflow-generative-model-collections (read); Zhao et al. 2017, arXiv:1609.03126",
    notes:
      "Follows this code in all but the energy, here a mean squared error for each example in [−1, 1]; its margin " +
      "max(1, batch/64) is 1 at batch 64.",
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
    source: "google/compare_gan at b8ebb17, BestModelSNDCGan (read); Miyato et al. 2018, arXiv:1802.05957",
    notes:
      "Follows the code, one of the paper's six settings. The widths are those of the paper as ported by RelativisticGAN. Seen: " +
      "after 300 steps at base 16 on mnist, strokes in the middle of black images, hardly a digit yet.",
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
    source: "pfnet-research/sngan_projection, configs/sn_cifar10_unconditional.yml (read)",
    notes:
      "Follows the authors' code. Heavy on a processor: width 64 in both networks is a tenth of the work.",
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
    source: "AlexiaJM/RelativisticGAN, code/stable.sh (read); Jolicoeur-Martineau 2018, arXiv:1807.00734",
    notes: "Follows the code, whose loss is half of this one: with Adam the same.",
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
    source: "brownvc/R3GAN, train.py for CIFAR-10 (read); Huang et al. 2024, arXiv:2501.05441",
    notes:
      "Follows the code, but: width 64, one block a resolution and 8 groups instead of 768, 2 and 96; γ stays at 0.05 where " +
      "it falls to 0.005; no augmentation, where its probability rises to 0.55.",
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
          source: "Nowozin et al. 2016, arXiv:1606.00709, §3 (recalled, not checked)",
          notes:
            "No code of the authors was found. The paper's generator has two layers of 1200 with batch norm; here both networks " +
            "have two of 240.",
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
    source: "mbinkowski/MMD-GAN, mnist.sh and core/model.py (read); Bińkowski et al. 2018, arXiv:1801.01401",
    notes:
      "Follows the code, whose penalty is on the slope of the witness function, but: no L2 term on the features; the learning " +
      "rate does not watch KID.",
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
    source: "OctoberChang/MMD-GAN, mmd_gan.py and run_exp.sh (read); Li et al. 2017, arXiv:1705.08584",
    notes:
      "Follows the code, but: MMD² and not its root, and without the auto-encoder (weight 8) and the rank hinge (weight 16).",
  },
};
