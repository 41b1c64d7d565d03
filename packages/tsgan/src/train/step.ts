/**
 * The adversarial step as a graph. A state is a few flat vectors by name; a step takes a state of tensors and gives the
 * next one. Steps are chained into one graph for a whole iteration, so that nothing leaves the device in between.
 */
import {
  add,
  concat,
  grad,
  input,
  reshape,
  type Shape,
  sizeOf,
  slice,
  sliceAxis,
  sqrt,
  square,
  stopGradient,
  sum,
  type Tensor,
} from "../graph/index.ts";
import type { DiscriminatorOutput } from "../models/model.ts";
import {
  type BoundScope,
  bindScope,
  clipByNorm,
  collectVariables,
  flatConcat,
  movingAverage,
  type Variables,
} from "../nn/index.ts";
import type { Plan, TermContext, Training } from "./plan.ts";

/** Something fed in each iteration, and how it is drawn. */
export interface FeedSpec {
  /** Unique within the iteration: `d0.real`, `g0.latent`. It also names the stream of random numbers. */
  readonly name: string;
  readonly kind: "real" | "real-label" | "fake-label" | "latent" | "uniform" | "normal";
  readonly shape: Shape;
}

export type StateTensors = Readonly<Record<string, Tensor>>;

export interface Networks {
  readonly generator: Variables;
  readonly discriminator: Variables;
}

/** Learns the variables of both networks by building them once. */
export const networksOf = ({ model, batch }: Plan): Networks => {
  const label = model.classes === undefined ? undefined : input("label", [batch], "int32");
  const z = input("z", [batch, model.latent.size]);
  const x = input("x", [batch, ...model.shape]);
  return {
    generator: collectVariables((scope) => model.generator({ z, label }, scope)),
    discriminator: collectVariables((scope) => model.discriminator({ x, label }, scope)),
  };
};

/** Names and lengths of the state's vectors. */
export const stateSizes = (plan: Plan, { generator, discriminator }: Networks): Record<string, number> => {
  const sizes: Record<string, number> = {};
  const network = (name: string, variables: Variables, training: Training): void => {
    sizes[name] = variables.parameterCount;
    for (let i = 0; i < training.optimizer.slots; i++) sizes[`${name}.slot${i}`] = variables.parameterCount;
    if (variables.bufferCount > 0) sizes[`${name}.buffers`] = variables.bufferCount;
  };
  network("generator", generator, plan.generator);
  network("discriminator", discriminator, plan.discriminator);
  if (plan.emaDecay > 0) {
    sizes.ema = generator.parameterCount;
    if (generator.bufferCount > 0) sizes["ema.buffers"] = generator.bufferCount;
  }
  if (plan.loss.state !== undefined) sizes.loss = plan.loss.state.initial.length;
  return sizes;
};

/** Collects what a step feeds: each call makes an input and notes how to fill it. */
class Feeds {
  readonly specs: FeedSpec[] = [];
  readonly #prefix: string;
  #draws = 0;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  take(kind: FeedSpec["kind"], shape: Shape): Tensor {
    const suffix = kind === "uniform" || kind === "normal" ? `${kind}${this.#draws++}` : kind;
    const name = `${this.#prefix}.${suffix}`;
    const known = this.specs.find((spec) => spec.name === name);
    if (known === undefined) this.specs.push({ name, kind, shape });
    return input(name, shape, kind === "real-label" || kind === "fake-label" ? "int32" : "float32");
  }
}

interface StepResult {
  readonly state: StateTensors;
  readonly metrics: Readonly<Record<string, Tensor>>;
  /** Of a discriminator step: the scores it saw. Their statistics are cheaper to take on the host. */
  readonly scores?: { readonly real: Tensor; readonly fake: Tensor };
}

const bind = (variables: Variables, name: string, state: StateTensors, feeds: Feeds): BoundScope =>
  bindScope({
    variables,
    parameters: state[name],
    buffers: state[`${name}.buffers`],
    mode: "training",
    noise: (kind, shape) => feeds.take(kind, shape),
  });

/** One optimiser step on `total`: the new parameters, slots and buffers of a network, and its gradient's norm. */
const descend = (
  name: string,
  total: Tensor,
  network: BoundScope,
  state: StateTensors,
  { optimizer, gradientNorm }: Training,
  scalars: readonly Tensor[],
): { state: Record<string, Tensor>; norm: Tensor } => {
  const raw = flatConcat(grad(total, network.parameters));
  const norm = sqrt(sum(square(raw)));
  const gradient = gradientNorm === undefined ? raw : clipByNorm(raw, gradientNorm);
  const slots = Array.from({ length: optimizer.slots }, (_, i) => state[`${name}.slot${i}`]);
  const updated = optimizer.update(state[name], gradient, slots, scalars);
  const next: Record<string, Tensor> = { [name]: updated.parameters };
  updated.slots.forEach((slot, i) => {
    next[`${name}.slot${i}`] = slot;
  });
  const buffers = network.updatedBuffers();
  if (buffers !== undefined) next[`${name}.buffers`] = stopGradient(buffers);
  return { state: next, norm };
};

/** Examples up to this size are scored real and generated together: their networks are dominated by dispatch. */
const SMALL_EXAMPLE = 64;

type Score = (x: Tensor, label: Tensor | undefined) => DiscriminatorOutput;

/** The scores of both batches: apart where examples see each other, in one call where that is faster. */
const scoreBoth = (
  score: Score,
  apart: boolean,
  [real, realLabel]: readonly [Tensor, Tensor | undefined],
  [fake, fakeLabel]: readonly [Tensor, Tensor | undefined],
): readonly [DiscriminatorOutput, DiscriminatorOutput] => {
  const n = real.shape[0];
  if (apart || sizeOf(real.shape) / n > SMALL_EXAMPLE)
    return [score(real, realLabel), score(fake, fakeLabel)];
  const labels =
    realLabel === undefined || fakeLabel === undefined ? undefined : concat([realLabel, fakeLabel], 0);
  const joint = score(concat([real, fake], 0), labels);
  const part = (begin: number): DiscriminatorOutput => {
    const cut = (t: Tensor): Tensor => sliceAxis(t, 0, begin, begin + n);
    return {
      scores: cut(joint.scores),
      ...(joint.features === undefined ? {} : { features: cut(joint.features) }),
      ...(joint.heads === undefined
        ? {}
        : { heads: Object.fromEntries(Object.entries(joint.heads).map(([name, t]) => [name, cut(t)])) }),
    };
  };
  return [part(0), part(n)];
};

/** What a discriminator step looks at: a real and a generated batch. */
interface Examples {
  readonly real: Tensor;
  readonly z: Tensor;
  readonly fake: Tensor;
  readonly realLabel: Tensor | undefined;
  readonly fakeLabel: Tensor | undefined;
}

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
  const drawn = feeds.map((own) => ({
    real: own.take("real", [batch, ...model.shape]),
    z: own.take("latent", [batch, model.latent.size]),
    realLabel: model.classes === undefined ? undefined : own.take("real-label", [batch]),
    fakeLabel: model.classes === undefined ? undefined : own.take("fake-label", [batch]),
  }));
  const generate = (z: Tensor, label: Tensor | undefined, own: Feeds): Tensor =>
    stopGradient(model.generator({ z, label }, bind(networks.generator, "generator", state, own).scope));
  if (networks.generator.mixesExamples || sizeOf(model.shape) > SMALL_EXAMPLE || drawn.length < 2) {
    return drawn.map((d, i) => ({ ...d, fake: generate(d.z, d.fakeLabel, feeds[i]) }));
  }
  const labels = drawn.flatMap((d) => d.fakeLabel ?? []);
  const all = generate(
    concat(
      drawn.map((d) => d.z),
      0,
    ),
    labels.length === 0 ? undefined : concat(labels, 0),
    feeds[0],
  );
  return drawn.map((d, i) => ({ ...d, fake: sliceAxis(all, 0, i * batch, (i + 1) * batch) }));
};

/** Minimises the discriminator's loss on one real and one generated batch. */
const discriminatorStep = (
  plan: Plan,
  networks: Networks,
  state: StateTensors,
  { real, z, fake, realLabel, fakeLabel }: Examples,
  feeds: Feeds,
  scalars: readonly Tensor[],
): StepResult => {
  const { model, loss } = plan;
  const discriminator = bind(networks.discriminator, "discriminator", state, feeds);
  const score: Score = (x, label) => model.discriminator({ x, label }, discriminator.scope);
  const [realOutput, fakeOutput] = scoreBoth(
    score,
    networks.discriminator.mixesExamples,
    [real, realLabel],
    [fake, fakeLabel],
  );
  const context: TermContext = { z, real, fake, realLabel, fakeLabel, realOutput, fakeOutput };

  let total = loss.discriminator(realOutput.scores, fakeOutput.scores, state.loss);
  for (const term of plan.terms) {
    if (term.discriminator !== undefined) total = add(total, term.discriminator(context));
  }
  let penalty: Tensor | undefined;
  for (const item of plan.penalties) {
    const value = item.penalty?.({
      real,
      fake,
      realScores: realOutput.scores,
      fakeScores: fakeOutput.scores,
      critic: (x) => score(x, realLabel).scores,
      weights: discriminator.parameters.filter((t) => t.shape.length >= 2),
      random: (kind, shape) => feeds.take(kind, shape),
    });
    if (value !== undefined) penalty = penalty === undefined ? value : add(penalty, value);
  }
  if (penalty !== undefined) total = add(total, penalty);

  const step = descend("discriminator", total, discriminator, state, plan.discriminator, scalars);
  for (const item of plan.penalties) {
    if (item.constraint !== undefined) step.state.discriminator = item.constraint(step.state.discriminator);
  }
  if (loss.state !== undefined) {
    step.state.loss = stopGradient(loss.state.next(realOutput.scores, fakeOutput.scores, state.loss));
  }
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

/** Minimises the generator's loss with the discriminator as it is, and moves the average along. */
const generatorStep = (
  plan: Plan,
  networks: Networks,
  state: StateTensors,
  feeds: Feeds,
  scalars: readonly Tensor[],
  emaKeep: Tensor,
): StepResult => {
  const { model, loss, generatorBatch: batch } = plan;
  const z = feeds.take("latent", [batch, model.latent.size]);
  const fakeLabel = model.classes === undefined ? undefined : feeds.take("fake-label", [batch]);
  const generator = bind(networks.generator, "generator", state, feeds);
  const discriminator = bind(networks.discriminator, "discriminator", state, feeds);
  const fake = model.generator({ z, label: fakeLabel }, generator.scope);
  const fakeOutput = model.discriminator({ x: fake, label: fakeLabel }, discriminator.scope);

  const needsReal = loss.relativistic === true || plan.terms.some((term) => term.generator !== undefined);
  const real = needsReal ? feeds.take("real", [batch, ...model.shape]) : fake;
  const realLabel = needsReal && model.classes !== undefined ? feeds.take("real-label", [batch]) : undefined;
  const realOutput = needsReal
    ? model.discriminator({ x: real, label: realLabel }, discriminator.scope)
    : fakeOutput;
  const context: TermContext = { z, real, fake, realLabel, fakeLabel, realOutput, fakeOutput };

  let total = loss.generator(stopGradient(realOutput.scores), fakeOutput.scores, state.loss);
  for (const term of plan.terms) {
    if (term.generator !== undefined) total = add(total, term.generator(context));
  }
  const step = descend("generator", total, generator, state, plan.generator, scalars);
  const next: Record<string, Tensor> = { ...state, ...step.state };
  if (plan.emaDecay > 0) {
    next.ema = movingAverage(state.ema, next.generator, emaKeep);
    if (next["generator.buffers"] !== undefined) {
      next["ema.buffers"] = movingAverage(state["ema.buffers"], next["generator.buffers"], emaKeep);
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
  readonly feeds: readonly FeedSpec[];
  readonly metricNames: readonly string[];
  /** Number of scalars each step takes, in the order discriminator steps, generator steps. */
  readonly scalarCounts: readonly number[];
}

/** `discriminatorSteps` critic steps followed by `generatorSteps` generator steps, as one graph. */
export const buildIteration = (
  plan: Plan,
  networks: Networks,
  discriminatorSteps: number,
  generatorSteps: number,
): Iteration => {
  const sizes = stateSizes(plan, networks);
  let state: StateTensors = Object.fromEntries(
    Object.entries(sizes).map(([name, n]) => [name, input(name, [n])]),
  );
  const perDiscriminator = plan.discriminator.optimizer.scalarCount;
  const perGenerator = plan.generator.optimizer.scalarCount + 1;
  const scalarCounts = [
    ...new Array<number>(discriminatorSteps).fill(perDiscriminator),
    ...new Array<number>(generatorSteps).fill(perGenerator),
  ];
  const scalars = input("scalars", [scalarCounts.reduce((a, b) => a + b, 0)]);
  let at = 0;
  const takeScalars = (count: number): Tensor[] =>
    Array.from({ length: count }, () => slice(scalars, [at], [++at]));

  const specs: FeedSpec[] = [];
  let metrics: Record<string, Tensor> = {};
  let scores: StepResult["scores"];
  const initial = state;
  const criticFeeds = Array.from({ length: discriminatorSteps }, (_, i) => new Feeds(`d${i}`));
  const examples = drawExamples(plan, networks, state, criticFeeds);
  for (let i = 0; i < discriminatorSteps; i++) {
    const feeds = criticFeeds[i];
    const own = takeScalars(perDiscriminator);
    const result = discriminatorStep(plan, networks, state, examples[i], feeds, own);
    specs.push(...feeds.specs);
    state = result.state;
    metrics = { ...metrics, ...result.metrics };
    scores = result.scores;
  }
  for (let i = 0; i < generatorSteps; i++) {
    const feeds = new Feeds(`g${i}`);
    const own = takeScalars(perGenerator);
    const result = generatorStep(plan, networks, state, feeds, own.slice(0, -1), own[perGenerator - 1]);
    specs.push(...feeds.specs);
    state = result.state;
    metrics = { ...metrics, ...result.metrics };
  }
  const changed = Object.entries(state).filter(([name, tensor]) => tensor !== initial[name]);
  return {
    outputs: {
      ...Object.fromEntries(changed),
      ...(scores === undefined ? {} : { realScores: scores.real, fakeScores: scores.fake }),
      metrics: concat(
        Object.values(metrics).map((t) => reshape(t, [1])),
        0,
      ),
    },
    feeds: specs,
    metricNames: Object.keys(metrics),
    scalarCounts,
  };
};
