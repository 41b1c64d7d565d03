/** What the experiments that train share: trainers of two players, and samplers that do not learn. */
import type { Dataset, MixtureDataset } from "tsgan/data";
import { add, cast, constant, equal, matmul, max, mul, sliceAxis } from "tsgan/graph";
import type { AdversarialLoss } from "tsgan/losses";
import type { Model } from "tsgan/models";
import { adam, constantInit, type Optimizer } from "tsgan/nn";
import type { Penalty } from "tsgan/penalties";
import { createGanTrainer, type GanTrainer } from "tsgan/train";

/** One, so that data do not depend on how many cores there are. */
const THREADS = 1;

export interface GameOptions {
  readonly model: Model;
  readonly dataset: Dataset;
  readonly loss: AdversarialLoss;
  readonly penalties?: readonly Penalty[];
  /** Of both players, for a learning rate; default Adam with β₁ = 0.5, β₂ = 0.9. */
  readonly optimizer?: (learningRate: number) => Optimizer;
  readonly learningRate: number;
  /** Default: `learningRate`. */
  readonly generatorLearningRate?: number;
  readonly batch: number;
  readonly seed: number;
  /** Steps of an iteration; defaults 1 and 1. */
  readonly discriminatorSteps?: number;
  readonly generatorSteps?: number;
}

/** A trainer of the two players of a GAN. */
export const gameOf = ({
  model,
  dataset,
  loss,
  penalties = [],
  optimizer = (rate) => adam({ learningRate: rate, beta1: 0.5, beta2: 0.9 }),
  learningRate,
  generatorLearningRate = learningRate,
  batch,
  seed,
  discriminatorSteps = 1,
  generatorSteps = 1,
}: GameOptions): GanTrainer =>
  createGanTrainer({
    gan: {
      model,
      loss,
      penalties,
      terms: [],
      adversarialWeight: 1,
      techniques: [],
      optimizer: { discriminator: optimizer(learningRate), generator: optimizer(generatorLearningRate) },
      criticSteps: discriminatorSteps,
      generatorSteps,
      batch,
      generatorBatch: batch,
    },
    real: dataset,
    seed,
    // Length of the run, for learning rates that change with it: these do not.
    steps: 1,
    threads: THREADS,
  });

/**
 * A generator that draws from a mixture and is not meant to learn: z holds K + d normal numbers, the largest of the first K
 * chooses the centre, the others scatter around it with the given deviation.
 */
export const mixtureSampler = (
  { centres }: MixtureDataset,
  deviation: number,
): Pick<Model, "latent" | "generator"> => {
  const count = centres.length;
  const dimension = centres[0].length;
  const table = constant(Float32Array.from(centres.flat()), [count, dimension]);
  return {
    latent: { size: count + dimension, distribution: "normal" },
    generator: ({ z }, scope) => {
      const blur = scope.parameter("deviation", [1], constantInit(deviation));
      const lots = sliceAxis(z, 1, 0, count);
      const chosen = cast(equal(lots, max(lots, 1, true)), "float32");
      return add(matmul(chosen, table), mul(sliceAxis(z, 1, count, count + dimension), blur));
    },
  };
};
