/** The workloads of the peer scripts, under their names: the same networks, batches, optimisers and order of steps. */
import type { Batch, Dataset } from "tsgan/data";
import * as losses from "tsgan/losses";
import * as models from "tsgan/models";
import { adam } from "tsgan/nn";
import * as penalties from "tsgan/penalties";
import { randomStream } from "tsgan/random";
import type { Device } from "tsgan/runtime";
import { createGanTrainer, type GanTrainer } from "tsgan/train";
import { attention, TABLE_ROW, tableLayout } from "./workload-models.ts";

interface Workload {
  readonly model: () => models.Model;
  readonly loss: () => losses.AdversarialLoss;
  readonly penalty?: () => penalties.Penalty;
  readonly batch: number;
  readonly criticSteps: number;
  readonly betas: readonly [number, number];
  /** Iterations timed: a few seconds' worth. */
  readonly repeats: number;
  /** Only samples are made: an iteration is a batch of them. */
  readonly samples?: true;
}

const points = (): models.Model => models.mlp({ latent: 16, hidden: [128, 128] }).for({ shape: [2] });
const gradientPenalty = () => penalties.gradientPenalty({ weight: 10 });
const usual = { loss: losses.nonSaturating, criticSteps: 1, betas: [0.5, 0.999] } as const;
const wganGp = {
  loss: losses.wasserstein,
  penalty: gradientPenalty,
  criticSteps: 5,
  betas: [0, 0.9],
} as const;
const dcgan28 = (discriminatorNorm?: "none") =>
  models
    .dcgan({ latent: 64, base: 64, ...(discriminatorNorm && { discriminatorNorm }) })
    .for({ shape: [1, 28, 28] });

/** The five that every version is measured by. */
const old: Readonly<Record<string, Workload>> = {
  "mlp-wgan-gp": { ...wganGp, model: points, batch: 256, repeats: 500 },
  "mlp-ns": { ...usual, model: points, batch: 256, repeats: 2000 },
  "dcgan28-ns": { ...usual, model: () => dcgan28(), batch: 64, repeats: 40 },
  "dcgan28-wgan-gp": { ...wganGp, model: () => dcgan28("none"), batch: 64, repeats: 12 },
  "dcgan64-ns": {
    ...usual,
    model: () => models.dcgan({ latent: 128, base: 32 }).for({ shape: [3, 64, 64] }),
    batch: 32,
    repeats: 20,
  },
};

/** The workloads whose ratio has a mean of its own. */
export const oldWorkloads: readonly string[] = Object.keys(old);

export const workloads: Readonly<Record<string, Workload>> = {
  ...old,
  "resnet64-r1": {
    ...usual,
    model: () =>
      models
        .resnet({ latent: 128, generatorWidth: 32, discriminatorWidth: 32, discriminatorNorm: "none" })
        .for({ shape: [3, 64, 64] }),
    penalty: () => penalties.r1({ weight: 10 }),
    batch: 16,
    repeats: 5,
  },
  "attention32-hinge": {
    ...usual,
    model: () => attention().for({ shape: [3, 32, 32] }),
    loss: losses.hinge,
    batch: 64,
    repeats: 10,
  },
  "table-ctgan": {
    ...usual,
    model: () => models.ctgan().for({ shape: [TABLE_ROW], layout: tableLayout }),
    loss: losses.wasserstein,
    penalty: gradientPenalty,
    batch: 500,
    repeats: 100,
  },
  "dcgan28-samples": { ...usual, model: () => dcgan28(), batch: 256, repeats: 40, samples: true },
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

/** A trainer of the workload. */
export const trainerFor = (name: string, threads: number | undefined, device?: Device): GanTrainer => {
  const { loss, penalty, batch, criticSteps, betas, ...workload } = workloads[name];
  const model = workload.model();
  const optimizer = adam({ learningRate: 1e-4, beta1: betas[0], beta2: betas[1] });
  return createGanTrainer({
    gan: {
      model,
      loss: loss(),
      penalties: penalty === undefined ? [] : [penalty()],
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
    device,
  });
};

/** Iterations, of critic steps and a generator step, in one run of the device; or a batch of samples. */
export const iterate = async (name: string, trainer: GanTrainer, together = 1): Promise<void> => {
  const { samples, batch } = workloads[name];
  if (samples === true) await trainer.sample(batch, { batch });
  else await trainer.iterateTogether(together);
};
