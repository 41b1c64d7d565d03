/** Runs that fail in a known way, and runs that are well: what `tsgan doctor` is tried on. */
import type { ConfigInput } from "tsgan/config";
import type { HealthKind } from "tsgan/metrics";
import {
  adam,
  both,
  images,
  imagesFile,
  penalty,
  points,
  pointsFile,
  rmsprop,
  sgd,
  third,
} from "./health-parts.ts";

/** Makes the configuration of a run; data files that it needs go into `folder`. */
export type Plant = (seed: number, folder: string) => ConfigInput | Promise<ConfigInput>;

export interface PlantedRun {
  /** The verdict that should come first. */
  readonly kind: HealthKind;
  readonly plant: Plant;
}

/** By name. Seeds vary more than the noise where they can. */
export const plantedRuns: Readonly<Record<string, PlantedRun>> = {
  "diverged, points": {
    kind: "diverged",
    plant: (seed) => ({
      ...points,
      loss: { name: "least-squares" },
      optimizer: both(sgd(third(seed, 10, 3, 30))),
      steps: 500,
    }),
  },
  "diverged, digits": {
    kind: "diverged",
    plant: (seed) => ({
      ...images,
      loss: { name: "wasserstein" },
      optimizer: both(sgd(third(seed, 30, 10, 100))),
      steps: 300,
    }),
  },
  "input scale, points": {
    kind: "input-scale",
    plant: (seed, folder) => ({
      ...points,
      data: pointsFile(folder, { shape: "ring", count: 2000, scale: third(seed, 1000, 255, 10_000), seed }),
      steps: 800,
    }),
  },
  "input scale, digits nearly black": {
    kind: "input-scale",
    plant: async (seed, folder) => ({
      ...images,
      data: await imagesFile(folder, { count: 1000, brightness: third(seed, 0.04, 0.1, 0.02), seed }),
      steps: 400,
    }),
  },
  "clipped weights, points": {
    kind: "clipped-weights",
    plant: (seed) => {
      const limit = third(seed, 0.01, 0.02, 0.005);
      return {
        ...points,
        loss: { name: "wasserstein" },
        ...penalty("weight-clipping", { limit }),
        optimizer: both(rmsprop(limit)),
        criticSteps: 5,
        steps: 800,
      };
    },
  },
  "unbounded critic, points": {
    kind: "unbounded-critic",
    plant: (seed) => ({
      ...points,
      loss: { name: "wasserstein" },
      optimizer: both(adam(third(seed, 1e-3, 5e-4, 2e-3))),
      criticSteps: 5,
      steps: 1200,
    }),
  },
  "unbounded critic, digits": {
    kind: "unbounded-critic",
    plant: async (seed, folder) => ({
      ...images,
      data: await imagesFile(folder, { count: 1000, seed }),
      model: { name: "dcgan", base: 8, latent: 16, discriminatorNorm: "none" },
      loss: { name: "wasserstein" },
      optimizer: {
        generator: adam(third(seed, 1e-4, 5e-5, 2e-4)),
        discriminator: adam(third(seed, 1e-3, 5e-4, 2e-3)),
      },
      criticSteps: 3,
      steps: 400,
    }),
  },
  "memorisation, points": {
    kind: "memorisation",
    plant: (seed, folder) => ({
      ...points,
      data: pointsFile(folder, { shape: "square", count: 16, scale: 1, seed }),
      ...penalty("r1", { weight: 0.1 }),
      batch: 16,
      steps: 6000,
    }),
  },
  "memorisation, digits": {
    kind: "memorisation",
    plant: async (seed, folder) => ({
      ...images,
      data: await imagesFile(folder, { count: third(seed, 8, 12, 16), seed }),
      model: { name: "mlp", latent: 8, hidden: [128, 128] },
      ...penalty("r1", { weight: 0.1 }),
      optimizer: both(adam(1e-3)),
      batch: 8,
      steps: 4000,
    }),
  },
  "idle discriminator, points": {
    kind: "idle-discriminator",
    plant: (seed) => ({
      ...points,
      optimizer: { generator: adam(third(seed, 1e-3, 1e-3, 1e-4)), discriminator: adam(1e-8) },
      steps: 1000,
    }),
  },
  "idle discriminator, digits": {
    kind: "idle-discriminator",
    plant: async (seed, folder) => ({
      ...images,
      data: await imagesFile(folder, { count: 1000, seed }),
      optimizer: { generator: adam(third(seed, 1e-3, 5e-4, 2e-3)), discriminator: adam(1e-8) },
    }),
  },
  "discriminator wins, points": {
    kind: "discriminator-wins",
    plant: (seed) => ({
      ...points,
      loss: { name: third(seed, "minimax", "minimax", "least-squares") },
      optimizer: { generator: adam(1e-5), discriminator: adam(5e-3) },
      criticSteps: 5,
      steps: 800,
    }),
  },
  "discriminator wins, digits": {
    kind: "discriminator-wins",
    plant: async (seed, folder) => ({
      ...images,
      data: await imagesFile(folder, { count: 1000, seed }),
      loss: { name: third(seed, "minimax", "non-saturating", "least-squares") },
      optimizer: { generator: adam(third(seed, 1e-6, 1e-7, 1e-6)), discriminator: adam(2e-3) },
      criticSteps: 3,
      steps: 400,
    }),
  },
  "mode collapse, points": {
    kind: "mode-collapse",
    plant: (seed) => ({
      ...points,
      loss: { name: third(seed, "non-saturating", "minimax", "minimax") },
      optimizer: { generator: adam(1e-3), discriminator: adam(2e-4) },
      generatorSteps: 5,
      techniques: [],
      steps: 1000,
    }),
  },
  "mode collapse, digits": {
    kind: "mode-collapse",
    plant: async (seed, folder) => ({
      ...images,
      data: await imagesFile(folder, { count: 2000, seed }),
      model: { name: "mlp", latent: 8, hidden: [128, 128] },
      optimizer: { generator: adam(1e-3), discriminator: adam(2e-4) },
      generatorSteps: third(seed, 5, 4, 6),
      techniques: [],
    }),
  },
};

const wganGp: ConfigInput = {
  ...points,
  loss: { name: "wasserstein" },
  ...penalty("gradient-penalty", { weight: 10 }),
  optimizer: both(adam(1e-3, 0)),
  criticSteps: 5,
};

/** Of 16 pixels a side: networks of several kinds are slow. */
const smallDigits = async (seed: number, folder: string, of = "mnist"): Promise<ConfigInput> => ({
  data: await imagesFile(folder, { count: 1000, seed, of }),
  imageSize: 16,
});

/** Runs that are well, over the losses, constraints, models and data that people use. */
export const healthyRuns: Readonly<Record<string, Plant>> = {
  "non-saturating": () => points,
  "non-saturating, R1": () => ({ ...points, ...penalty("r1", { weight: 1 }) }),
  "minimax, R1": () => ({ ...points, loss: { name: "minimax" }, ...penalty("r1", { weight: 0.5 }) }),
  "least squares, R1": () => ({
    ...points,
    loss: { name: "least-squares" },
    ...penalty("r1", { weight: 1 }),
  }),
  "hinge, gradient penalty": () => ({
    ...points,
    loss: { name: "hinge" },
    ...penalty("gradient-penalty", { weight: 1 }),
    criticSteps: 2,
  }),
  "WGAN-GP": () => ({ ...wganGp, steps: 1500 }),
  "WGAN, clipped": () => ({
    ...points,
    loss: { name: "wasserstein" },
    ...penalty("weight-clipping", { limit: 0.1 }),
    optimizer: both(rmsprop(5e-4)),
    criticSteps: 5,
  }),
  "relativistic, R1 and R2": () => ({
    ...points,
    loss: { name: "relativistic-paired" },
    penalties: [
      { name: "r1", weight: 1 },
      { name: "r2", weight: 1 },
    ],
  }),
  "WGAN-GP on the grid": () => ({ ...wganGp, data: "grid", steps: 3000 }),
  "R1 on 2,000 points of a file": (seed, folder) => ({
    ...points,
    data: pointsFile(folder, { shape: "ring", count: 2000, scale: 1, seed }),
    ...penalty("r1", { weight: 1 }),
  }),
  "mlp with R1, 2,000 digits of a file": async (seed, folder) => ({
    ...images,
    data: await imagesFile(folder, { count: 2000, seed }),
    model: { name: "mlp", latent: 16, hidden: [128, 128] },
    ...penalty("r1", { weight: 1 }),
    steps: 2000,
  }),
  "WGAN-GP, 2,000 digits of a file": async (seed, folder) => ({
    ...images,
    data: await imagesFile(folder, { count: 2000, seed }),
    loss: { name: "wasserstein" },
    ...penalty("gradient-penalty", { weight: 10 }),
    optimizer: both(adam(5e-4, 0)),
    criticSteps: 3,
    steps: 400,
  }),
  "cgan with R1, ring": () => ({
    ...points,
    model: { name: "cgan", latent: 2, hidden: [64, 64] },
    ...penalty("r1", { weight: 1 }),
  }),
  "dcgan with hinge, 2,000 clothes of a file": async (seed, folder) => ({
    ...images,
    data: await imagesFile(folder, { count: 2000, seed, of: "fashion-mnist" }),
    loss: { name: "hinge" },
    model: { name: "dcgan", base: 8, latent: 16, discriminatorNorm: "spectral" },
  }),
  "dcgan with least squares, sprites": () => ({
    ...images,
    data: "pokemon",
    imageSize: 16,
    loss: { name: "least-squares" },
    model: { name: "dcgan", base: 8, latent: 16, discriminatorNorm: "spectral" },
  }),
  "a small set: sngan, 200 digits, augmented": async (seed, folder) => ({
    ...images,
    data: await imagesFile(folder, { count: 200, seed }),
    imageSize: 16,
    model: { name: "sngan", base: 8, latent: 16 },
    loss: { name: "hinge" },
    techniques: [
      { name: "ema", decay: 0.98 },
      { name: "diff-augment", policy: "color,translation" },
    ],
  }),
  "resnet with hinge, 1,000 digits of a file": async (seed, folder) => ({
    ...images,
    ...(await smallDigits(seed, folder)),
    model: { name: "resnet", latent: 16, generatorWidth: 8, discriminatorWidth: 8 },
    loss: { name: "hinge" },
    optimizer: both(adam(4e-4, 0)),
  }),
  "r3gan, 1,000 digits of a file": async (seed, folder) => ({
    ...images,
    ...(await smallDigits(seed, folder)),
    model: { name: "r3gan", width: 8, latent: 16 },
    loss: { name: "relativistic-paired" },
    penalties: [
      { name: "r1", weight: 1 },
      { name: "r2", weight: 1 },
    ],
    optimizer: both(adam(5e-4, 0, 0.99)),
  }),
  "acgan with R1, ring": () => ({
    ...points,
    model: { name: "acgan", latent: 2, hidden: [64, 64] },
    ...penalty("r1", { weight: 1 }),
  }),
  "infogan with R1, ring": () => ({
    ...points,
    model: { name: "infogan", noise: 2, categories: 8, continuous: 0, hidden: [64, 64] },
    ...penalty("r1", { weight: 1 }),
  }),
  "sgan, ring": () => ({
    ...points,
    model: { name: "sgan", latent: 2, hidden: [64, 64], features: 64 },
  }),
  "too early: ebgan, digits, 300 steps": () => ({
    ...images,
    model: { name: "ebgan", base: 8, latent: 16, hidden: 128, code: 16 },
    loss: { name: "ebgan" },
    batch: 16,
    steps: 300,
  }),
  "sngan with hinge, 1,000 clothes of a file": async (seed, folder) => ({
    ...images,
    ...(await smallDigits(seed, folder, "fashion-mnist")),
    model: { name: "sngan", base: 8, latent: 16 },
    loss: { name: "hinge" },
  }),
  "too early: began, digits, 150 steps": () => ({
    ...images,
    imageSize: 16,
    model: { name: "began", base: 4, latent: 16, code: 16 },
    loss: { name: "began" },
    batch: 16,
    steps: 150,
  }),
  "dcgan with hinge, 1,000 digits of a file": async (seed, folder) => ({
    ...images,
    ...(await smallDigits(seed, folder)),
    loss: { name: "hinge" },
    model: { name: "dcgan", base: 8, latent: 16, discriminatorNorm: "spectral" },
  }),
  "too early: gan-2014, digits, 300 steps": () => ({
    ...images,
    model: { name: "gan-2014", latent: 16, hidden: 128, maxout: 64, pieces: 3 },
    batch: 16,
    steps: 300,
  }),
  "too early: study-net, digits, 300 steps": () => ({
    ...images,
    model: { name: "study-net", latent: 16, base: 4, hidden: 128 },
    batch: 16,
    steps: 300,
  }),
  "pix2pix, digits": () => ({
    ...images,
    data: "mnist-inverted",
    imageSize: 16,
    model: { name: "pix2pix", base: 4, depth: 3 },
    batch: 4,
    steps: 8000,
  }),
  "too early: WGAN-GP, digits, 300 steps": () => ({
    ...images,
    loss: { name: "wasserstein" },
    ...penalty("gradient-penalty", { weight: 10 }),
    optimizer: both(adam(1e-4, 0)),
    criticSteps: 5,
    batch: 16,
    steps: 300,
  }),
  "too early: dcgan, digits, 300 steps": () => ({ ...images, batch: 16, steps: 300 }),
  "too early: cyclegan, digits, 120 steps": () => ({
    ...images,
    data: "mnist-inverted",
    imageSize: 16,
    model: { name: "cyclegan", base: 4, blocks: 1 },
    loss: { name: "least-squares" },
    batch: 4,
    steps: 120,
  }),
};
