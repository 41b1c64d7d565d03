/** What weight clipping makes of a critic, and a gradient penalty. */
import { grid, type MixtureDataset, ring } from "tsgan/data";
import type { Mark, Panel } from "tsgan/figure";
import { formatFixed, histogram } from "tsgan/figure";
import { grad, input, relu, sum, type Tensor } from "tsgan/graph";
import { wasserstein } from "tsgan/losses";
import { defineModel, type Model } from "tsgan/models";
import { heInit, type Initializer, layers, rmsProp, uniformInit } from "tsgan/nn";
import { weightClipping as clipping, gradientPenalty } from "tsgan/penalties";
import type { GanTrainer } from "tsgan/train";
import type { Claim, Experiment, RunContext } from "./experiment.ts";
import { gameOf, mixtureSampler } from "./networks.ts";
import { COUNT, checkNumbers, RATE, SEED } from "./options.ts";
import { constraintColor, constraintName } from "./panels.ts";

export interface WeightClippingOptions {
  /** Bounds c of the weights, in ascending order. */
  limits: number[];
  /** λ */
  penalty: number;
  /** The bound and the λ of the critics whose value surfaces are drawn. */
  surfaceLimit: number;
  surfacePenalty: number;
  /** Hidden layers of the deep critics, whose gradients are followed through depth, and units of each. */
  depth: number;
  deepWidth: number;
  deepSteps: number;
  /** The same of the critics whose weights are counted and whose values are drawn. */
  shallowDepth: number;
  shallowWidth: number;
  shallowSteps: number;
  /** Critic's learning rate under clipping, as a share of c: 0.005 is WGAN's 5e-5 for c = 0.01. */
  clippedRate: number;
  /** Critic's learning rate under the gradient penalty. */
  penalizedRate: number;
  /** Deviation of the noise that makes generated points of real ones. */
  noise: number;
  batch: number;
  /** Bars of a histogram of weights. */
  bins: number;
  /** Cells of a value surface along each side. */
  resolution: number;
  seed: number;
}

/** One critic of Gulrajani et al.'s figure 1 b: trained to its end on the ring with one of the constraints. */
export interface ConstrainedCritic {
  /** c, or null for the gradient penalty. */
  limit: number | null;
  /**
   * Mean over real points of |∂D(x)/∂h_l| for the input (l = 0) and the output of each hidden layer of the deep critic.
   */
  gradientNorms: number[];
  /** All weights of the shallow critic. */
  weights: { edges: number[]; heights: number[] };
  /** Share of these weights whose size is 0.98 c or more, at the start and in the end; 0 without clipping. */
  atLimit: { before: number; after: number };
}

export interface ValueSurface {
  data: "ring" | "grid";
  limit: number | null;
  /** The square [−reach, reach]². */
  reach: number;
  /** Scores, rows from below. */
  values: number[][];
}

export interface WeightClippingData {
  critics: ConstrainedCritic[];
  surfaces: ValueSurface[];
}

const name = "weight-clipping";

/** Points over which gradients are averaged. */
const POINTS = 256;

/** Shares of c from which on a weight counts as being at its bound. */
const NEAR = 0.98;

/** RMSProp's ε. The usual 1e-8 is larger than the gradients of a critic whose weights are below 0.001. */
const TINY = 1e-14;

/** Steps that run as one. */
const CHAIN = 5;

interface Critic {
  readonly depth: number;
  readonly width: number;
  readonly steps: number;
  /** Of the weights of hidden layers and of the output. */
  readonly init: Initializer;
}

/** A perceptron with ReLU. `hidden`, where given, receives the input and the output of each hidden layer. */
const scoresOf =
  ({
    depth,
    width,
    init,
  }: Critic): ((x: Tensor, scope: Parameters<Model["discriminator"]>[1], hidden?: Tensor[]) => Tensor) =>
  (x, scope, hidden = []) => {
    hidden.push(x);
    for (let layer = 0; layer < depth; layer++) {
      const before = hidden[hidden.length - 1];
      hidden.push(relu(layers.dense(width, { init })(before, scope.child(String(layer)))));
    }
    return layers.dense(1, { init })(hidden[hidden.length - 1], scope.child("head"));
  };

const gameFor = (
  dataset: MixtureDataset,
  critic: Critic,
  limit: number | null,
  options: WeightClippingOptions,
): GanTrainer => {
  const { penalty, clippedRate, penalizedRate, noise, batch, seed } = options;
  const scores = scoresOf(critic);
  const critics = defineModel({
    name: "critic",
    title: "a perceptron against a sampler",
    data: "points",
    options: {},
    create: () => ({
      scores: "unbounded",
      ...mixtureSampler(dataset, Math.hypot(dataset.deviation, noise)),
      discriminator: ({ x }, scope) => ({ scores: scores(x, scope) }),
    }),
  });
  return gameOf({
    model: critics().for({ shape: [2] }),
    dataset,
    loss: wasserstein(),
    penalties: [limit === null ? gradientPenalty({ weight: penalty }) : clipping({ limit })],
    ...(limit === null
      ? { learningRate: penalizedRate }
      : {
          optimizer: (learningRate: number) => rmsProp({ learningRate, epsilon: TINY }),
          learningRate: limit * clippedRate,
        }),
    batch,
    seed,
    discriminatorSteps: Math.min(CHAIN, critic.steps),
    generatorSteps: 0,
  });
};

const train = async (game: GanTrainer, steps: number, progress: (share: number) => void): Promise<void> => {
  while (game.progress.moves.discriminator < steps) {
    await game.iterate();
    progress(Math.min(1, game.progress.moves.discriminator / steps));
  }
};

const weightsOf = async (game: GanTrainer): Promise<number[]> =>
  Object.entries(await game.weights("discriminator", "current"))
    .filter(([name]) => name.endsWith("weight"))
    .flatMap(([, { data }]) => Array.from(data));

const shareAtLimit = (weights: readonly number[], limit: number | null): number =>
  limit === null ? 0 : weights.filter((weight) => Math.abs(weight) >= NEAR * limit).length / weights.length;

/** Mean length of the gradients [POINTS, units]. In doubles: squares of vanished gradients are 0 in single precision. */
const meanNorm = (slopes: ArrayLike<number>): number => {
  const units = slopes.length / POINTS;
  let total = 0;
  for (let point = 0; point < POINTS; point++) {
    let squares = 0;
    for (let k = 0; k < units; k++) squares += slopes[point * units + k] ** 2;
    total += Math.sqrt(squares);
  }
  return total / POINTS;
};

const gradientsThroughDepth = async (
  dataset: MixtureDataset,
  limit: number | null,
  options: WeightClippingOptions,
  progress: (share: number) => void,
): Promise<number[]> => {
  const { depth, deepWidth: width, deepSteps: steps, seed } = options;
  const critic: Critic = { depth, width, steps, init: heInit() };
  const game = gameFor(dataset, critic, limit, options);
  const probe = await game.probe(({ bind }) => {
    const hidden: Tensor[] = [];
    const scores = scoresOf(critic)(input("x", [POINTS, 2]), bind("discriminator").scope, hidden);
    return Object.fromEntries(grad(sum(scores), hidden).map((slope, i) => [String(i), slope]));
  });
  try {
    await train(game, steps, progress);
    const { examples: x } = await dataset.draw(seed + 1, 0, POINTS);
    const slopes = await probe.run({ x });
    return Array.from({ length: depth + 1 }, (_, layer) => meanNorm(slopes[layer]));
  } finally {
    await probe.dispose();
    await game.dispose();
  }
};

/** Trains a shallow critic; `inspect` sees it before and after. */
const shallow = async <T>(
  dataset: MixtureDataset,
  limit: number | null,
  options: WeightClippingOptions,
  progress: (share: number) => void,
  inspect: (game: GanTrainer, before: readonly number[]) => Promise<T>,
): Promise<T> => {
  const { shallowDepth: depth, shallowWidth: width, shallowSteps: steps } = options;
  // Under clipping the weights start well within their bounds, so that what is found there was driven there.
  const init = limit === null ? heInit() : uniformInit(limit / 2);
  const game = gameFor(dataset, { depth, width, steps, init }, limit, options);
  try {
    const before = await weightsOf(game);
    await train(game, steps, progress);
    return await inspect(game, before);
  } finally {
    await game.dispose();
  }
};

const surfaceOf = async (
  game: GanTrainer,
  dataset: MixtureDataset,
  limit: number | null,
  resolution: number,
): Promise<ValueSurface> => {
  const reach = 1.3 * Math.max(...dataset.centres.flat());
  const middle = (i: number): number => reach * ((2 * i + 1) / resolution - 1);
  const places = Array.from({ length: resolution * resolution }, (_, k) => [
    middle(k % resolution),
    middle(Math.floor(k / resolution)),
  ]);
  const scores = await game.scores(Float32Array.from(places.flat()));
  return {
    data: dataset.name === "ring" ? "ring" : "grid",
    limit,
    reach,
    values: Array.from({ length: resolution }, (_, r) => [
      ...scores.subarray(r * resolution, (r + 1) * resolution),
    ]),
  };
};

const run = async (
  options: WeightClippingOptions,
  { progress }: RunContext = {},
): Promise<WeightClippingData> => {
  checkNumbers(name, options, {
    limits: { above: 0 },
    penalty: { atLeast: 0 },
    surfaceLimit: { above: 0 },
    surfacePenalty: { atLeast: 0 },
    depth: COUNT,
    deepWidth: COUNT,
    deepSteps: COUNT,
    shallowDepth: COUNT,
    shallowWidth: COUNT,
    shallowSteps: COUNT,
    clippedRate: RATE,
    penalizedRate: RATE,
    noise: { above: 0 },
    batch: COUNT,
    bins: { integer: true, atLeast: 2, atMost: 1000 },
    resolution: { integer: true, atLeast: 2, atMost: 500 },
    seed: SEED,
  });
  const onRing = ring({ radius: 1 });
  const onGrid = grid({ spacing: 0.5, deviation: 0.02 });
  const constraints = [...options.limits, null];
  const work = 2 * constraints.length + 4;
  let index = 0;
  const part = (message: string): ((share: number) => void) => {
    const start = index++;
    return (share) => progress?.((start + share) / work, message);
  };
  const critics: ConstrainedCritic[] = [];
  for (const limit of constraints) {
    const constraint = limit === null ? "gradient penalty" : `c = ${limit}`;
    const gradientNorms = await gradientsThroughDepth(
      onRing,
      limit,
      options,
      part(`${constraint}, deep critic`),
    );
    const counted = await shallow(
      onRing,
      limit,
      options,
      part(`${constraint}, weights`),
      async (game, before) => {
        const after = await weightsOf(game);
        // Clipped in single precision, whose 0.1 is a little larger.
        const range =
          limit !== null
            ? Math.fround(limit)
            : after.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
        return {
          weights: histogram(after, { bins: options.bins, range: [-range, range] }),
          atLimit: { before: shareAtLimit(before, limit), after: shareAtLimit(after, limit) },
        };
      },
    );
    critics.push({ limit, gradientNorms, ...counted });
  }
  const surfaces: ValueSurface[] = [];
  const onSurfaces = { ...options, penalty: options.surfacePenalty };
  for (const dataset of [onRing, onGrid]) {
    for (const limit of [options.surfaceLimit, null]) {
      const draw = (game: GanTrainer): Promise<ValueSurface> =>
        surfaceOf(game, dataset, limit, options.resolution);
      surfaces.push(await shallow(dataset, limit, onSurfaces, part(`values on the ${dataset.name}`), draw));
    }
  }
  return { critics, surfaces };
};

/** Logarithms of gradients that are 0 in single precision have no place. */
const positive = (value: number): number | null => (value > 0 ? value : null);

export const weightClipping: Experiment<WeightClippingOptions, WeightClippingData> = {
  name,
  title: "Weight clipping against gradient penalty",
  description:
    "Critics under weight clipping and gradient penalty: weights, gradients through depth, value surfaces",
  source: "Gulrajani et al. 2017, “Improved training of Wasserstein GANs”, figure 1",
  explanation:
    "A WGAN's critic must have a bounded slope. Clipping its weights to [−c, c] is the blunt way. The generator is fixed here: it makes " +
    "real points with noise. In a deep critic, the gradient of the score with respect to each layer vanishes towards the input " +
    "when c is small and grows when c is large; between the two there is hardly a c that suits all depths. With a gradient " +
    "penalty it stays near 1 from the last layer to the input. In a shallow critic, training drives the clipped weights to " +
    "their bounds, where they say nothing but plus or minus; those under the penalty spread out. And the clipped critic's " +
    "values are a single hill that ignores the modes, where the penalised one's have peaks at them. (For these values the " +
    "penalty's weight is 0.1, which lets the critic bend more than 10 does.)",
  defaults: {
    limits: [0.001, 0.01, 0.1],
    penalty: 10,
    surfaceLimit: 0.1,
    surfacePenalty: 0.1,
    depth: 12,
    deepWidth: 64,
    deepSteps: 1500,
    shallowDepth: 3,
    shallowWidth: 128,
    shallowSteps: 3000,
    clippedRate: 0.005,
    penalizedRate: 0.001,
    noise: 0.5,
    batch: 256,
    bins: 41,
    resolution: 64,
    seed: 1,
  },
  minutes: 0.75,
  run,
  claims({ critics }) {
    const penalized = critics.filter(({ limit }) => limit === null);
    return [
      ...critics
        .filter(({ limit }) => limit !== null)
        .flatMap(({ limit, gradientNorms, atLimit }): Claim[] => [
          {
            text: `c = ${limit}: orders of magnitude that the gradient changes by through depth`,
            value: Math.abs(Math.log10(gradientNorms[0] / gradientNorms.at(-1)!)),
            atLeast: 2,
          },
          { text: `c = ${limit}: share of the weights at ±c`, value: atLimit.after, atLeast: 0.25 },
        ]),
      ...penalized.flatMap(({ gradientNorms }): Claim[] => [
        {
          text: "gradient penalty: smallest gradient of a layer",
          value: Math.min(...gradientNorms),
          atLeast: 0.2,
        },
        {
          text: "gradient penalty: largest gradient of a layer",
          value: Math.max(...gradientNorms),
          atMost: 5,
        },
      ]),
    ];
  },
  figure({ critics, surfaces }) {
    return {
      title: weightClipping.title,
      panels: [
        {
          wide: true,
          aspect: 0.36,
          title: "Deep critics: gradient of the score, layer by layer",
          x: {
            label: "layer: input is 0, last hidden layer on the right",
            // Every second one, for which there is room on a telephone.
            ticks: critics[0].gradientNorms.map((_, layer) => ({
              value: layer,
              label: layer % 2 === 0 ? String(layer) : "",
            })),
          },
          y: { label: "mean |∂D/∂h_{l}|", scale: "log" },
          marks: critics.map(
            ({ limit, gradientNorms }, i): Mark => ({
              type: "line",
              x: gradientNorms.map((_, layer) => layer),
              y: gradientNorms.map(positive),
              label: constraintName(limit),
              color: constraintColor(limit, i),
            }),
          ),
        },
        ...critics.map(({ limit, weights, atLimit }, i): Panel => {
          const total = weights.heights.reduce((sum, height) => sum + height, 0);
          return {
            title:
              limit === null
                ? "Weights under a gradient penalty"
                : `Weights, c = ${limit}: ${formatFixed(100 * atLimit.after, 0)} % at ±c`,
            x: { label: "weight" },
            y: { label: "share of the weights", unit: "%" },
            marks: [
              {
                type: "histogram",
                edges: weights.edges,
                heights: weights.heights.map((height) => (100 * height) / total),
                label: constraintName(limit),
                color: constraintColor(limit, i),
              },
            ],
          };
        }),
        ...surfaces.map(
          ({ data, limit, reach, values }): Panel => ({
            title: `Critic's values on the ${data}, ${constraintName(limit)}`,
            aspect: "equal",
            x: { label: "x_{1}" },
            y: { label: "x_{2}" },
            marks: [{ type: "heatmap", x: [-reach, reach], y: [-reach, reach], values, label: "D(x)" }],
          }),
        ),
      ],
    };
  },
};
