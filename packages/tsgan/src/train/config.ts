/**
 * A run as plain data: what `config.json` holds and what the command line and the page fill in. One literal of
 * defaults, one merge, one place that turns names into live objects.
 */
import { UsageError, unknownName } from "../errors.ts";
import { create as createLoss } from "../losses/index.ts";
import { create as createModel } from "../models/index.ts";
import { adam, adamW, type Optimizer, rmsProp, type Schedule, sgd } from "../nn/index.ts";
import { create as createPenalty } from "../penalties/index.ts";
import type { Plan, Training } from "./plan.ts";
import type { IterationPlan } from "./trainer.ts";

/** A thing by name, with its options beside. */
export interface Named {
  readonly name: string;
  readonly [option: string]: unknown;
}

export interface OptimizerConfig extends Named {
  readonly learningRate: Schedule;
  /** Longest gradient; longer ones are scaled down. */
  readonly gradientNorm?: number;
}

/** Critic steps for each generator step; a burst of more for the first generator steps and every so often. */
export type CriticSteps =
  | number
  | { readonly steps: number; readonly burst: number; readonly first: number; readonly every: number };

export interface RunConfig {
  /** A built-in data set, a folder of images, or a CSV file of points. */
  readonly data: string;
  /** Side to which images are resized, and 1 (grey) or 3 (colour) channels, where not the data set's own. */
  readonly imageSize?: number;
  readonly channels?: 1 | 3;
  readonly model: Named;
  readonly loss: Named;
  readonly penalties: readonly Named[];
  readonly optimizer: { readonly generator: OptimizerConfig; readonly discriminator: OptimizerConfig };
  readonly criticSteps: CriticSteps;
  readonly generatorSteps: number;
  readonly batch: number;
  /** Batch of the generator's own step, where it differs. */
  readonly generatorBatch?: number;
  /** Iterations: critic steps and generator steps together. */
  readonly steps: number;
  readonly seed: number;
  /** Share of the averaged generator that stays at each step; 0 for no average. */
  readonly emaDecay: number;
  readonly sampleEvery: number;
  readonly checkpointEvery: number;
  /** Newest checkpoints to keep. */
  readonly keepCheckpoints: number;
  /** Iterations from one line of metrics to the next. */
  readonly logEvery: number;
}

/** Any part of a configuration; what is left out comes from below it. */
export type PartialConfig = { readonly [K in keyof RunConfig]?: RunConfig[K] | undefined };

const both = (optimizer: OptimizerConfig): RunConfig["optimizer"] => ({
  generator: optimizer,
  discriminator: optimizer,
});

const shared = {
  loss: { name: "non-saturating" },
  penalties: [],
  criticSteps: 1,
  generatorSteps: 1,
  seed: 1,
  keepCheckpoints: 3,
  logEvery: 1,
} as const;

/** What a run does where nothing is said, for images and for points. */
export const defaults: Readonly<Record<"images" | "points", Omit<RunConfig, "data">>> = {
  images: {
    ...shared,
    model: { name: "dcgan" },
    optimizer: both({ name: "adam", learningRate: 2e-4, beta1: 0.5, beta2: 0.999 }),
    batch: 64,
    steps: 2000,
    emaDecay: 0.999,
    sampleEvery: 200,
    checkpointEvery: 500,
  },
  points: {
    ...shared,
    model: { name: "mlp", latent: 2, hidden: [128, 128] },
    optimizer: both({ name: "adam", learningRate: 1e-3, beta1: 0.5, beta2: 0.9 }),
    batch: 256,
    steps: 5000,
    emaDecay: 0.99,
    sampleEvery: 500,
    checkpointEvery: 1000,
  },
};

/**
 * What a loss needs around it to train as its authors meant: constraint, critic steps, optimiser. Sources in the
 * comments; `recipes` hold the papers' whole settings.
 */
export const lossPresets: Readonly<Record<string, PartialConfig>> = {
  // Arjovsky et al. 2017, arXiv:1701.07875, algorithm 1, with the learning rate scaled for short runs.
  wgan: {
    loss: { name: "wasserstein" },
    penalties: [{ name: "weight-clipping", limit: 0.01 }],
    optimizer: both({ name: "rmsprop", learningRate: 5e-5 }),
    criticSteps: 5,
  },
  // Gulrajani et al. 2017, arXiv:1704.00028, algorithm 1.
  "wgan-gp": {
    loss: { name: "wasserstein" },
    penalties: [{ name: "gradient-penalty", weight: 10 }],
    optimizer: both({ name: "adam", learningRate: 1e-4, beta1: 0, beta2: 0.9 }),
    criticSteps: 5,
  },
};

/** Later parts win, key by key; named things (model, loss, …) are replaced whole unless only options are given. */
export const mergeConfigs = (
  base: Omit<RunConfig, "data">,
  ...parts: readonly PartialConfig[]
): RunConfig => {
  const merged: Record<string, unknown> = { ...base };
  for (const part of parts) {
    for (const [key, value] of Object.entries(part)) if (value !== undefined) merged[key] = value;
  }
  return merged as unknown as RunConfig;
};

const optimizers: Readonly<Record<string, (options: Record<string, never>) => Optimizer>> = {
  sgd,
  rmsprop: rmsProp,
  adam,
  adamw: adamW,
};
export const optimizerNames: readonly string[] = Object.keys(optimizers);

const training = ({ name, learningRate, gradientNorm, ...options }: OptimizerConfig): Training => {
  const make = Object.hasOwn(optimizers, name) ? optimizers[name] : undefined;
  if (make === undefined) throw unknownName("optimizer", name, optimizerNames);
  return { optimizer: make(options as Record<string, never>), learningRate, gradientNorm };
};

const split = ({ name, ...options }: Named): [string, Record<string, unknown>] => [name, options];

/** The live objects that a configuration names, for data of the given shape. */
export const planOf = (config: RunConfig, shape: readonly number[]): Plan => {
  const [modelName, modelOptions] = split(config.model);
  const penalties = config.penalties.map((penalty) => createPenalty(...split(penalty)));
  const keepsExamplesApart = penalties.every((penalty) => penalty.penalty === undefined);
  // Batch norm mixes the examples of a batch, whose gradients a penalty takes one by one.
  const norm = modelName === "dcgan" && !keepsExamplesApart ? { discriminatorNorm: "none" } : {};
  const model = createModel(modelName, shape, { ...norm, ...modelOptions });
  return {
    model,
    loss: createLoss(...split(config.loss)),
    penalties,
    terms: [],
    discriminator: training(config.optimizer.discriminator),
    generator: training(config.optimizer.generator),
    batch: config.batch,
    generatorBatch: config.generatorBatch ?? config.batch,
    emaDecay: config.emaDecay,
  };
};

/** Steps of each iteration, as the configuration says. */
export const iterationsOf = ({
  criticSteps,
  generatorSteps,
}: RunConfig): ((index: number) => IterationPlan) => {
  if (typeof criticSteps === "number") return () => ({ discriminatorSteps: criticSteps, generatorSteps });
  const { steps, burst, first, every } = criticSteps;
  return (index) => ({
    discriminatorSteps: index < first || index % every === 0 ? burst : steps,
    generatorSteps,
  });
};

/** Refuses what the types cannot: numbers out of range. */
export const checkConfig = (config: RunConfig): void => {
  const whole: (keyof RunConfig)[] = [
    "batch",
    "steps",
    "generatorSteps",
    "sampleEvery",
    "checkpointEvery",
    "keepCheckpoints",
    "logEvery",
  ];
  for (const key of whole) {
    const value = config[key] as number;
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new UsageError(`config: ${key} must be a whole number of at least 1; got ${value}`);
    }
  }
  if (!(config.emaDecay >= 0 && config.emaDecay < 1)) {
    throw new UsageError(`config: emaDecay must lie in [0, 1); got ${config.emaDecay}`);
  }
};
