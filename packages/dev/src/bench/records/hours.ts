/** Records that take hours. docs/records.md has what a shorter run gave. */
import type { ConfigInput } from "tsgan/config";
import { countLabelModes, mostProbable } from "tsgan/metrics";
import { extractorFor, openDataset } from "tsgan/node";
import type { Benchmark } from "./record.ts";
import { trained } from "./trained.ts";

/** As many samples as in PacGAN's table. */
const STACKS = 26_000;
const MODES = 1000;
const CHUNK = 1000;

/** The relativistic loss that keeps modes (R3GAN, arXiv:2501.05441), on networks of DCGAN's size. */
const stackedMnist: ConfigInput = {
  data: "stacked-mnist",
  model: { name: "dcgan", base: 64, discriminatorNorm: "none" },
  loss: { name: "relativistic-paired" },
  penalties: [
    { name: "r1", weight: 0.5 },
    { name: "r2", weight: 0.5 },
  ],
  techniques: [{ name: "ema", decay: 0.999 }],
  optimizer: { name: "adam", learningRate: { kind: "linear", from: 6e-4, to: 0 }, beta1: 0, beta2: 0.99 },
  steps: 40_000,
};

const common = {
  seeds: [101, 102, 103],
  tunedOn: "1, by the modes after 1,000 and 1,500 steps",
  threads: 1,
  atOnce: 2,
} as const;

export const hours: Readonly<Record<"stacked-mnist", Benchmark>> = {
  "stacked-mnist": {
    title: "Stacked MNIST, 1,000 modes",
    settings: `rpgan-r1-r2 on a DCGAN of base 64, ${stackedMnist.steps} steps; ${STACKS} samples`,
    ...common,
    minutes: 140,
    goals: {
      modes: { better: "higher", as: "number", mean: MODES, each: MODES },
      KL: { better: "lower", as: "number", mean: 0.06 },
    },
    run: async (run) => {
      const trainer = await trained(stackedMnist, run);
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
};
