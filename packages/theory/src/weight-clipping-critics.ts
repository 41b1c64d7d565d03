/** The critics of the experiment on weight clipping: trained to their end against a generator that stays as it is. */
import type { MixtureDataset } from "tsgan/data";
import { histogram } from "tsgan/figure";
import { grad, input, relu, sum, type Tensor } from "tsgan/graph";
import { wasserstein } from "tsgan/losses";
import { defineModel, type Model } from "tsgan/models";
import { heInit, type Initializer, layers, rmsProp, uniformInit } from "tsgan/nn";
import { gradientPenalty, weightClipping } from "tsgan/penalties";
import type { GanTrainer } from "tsgan/train";
import { gameOf, mixtureSampler } from "./networks.ts";

/** What all critics have in common. */
export interface Training {
  /** λ */
  readonly penalty: number;
  /** Critic's learning rate under clipping, as a share of c: 0.005 is WGAN's 5e-5 for c = 0.01. */
  readonly clippedRate: number;
  readonly penalizedRate: number;
  /** Deviation of the noise that makes generated points of real ones. */
  readonly noise: number;
  readonly batch: number;
  readonly seed: number;
}

/** Hidden layers of a critic, units of each, and the steps that it is trained for. */
export interface Size {
  readonly depth: number;
  readonly width: number;
  readonly steps: number;
}

/** Weights of a critic that was trained. */
export interface CountedWeights {
  /** All of them. */
  weights: { edges: number[]; heights: number[] };
  /** Share of them whose size is 0.98 c or more, at the start and in the end; 0 without clipping. */
  atLimit: { before: number; after: number };
}

export interface ValueSurface {
  data: "ring" | "grid";
  /** c, or null for the gradient penalty. */
  limit: number | null;
  /** The square [−reach, reach]². */
  reach: number;
  /** Scores, rows from below. */
  values: number[][];
}

/** Points over which gradients are averaged. */
const POINTS = 256;

/** Shares of c from which on a weight counts as being at its bound. */
const NEAR = 0.98;

/** RMSProp's ε. The usual 1e-8 is larger than the gradients of a critic whose weights are below 0.001. */
const TINY = 1e-14;

/** Steps that run as one. */
const CHAIN = 5;

interface Critic extends Size {
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
  { penalty, clippedRate, penalizedRate, noise, batch, seed }: Training,
): GanTrainer => {
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
    penalties: [limit === null ? gradientPenalty({ weight: penalty }) : weightClipping({ limit })],
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

/** Mean over real points of |∂D(x)/∂h_l| for the input (l = 0) and the output of each hidden layer of a critic. */
export const gradientsThroughDepth = async (
  dataset: MixtureDataset,
  limit: number | null,
  { depth, width, steps }: Size,
  training: Training,
  progress: (share: number) => void,
): Promise<number[]> => {
  const critic: Critic = { depth, width, steps, init: heInit() };
  const game = gameFor(dataset, critic, limit, training);
  const probe = await game.probe(({ bind }) => {
    const hidden: Tensor[] = [];
    const scores = scoresOf(critic)(input("x", [POINTS, 2]), bind("discriminator").scope, hidden);
    return Object.fromEntries(grad(sum(scores), hidden).map((slope, i) => [String(i), slope]));
  });
  try {
    await train(game, steps, progress);
    const { examples: x } = await dataset.draw(training.seed + 1, 0, POINTS);
    const slopes = await probe.run({ x });
    return Array.from({ length: depth + 1 }, (_, layer) => meanNorm(slopes[layer]));
  } finally {
    await probe.dispose();
    await game.dispose();
  }
};

/** Trains a critic; `inspect` sees it before and after. */
const trained = async <T>(
  dataset: MixtureDataset,
  limit: number | null,
  { depth, width, steps }: Size,
  training: Training,
  progress: (share: number) => void,
  inspect: (game: GanTrainer, before: readonly number[]) => Promise<T>,
): Promise<T> => {
  // Under clipping the weights start well within their bounds, so that what is found there was driven there.
  const init = limit === null ? heInit() : uniformInit(limit / 2);
  const game = gameFor(dataset, { depth, width, steps, init }, limit, training);
  try {
    const before = await weightsOf(game);
    await train(game, steps, progress);
    return await inspect(game, before);
  } finally {
    await game.dispose();
  }
};

/** Trains a critic and counts its weights. */
export const weightsUnder = (
  dataset: MixtureDataset,
  limit: number | null,
  size: Size,
  training: Training,
  bins: number,
  progress: (share: number) => void,
): Promise<CountedWeights> =>
  trained(dataset, limit, size, training, progress, async (game, before) => {
    const after = await weightsOf(game);
    // Clipped in single precision, whose 0.1 is a little larger.
    const range =
      limit !== null
        ? Math.fround(limit)
        : after.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
    return {
      weights: histogram(after, { bins, range: [-range, range] }),
      atLimit: { before: shareAtLimit(before, limit), after: shareAtLimit(after, limit) },
    };
  });

/** Trains a critic and takes its scores in the cells of a square around the modes. */
export const surfaceUnder = (
  dataset: MixtureDataset,
  limit: number | null,
  size: Size,
  training: Training,
  resolution: number,
  progress: (share: number) => void,
): Promise<ValueSurface> =>
  trained(dataset, limit, size, training, progress, async (game) => {
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
  });
