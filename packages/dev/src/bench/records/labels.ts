/** Digits of which few have a label: the error of the classifier that a semi-supervised GAN trains. */
import { classAccuracy } from "tsgan/metrics";
import { augmentations, diffAugment } from "tsgan/nn";
import { openDataset } from "tsgan/node";
import type { Benchmark, Figures, Run } from "./record.ts";
import { script } from "./script.ts";
import { trained } from "./trained.ts";

/** Looks at a test image that are warped half as much as those that are learnt from. */
const gentle = diffAugment([
  augmentations.warp({ turn: 7.5, stretch: 0.1, shear: 0.1, shift: 1 / 24, bend: 1 / 64 }),
]);

const testError = async (labelsPerClass: number, run: Run): Promise<Figures> => {
  const trainer = await trained({ ...script("few-labels"), labelsPerClass }, run);
  const test = await openDataset("mnist", { split: "test" });
  const figures = {
    "test error": 1 - (await classAccuracy(trainer, test, { change: gentle, looks: 12 })),
    "error by one look": 1 - (await classAccuracy(trainer, test)),
  };
  await trainer.dispose();
  return figures;
};

/** @param most the share of wrong test images that the mean of all seeds may have */
const few = (labelsPerClass: number, most: number): Benchmark => ({
  title: `MNIST with ${labelsPerClass} labels of each digit`,
  settings:
    "scripts/few-labels.json: sgan of base 16, warp, classes that its average names, 1,600 iterations of six steps; the seed draws the labels; the 10,000 test images, each by 12 gently warped looks",
  seeds: [101, 102, 103],
  tunedOn: "1, 2",
  threads: 1,
  atOnce: 2,
  minutes: 6,
  goals: {
    "test error": { better: "lower", as: "share", mean: most },
    "error by one look": { better: "lower", as: "share" },
  },
  run: (run) => testError(labelsPerClass, run),
});

export const labels: Readonly<Record<"labels-100" | "labels-1000", Benchmark>> = {
  "labels-100": few(10, 0.01),
  "labels-1000": few(100, 0.009),
};
