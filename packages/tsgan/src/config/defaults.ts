/** What a run does where nothing is said, for images, for points and for rows of a table. */
import type { OptimizerConfig } from "../nn/index.ts";
import type { RunConfig } from "./config.ts";

export const both = (optimizer: OptimizerConfig): RunConfig["optimizer"] => ({
  generator: optimizer,
  discriminator: optimizer,
});

const shared = {
  loss: { name: "non-saturating" },
  penalties: [],
  terms: [],
  adversarialWeight: 1,
  criticSteps: 1,
  generatorSteps: 1,
  seed: 1,
  keepCheckpoints: 3,
  logEvery: 1,
  evaluateSamples: 2000,
} as const;

export type DataKind = "images" | "points" | "rows";

export const defaults: Readonly<Record<DataKind, Omit<RunConfig, "data">>> = {
  images: {
    ...shared,
    model: { name: "dcgan" },
    techniques: [{ name: "ema", decay: 0.999 }],
    optimizer: both({ name: "adam", learningRate: 2e-4, beta1: 0.5, beta2: 0.999 }),
    batch: 64,
    steps: 2000,
    sampleEvery: 200,
    checkpointEvery: 500,
  },
  // Tuned on ring and grid (docs/losses-matrix.md). The learning rate must end near 0 for samples to settle on the modes,
  // and R1 makes the game converge for nearly every loss.
  points: {
    ...shared,
    model: { name: "mlp", latent: 2, hidden: [128, 128, 128], scale: 2 },
    penalties: [{ name: "r1", weight: 0.05 }],
    techniques: [{ name: "ema", decay: 0.995 }],
    optimizer: both({
      name: "adam",
      learningRate: { kind: "linear", from: 2e-3, to: 0 },
      beta1: 0.5,
      beta2: 0.9,
    }),
    batch: 256,
    steps: 5000,
    sampleEvery: 500,
    checkpointEvery: 1000,
  },
  // As CTGAN's authors train (Xu et al. 2019, arXiv:1907.00503, and their code), for a number of steps instead of epochs. The
  // average of the weights is what they do not have: after 300 steps on penguins it raises the quality of SDMetrics from 0.730 to
  // 0.766 (mean of seeds 2 to 4). Second moments are not theirs either: docs/tables.md has what they do.
  rows: {
    ...shared,
    holdOut: 0.1,
    model: { name: "ctgan" },
    loss: { name: "wasserstein" },
    penalties: [{ name: "gradient-penalty", weight: 10 }],
    terms: [{ name: "second-moments", weight: 10 }],
    techniques: [{ name: "ema", decay: 0.99 }],
    optimizer: both({
      name: "adam",
      learningRate: 2e-4,
      beta1: 0.5,
      beta2: 0.9,
      weightDecay: 1e-6,
    }),
    batch: 500,
    steps: 3000,
    sampleEvery: 500,
    checkpointEvery: 500,
  },
};
