/** Digits of which few have a label: the error of the classifier that a semi-supervised GAN trains. */
import { classAccuracy } from "tsgan/metrics";
import { openDataset } from "tsgan/node";
import type { Benchmark, Figures, Run } from "./record.ts";
import { script } from "./script.ts";
import { trained } from "./trained.ts";

const testError = async (labelsPerClass: number, run: Run): Promise<Figures> => {
  const trainer = await trained({ ...script("few-labels"), labelsPerClass }, run);
  const accuracy = await classAccuracy(trainer, await openDataset("mnist", { split: "test" }));
  await trainer.dispose();
  return { "test error": 1 - accuracy };
};

/** @param most the share of wrong test images that the mean of all seeds may have */
const few = (labelsPerClass: number, most: number): Benchmark => ({
  title: `MNIST with ${labelsPerClass} labels of each digit`,
  settings:
    "scripts/few-labels.json: sgan of base 16, warp, classes that its average names, 6,000 iterations; the seed draws the labels; the 10,000 test images",
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
