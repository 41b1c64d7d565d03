/** Digits of which few have a label: the error of the classifier that a semi-supervised GAN trains. */
import type { ConfigInput } from "tsgan/config";
import { classAccuracy } from "tsgan/metrics";
import { openDataset } from "tsgan/node";
import type { Benchmark, Figures, Run } from "./record.ts";
import { trained } from "./trained.ts";

const adam = { name: "adam", beta1: 0.5, beta2: 0.999 } as const;

/** Two steps of the classifier for each of the generator; an average of the classifier is what is tested. */
const settings: ConfigInput = {
  data: "mnist",
  model: { name: "sgan", base: 16, dropout: 0.1, labelledBatch: 32 },
  terms: [{ name: "class-consistency", balanced: true }],
  techniques: [
    { name: "diff-augment", policy: "warp" },
    { name: "ema", decay: 0.99, networks: ["generator", "discriminator"] },
  ],
  optimizer: {
    generator: { ...adam, learningRate: 1e-3 },
    discriminator: { ...adam, learningRate: { kind: "linear", from: 1.5e-3, to: 0 } },
  },
  criticSteps: 2,
  steps: 8000,
};

const testError = async (labelsPerClass: number, run: Run): Promise<Figures> => {
  const trainer = await trained({ ...settings, labelsPerClass }, run);
  const accuracy = await classAccuracy(trainer, await openDataset("mnist", { split: "test" }));
  await trainer.dispose();
  return { "test error": 1 - accuracy };
};

/** @param most the share of wrong test images that the mean of all seeds may have */
const few = (labelsPerClass: number, most: number): Benchmark => ({
  title: `MNIST with ${labelsPerClass} labels of each digit`,
  settings:
    "sgan of base 16 with class-consistency and warp, 8,000 iterations; the seed draws the labels; the 10,000 test images",
  seeds: [101, 102, 103],
  tunedOn: "1",
  threads: 1,
  atOnce: 2,
  minutes: 15,
  goals: { "test error": { better: "lower", as: "share", mean: most } },
  run: (run) => testError(labelsPerClass, run),
});

export const labels: Readonly<Record<"labels-100" | "labels-1000", Benchmark>> = {
  "labels-100": few(10, 0.01),
  "labels-1000": few(100, 0.009),
};
