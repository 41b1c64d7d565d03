/**
 * Optimisers as pure functions of flat vectors, with PyTorch's semantics. What changes from step to step (learning
 * rate, bias correction) is worked out on the host in float64 and fed as a few scalars.
 */
import { withFacts } from "../define/index.ts";
import { add, div, GraphError, minimum, mul, sqrt, square, sub, sum, type Tensor } from "../graph/index.ts";
import { type Schedule, scheduled } from "./schedules.ts";

export interface OptimizerUpdate {
  readonly parameters: Tensor;
  readonly slots: readonly Tensor[];
}

/** How far a run has come, for options that change over it. */
export interface Moment {
  /** Finished iterations. */
  readonly step: number;
  /** Iterations of the whole run. */
  readonly steps: number;
}

const START: Moment = { step: 0, steps: 1 };

export interface Optimizer {
  readonly name: string;
  readonly options: Readonly<Record<string, Schedule | boolean>>;
  /** Number of state vectors of the parameters' size; all start at zero. */
  readonly slots: number;
  /** Number of scalars fed each step. */
  readonly scalarCount: number;
  /** The scalars of step t (counted from 1) at the given learning rate. `moment` matters to scheduled options only. */
  scalars(t: number, learningRate: number, moment?: Moment): readonly number[];
  update(
    parameters: Tensor,
    gradient: Tensor,
    slots: readonly Tensor[],
    scalars: readonly Tensor[],
  ): OptimizerUpdate;
}

/** The ends of what a schedule runs through. */
const extremes = (schedule: Schedule): readonly number[] => {
  if (typeof schedule === "number") return [schedule];
  return schedule.kind === "exponential" ? [schedule.from] : [schedule.from, schedule.to];
};

const check = (
  name: string,
  options: Readonly<Record<string, Schedule>>,
  below1: readonly string[],
): void => {
  for (const [key, option] of Object.entries(options)) {
    const limit = below1.includes(key) ? 1 : Number.POSITIVE_INFINITY;
    for (const value of extremes(option)) {
      if (value >= 0 && value < limit) continue;
      throw new GraphError(`${name}: ${key} must lie in [0, ${limit === 1 ? 1 : "∞"}); got ${value}`);
    }
  }
};

export interface SgdOptions {
  /** May change over the run. */
  readonly momentum?: Schedule;
  readonly nesterov?: boolean;
  /** L2 term added to the gradient. */
  readonly weightDecay?: number;
}

/** b ← μb + g; θ ← θ − lr·b (or g + μb with Nesterov's momentum). */
export const sgd = (options: SgdOptions = {}): Optimizer => {
  const { momentum = 0, nesterov = false, weightDecay = 0 } = options;
  check("sgd", { momentum, weightDecay }, ["momentum"]);
  return {
    name: "sgd",
    options: { momentum, nesterov, weightDecay },
    slots: momentum === 0 ? 0 : 1,
    scalarCount: typeof momentum === "number" ? 1 : 2,
    scalars: (_, learningRate, { step, steps } = START) =>
      typeof momentum === "number" ? [learningRate] : [learningRate, scheduled(momentum, step, steps)],
    update: (parameters, gradient, [velocity], [rate, changing]) => {
      const g = weightDecay === 0 ? gradient : add(gradient, mul(parameters, weightDecay));
      if (momentum === 0) return { parameters: sub(parameters, mul(g, rate)), slots: [] };
      const mu = typeof momentum === "number" ? momentum : changing;
      const next = add(mul(velocity, mu), g);
      const direction = nesterov ? add(g, mul(next, mu)) : next;
      return { parameters: sub(parameters, mul(direction, rate)), slots: [next] };
    },
  };
};

export interface RmsPropOptions {
  readonly alpha?: number;
  readonly epsilon?: number;
  readonly weightDecay?: number;
}

/** v ← αv + (1 − α)g²; θ ← θ − lr · g / (√v + ε) (Tieleman & Hinton 2012). No momentum, not centred. */
export const rmsProp = (options: RmsPropOptions = {}): Optimizer => {
  const { alpha = 0.99, epsilon = 1e-8, weightDecay = 0 } = options;
  check("rmsprop", { alpha, epsilon, weightDecay }, ["alpha"]);
  return {
    name: "rmsprop",
    options: { alpha, epsilon, weightDecay },
    slots: 1,
    scalarCount: 1,
    scalars: (_, learningRate) => [learningRate],
    update: (parameters, gradient, [v], [rate]) => {
      const g = weightDecay === 0 ? gradient : add(gradient, mul(parameters, weightDecay));
      const next = add(mul(v, alpha), mul(square(g), 1 - alpha));
      return { parameters: sub(parameters, div(mul(g, rate), add(sqrt(next), epsilon))), slots: [next] };
    },
  };
};

export interface AdamOptions {
  /** May change over the run, as may beta2. The bias is corrected as if they had always been what they are now. */
  readonly beta1?: Schedule;
  readonly beta2?: Schedule;
  readonly epsilon?: number;
  /** L2 term added to the gradient (`adam`), or subtracted from the weights directly (`adamW`). */
  readonly weightDecay?: number;
}

type ResolvedAdam = Required<AdamOptions>;

/**
 * With betas that change, the state holds m and v, and the betas are scalars:
 * lr · m̂ / (√v̂ + ε) = [lr C / (1 − β₁ᵗ)] · m / (√v + ε C), C = √(1 − β₂ᵗ).
 */
const changingAdam = (name: string, options: ResolvedAdam, decoupled: boolean): Optimizer => {
  const { beta1, beta2, epsilon, weightDecay } = options;
  return {
    name,
    options: { beta1, beta2, epsilon, weightDecay },
    slots: 2,
    scalarCount: decoupled ? 5 : 4,
    scalars: (t, learningRate, { step, steps } = START) => {
      const [b1, b2] = [scheduled(beta1, step, steps), scheduled(beta2, step, steps)];
      const correction = Math.sqrt(1 - b2 ** t);
      const rate = (learningRate * correction) / (1 - b1 ** t);
      return [rate, epsilon * correction, b1, b2, ...(decoupled ? [1 - learningRate * weightDecay] : [])];
    },
    update: (parameters, gradient, [m, v], [rate, floor, b1, b2, keep]) => {
      const g = decoupled || weightDecay === 0 ? gradient : add(gradient, mul(parameters, weightDecay));
      const nextM = movingAverage(m, g, b1);
      const nextV = movingAverage(v, square(g), b2);
      const change = mul(div(nextM, add(sqrt(nextV), floor)), rate);
      const start = decoupled ? mul(parameters, keep) : parameters;
      return { parameters: sub(start, change), slots: [nextM, nextV] };
    },
  };
};

/**
 * The state holds m/(1 − β₁) and v/(1 − β₂): each is then one product and one sum, and the factors move into two
 * scalars. With B = √((1 − β₂)/(1 − β₂ᵗ)):
 * lr · m̂ / (√v̂ + ε) = [lr (1 − β₁) / ((1 − β₁ᵗ) B)] · m̃ / (√ṽ + ε/B).
 */
const adamLike = (name: string, options: AdamOptions, decoupled: boolean): Optimizer => {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = decoupled ? 0.01 : 0 } = options;
  check(name, { beta1, beta2, epsilon, weightDecay }, ["beta1", "beta2"]);
  if (typeof beta1 !== "number" || typeof beta2 !== "number") {
    return changingAdam(name, { beta1, beta2, epsilon, weightDecay }, decoupled);
  }
  return {
    name,
    options: { beta1, beta2, epsilon, weightDecay },
    slots: beta1 === 0 ? 1 : 2,
    scalarCount: decoupled ? 3 : 2,
    scalars: (t, learningRate) => {
      const scale = Math.sqrt((1 - beta2) / (1 - beta2 ** t));
      const rate = (learningRate * (1 - beta1)) / ((1 - beta1 ** t) * scale);
      return [rate, epsilon / scale, ...(decoupled ? [1 - learningRate * weightDecay] : [])];
    },
    update: (parameters, gradient, slots, [rate, floor, keep]) => {
      const g = decoupled || weightDecay === 0 ? gradient : add(gradient, mul(parameters, weightDecay));
      const v = slots[slots.length - 1];
      const nextV = add(mul(v, beta2), square(g));
      const nextM = beta1 === 0 ? g : add(mul(slots[0], beta1), g);
      const change = mul(div(nextM, add(sqrt(nextV), floor)), rate);
      const start = decoupled ? mul(parameters, keep) : parameters;
      return { parameters: sub(start, change), slots: beta1 === 0 ? [nextV] : [nextM, nextV] };
    },
  };
};

/** Adam (Kingma & Ba 2015, arXiv:1412.6980, algorithm 1): θ ← θ − lr · m̂ / (√v̂ + ε). */
export const adam = (options: AdamOptions = {}): Optimizer => adamLike("adam", options, false);

/** AdamW (Loshchilov & Hutter 2019, arXiv:1711.05101): Adam on weights that first shrink by lr · weightDecay. */
export const adamW = (options: AdamOptions = {}): Optimizer => adamLike("adamw", options, true);

/** g · min(1, limit / ‖g‖): the gradient, no longer than `limit`. */
export const clipByNorm = withFacts(
  (gradient: Tensor, limit: number): Tensor => {
    const norm = sqrt(add(sum(square(gradient)), 1e-12));
    return mul(gradient, minimum(div(limit, norm), 1));
  },
  {
    name: "gradient-norm",
    title: "gradient-norm clipping",
    formulas: [
      {
        of: "gradient",
        text: "g ← g · min(1, c / ‖g‖)",
        latex: "g \\leftarrow g\\,\\min(1, c / \\lVert g\\rVert)",
      },
    ],
    symbols: "g: gradient of all parameters of a player; c: its greatest length",
    papers: [
      {
        authors: "Pascanu, Mikolov, Bengio",
        year: 2013,
        title: "On the difficulty of training recurrent neural networks",
        arxiv: "1211.5063",
        where: "algorithm 1",
      },
    ],
    approximates: "steps of bounded length",
    failure: "hides a diverging loss; Adam undoes a scale that is the same in every step",
    use: "`--set optimizer.discriminator.gradientNorm=1 --set optimizer.generator.gradientNorm=1`",
  },
);

/** Exponential moving average d·average + (1 − d)·value, as average + (1 − d)·(value − average). */
export const movingAverage = (average: Tensor, value: Tensor, keep: Tensor): Tensor =>
  add(value, mul(sub(average, value), keep));
