/**
 * Recipes of the models with labels and codes, for 28 × 28 digits. "Read" is what the named code was seen to do; "recalled"
 * is what the paper is remembered to say and has not been checked against its text.
 */
import type { OptimizerConfig, Schedule } from "../../nn/index.ts";
import type { PartialConfig } from "../config.ts";

const adam = (learningRate: Schedule): OptimizerConfig => ({
  name: "adam",
  learningRate,
  beta1: 0.5,
  beta2: 0.999,
});

const both = (optimizer: OptimizerConfig): PartialConfig["optimizer"] => ({
  generator: optimizer,
  discriminator: optimizer,
});

const shared = {
  loss: { name: "non-saturating" },
  penalties: [],
  criticSteps: 1,
  generatorSteps: 1,
} as const;

export const conditionalRecipes: Readonly<Record<"cgan" | "acgan" | "infogan" | "sgan", PartialConfig>> = {
  // The convolutional port of Newmu/dcgan_code, mnist/train_cond_dcgan.py (read): Adam 2e-4, β1 0.5, batch 128, z of 100
  // U(−1, 1), 100 epochs and 100 of linear decay to 0. There the label enters at every layer, here at the first, and
  // weights decay by 2.5e-5. The paper's own networks are MLPs with maxout, trained by SGD with momentum (recalled).
  cgan: {
    ...shared,
    model: { name: "cgan", conditioning: "concatenate", latent: 100, latentDistribution: "uniform" },
    optimizer: both(adam({ kind: "linear", from: 2e-4, to: 0, start: 46_900, end: 93_800 })),
    batch: 128,
    steps: 93_800,
  },
  // Odena et al. 2017, appendix (recalled): Adam 2e-4 (0.5, 0.999), batch 100, z of 110. The paper's discriminator has
  // dropout 0.5, this one batch norm. Gulrajani et al.'s gan_cifar_resnet.py (read) has weight 1 for real classes in D, 0 for
  // generated ones and 0.1 in G; the paper has 1 everywhere, which is followed.
  acgan: {
    ...shared,
    model: { name: "acgan", classWeight: 1, fakeClassWeight: 1, generatorClassWeight: 1, latent: 110 },
    optimizer: both(adam(2e-4)),
    batch: 100,
    steps: 60_000,
  },
  // openai/InfoGAN, launchers/run_mnist_exp.py (read): Adam with 2e-4 for D and 1e-3 for G, β1 0.5, batch 128, 62 numbers of
  // noise U(−1, 1), ten categories and two continuous codes, weight 1, 50 × 100 updates.
  infogan: {
    ...shared,
    model: {
      name: "infogan",
      noise: 62,
      latentDistribution: "uniform",
      categories: 10,
      continuous: 2,
      informationWeight: 1,
    },
    optimizer: { generator: adam(1e-3), discriminator: adam(2e-4) },
    batch: 128,
    steps: 5_000,
  },
  // Losses of openai/improved-gan, train_mnist_feature_matching.py (read): cross-entropy + ½ (real + fake) for D, feature
  // matching for G. That code trains weight-normalised MLPs with noise on every layer for 180,000 steps at 3e-3. This is
  // a small convolutional network with layer norm and dropout and what was found to suit it: docs/conditional.md.
  sgan: {
    ...shared,
    model: { name: "sgan", base: 16, labelledBatch: 64 },
    labelsPerClass: 100,
    optimizer: { generator: adam(1e-3), discriminator: adam({ kind: "linear", from: 1e-3, to: 0 }) },
    batch: 64,
    steps: 2_000,
  },
};
