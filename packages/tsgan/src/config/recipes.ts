/**
 * Recipes: what the papers' authors trained with, as data. Where code and paper disagree the recipe says which it follows.
 * In comments, R marks what was read in the named code, U what is recalled from a paper and has not been checked.
 */
import { unknownName } from "../errors.ts";
import { catalogue } from "../losses/index.ts";
import type { OptimizerConfig, Schedule } from "../nn/index.ts";
import type { PartialConfig, RunConfig } from "./config.ts";
import { conditionalRecipes } from "./recipes/conditional.ts";

export interface Recipe {
  readonly title: string;
  /** What it is for. */
  readonly data: "images" | "labelled images" | "pairs of images" | "points";
  readonly config: PartialConfig;
  /** Where the numbers come from. */
  readonly source: string;
  /** Which of paper and code it follows, and what is not as there. */
  readonly notes: string;
}

type Rate = Schedule;

const both = (optimizer: OptimizerConfig): RunConfig["optimizer"] => ({
  generator: optimizer,
  discriminator: optimizer,
});

const adam = (
  learningRate: Rate,
  beta1: number,
  beta2: number,
  extra: Readonly<Record<string, number>> = {},
): OptimizerConfig => ({ name: "adam", learningRate, beta1, beta2, ...extra });

/** What most papers have in common. Few keep an average of the generator. */
const plain = {
  penalties: [],
  criticSteps: 1,
  generatorSteps: 1,
  techniques: [],
} as const satisfies PartialConfig;

/** WGAN's schedule: 100 critic steps for each of the first 25 generator steps, and for every 500th. */
const bursts = { steps: 5, burst: 100, first: 25, every: 500 } as const;

// R igul/gan_mnist.py: no norms, N(0,1) of 128, batch 50, 200 k generator steps.
const wganGp = {
  ...plain,
  model: {
    name: "dcgan",
    latent: 128,
    latentDistribution: "normal",
    generatorNorm: "none",
    discriminatorNorm: "none",
  },
  loss: { name: "wasserstein" },
  penalties: [{ name: "gradient-penalty", weight: 10 }],
  optimizer: both(adam(1e-4, 0.5, 0.9)),
  criticSteps: 5,
  batch: 50,
  steps: 200_000,
} as const satisfies PartialConfig;

const popularDcgan = {
  ...plain,
  model: { name: "dcgan", base: 64, latent: 100, latentDistribution: "uniform" },
  loss: { name: "non-saturating" },
  optimizer: both(adam(2e-4, 0.5, 0.999)),
  generatorSteps: 2,
  batch: 64,
} as const satisfies PartialConfig;

const images: Readonly<Record<string, Omit<Recipe, "data">>> = {
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

const points: Readonly<Record<string, Omit<Recipe, "data">>> = {
  "wgan-gp-toy": {
    title: "WGAN-GP for points",
    config: {
      ...wganGp,
      model: { name: "mlp", latent: 2, hidden: [512, 512, 512] },
      penalties: [{ name: "gradient-penalty", weight: 0.1 }],
      batch: 256,
      steps: 100_000,
    },
    source: "igul222/improved_wgan_training, gan_toy.py (read)",
    notes: "Follows the code; the penalty is a hundredth of that for images.",
  },
};

const pairs: Readonly<Record<string, Omit<Recipe, "data">>> = {
  pix2pix: {
    title: "translation learnt from pairs",
    config: {
      ...plain,
      model: { name: "pix2pix", lambda: 100 },
      loss: { name: "non-saturating" },
      // R 100 epochs, and 100 of linear decay: here of 400 pairs.
      optimizer: both(adam({ kind: "linear", from: 2e-4, to: 0, start: 40_000, end: 80_000 }, 0.5, 0.999)),
      batch: 1,
      steps: 80_000,
    },
    source:
      "junyanz/pytorch-CycleGAN-and-pix2pix, pix2pix_model.py (read); Isola et al. 2017, arXiv:1611.07004",
    notes: "Follows the code. No random crops and flips; dropout in training only.",
  },
  cyclegan: {
    title: "translation both ways, without pairs",
    config: {
      ...plain,
      // Twice the weight for the adversarial loss: their least squares have no factor ½.
      model: { name: "cyclegan", lambda: 10, identity: 0.5, adversarial: 2 },
      loss: { name: "least-squares" },
      // R 100 epochs, and 100 of linear decay: here of 1,000 images.
      optimizer: both(adam({ kind: "linear", from: 2e-4, to: 0, start: 100_000, end: 200_000 }, 0.5, 0.999)),
      batch: 1,
      steps: 200_000,
      techniques: [{ name: "image-pool", size: 50 }],
    },
    source:
      "junyanz/pytorch-CycleGAN-and-pix2pix, cycle_gan_model.py (read); Zhu et al. 2017, arXiv:1703.10593",
    notes:
      "Follows the code. No random crops and flips; one pool for pairs of fakes, where there is one for each kind.",
  },
};

const conditional = (
  name: keyof typeof conditionalRecipes,
  words: Omit<Recipe, "config" | "data">,
): [string, Omit<Recipe, "data">] => [name, { ...words, config: conditionalRecipes[name] }];

const labelled = Object.fromEntries([
  conditional("cgan", {
    title: "conditional GAN with the label concatenated",
    source: "Newmu/dcgan_code, mnist/train_cond_dcgan.py (read); Mirza & Osindero 2014, arXiv:1411.1784",
    notes:
      "Follows the code, but the label enters at the first layer instead of at every one, and weights do not decay.",
  }),
  conditional("acgan", {
    title: "auxiliary classifier GAN",
    source: "Odena et al. 2017, arXiv:1610.09585, appendix (recalled, not checked)",
    notes:
      "Follows the paper's weight 1 of the classes in both losses, of real and of generated images in the discriminator's; " +
      "the discriminator has batch norm instead of dropout.",
  }),
  conditional("sgan", {
    title: "semi-supervised GAN with 100 labels a class",
    source:
      "openai/improved-gan, train_mnist_feature_matching.py (read); Salimans et al. 2016, arXiv:1606.03498",
    notes: "Follows the code's losses; the networks and the learning rate are tsgan's own.",
  }),
]);

const withCodes = Object.fromEntries([
  conditional("infogan", {
    title: "InfoGAN for digits",
    source: "openai/InfoGAN, launchers/run_mnist_exp.py (read); Chen et al. 2016, arXiv:1606.03657",
    notes:
      "Follows the code, networks included, but for the category's one-hot vector, which is √62/3 long, so that it is not lost " +
      "beside the noise. Images of more than 32 × 32 get DCGAN's networks.",
  }),
]);

const withData = (
  data: Recipe["data"],
  group: Readonly<Record<string, Omit<Recipe, "data">>>,
): [string, Recipe][] => Object.entries(group).map(([name, recipe]) => [name, { ...recipe, data }]);

export const recipes: Readonly<Record<string, Recipe>> = Object.fromEntries([
  ...withData("images", images),
  ...withData("images", withCodes),
  ...withData("labelled images", labelled),
  ...withData("pairs of images", pairs),
  ...withData("points", points),
]);

/** The recipe of that name; throws with the nearest name where there is none. */
export const recipeOf = (name: string): Recipe => {
  if (Object.hasOwn(recipes, name)) return recipes[name];
  throw unknownName("recipe", name, Object.keys(recipes));
};
