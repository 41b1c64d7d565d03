/**
 * The adversarial step as a graph. A state is a few flat vectors by name; a step takes a state of tensors and gives the
 * next one. Steps are chained into one graph for a whole iteration, so that nothing leaves the device in between.
 */
import {
  abs,
  add,
  concat,
  constant,
  grad,
  input,
  less,
  mul,
  reshape,
  sizeOf,
  sliceAxis,
  sqrt,
  square,
  stopGradient,
  sum,
  type Tensor,
  where,
} from "../graph/index.ts";
import {
  combine,
  historicalAveraging,
  type Term,
  type TermContext,
  type WeightedLoss,
} from "../losses/index.ts";
import type { DiscriminatorInput, DiscriminatorOutput, Model } from "../models/model.ts";
import {
  type BoundScope,
  bindScope,
  clipByNorm,
  collectVariables,
  flatConcat,
  movingAverage,
  type Variables,
} from "../nn/index.ts";
import { consensus, type Penalty } from "../penalties/index.ts";
import { type FeedSpec, Feeds, type ScalarSpec, Scalars } from "./feeds.ts";
import { nextProbability, type Perception, perceived, pooled, poolSize, toModelRange } from "./perception.ts";
import type { Plan, Training } from "./plan.ts";

export type StateTensors = Readonly<Record<string, Tensor>>;

export interface Networks {
  readonly generator: Variables;
  readonly discriminator: Variables;
}

type Player = "generator" | "discriminator";

/** Learns the variables of both networks by building them once. */
export const networksOf = ({ model, batch }: Plan): Networks => {
  const label = model.classes === undefined ? undefined : input("label", [batch], "int32");
  const z = input("z", [batch, model.latent.size]);
  const x = input("x", [batch, ...model.shape]);
  const source = model.translates === true ? x : undefined;
  return {
    generator: collectVariables((scope) => model.generator({ z, label, source }, scope)),
    discriminator: collectVariables((scope) => model.discriminator({ x, label }, scope)),
  };
};

/** Names and lengths of the state's vectors. */
export const stateSizes = (plan: Plan, networks: Networks): Record<string, number> => {
  const sizes: Record<string, number> = {};
  for (const player of ["generator", "discriminator"] as const) {
    const { parameterCount, bufferCount } = networks[player];
    sizes[player] = parameterCount;
    for (let i = 0; i < plan[player].optimizer.slots; i++) sizes[`${player}.slot${i}`] = parameterCount;
    if (bufferCount > 0) sizes[`${player}.buffers`] = bufferCount;
    if (plan.historicalAveraging !== undefined) sizes[`${player}.history`] = parameterCount;
  }
  if (plan.emaDecay > 0) {
    sizes.ema = networks.generator.parameterCount;
    if (networks.generator.bufferCount > 0) sizes["ema.buffers"] = networks.generator.bufferCount;
  }
  if (plan.loss.state !== undefined) sizes.loss = plan.loss.state.initial.length;
  if (plan.augment?.adaptive !== undefined) sizes.augment = 1;
  if (plan.imagePool !== undefined) sizes.pool = poolSize(plan);
  return sizes;
};

interface StepResult {
  readonly state: StateTensors;
  readonly metrics: Readonly<Record<string, Tensor>>;
  /** Of a discriminator step: the scores it saw. Their statistics are cheaper to take on the host. */
  readonly scores?: { readonly real: Tensor; readonly fake: Tensor };
}

/** Everything a step is built from: what to train, on what state, fed by what. */
interface StepInputs {
  readonly plan: Plan;
  readonly networks: Networks;
  readonly state: StateTensors;
  readonly feeds: Feeds;
  readonly scalars: Scalars;
  /** Number of the player's step in the iteration. */
  readonly index: number;
  /** Whether the step is one that the generator looks ahead, and will be differentiated itself. */
  readonly ahead?: boolean;
}

/**
 * Below this a gradient's square is 0 in float32. Optimisers that take the root of squares have no slope there, which a
 * step that is differentiated must not come near.
 */
const SMALLEST_GRADIENT = 1e-15;

const bind = (
  { networks, state, feeds }: Pick<StepInputs, "networks" | "state" | "feeds">,
  player: Player,
): BoundScope =>
  bindScope({
    variables: networks[player],
    parameters: state[player],
    buffers: state[`${player}.buffers`],
    mode: "training",
    noise: (kind, shape) => feeds.take(kind, shape),
  });

/** One optimiser step on `total`: the new parameters, slots and buffers of a network, and its gradient's norm. */
const descend = (
  { plan, state, scalars, index, ahead = false }: StepInputs,
  player: Player,
  total: Tensor,
  network: BoundScope,
): { state: Record<string, Tensor>; norm: Tensor } => {
  const { optimizer, gradientNorm }: Training = plan[player];
  const exact = flatConcat(grad(total, network.parameters));
  // The next player takes the new parameters as they are, although consensus makes them depend on its own.
  const raw = ahead
    ? where(less(abs(exact), SMALLEST_GRADIENT), SMALLEST_GRADIENT, exact)
    : stopGradient(exact);
  const norm = sqrt(sum(square(raw)));
  const gradient = gradientNorm === undefined ? raw : clipByNorm(raw, gradientNorm);
  const slots = Array.from({ length: optimizer.slots }, (_, i) => state[`${player}.slot${i}`]);
  const own = Array.from({ length: optimizer.scalarCount }, (_, position) =>
    scalars.take({ player, index, kind: "optimizer", position }),
  );
  const updated = optimizer.update(state[player], gradient, slots, own);
  const next: Record<string, Tensor> = { [player]: updated.parameters };
  updated.slots.forEach((slot, i) => {
    next[`${player}.slot${i}`] = slot;
  });
  const buffers = network.updatedBuffers();
  if (buffers !== undefined) next[`${player}.buffers`] = stopGradient(buffers);
  const history = state[`${player}.history`];
  if (history !== undefined) {
    const keep = scalars.take({ player, index, kind: "historyShare", position: 0 });
    next[`${player}.history`] = movingAverage(history, state[player], keep);
  }
  return { state: next, norm };
};

/** Terms that any player may have beside its loss: distance from its own past, length of both players' gradients. */
const regularized = (
  { plan, state }: StepInputs,
  player: Player,
  total: Tensor,
  parameters: readonly Tensor[],
  game: () => Tensor,
): Tensor => {
  let result = total;
  const { historicalAveraging: weight } = plan;
  if (weight !== undefined) {
    const distance = historicalAveraging(flatConcat(parameters), state[`${player}.history`]);
    result = add(result, mul(distance, weight));
  }
  return plan.consensus === undefined ? result : add(result, game());
};

/** Examples up to this size are scored real and generated together: their networks are dominated by dispatch. */
const SMALL_EXAMPLE = 64;

type Score = (input: DiscriminatorInput) => DiscriminatorOutput;

/** The scores of both batches: apart where examples see each other, in one call where that is faster. */
const scoreBoth = (
  score: Score,
  apart: boolean,
  real: DiscriminatorInput,
  fake: DiscriminatorInput,
): readonly [DiscriminatorOutput, DiscriminatorOutput] => {
  const n = real.x.shape[0];
  if (apart || sizeOf(real.x.shape) / n > SMALL_EXAMPLE) return [score(real), score(fake)];
  const labels = [real.label ?? [], fake.label ?? []].flat();
  const joint = score({
    x: concat([real.x, fake.x], 0),
    label: labels.length === 2 ? concat(labels, 0) : undefined,
  });
  const part = (begin: number): DiscriminatorOutput => {
    const cut = (t: Tensor): Tensor => sliceAxis(t, 0, begin, begin + n);
    const heads = Object.entries(joint.heads ?? {}).map(([name, t]) => [name, cut(t)]);
    return {
      scores: cut(joint.scores),
      ...(joint.features === undefined ? {} : { features: cut(joint.features) }),
      heads: Object.fromEntries(heads),
    };
  };
  return [part(0), part(n)];
};

/** What a discriminator step looks at: a real and a generated batch. */
interface Examples {
  readonly real: Tensor;
  readonly z: Tensor;
  readonly fake: Tensor;
  /** Of the real examples; the generated ones are given the same, so that pairs and points between them have one. */
  readonly label: Tensor | undefined;
}

const takeBatch = (model: Model, feeds: Feeds, batch: number): Omit<Examples, "fake"> => ({
  real: toModelRange(model, feeds.take("real", [batch, ...model.shape])),
  z: feeds.take("latent", [batch, model.latent.size]),
  label: model.classes === undefined ? undefined : feeds.take("real-label", [batch]),
});

/**
 * The batches of all discriminator steps of an iteration. The generator stands still meanwhile, so where that is faster
 * it makes all their fakes in one call.
 */
const drawExamples = (
  plan: Plan,
  networks: Networks,
  state: StateTensors,
  feeds: readonly Feeds[],
): readonly Examples[] => {
  const { model, batch } = plan;
  const drawn = feeds.map((own) => takeBatch(model, own, batch));
  const generate = (z: Tensor, label: Tensor | undefined, source: Tensor | undefined, own: Feeds): Tensor => {
    const generator = bind({ networks, state, feeds: own }, "generator");
    return stopGradient(model.generator({ z, label, source }, generator.scope));
  };
  const joins =
    drawn.length > 1 &&
    sizeOf(model.shape) <= SMALL_EXAMPLE &&
    model.translates !== true &&
    !networks.generator.mixesExamples;
  if (!joins) {
    return drawn.map((d, i) => {
      const source = model.translates === true ? d.real : undefined;
      return { ...d, fake: generate(d.z, d.label, source, feeds[i]) };
    });
  }
  const labels = drawn.flatMap((d) => d.label ?? []);
  const latents = drawn.map((d) => d.z);
  const label = labels.length === 0 ? undefined : concat(labels, 0);
  const all = generate(concat(latents, 0), label, undefined, feeds[0]);
  return drawn.map((d, i) => ({ ...d, fake: sliceAxis(all, 0, i * batch, (i + 1) * batch) }));
};

/** What both players' steps have in common: the networks as functions, and the context of terms. */
const playing = (inputs: StepInputs, player: Player) => {
  const { plan, feeds } = inputs;
  const { model } = plan;
  const generator = bind(inputs, "generator");
  const discriminator = bind(inputs, "discriminator");
  const perceive = perception(inputs);
  const discriminate: Score = ({ x, label }) =>
    model.discriminator({ x: perceive(x), label }, discriminator.scope);
  const generate: TermContext["generate"] = (input) => model.generator(input, generator.scope);
  const contextOf = (
    examples: Examples,
    realOutput: DiscriminatorOutput,
    fakeOutput: DiscriminatorOutput,
  ): TermContext => ({
    player,
    ...examples,
    realOutput,
    fakeOutput,
    discriminate,
    generate,
    labelled: () => {
      const count = model.labelledBatch ?? plan.batch;
      const x = toModelRange(model, feeds.take("labelled", [count, ...model.shape]));
      return { x, label: feeds.take("labelled-label", [count]) };
    },
    random: (kind, shape) => feeds.take(kind, shape),
  });
  const weigh = (adversarial: Tensor, context: TermContext): Tensor => {
    const weighted = (terms: readonly Term[]): WeightedLoss[] =>
      terms.flatMap((term): WeightedLoss[] => {
        const loss = term[player]?.(context);
        if (loss === undefined) return [];
        const { gradientRatio } = term;
        return [gradientRatio === undefined ? { loss, weight: term.weight ?? 1 } : { loss, gradientRatio }];
      });
    const weight = model.adversarialWeights?.[player] ?? 1;
    const base = weight === 1 ? adversarial : weight === 0 ? constant([0], []) : mul(adversarial, weight);
    const own = combine(base, weighted(model.terms ?? []), [context.fake]);
    return combine(own, weighted(plan.terms), [context.fake]);
  };
  /** ½ ‖∇ of both players' losses‖², weighted; the fakes must not be constants. */
  const game = (examples: Examples): Tensor => {
    const source = model.translates === true ? examples.real : undefined;
    const fake = generate({ z: examples.z, label: examples.label, source });
    const real = discriminate({ x: examples.real, label: examples.label }).scores;
    const scores = discriminate({ x: fake, label: examples.label }).scores;
    const gradients = [
      ...grad(plan.loss.discriminator(real, scores, inputs.state.loss), discriminator.parameters),
      ...grad(plan.loss.generator(real, scores, inputs.state.loss), generator.parameters),
    ];
    return consensus(gradients, plan.consensus ?? 0);
  };
  return { generator, discriminator, discriminate, generate, contextOf, weigh, game };
};

/** How the discriminator sees examples in this step: through noise and augmentation, where the plan asks for them. */
const perception = ({ plan, state, feeds, scalars, index }: StepInputs): ((x: Tensor) => Tensor) => {
  const settings: Perception = {
    plan,
    probability: state.augment,
    random: (kind, shape) => feeds.take(kind, shape),
    sigma: () => scalars.take({ player: "discriminator", index, kind: "noiseSigma", position: 0 }),
  };
  return (x) => perceived(x, settings);
};

/** Minimises the discriminator's loss on one real and one generated batch. */
const discriminatorStep = (inputs: StepInputs, drawn: Examples, active: readonly Penalty[]): StepResult => {
  const { plan, networks, state, feeds } = inputs;
  const { loss } = plan;
  const { discriminator, discriminate, contextOf, weigh, game } = playing(inputs, "discriminator");
  const pool = pooled(plan, drawn.fake, state.pool, feeds);
  const examples = { ...drawn, fake: pool.fake };
  const { real, fake, label } = examples;
  const [realOutput, fakeOutput] = scoreBoth(
    discriminate,
    networks.discriminator.mixesExamples,
    { x: real, label },
    { x: fake, label },
  );

  const adversarial = loss.discriminator(realOutput.scores, fakeOutput.scores, state.loss);
  let total = weigh(adversarial, contextOf(examples, realOutput, fakeOutput));
  const [realScores, fakeScores] = [realOutput.scores, fakeOutput.scores];
  const critic = (x: Tensor): Tensor => discriminate({ x, label }).scores;
  const { witness } = loss;
  const values = active.flatMap(
    (item) =>
      item.penalty?.({
        real,
        fake,
        realScores,
        fakeScores,
        critic,
        ...(witness && { witness: (x: Tensor) => witness(critic(x), realScores, fakeScores) }),
        weights: discriminator.parameters.filter((t) => t.shape.length >= 2),
        random: (kind, shape) => feeds.take(kind, shape),
      }) ?? [],
  );
  const penalty = values.length === 0 ? undefined : values.reduce((a, b) => add(a, b));
  if (penalty !== undefined) total = add(total, penalty);
  const objective = regularized(inputs, "discriminator", total, discriminator.parameters, () => game(drawn));

  const step = descend(inputs, "discriminator", objective, discriminator);
  for (const { constraint } of plan.penalties) {
    if (constraint !== undefined) step.state.discriminator = constraint(step.state.discriminator);
  }
  if (loss.state !== undefined) {
    step.state.loss = stopGradient(loss.state.next(realOutput.scores, fakeOutput.scores, state.loss));
  }
  if (state.augment !== undefined)
    step.state.augment = nextProbability(plan, state.augment, realOutput.scores);
  if (pool.next !== undefined) step.state.pool = pool.next;
  return {
    state: { ...state, ...step.state },
    metrics: {
      discriminatorLoss: total,
      ...(penalty === undefined ? {} : { penalty }),
      discriminatorGradient: step.norm,
    },
    scores: { real: realOutput.scores, fake: fakeOutput.scores },
  };
};

/**
 * The state whose discriminator has taken `plan.unrolled` steps ahead, as a function of the generator's output. They are
 * numbered after the critic steps of the iteration, and see the fakes themselves, not a pool.
 */
const lookAhead = (inputs: StepInputs, examples: Examples, criticSteps: number): StateTensors => {
  const { plan } = inputs;
  const { pool: _, ...state } = inputs.state;
  const always = plan.penalties.filter(({ every = 1 }) => every === 1);
  let ahead: StateTensors = state;
  for (let i = 0; i < (plan.unrolled ?? 0); i++) {
    const own = { ...inputs, state: ahead, index: criticSteps + i, ahead: true };
    ahead = discriminatorStep(own, examples, always).state;
  }
  return ahead;
};

/** Minimises the generator's loss with the discriminator as it is, and moves the average along. */
const generatorStep = (inputs: StepInputs, criticSteps: number): StepResult => {
  const { plan, state, feeds, scalars, index } = inputs;
  const { model, loss } = plan;
  const drawn = takeBatch(model, feeds, plan.generatorBatch);
  const { generator, generate } = playing(inputs, "generator");
  const source = model.translates === true ? drawn.real : undefined;
  const fake = generate({ z: drawn.z, label: drawn.label, source });
  const examples = { ...drawn, fake };
  const opponent = plan.unrolled === undefined ? state : lookAhead(inputs, examples, criticSteps);
  const { discriminate, contextOf, weigh, game } = playing({ ...inputs, state: opponent }, "generator");
  const fakeOutput = discriminate({ x: fake, label: drawn.label });
  const realOutput = discriminate({ x: drawn.real, label: drawn.label });

  const adversarial = loss.generator(realOutput.scores, fakeOutput.scores, state.loss);
  const total = weigh(adversarial, contextOf(examples, realOutput, fakeOutput));
  const objective = regularized(inputs, "generator", total, generator.parameters, () =>
    game(drawn as Examples),
  );
  const step = descend(inputs, "generator", objective, generator);
  const next: Record<string, Tensor> = { ...state, ...step.state };
  if (plan.emaDecay > 0) {
    const keep = scalars.take({ player: "generator", index, kind: "emaKeep", position: 0 });
    next.ema = movingAverage(state.ema, next.generator, keep);
    if (next["generator.buffers"] !== undefined) {
      next["ema.buffers"] = movingAverage(state["ema.buffers"], next["generator.buffers"], keep);
    }
  }
  return { state: next, metrics: { generatorLoss: total, generatorGradient: step.norm } };
};

export interface Iteration {
  /**
   * The state's vectors after the iteration, by name; `metrics`, one vector; and `realScores`, `fakeScores` of the last
   * discriminator step.
   */
  readonly outputs: Readonly<Record<string, Tensor>>;
  /** All that may be fed; a program needs those that its outputs depend on. */
  readonly feeds: readonly FeedSpec[];
  readonly scalars: readonly ScalarSpec[];
  readonly metricNames: readonly string[];
}

/**
 * `discriminatorSteps` critic steps followed by `generatorSteps` generator steps, as one graph.
 *
 * @param active the penalties that act in each critic step; by default all do
 */
export const buildIteration = (
  plan: Plan,
  networks: Networks,
  discriminatorSteps: number,
  generatorSteps: number,
  active: (discriminatorStep: number) => readonly Penalty[] = () => plan.penalties,
): Iteration => {
  const sizes = stateSizes(plan, networks);
  const initial: StateTensors = Object.fromEntries(
    Object.entries(sizes).map(([name, n]) => [name, input(name, [n])]),
  );
  const scalars = new Scalars();
  const specs: FeedSpec[] = [];
  let state = initial;
  let metrics: Record<string, Tensor> = {};
  let scores: StepResult["scores"];
  const criticFeeds = Array.from({ length: discriminatorSteps }, (_, i) => new Feeds(`d${i}`));
  const examples = drawExamples(plan, networks, state, criticFeeds);
  for (const [index, feeds] of criticFeeds.entries()) {
    const inputs = { plan, networks, state, feeds, scalars, index };
    const result = discriminatorStep(inputs, examples[index], active(index));
    specs.push(...feeds.specs);
    state = result.state;
    metrics = { ...metrics, ...result.metrics };
    scores = result.scores;
  }
  for (let index = 0; index < generatorSteps; index++) {
    const feeds = new Feeds(`g${index}`);
    const result = generatorStep({ plan, networks, state, feeds, scalars, index }, discriminatorSteps);
    specs.push(...feeds.specs);
    state = result.state;
    metrics = { ...metrics, ...result.metrics };
  }
  const changed = Object.entries(state).filter(([name, tensor]) => tensor !== initial[name]);
  const figures = Object.values(metrics).map((t) => reshape(t, [1]));
  return {
    outputs: {
      ...Object.fromEntries(changed),
      ...(scores === undefined ? {} : { realScores: scores.real, fakeScores: scores.fake }),
      metrics: concat(figures, 0),
    },
    feeds: specs,
    scalars: scalars.specs,
    metricNames: Object.keys(metrics),
  };
};
