/** What a recipe is, and what most of them share. */
import type { OptimizerConfig, Schedule } from "../../nn/index.ts";
import type { PartialConfig, RunConfig } from "../config.ts";

export interface Recipe {
  readonly title: string;
  /** What it is for. */
  readonly data: "images" | "labelled images" | "pairs of images" | "points";
  readonly config: PartialConfig;
}

type Rate = Schedule;

/** Recipes for one kind of data. */
export type RecipeGroup = Readonly<Record<string, Omit<Recipe, "data">>>;

export const both = (optimizer: OptimizerConfig): RunConfig["optimizer"] => ({
  generator: optimizer,
  discriminator: optimizer,
});

export const adam = (
  learningRate: Rate,
  beta1: number,
  beta2: number,
  extra: Readonly<Record<string, number>> = {},
): OptimizerConfig => ({ name: "adam", learningRate, beta1, beta2, ...extra });

/** What most papers have in common. Few keep an average of the generator. */
export const plain = {
  penalties: [],
  criticSteps: 1,
  generatorSteps: 1,
  techniques: [],
} as const satisfies PartialConfig;

/** WGAN's schedule: 100 critic steps for each of the first 25 generator steps, and for every 500th. */
export const bursts = { steps: 5, burst: 100, first: 25, every: 500 } as const;

// R igul/gan_mnist.py: no norms, N(0,1) of 128, batch 50, 200 k generator steps.
export const wganGp = {
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

export const popularDcgan = {
  ...plain,
  model: { name: "dcgan", base: 64, latent: 100, latentDistribution: "uniform" },
  loss: { name: "non-saturating" },
  optimizer: both(adam(2e-4, 0.5, 0.999)),
  generatorSteps: 2,
  batch: 64,
} as const satisfies PartialConfig;
