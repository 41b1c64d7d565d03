/**
 * What a person gets who says how much time to spend, and nothing else: networks, rates, techniques and steps for the kind of data.
 * The files under `studies/` chose them; docs/effort.md has the figures.
 */
import type { kindOf, PartialConfig } from "../config/index.ts";
import type { OptimizerConfig } from "../nn/index.ts";
import { clusterCount } from "./clusters.ts";

export const efforts = ["quick", "good", "best"] as const;
export type Effort = (typeof efforts)[number];

/** What is known of the data before a run is settled. */
export interface EffortData {
  readonly kind: ReturnType<typeof kindOf>;
  /** Shape of one example. */
  readonly shape: readonly number[];
  /** Number of classes, where the data are labelled. */
  readonly classes?: number | undefined;
  /** Number of examples, where it is finite. */
  readonly examples?: number | undefined;
  /** Whether pictures without classes may be put into groups in their place, where they are enough; true without. */
  readonly mayGroup?: boolean | undefined;
}

/** Adam for both players, with a rate that ends at 0. */
const falling = (from: number, beta1: number, beta2: number): NonNullable<PartialConfig["optimizer"]> => {
  const player: OptimizerConfig = {
    name: "adam",
    learningRate: { kind: "linear", from, to: 0 },
    beta1,
    beta2,
  };
  return { generator: player, discriminator: player };
};

/** Ten samples, and a checkpoint at each. */
const events = (steps: number): PartialConfig => ({
  steps,
  sampleEvery: Math.ceil(steps / 10),
  checkpointEvery: Math.ceil(steps / 10),
});

/** Chosen by studies/points.yaml, on seeds 1 to 4. */
const pointSteps: Readonly<Record<Effort, number>> = { quick: 2000, good: 8000, best: 24_000 };

const points = (effort: Effort): PartialConfig => ({
  ...events(pointSteps[effort]),
  optimizer: falling(4e-3, 0, 0.99),
});

const rows: Readonly<Record<Effort, PartialConfig>> = {
  quick: events(1000),
  good: events(3000),
  best: events(9000),
};

/** Width of the networks, and steps: each is about five times the work of the one before. */
const pictures: Readonly<Record<Effort, { readonly base: number; readonly steps: number }>> = {
  quick: { base: 16, steps: 2000 },
  good: { base: 24, steps: 5000 },
  best: { base: 32, steps: 15_000 },
};

/** Numbers of pictures in colour without classes for which `fewImages` was found the best, and those of them that are very few. */
const FEW = { least: 50, most: 5000, veryFew: 200 } as const;
const isFew = ({ shape, classes, examples = Number.POSITIVE_INFINITY }: EffortData): boolean =>
  shape[0] === 3 && classes === undefined && examples >= FEW.least && examples <= FEW.most;

/**
 * A discriminator without a bound on its slope, three times as wide as the generator at 32 px and as wide at its last map at other
 * sides; R1 and R2 grow with the number of pixels, since slopes by each become smaller.
 */
const strongJudge = (base: number, [, height, width]: readonly number[]): PartialConfig => {
  const scale = Math.sqrt(height * width) / 32;
  const weight = 0.02 * scale ** 2;
  return {
    model: {
      name: "fastgan",
      base,
      discriminatorWidth: Math.max(0.5, 3 / scale),
      discriminatorNorm: "none",
    },
    loss: { name: "relativistic-paired" },
    penalties: [
      { name: "r1", weight, every: 8 },
      { name: "r2", weight, every: 8 },
    ],
  };
};

/** Chosen by studies/small.yaml, at 32 px. A step of 16 pictures is as much work as one of 64 of the other networks. */
const fewImages = (effort: Effort, { shape, examples = FEW.most }: EffortData): PartialConfig => {
  const { base, steps } = pictures[effort];
  return {
    ...events(steps),
    ...(examples < FEW.veryFew
      ? strongJudge(base, shape)
      : {
          model: { name: "fastgan", base },
          loss: { name: "hinge" },
          penalties: [{ name: "r1", weight: 0.1, every: 8 }],
        }),
    optimizer: falling(1e-3, 0.5, 0.999),
    techniques: [
      { name: "ema", decay: 0.998 },
      { name: "diff-augment", policy: "color,translation" },
    ],
    batch: 16,
  };
};

/** Chosen by studies/digits.yaml; DiffAugment for few grey pictures was measured, and is worse in runs of this length. */
const images = (effort: Effort, data: EffortData): PartialConfig => {
  const { classes, examples = Number.POSITIVE_INFINITY, mayGroup = true } = data;
  if (isFew(data)) return fewImages(effort, data);
  const { base, steps } = pictures[effort];
  const isGrouped =
    classes === undefined && mayGroup && Number.isFinite(examples) && clusterCount(examples) > 1;
  return {
    ...events(steps),
    ...(isGrouped && { labels: "clusters" }),
    model:
      classes === undefined && !isGrouped
        ? { name: "dcgan", base }
        : { name: "acgan", base, projection: true, generatorClassWeight: 0.2 },
    optimizer: falling(7e-4, 0.5, 0.999),
    techniques: [{ name: "ema", decay: 0.998 }],
    batch: Math.min(64, examples),
  };
};

/**
 * Settings for so much effort, which keys of a configuration override.
 *
 * @param effort how much work: `good` is about five times `quick`, `best` five times `good` for pictures
 * @param data what the data are: kind, shape, number of classes and examples
 * @example
 * ```ts
 * import { resolveConfig } from "tsgan/config";
 * import { effortSettings } from "tsgan/node";
 *
 * const config = resolveConfig(effortSettings("quick", { kind: "points", shape: [2] }), { data: "ring" });
 * console.log(config.steps); // 2000
 * ```
 */
export const effortSettings = (effort: Effort, data: EffortData): PartialConfig => {
  if (data.kind === "images") return images(effort, data);
  return data.kind === "points" ? points(effort) : rows[effort];
};
