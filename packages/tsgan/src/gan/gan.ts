/**
 * The two-player GAN: a function that makes a game of a model, a loss, penalties, terms and techniques. Everything here is
 * written with what any game may use.
 */
import type { Dataset } from "../data/index.ts";
import { UsageError } from "../errors.ts";
import {
  defineTechnique,
  fromUnit,
  type Game,
  gameOf,
  type NetworkInput,
  type NetworkOptions,
  type PlayerOptions,
  type Technique,
  toUnit,
  type ViewTools,
} from "../game/index.ts";
import { add, concat, constant, mul, reshape, sizeOf, sliceAxis, type Tensor } from "../graph/index.ts";
import {
  type AdversarialLoss,
  combine,
  type DiscriminatorInput,
  type DiscriminatorOutput,
  type GeneratorInput,
  type Term,
  type TermContext,
  type WeightedLoss,
} from "../losses/index.ts";
import type { Model } from "../models/index.ts";
import { type Optimizer, pack } from "../nn/index.ts";
import type { Penalty } from "../penalties/index.ts";
import { checkScores, discriminate, generate, judged } from "./scores.ts";
import { meanOf, rightShare } from "./statistics.ts";

/** Critic steps for each generator step; a burst of more for the first generator steps and every so often. */
export type CriticSteps =
  | number
  | { readonly steps: number; readonly burst: number; readonly first: number; readonly every: number };

/** A GAN as live objects, with nothing left open. */
export interface Gan {
  readonly model: Model;
  readonly loss: AdversarialLoss;
  readonly penalties: readonly Penalty[];
  /** Losses of the generator beside the adversarial one. */
  readonly terms: readonly Term[];
  /** Weight of the adversarial loss in the generator's objective. */
  readonly adversarialWeight: number;
  readonly techniques: readonly Technique[];
  readonly optimizer: { readonly generator: Optimizer; readonly discriminator: Optimizer };
  readonly criticSteps: CriticSteps;
  readonly generatorSteps: number;
  /** Examples of a discriminator step. */
  readonly batch: number;
  /** Examples of a generator step. */
  readonly generatorBatch: number;
}

/** What the objectives of a GAN see. */
interface GanView extends ViewTools<"real" | "labelled"> {
  readonly generator: (input: GeneratorInput) => Tensor;
  readonly discriminator: (input: DiscriminatorInput) => DiscriminatorOutput;
  /** In [−1, 1], as data are. */
  readonly real: Tensor;
  readonly labelled: Tensor;
  readonly latent: Tensor;
}

type Player = "generator" | "discriminator";

/** What a player looks at: real examples in the model's range, and what the generator makes the others of. */
interface Drawn {
  readonly real: Tensor;
  readonly z: Tensor;
  /** Of the real examples; the generated ones are given the same, so that pairs and points between them have one. */
  readonly label: Tensor | undefined;
}
type Examples = Drawn & { readonly fake: Tensor };

/** Examples up to this size, and rows up to the other, are scored real and generated together: dispatch dominates their networks. */
const [SMALL_EXAMPLE, SMALL_ROW] = [64, 1024];

/** From [−1, 1], as data are, to the range in which the model's networks see `x`. */
export const toModelRange = ({ range }: Model, x: Tensor): Tensor => (range === "unit" ? toUnit(x) : x);

const drawn = (model: Model, view: GanView): Drawn => ({
  real: toModelRange(model, view.real),
  z: view.latent,
  label: model.classes === undefined ? undefined : view.labels.real,
});

/** What the generator makes its output from, beside noise: the real examples that it translates, or what it is given of them. */
const sourceOf = ({ translates, given }: Model, real: Tensor): Tensor | undefined =>
  translates === true ? real : given && sliceAxis(real, 1, ...given);

const generated = (model: Model, view: GanView, { real, z, label }: Drawn): Tensor =>
  view.generator({ z, label, source: sourceOf(model, real) });

/** The fakes of this move: the same for whoever asks. */
const fakes = (model: Model, view: GanView): Tensor =>
  view.once("fake", () => generated(model, view, drawn(model, view)));

/** Before several discriminator steps, in which the generator stands still: all their fakes in one call where that is faster. */
const fakesOfAll = (model: Model, views: readonly GanView[]): void => {
  const joins =
    views.length > 1 &&
    sizeOf(model.shape) <= SMALL_EXAMPLE &&
    model.translates !== true &&
    model.given === undefined &&
    !views[0].mixesExamples("generator");
  if (!joins) {
    for (const view of views) fakes(model, view);
    return;
  }
  const all = views.map((view) => drawn(model, view));
  const labels = all.flatMap(({ label }) => label ?? []);
  const z = concat(
    all.map((each) => each.z),
    0,
  );
  const label = labels.length === 0 ? undefined : concat(labels, 0);
  const joint = views[0].generator({ z, label });
  let begin = 0;
  views.forEach((view, i) => {
    const [count] = all[i].z.shape;
    const own = sliceAxis(joint, 0, begin, begin + count);
    view.once("fake", () => own);
    begin += count;
  });
};

/** The scores of both batches: apart where examples see each other, in one call where that is faster. */
const scoreBoth = (
  { penalisesPacks }: Model,
  view: GanView,
  real: DiscriminatorInput,
  fake: DiscriminatorInput,
): readonly [DiscriminatorOutput, DiscriminatorOutput] => {
  // In packs examples see each other, but no others.
  const mixes = view.mixesExamples("discriminator") && penalisesPacks !== true;
  const [, ...sides] = real.x.shape;
  if (mixes || sizeOf(sides) > (sides.length === 1 ? SMALL_ROW : SMALL_EXAMPLE)) {
    return [view.discriminator(real), view.discriminator(fake)];
  }
  const joint = view.discriminator({
    x: concat([real.x, fake.x], 0),
    label: real.label && fake.label && concat([real.label, fake.label], 0),
  });
  const part = (at: 0 | 1): DiscriminatorOutput => {
    const cut = (t: Tensor): Tensor => sliceAxis(t, 0, (at * t.shape[0]) / 2, ((at + 1) * t.shape[0]) / 2);
    const heads = Object.entries(joint.heads ?? {}).map(([name, t]) => [name, cut(t)]);
    return {
      scores: cut(joint.scores),
      ...(joint.features === undefined ? {} : { features: cut(joint.features) }),
      heads: Object.fromEntries(heads),
    };
  };
  return [part(0), part(1)];
};

const contextOf = (
  { model, batch }: Gan,
  view: GanView,
  player: Player,
  examples: Examples,
  realOutput: DiscriminatorOutput,
  fakeOutput: DiscriminatorOutput,
): TermContext => ({
  player,
  ...examples,
  realOutput,
  fakeOutput,
  discriminate: view.discriminator,
  averaged: (input) => view.averaged("discriminator", input) as DiscriminatorOutput,
  generate: view.generator,
  labelled: () => {
    if (model.labelledBatch === undefined) {
      throw new UsageError(
        `model ${model.name}: labelled examples need a labelledBatch; got none of ${batch}`,
      );
    }
    return { x: toModelRange(model, view.labelled), label: view.labels.labelled };
  },
  random: view.random,
  record: view.record,
});

/** The adversarial loss with the model's terms and the generator's. */
const withTerms = (gan: Gan, player: Player, adversarial: Tensor, context: TermContext): Tensor => {
  const { model, terms } = gan;
  const own = model.adversarialWeights?.[player] ?? 1;
  const weight = player === "generator" ? gan.adversarialWeight * own : own;
  const ofModel = (model.terms ?? []).flatMap((term) => term[player]?.(context) ?? []);
  const added = terms.flatMap((term): WeightedLoss[] => {
    const loss = term[player]?.(context);
    if (loss === undefined) return [];
    const { gradientRatio } = term;
    return [gradientRatio === undefined ? { loss, weight: term.weight ?? 1 } : { loss, gradientRatio }];
  });
  const base = weight === 1 ? [adversarial] : weight === 0 ? [] : [mul(adversarial, weight)];
  const losses = [...base, ...ofModel];
  const total = losses.length === 0 ? constant([0], []) : losses.reduce((a, b) => add(a, b));
  return combine(total, added, [context.fake]);
};

const lossState = ({ loss }: Gan, view: GanView): Tensor | undefined =>
  loss.state === undefined ? undefined : view.state("loss");

/** Loss of one real and one generated batch, and the penalties that act in this step. */
const discriminatorObjective = (gan: Gan, view: GanView): Tensor => {
  const { model, loss, penalties } = gan;
  const examples = { ...drawn(model, view), fake: view.show("fake", fakes(model, view)) };
  const { real, fake, z, label } = examples;
  const outputs = scoreBoth(model, view, { x: real, label }, { x: fake, label });
  const [realOutput, fakeOutput] = [judged(model, outputs[0]), judged(model, outputs[1], z)];
  const [realScores, fakeScores] = [realOutput.scores, fakeOutput.scores];
  view.observe("realScores", realScores);
  view.observe("fakeScores", fakeScores);
  const adversarial = loss.discriminator(realScores, fakeScores, lossState(gan, view));
  const context = contextOf(gan, view, "discriminator", examples, realOutput, fakeOutput);
  const total = withTerms(gan, "discriminator", adversarial, context);
  if (total !== adversarial) view.record("adversarialLoss", adversarial);
  const packing = model.penalisesPacks === true ? (model.packing ?? 1) : 1;
  const { witness } = loss;
  const values = penalties
    .filter(({ every = 1 }) => view.every(every))
    .flatMap((item) => {
      // To a penalty that asks for the slope at each example, a model that penalises packs has packs for examples.
      const count = item.perExample === true ? packing : 1;
      const critic = (x: Tensor): Tensor =>
        view.discriminator({ x: count === 1 ? x : reshape(x, real.shape), label }).scores;
      return (
        item.penalty?.({
          real: count === 1 ? real : pack(real, count),
          fake: count === 1 ? fake : pack(fake, count),
          realScores,
          fakeScores,
          critic,
          ...(witness && { witness: (x: Tensor) => witness(critic(x), realScores, fakeScores) }),
          weights: view.parameters("discriminator").filter((t) => t.shape.length >= 2),
          random: view.random,
        }) ?? []
      );
    });
  if (values.length === 0) return total;
  const penalty = values.reduce((a, b) => add(a, b));
  view.record("penalty", penalty);
  return add(total, penalty);
};

/** Loss of a generated batch with the discriminator as it is. */
const generatorObjective = (gan: Gan, view: GanView): Tensor => {
  const { model, loss } = gan;
  const examples = { ...drawn(model, view), fake: fakes(model, view) };
  const { real, fake, z, label } = examples;
  const fakeOutput = judged(model, view.discriminator({ x: fake, label }), z);
  const realOutput = judged(model, view.discriminator({ x: real, label }));
  const adversarial = loss.generator(realOutput.scores, fakeOutput.scores, lossState(gan, view));
  const context = contextOf(gan, view, "generator", examples, realOutput, fakeOutput);
  return withTerms(gan, "generator", adversarial, context);
};

/** The adversarial losses of both players on the same scores; the fakes depend on the generator. */
const contested = (gan: Gan, view: GanView): { readonly [P in Player]: Tensor } =>
  view.once("contested", () => {
    const { model, loss } = gan;
    const own = drawn(model, view);
    const fake = generated(model, view, own);
    const real = judged(model, view.discriminator({ x: own.real, label: own.label })).scores;
    const { scores } = judged(model, view.discriminator({ x: fake, label: own.label }), own.z);
    const state = lossState(gan, view);
    return {
      discriminator: loss.discriminator(real, scores, state),
      generator: loss.generator(real, scores, state),
    };
  });

/** What a loss carries from step to step, such as BEGAN's k. */
const stateOf = ({ loss }: Gan): readonly Technique[] => {
  const { state } = loss;
  if (state === undefined) return [];
  const carried = defineTechnique({
    name: "loss",
    title: "what the loss carries from step to step",
    options: {},
    create: () => ({
      state: () => ({ "": { size: state.initial.length, initial: state.initial } }),
      after: ({ own, set, observed }) => {
        const [real, fake] = [observed("realScores"), observed("fakeScores")];
        if (real !== undefined && fake !== undefined) set("", state.next(real, fake, own("")));
      },
    }),
  });
  return [carried()];
};

const criticMoves =
  (criticSteps: CriticSteps): ((iteration: number) => number) =>
  (iteration) => {
    if (typeof criticSteps === "number") return criticSteps;
    const { steps, burst, first, every } = criticSteps;
    return iteration < first || iteration % every === 0 ? burst : steps;
  };

const inputsOf = (model: Model): Readonly<Record<Player, Readonly<Record<string, NetworkInput>>>> => {
  const label: Record<string, NetworkInput> =
    model.classes === undefined ? {} : { label: { shape: [], dtype: "int32" } };
  return {
    generator: {
      z: { shape: [model.latent.size] },
      ...label,
      ...(model.translates === true && { source: { shape: model.shape } }),
      ...(model.given && { source: { shape: [model.given[1] - model.given[0]] } }),
    },
    discriminator: { x: { shape: model.shape }, ...label },
  };
};

export interface GanData {
  readonly real: Dataset;
  /** Where a semi-supervised model takes its labelled examples from; `real` without. */
  readonly labelled?: Dataset | undefined;
}

/**
 * The game of a GAN: players and networks `discriminator` and `generator`, the first no player where the model trains both
 * `together`, and the stream `real`.
 *
 * @param gan loss, penalties, model, optimisers, techniques and the rhythm of both players
 * @throws UsageError for a loss that reads another kind of scores than the model gives
 */
export const ganGame = (gan: Gan, { real, labelled = real }: GanData): Game => {
  const { model, loss, penalties, batch, generatorBatch } = gan;
  checkScores(model, loss);
  const inputs = inputsOf(model);
  const constraints = penalties.flatMap(({ constraint }) => constraint ?? []);
  const discriminator: PlayerOptions<GanView, "discriminator"> = {
    trains: "discriminator",
    key: "d",
    loss: (view) => discriminatorObjective(gan, view),
    contested: (view) => contested(gan, view).discriminator,
    prepare: (views) => fakesOfAll(model, views),
    constraint: (parameters) => constraints.reduce((value, constrain) => constrain(value), parameters),
    optimizer: gan.optimizer.discriminator,
    moves: criticMoves(gan.criticSteps),
    batch,
  };
  return gameOf<
    { real: Dataset; labelled: { dataset: Dataset; batch: number } },
    {
      discriminator: NetworkOptions<DiscriminatorInput, DiscriminatorOutput>;
      generator: NetworkOptions<GeneratorInput, Tensor>;
    },
    { latent: Model["latent"] }
  >({
    name: model.name,
    data: { real, labelled: { dataset: labelled, batch: model.labelledBatch ?? batch } },
    networks: {
      generator: {
        apply: (input, scope) => generate(model, input, scope),
        inputs: inputs.generator,
        range: model.range,
      },
      discriminator: {
        apply: (input, scope) => discriminate(model, input, scope),
        inputs: inputs.discriminator,
        range: model.range,
      },
    },
    latents: { latent: model.latent },
    players: {
      ...(model.together !== true && { discriminator }),
      generator: {
        trains: model.together === true ? ["discriminator", "generator"] : "generator",
        key: "g",
        ...(model.together !== true && { follows: "discriminator" }),
        loss: (view) => generatorObjective(gan, view),
        contested: (view) => contested(gan, view).generator,
        optimizer: gan.optimizer.generator,
        moves: gan.generatorSteps,
        batch: generatorBatch,
      },
    },
    techniques: [...stateOf(gan), ...gan.techniques],
    batch,
    judges: ["discriminator"],
    statistics: ({ realScores, fakeScores }) => {
      if (realScores === undefined || fakeScores === undefined) return {};
      return {
        realScore: meanOf(realScores),
        fakeScore: meanOf(fakeScores),
        ...(loss.scores === "logit" && { accuracy: rightShare(realScores, fakeScores) }),
      };
    },
  });
};

/** From the range in which the model's generator gives `x` to [−1, 1]. */
export const fromModelRange = ({ range }: Model, x: Tensor): Tensor => (range === "unit" ? fromUnit(x) : x);
