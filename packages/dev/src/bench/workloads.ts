/** The workloads of the peer script, under its names: the same networks, batches, optimisers and order of steps. */
import type { Batch, Dataset } from "tsgan/data";
import * as losses from "tsgan/losses";
import * as models from "tsgan/models";
import { adam } from "tsgan/nn";
import * as penalties from "tsgan/penalties";
import { randomStream } from "tsgan/random";
import { createGanTrainer, type GanTrainer } from "tsgan/train";

interface Workload {
  readonly model: () => models.Model;
  readonly loss: "wgan-gp" | "non-saturating";
  readonly batch: number;
  readonly criticSteps: number;
  readonly betas: readonly [number, number];
  /** Iterations timed: a few seconds' worth. */
  readonly repeats: number;
}

const points = (): models.Model => models.mlp({ latent: 16, hidden: [128, 128] }).for({ shape: [2] });

export const workloads: Readonly<Record<string, Workload>> = {
  "mlp-wgan-gp": {
    model: points,
    loss: "wgan-gp",
    batch: 256,
    criticSteps: 5,
    betas: [0, 0.9],
    repeats: 500,
  },
  "mlp-ns": {
    model: points,
    loss: "non-saturating",
    batch: 256,
    criticSteps: 1,
    betas: [0.5, 0.999],
    repeats: 2000,
  },
  "dcgan28-ns": {
    model: () => models.dcgan({ latent: 64, base: 64 }).for({ shape: [1, 28, 28] }),
    loss: "non-saturating",
    batch: 64,
    criticSteps: 1,
    betas: [0.5, 0.999],
    repeats: 20,
  },
  "dcgan28-wgan-gp": {
    model: () =>
      models.dcgan({ latent: 64, base: 64, discriminatorNorm: "none" }).for({ shape: [1, 28, 28] }),
    loss: "wgan-gp",
    batch: 64,
    criticSteps: 5,
    betas: [0, 0.9],
    repeats: 20,
  },
  "dcgan64-ns": {
    model: () => models.dcgan({ latent: 128, base: 32 }).for({ shape: [3, 64, 64] }),
    loss: "non-saturating",
    batch: 32,
    criticSteps: 1,
    betas: [0.5, 0.999],
    repeats: 20,
  },
};

const BATCHES = 8;

/** Eight batches of uniform numbers in [−1, 1), in turn, as the peer draws them. */
const uniformBatches = (shape: readonly number[], batch: number): Dataset => {
  const size = batch * shape.reduce((a, b) => a * b, 1);
  const batches: Batch[] = Array.from({ length: BATCHES }, (_, i) => {
    const examples = new Float32Array(size);
    randomStream(0, "bench", i).fillUniform(examples, -1, 1);
    return { examples };
  });
  return {
    name: "uniform",
    shape,
    size: Number.POSITIVE_INFINITY,
    draw: (_seed, position) => batches[(position / batch) % BATCHES],
  };
};

/** A trainer that takes one iteration of the workload at a time. */
export const trainerFor = (name: string, threads: number | undefined): GanTrainer => {
  const { loss, batch, criticSteps, betas, ...workload } = workloads[name];
  const model = workload.model();
  const optimizer = adam({ learningRate: 1e-4, beta1: betas[0], beta2: betas[1] });
  return createGanTrainer({
    gan: {
      model,
      loss: loss === "wgan-gp" ? losses.wasserstein() : losses.nonSaturating(),
      penalties: loss === "wgan-gp" ? [penalties.gradientPenalty({ weight: 10 })] : [],
      terms: [],
      adversarialWeight: 1,
      techniques: [],
      optimizer: { generator: optimizer, discriminator: optimizer },
      criticSteps,
      generatorSteps: 1,
      batch,
      generatorBatch: batch,
    },
    real: uniformBatches(model.shape, batch),
    seed: 0,
    steps: Number.MAX_SAFE_INTEGER,
    threads,
  });
};
