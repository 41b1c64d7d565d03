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

/** Numbers of pictures in colour without classes for which settings of their own were found. */
const FEW = 50;
const ENOUGH = 200;

/** The side, of that of 32 px, at which settings of pictures in colour were chosen. */
const scaleOf = ([, height, width]: readonly number[]): number => Math.sqrt(height * width) / 32;

/**
 * The relativistic loss with R1 and R2 (R3GAN, arXiv:2501.05441), which grow with the number of pixels: slopes by each become smaller.
 *
 * @param at32 their weight at 32 px
 * @param every steps from one to the next
 */
const relativistic = (
  at32: number,
  every: number,
  shape: readonly number[],
): Pick<PartialConfig, "loss" | "penalties"> => {
  const weight = at32 * scaleOf(shape) ** 2;
  return {
    loss: { name: "relativistic-paired" },
    penalties: [
      { name: "r1", weight, every },
      { name: "r2", weight, every },
    ],
  };
};

const averagedAndAugmented = (decay: number): NonNullable<PartialConfig["techniques"]> => [
  { name: "ema", decay },
  { name: "diff-augment", policy: "color,translation" },
];

/**
 * Chosen on a hundred sprites at 32 px. The discriminator is three times as wide as the generator there and as wide at its last map at
 * other sides.
 */
const fewImages = (effort: Effort, { shape }: EffortData): PartialConfig => {
  const { base, steps } = pictures[effort];
  return {
    ...events(steps),
    model: {
      name: "fastgan",
      base,
      discriminatorWidth: Math.max(0.5, 3 / scaleOf(shape)),
      discriminatorNorm: "none",
    },
    ...relativistic(0.02, 8, shape),
    optimizer: falling(1e-3, 0.5, 0.999),
    techniques: averagedAndAugmented(0.998),
    batch: 16,
  };
};

/** Filters of the first layer, at least. */
const NARROWEST = 16;

/** Filters of the first layer, so that networks for larger sides are as wide as those for 32 px at each of their maps. */
const filtersFor = (shape: readonly number[], at32: number): number =>
  Math.max(NARROWEST, Math.min(at32, Math.round(at32 / scaleOf(shape))));

/** Width of the networks at 32 px, steps, pictures in each, and the average's decay. */
const plain = {
  quick: { base: 32, steps: 2000, batch: 32, decay: 0.998 },
  good: { base: 32, steps: 5000, batch: 64, decay: 0.999 },
  best: { base: 48, steps: 15_000, batch: 64, decay: 0.999 },
} as const;

/**
 * Nothing that is made for few pictures: in runs of these lengths it costs half of the variety. Of classes the discriminator is told by
 * channels: an AC-GAN's loss of classes, or a projection on them, leaves one picture of a small class.
 */
const plainColour = (
  effort: Effort,
  { shape, classes, examples = Number.POSITIVE_INFINITY }: EffortData,
): PartialConfig => {
  const { base: at32, steps, batch, decay } = plain[effort];
  const base = filtersFor(shape, at32);
  return {
    ...events(steps),
    model:
      classes === undefined ? { name: "dcgan", base } : { name: "cgan", base, conditioning: "concatenate" },
    loss: { name: "non-saturating" },
    optimizer: falling(1e-3, 0.5, 0.999),
    techniques: [{ name: "ema", decay }],
    batch: Math.min(batch, examples),
  };
};

/** Width of the networks at 32 px, and steps. */
const held = { good: { base: 48, steps: 4000 }, best: { base: 64, steps: 16_000 } } as const;

const heldColour = (effort: keyof typeof held, { shape }: EffortData): PartialConfig => {
  const { base, steps } = held[effort];
  return {
    ...events(steps),
    model: { name: "dcgan", base: filtersFor(shape, base), discriminatorNorm: "none" },
    ...relativistic(0.2, 4, shape),
    optimizer: falling(6e-4, 0, 0.99),
    techniques: averagedAndAugmented(0.999),
    batch: 64,
  };
};

/** Chosen on emoji and sprites at 32 px, and on sprites at 64, of which a plain one makes few shapes (docs/effort.md). */
const colourImages = (effort: Effort, data: EffortData): PartialConfig =>
  effort === "quick" || scaleOf(data.shape) <= 1 ? plainColour(effort, data) : heldColour(effort, data);

/** Chosen by studies/digits.yaml; DiffAugment for few grey pictures was measured, and is worse in runs of this length. */
const images = (effort: Effort, data: EffortData): PartialConfig => {
  const { shape, classes, examples = Number.POSITIVE_INFINITY, mayGroup = true } = data;
  if (shape[0] === 3 && classes !== undefined) return plainColour(effort, data);
  if (shape[0] === 3 && examples >= FEW) {
    return examples < ENOUGH ? fewImages(effort, data) : colourImages(effort, data);
  }
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
 * import { effortSettings } from "tsgan/effort";
 *
 * const config = resolveConfig(effortSettings("quick", { kind: "points", shape: [2] }), { data: "ring" });
 * console.log(config.steps); // 2000
 * ```
 */
export const effortSettings = (effort: Effort, data: EffortData): PartialConfig => {
  if (data.kind === "images") return images(effort, data);
  return data.kind === "points" ? points(effort) : rows[effort];
};
