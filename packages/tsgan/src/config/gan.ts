/** The live objects of a configuration. */
import { UsageError } from "../errors.ts";
import type { GanParts } from "../game/index.ts";
import type { Gan } from "../gan/index.ts";
import type { Shape } from "../graph/index.ts";
import type { Layout } from "../layout.ts";
import { type AdversarialLoss, catalogue as losses, type NamedTerm, terms } from "../losses/index.ts";
import { type Architecture, type Model, catalogue as models } from "../models/index.ts";
import { createOptimizer, type Optimizer, type OptimizerConfig } from "../nn/index.ts";
import { type Penalty, catalogue as penalties } from "../penalties/index.ts";
import { type Technique, catalogue as techniques } from "../techniques/index.ts";
import { isThing, type LiveConfig, type Named, type RunConfig } from "./config.ts";
import { plainConfig, written } from "./resolve.ts";

/** What a GAN is made for. */
export interface GanShape {
  /** Shape of one example. */
  readonly shape: Shape;
  /** Number of classes, where the data are labelled. */
  readonly classes?: number | undefined;
  /** What the numbers of a point are, where they are not all alike. */
  readonly layout?: Layout | undefined;
}

/** The thing of a name with options, or the thing itself. */
const live = <T>(part: Named | T, make: (name: string, options: Record<string, unknown>) => unknown): T => {
  if (isThing(part)) return part as T;
  const { name, ...options } = part as Named;
  return make(name, options) as T;
};

const optimizer = (part: OptimizerConfig | Optimizer): Optimizer =>
  "update" in part ? (part as Optimizer) : createOptimizer(part as OptimizerConfig);

/**
 * Whether a run has an adversarial loss: not where its `model` trains both networks together, by a loss of its own.
 */
export const hasAdversary = ({ model }: Pick<RunConfig, "model">): boolean =>
  !models.has(model.name) || models.get(model.name).definition.together !== true;

/** Refuses what is for two players, where a model has one. */
const refuseAdversary = ({ model, loss, penalties: own, criticSteps, techniques: used }: Gan): void => {
  const technique = used.find((each) => each.opponents ?? each.gradient ?? each.shows ?? each.model);
  const usual = (model.definition.settings?.loss as Named | undefined)?.name;
  const odd =
    own.length > 0
      ? `penalty ${own[0].name}`
      : technique !== undefined
        ? `technique ${technique.name}`
        : usual !== undefined && loss.name !== usual
          ? `loss ${loss.name}`
          : criticSteps !== 1
            ? "criticSteps"
            : undefined;
  if (odd === undefined) return;
  throw new UsageError(
    `config: ${odd} is for two players; model ${model.name} trains both networks by a loss of its own; leave it out`,
  );
};

/** Refuses settings that this model cannot be trained with. */
const checkModel = ({ labelsPerClass }: LiveConfig, gan: Gan): void => {
  const { model, batch, generatorBatch, terms: added, techniques: used, adversarialWeight } = gan;
  const { packing = 1 } = model;
  const odd = [batch, generatorBatch].find((size) => size % packing !== 0);
  if (odd !== undefined) {
    const below = odd - (odd % packing);
    throw new UsageError(
      `config: batch must be a multiple of ${packing}, the examples that model ${model.name} judges together; got ${odd}; ` +
        `choose ${below === 0 ? "" : `${below} or `}${below + packing}`,
    );
  }
  const isAdversarial = adversarialWeight !== 0 && model.adversarialWeights?.generator !== 0;
  if (!isAdversarial && added.length === 0 && model.terms === undefined) {
    throw new UsageError(
      "config: an adversarialWeight of 0 leaves the generator without a loss; add terms, or a weight above 0",
    );
  }
  if (!isAdversarial && added.some(({ gradientRatio }) => gradientRatio !== undefined)) {
    throw new UsageError(
      `config: a term's gradientRatio is to the adversarial loss, which the generator of model ${model.name} does not have here; give it a weight`,
    );
  }
  if (model.together === true) refuseAdversary(gan);
  const showing = used.find(({ shows }) => shows !== undefined);
  if (showing !== undefined && (model.classes !== undefined || model.latent.parts !== undefined)) {
    throw new UsageError(
      `config: technique ${showing.name} shows past samples, whose labels and codes are forgotten; model ${model.name} needs them; leave it out`,
    );
  }
  if (labelsPerClass !== undefined && model.labelledBatch === undefined) {
    throw new UsageError(
      `config: labelsPerClass is for semi-supervised models (sgan); model ${model.name} is none; leave it out`,
    );
  }
};

/**
 * The GAN that a configuration describes, for data of the given shape and number of classes.
 *
 * @param config a whole configuration, as `resolveLive` gives it
 * @throws UsageError for things that do not exist or do not go together
 */
export const ganOf = (config: LiveConfig, { shape, classes, layout }: GanShape): Gan => {
  const own = config.penalties.map((each) =>
    live<Penalty>(each, (name, options) => penalties.get(name).create(options)),
  );
  const used = config.techniques.map((each) =>
    live<Technique>(each, (name, options) => techniques.get(name).create(options)),
  );
  const architecture = live<Architecture>(config.model, (name, options) => models.get(name).create(options));
  const perExample = own.some((penalty) => penalty.perExample === true);
  const single = architecture.for({ shape, classes, perExample, ...(layout && { layout }) });
  const gan: Gan = {
    model: used.reduce((model: Model, technique) => technique.model?.(model) ?? model, single),
    loss: live<AdversarialLoss>(config.loss, (name, options) => losses.get(name).create(options)),
    penalties: own,
    terms: config.terms.map((each) =>
      live<NamedTerm>(each as Named, (name, options) => terms.get(name).create(options)),
    ),
    adversarialWeight: config.adversarialWeight,
    techniques: used,
    optimizer: {
      generator: optimizer(config.optimizer.generator),
      discriminator: optimizer(config.optimizer.discriminator),
    },
    criticSteps: config.criticSteps,
    generatorSteps: config.generatorSteps,
    batch: config.batch,
    generatorBatch: config.generatorBatch ?? config.batch,
  };
  checkModel(config, gan);
  const parts: GanParts = {
    model: gan.model,
    loss: gan.loss.name,
    penalties: own,
    terms: gan.terms.map(({ name }) => name),
    techniques: used.map(({ name }) => name),
    seed: config.seed,
    evaluates: config.evaluateEvery !== undefined,
  };
  for (const technique of used) technique.suits?.(parts);
  return gan;
};

/**
 * The configuration with what the model worked out from the data: every option has its value.
 *
 * @param config that from which the GAN was made
 */
export const completeConfig = (config: LiveConfig, { model }: Gan): RunConfig => ({
  ...plainConfig(config),
  model: written(model),
});

/** Whether layers of a network take the examples of a batch together, as batch norm does. */
interface Mixing {
  readonly mixesExamples: boolean;
}

/**
 * What is allowed and unlikely to be meant. `generator` and `discriminator` are what the game knows of both networks,
 * their `variables`; of the GAN its `penalties`, its `model` and its `batch` are looked at.
 *
 * @param networks what the game knows of both: its `variables`
 */
export const warningsOf = (
  { penalties: own, model, batch }: Gan,
  { generator, discriminator }: Readonly<Record<"generator" | "discriminator", Mixing>>,
): string[] => {
  // The authors of models that translate take batches of one on purpose: over an image's positions.
  if (batch === 1 && model.translates !== true && (generator.mixesExamples || discriminator.mixesExamples)) {
    return [
      `batch 1: model ${model.name} has layers that compare the examples of a batch, such as batch norm, and with a single one ` +
        "nothing is left to compare: it hardly learns; take --batch 2 or more",
    ];
  }
  const perExample = own.find((penalty) => penalty.perExample);
  const { mixesExamples } = discriminator;
  // A pack is what the penalty takes for an example.
  if (perExample === undefined || batch === 1 || !mixesExamples || model.packing !== undefined) return [];
  return [
    `penalty ${perExample.name} asks for the slope at each example by itself, but the discriminator of model ${model.name} ` +
      "mixes the examples of a batch (by batch norm, packing or the like); choose options that keep them apart",
  ];
};
