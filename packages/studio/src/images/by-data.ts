/** What `tsgan train FOLDER --effort quick` brings for the images at hand, as a run that may go on for as long as one looks. */
import { type RunConfig, resolveConfig } from "tsgan/config";
import { effortSettings } from "tsgan/effort";
import type { OptimizerConfig } from "tsgan/nn";

/** What the choice hangs on. */
export interface ImagesFacts {
  readonly channels: number;
  readonly count: number;
  /** Number of classes, where the images are labelled. */
  readonly classes?: number | undefined;
}

export interface ByData {
  readonly config: RunConfig;
  /** Iterations that the command gives it: by then its learning rates have fallen. */
  readonly steps: number;
}

/** Page runs have no last step. */
export const NO_END = 1_000_000_000;

/** Where the command's rates end at 0, a page's end at this share of where they began, and stay there. */
const LEAST_SHARE = 0.1;

interface Falling {
  readonly from: number;
  readonly to: number;
}

const isFalling = (rate: unknown): rate is Falling =>
  typeof rate === "object" && rate !== null && "from" in rate && "to" in rate;

const lasting = (player: OptimizerConfig, end: number): OptimizerConfig => {
  const { learningRate } = player;
  if (!isFalling(learningRate)) return player;
  return { ...player, learningRate: { ...learningRate, to: LEAST_SHARE * learningRate.from, end } };
};

/** The configuration for images of that size. */
export const byData = (
  { data, size, seed }: { readonly data: string; readonly size: number; readonly seed: number },
  { channels, count, classes }: ImagesFacts,
): ByData => {
  const shape = [channels, size, size];
  const quick = resolveConfig(
    { data },
    effortSettings("quick", { kind: "images", shape, classes, examples: count }),
    {
      seed,
    },
  );
  const { steps } = quick;
  const { generator, discriminator } = quick.optimizer;
  return {
    config: {
      ...quick,
      steps: NO_END,
      optimizer: { generator: lasting(generator, steps), discriminator: lasting(discriminator, steps) },
    },
    steps,
  };
};

const titles: Readonly<Record<string, string>> = {
  cgan: "cGAN",
  dcgan: "DCGAN",
  acgan: "AC-GAN",
  fastgan: "FastGAN",
  r1: "R1",
  r2: "R2",
  ema: "EMA",
  "diff-augment": "DiffAugment",
};
const titleOf = ({ name }: { readonly name: string }): string => titles[name] ?? name;

/** "FastGAN of 16 filters, relativistic-paired, R1, R2, EMA, DiffAugment, batches of 16" */
export const wordsOf = ({ model, labels, loss, penalties, techniques, batch }: RunConfig): string =>
  [
    `${titleOf(model)} of ${model.base} filters${labels === "clusters" ? " on groups of images that look alike" : ""}`,
    ...[loss, ...penalties, ...techniques].map(titleOf),
    `batches of ${batch}`,
  ].join(", ");

/** Work of an iteration for each pixel, in units of a DCGAN's filters: the generator of `fastgan` looks at larger maps. */
export const workByData = ({ model, batch }: RunConfig): number =>
  (model.name === "fastgan" ? 6 : 1) * Number(model.base) * batch;
