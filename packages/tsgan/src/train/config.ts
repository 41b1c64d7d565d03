/**
 * A run as plain data: what `config.json` holds and what the command line and the page fill in. One literal of
 * defaults, one merge, one place that turns names into live objects.
 */

import { type Fit, type ImageSize, syntheticNames } from "../data/index.ts";
import type { Catalogue, Creator } from "../define/index.ts";
import { UsageError, unknownName } from "../errors.ts";
import {
  catalogue as losses,
  lossNames,
  pointModel,
  pointOptimizer,
  presets,
  terms as termCatalogue,
} from "../losses/index.ts";
import { type Model, catalogue as models, packed } from "../models/index.ts";
import { adam, adamW, type Optimizer, rmsProp, type Schedule, sgd } from "../nn/index.ts";
import { checkNumber } from "../options.ts";
import { catalogue as penaltyCatalogue } from "../penalties/index.ts";
import { checkScores, type Plan, type Training } from "./plan.ts";
import { recipeOf } from "./recipes.ts";
import { networksOf } from "./step.ts";
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
  /** A built-in data set, a folder or archive of images, or a table of points. */
  readonly data: string;
  /** What images are resized to, a side or "64x96" (width x height), and 1 (grey) or 3 (colour) channels, where not the data set's own. */
  readonly imageSize?: ImageSize;
  readonly channels?: 1 | 3;
  /** How an image of another shape fits into that size: cut to the middle, whole with margins, or stretched. */
  readonly fit?: Fit;
  /** Where the classes of one's own images come from: "folders", "none", or a table by its path. */
  readonly labels?: string;
  /** Columns of a table, by name or number: coordinates of points, or file names and labels. Arrays of an .npz file. */
  readonly columns?: readonly string[];
  readonly model: Named;
  readonly loss: Named;
  readonly penalties: readonly Named[];
  /** Losses of the generator beside the adversarial one, each with a `weight` or a `gradientRatio`; `losses.terms` has them. */
  readonly terms?: readonly Named[];
  /** Weight of the adversarial loss in the generator's; 0 leaves the terms alone. */
  readonly adversarialWeight?: number;
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
  /** Iterations from one evaluation of the samples to the next; without, samples are not judged while training. */
  readonly evaluateEvery?: number;
  /** Samples of an evaluation; 2,000 without. */
  readonly evaluateSamples?: number;
  /** Metrics of an evaluation by name; without, those that are fast enough to be taken while training. */
  readonly evaluateMetrics?: readonly string[];
  /** Examples of each class whose labels a semi-supervised model may see; by default it sees all labels. */
  readonly labelsPerClass?: number;
  /** Examples that the discriminator sees together (Lin et al. 2018, arXiv:1712.04086). */
  readonly packing?: number;
  /** Techniques of the step; `Plan` describes each. */
  readonly augment?: NonNullable<Plan["augment"]>;
  readonly instanceNoise?: NonNullable<Plan["instanceNoise"]>;
  readonly historicalAveraging?: number;
  readonly consensus?: number;
  readonly unrolled?: number;
  readonly imagePool?: number;
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
  // Tuned on ring and grid (docs/losses-matrix.md). The learning rate must end near 0 for samples to settle on the modes,
  // and R1 makes the game converge for nearly every loss.
  points: {
    ...shared,
    model: pointModel,
    penalties: [{ name: "r1", weight: 0.05 }],
    optimizer: pointOptimizer,
    batch: 256,
    steps: 5000,
    emaDecay: 0.995,
    sampleEvery: 500,
    checkpointEvery: 1000,
  },
};

/** The preset of that name for this kind of data, where there is one. */
const presetOf = (name: string, data: string): PartialConfig | undefined => {
  const { images, points = images } = presets().find((preset) => preset.name === name) ?? {};
  return arePoints(data) ? points : images;
};

/**
 * A configuration as people write it: a name may stand for a loss or preset, for a model with its defaults, or for a whole
 * recipe.
 */
export type ConfigInput = Omit<PartialConfig, "loss" | "model"> & {
  /** A recipe, whose settings rank as this input's, below its own keys. */
  readonly recipe?: string | undefined;
  readonly loss?: Named | string | undefined;
  readonly model?: Named | string | undefined;
};

/** `value`, or what it names: the thing as it is where it has that name already, or else with its defaults. */
const named = (value: Named | string | undefined, current: Named): Named => {
  if (typeof value !== "string") return value ?? current;
  return value === current.name ? current : { name: value };
};

const defined = (part: PartialConfig): PartialConfig =>
  Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined));

const override = (base: RunConfig, { recipe, loss, model, ...rest }: ConfigInput): RunConfig => {
  const config =
    recipe === undefined ? base : ({ ...base, ...defined(recipeOf(recipe).config) } as RunConfig);
  if (typeof loss === "string" && !lossNames().includes(loss)) throw unknownName("loss", loss, lossNames());
  const preset = typeof loss === "string" ? presetOf(loss, rest.data ?? config.data) : undefined;
  return {
    ...config,
    ...(preset ?? { loss: named(loss, config.loss) }),
    model: named(model, preset?.model ?? config.model),
    ...defined(rest),
  } as RunConfig;
};

/** `base` with the keys of the inputs in place of its own; later inputs win, and a preset ranks as its input. */
export const overrideConfig = (base: RunConfig, ...inputs: readonly ConfigInput[]): RunConfig => {
  let config = base;
  for (const input of inputs) config = override(config, input);
  return config;
};

/** Whether data of this name or path are points; everything else consists of images. */
const arePoints = (data: string): boolean =>
  Object.hasOwn(syntheticNames, data) || /\.(?:csv|tsv|tab|dat|txt)$/i.test(data);

/** The whole configuration: defaults for the kind of data, then the inputs in order. */
export const resolveConfig = (...inputs: readonly ConfigInput[]): RunConfig => {
  const data = inputs.findLast((input) => input.data !== undefined)?.data;
  if (data === undefined) {
    throw new UsageError(
      "config: data is missing; name a built-in data set, a folder of images or a .csv file",
    );
  }
  return overrideConfig({ data, ...defaults[arePoints(data) ? "points" : "images"] }, ...inputs);
};

const optimizers: Readonly<Record<string, (options: Record<string, never>) => Optimizer>> = {
  sgd,
  rmsprop: rmsProp,
  adam,
  adamw: adamW,
};
export const optimizerNames: readonly string[] = Object.keys(optimizers);

const kindOf = (value: unknown): string =>
  Array.isArray(value) ? `list of ${typeof value[0]}s` : typeof value;

/** Refuses options that a thing does not have, or that are of another type than their default. */
const checkOptions = (
  where: string,
  given: Readonly<Record<string, unknown>>,
  defaults: Readonly<Record<string, unknown>>,
): void => {
  for (const [option, value] of Object.entries(given)) {
    if (!Object.hasOwn(defaults, option)) {
      throw unknownName(`option of ${where}`, option, Object.keys(defaults));
    }
    const [wanted, got] = [kindOf(defaults[option]), kindOf(value)];
    if (wanted !== got) {
      throw new UsageError(
        `${where}: ${option} must be a ${wanted}, such as ${JSON.stringify(defaults[option])}; got ${JSON.stringify(value)}`,
      );
    }
  }
};

const isSchedule = (value: unknown): boolean =>
  typeof value === "object" && value !== null && "kind" in value;

/** Whether an option of an optimiser may change over the run. */
const changes = (options: Optimizer["options"], key: string): boolean =>
  Object.hasOwn(options, key) && ["momentum", "beta1", "beta2"].includes(key);

const training = ({ name, learningRate, gradientNorm, ...options }: OptimizerConfig): Training => {
  const make = Object.hasOwn(optimizers, name) ? optimizers[name] : undefined;
  if (make === undefined) throw unknownName("optimizer", name, optimizerNames);
  const usual = make({}).options;
  const fixed = Object.entries(options).filter(([key, value]) => !(isSchedule(value) && changes(usual, key)));
  checkOptions(`optimizer ${name}`, Object.fromEntries(fixed), usual);
  return { optimizer: make(options as Record<string, never>), learningRate, gradientNorm };
};

const split = ({ name, ...options }: Named): [string, Record<string, unknown>] => [name, options];

const createNamed = <T>(catalogue: Catalogue<Creator<T, []>>, { name, ...options }: Named): T =>
  catalogue.get(name).create(options);

/** Refuses settings that this model cannot be trained with. */
const checkModel = (config: RunConfig, model: Model): void => {
  const { imagePool, labelsPerClass, terms = [] } = config;
  const isAdversarial = model.adversarialWeights?.generator !== 0;
  if (!isAdversarial && terms.length === 0 && model.terms === undefined) {
    throw new UsageError(
      "config: an adversarialWeight of 0 leaves the generator without a loss; add terms, or a weight above 0",
    );
  }
  if (!isAdversarial && terms.some(({ gradientRatio }) => gradientRatio !== undefined)) {
    throw new UsageError(
      `config: a term's gradientRatio is to the adversarial loss, which the generator of model ${model.name} does not have here; give it a weight`,
    );
  }
  if (imagePool !== undefined && (model.classes !== undefined || model.latent.parts !== undefined)) {
    throw new UsageError(
      `config: imagePool shows past samples, whose labels and codes are forgotten; model ${model.name} needs them; leave it out`,
    );
  }
  if (labelsPerClass !== undefined && model.labelledBatch === undefined) {
    throw new UsageError(
      `config: labelsPerClass is for semi-supervised models (sgan); model ${model.name} is none; leave it out`,
    );
  }
};

/** The model with its generator's weight of the adversarial loss times another. */
const reweighted = (model: Model, adversarialWeight: number): Model => {
  checkNumber("config", "adversarialWeight", adversarialWeight, { least: 0 });
  const { adversarialWeights: own } = model;
  return {
    ...model,
    adversarialWeights: { ...own, generator: adversarialWeight * (own?.generator ?? 1) },
  };
};

/** The live objects that a configuration names, for data of the given shape and number of classes. */
export const planOf = (config: RunConfig, shape: readonly number[], classes?: number): Plan => {
  const [modelName, modelOptions] = split(config.model);
  const penalties = config.penalties.map((penalty) => createNamed(penaltyCatalogue, penalty));
  const perExample = penalties.some((penalty) => penalty.perExample === true);
  const { adversarialWeight } = config;
  const made = models.get(modelName).create(modelOptions).for({ shape, classes, perExample });
  const single = adversarialWeight === undefined ? made : reweighted(made, adversarialWeight);
  checkModel(config, single);
  const model = config.packing === undefined ? single : packed(single, config.packing);
  const loss = createNamed(losses, config.loss);
  checkScores(model, loss);
  const { augment, instanceNoise, historicalAveraging, consensus, unrolled, imagePool } = config;
  return {
    model,
    loss,
    penalties,
    ...(augment === undefined ? {} : { augment }),
    ...(instanceNoise === undefined ? {} : { instanceNoise }),
    ...(historicalAveraging === undefined ? {} : { historicalAveraging }),
    ...(consensus === undefined ? {} : { consensus }),
    ...(unrolled === undefined ? {} : { unrolled }),
    ...(imagePool === undefined ? {} : { imagePool }),
    terms: (config.terms ?? []).map((term) => createNamed(termCatalogue, term)),
    discriminator: training(config.optimizer.discriminator),
    generator: training(config.optimizer.generator),
    batch: config.batch,
    generatorBatch: config.generatorBatch ?? config.batch,
    emaDecay: config.emaDecay,
  };
};

/** What is allowed and unlikely to be meant. */
export const warningsOf = (plan: Plan): string[] => {
  const { model, penalties, batch } = plan;
  const perExample = penalties.find((penalty) => penalty.perExample);
  if (perExample === undefined || batch === 1 || !networksOf(plan).discriminator.mixesExamples) return [];
  return [
    `penalty ${perExample.name} asks for the slope at each example by itself, but the discriminator of model ${model.name} ` +
      "mixes the examples of a batch (by batch norm, packing or the like); choose options that keep them apart",
  ];
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
    ...(config.evaluateEvery === undefined ? [] : (["evaluateEvery"] as const)),
    ...(config.evaluateSamples === undefined ? [] : (["evaluateSamples"] as const)),
  ];
  for (const key of whole) {
    const value = config[key] as number;
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new UsageError(`config: ${key} must be a whole number of at least 1; got ${value}`);
    }
  }
  const { criticSteps, seed } = config;
  const everyCriticSteps =
    typeof criticSteps === "number"
      ? { criticSteps }
      : { "criticSteps.steps": criticSteps.steps, "criticSteps.burst": criticSteps.burst };
  for (const [key, value] of Object.entries(everyCriticSteps)) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new UsageError(`config: ${key} must be a whole number of at least 1; got ${value}`);
    }
  }
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new UsageError(`config: seed must be a whole number of at least 0; got ${seed}`);
  }
  for (const player of ["generator", "discriminator"] as const) {
    const { learningRate } = config.optimizer[player];
    if (typeof learningRate === "number" && !(learningRate > 0 && Number.isFinite(learningRate))) {
      throw new UsageError(
        `config: optimizer.${player}.learningRate must be a positive number; got ${learningRate}`,
      );
    }
  }
  if (!(config.emaDecay >= 0 && config.emaDecay < 1)) {
    throw new UsageError(`config: emaDecay must lie in [0, 1); got ${config.emaDecay}`);
  }
};
