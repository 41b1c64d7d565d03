/** Records that take hours. Their settings are a start: no seed has chosen or been reported yet. */
import { type ConfigInput, resolveConfig } from "tsgan/config";
import { classAccuracy, countLabelModes, mostProbable } from "tsgan/metrics";
import { dataOptions, extractorFor, openDataset } from "tsgan/node";
import { type GanTrainer, trainerOf } from "tsgan/train";
import type { Benchmark, Run } from "./record.ts";

const falling = (from: number) =>
  ({ name: "adam", learningRate: { kind: "linear", from, to: 0 }, beta1: 0.5, beta2: 0.999 }) as const;

const train = async (input: ConfigInput, { seed, threads }: Run): Promise<GanTrainer> => {
  const config = resolveConfig(input, { seed });
  const dataset = await openDataset(String(input.data), dataOptions(config));
  const trainer = trainerOf({ config, dataset, threads });
  while (trainer.progress.step < config.steps) await trainer.iterate();
  return trainer;
};

/** As many samples as in PacGAN's table. */
const STACKS = 26_000;
const MODES = 1000;
const CHUNK = 1000;

const stackedMnist: ConfigInput = {
  data: "stacked-mnist",
  model: { name: "dcgan", base: 64 },
  techniques: [
    { name: "packing", count: 2 },
    { name: "ema", decay: 0.999 },
  ],
  optimizer: falling(4e-4),
  steps: 60_000,
};

/** Two steps of the classifier for each of the generator, which is matched by features; the average classifies. */
const labelled = (labelsPerClass: number): ConfigInput => ({
  data: "mnist",
  model: { name: "sgan", base: 16, dropout: 0.1, labelledBatch: 32 },
  labelsPerClass,
  terms: [{ name: "class-consistency", balanced: true }],
  techniques: [
    { name: "diff-augment", policy: "warp" },
    { name: "ema", decay: 0.99, networks: ["generator", "discriminator"] },
  ],
  optimizer: { generator: { ...falling(1e-3), learningRate: 1e-3 }, discriminator: falling(1.5e-3) },
  criticSteps: 2,
  steps: 2000,
});

const common = {
  seeds: [101, 102, 103],
  tunedOn: "none yet: not tuned, not run",
  threads: 2,
  atOnce: 1,
} as const;

const error = (most: number): Benchmark["goals"] => ({
  "test error": { better: "lower", as: "share", mean: most },
});

const testError = async (labelsPerClass: number, run: Run) => {
  const trainer = await train(labelled(labelsPerClass), run);
  const accuracy = await classAccuracy(trainer, await openDataset("mnist", { split: "test" }));
  await trainer.dispose();
  return { "test error": 1 - accuracy };
};

export const hours: Readonly<Record<"stacked-mnist" | "labels-100" | "labels-1000", Benchmark>> = {
  "stacked-mnist": {
    title: "Stacked MNIST, 1,000 modes",
    settings: `DCGAN of base 64, packs of 2, 60,000 steps; ${STACKS} samples`,
    ...common,
    minutes: 3 * 6 * 60,
    goals: {
      modes: { better: "higher", as: "number", mean: MODES, each: MODES },
      KL: { better: "lower", as: "number", mean: 0.06 },
    },
    run: async (run) => {
      const trainer = await train(stackedMnist, run);
      const extractor = await extractorFor(await openDataset("stacked-mnist"), { threads: run.threads });
      const seen = new Int32Array(STACKS);
      for (let start = 0; start < STACKS; start += CHUNK) {
        const samples = await trainer.sample(CHUNK, { seed: run.seed + start });
        const { probabilities } = await extractor.features(samples);
        seen.set(mostProbable(probabilities!.data, MODES), start);
      }
      await extractor.dispose();
      await trainer.dispose();
      const { modesCovered, klToUniform } = countLabelModes(seen, MODES);
      return { modes: modesCovered, KL: klToUniform ?? Number.NaN };
    },
  },
  "labels-100": {
    title: "MNIST with 10 labels of each digit",
    settings: "sgan of base 32, 20,000 steps; the 10,000 test images",
    ...common,
    minutes: 3 * 30,
    goals: error(0.01),
    run: (run) => testError(10, run),
  },
  "labels-1000": {
    title: "MNIST with 100 labels of each digit",
    settings: "sgan of base 32, 20,000 steps; the 10,000 test images",
    ...common,
    minutes: 3 * 30,
    goals: error(0.009),
    run: (run) => testError(100, run),
  },
};
