/** Categories that are found without labels. */
import { experiments } from "../conditional-experiments.ts";
import type { Benchmark, Figures, Run } from "./record.ts";

const { run, steps } = experiments.codes;

/** The figures of the experiment, and the seconds of its training. */
const figuresOf = async ({ seed, threads }: Run): Promise<Figures> => {
  const figures: Record<string, number> = {};
  for await (const { name, value, seconds } of run({ steps, seed, threads })) {
    figures[name] = value;
    figures["training seconds"] = seconds;
  }
  return figures;
};

export const codes: Readonly<Record<"infogan", Benchmark>> = {
  infogan: {
    title: "InfoGAN's categories are digits, found without labels",
    settings: `scripts/codes.json: infogan that learns its categories of real images, ${steps} steps; figures of docs/conditional.md`,
    seeds: [101, 102, 103],
    tunedOn: "1, 2",
    threads: 2,
    atOnce: 1,
    minutes: 6,
    goals: {
      "digit of a sample": { better: "higher", as: "share", mean: 0.95 },
      "digit of a test image": { better: "higher", as: "share", mean: 0.95 },
      variety: { better: "higher", as: "share", mean: 0.85 },
      "training seconds": { better: "lower", as: "number", each: 1800 },
    },
    run: figuresOf,
  },
};
