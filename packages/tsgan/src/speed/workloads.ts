/** What machines are measured by: whole networks, batches, optimisers and orders of steps. */
import type { Batch, Dataset } from "../data/index.ts";
import { unknownName } from "../errors.ts";
import { type AdversarialLoss, nonSaturating, wasserstein } from "../losses/index.ts";
import { dcgan, type Model, mlp, resnet } from "../models/index.ts";
import { adam } from "../nn/index.ts";
import { gradientPenalty, type Penalty, r1 } from "../penalties/index.ts";
import { randomStream } from "../random/index.ts";
import type { Device, Precision } from "../runtime/index.ts";
import { createGanTrainer, type GanTrainer } from "../train/index.ts";

/** A GAN that is trained to see how long an iteration takes. */
export interface Workload {
  readonly model: () => Model;
  readonly loss: () => AdversarialLoss;
  readonly penalty?: () => Penalty;
  /** Examples of a step. */
  readonly batch: number;
  /** Steps of the discriminator in an iteration. */
  readonly criticSteps: number;
  /** β₁ and β₂ of Adam, whose rate is 1e-4. */
  readonly betas: readonly [number, number];
}

const points = (): Model => mlp({ latent: 16, hidden: [128, 128] }).for({ shape: [2] });
const dcgan28 = (discriminatorNorm?: "none"): Model =>
  dcgan({ latent: 64, base: 64, ...(discriminatorNorm && { discriminatorNorm }) }).for({
    shape: [1, 28, 28],
  });

/** The usual loss, in turns. */
const usual = { loss: nonSaturating, criticSteps: 1, betas: [0.5, 0.999] } as const;
const wganGp = {
  loss: wasserstein,
  penalty: () => gradientPenalty({ weight: 10 }),
  criticSteps: 5,
  betas: [0, 0.9],
} as const;

/** The workloads, by name: perceptrons on points, DCGANs at 28 and 64 pixels, a ResNet at 64. */
export const workloads = {
  "mlp-wgan-gp": { ...wganGp, model: points, batch: 256 },
  "mlp-ns": { ...usual, model: points, batch: 256 },
  "dcgan28-ns": { ...usual, model: () => dcgan28(), batch: 64 },
  "dcgan28-wgan-gp": { ...wganGp, model: () => dcgan28("none"), batch: 64 },
  "dcgan64-ns": {
    ...usual,
    model: () => dcgan({ latent: 128, base: 32 }).for({ shape: [3, 64, 64] }),
    batch: 32,
  },
  "resnet64-r1": {
    ...usual,
    model: () =>
      resnet({ latent: 128, generatorWidth: 32, discriminatorWidth: 32, discriminatorNorm: "none" }).for({
        shape: [3, 64, 64],
      }),
    penalty: () => r1({ weight: 10 }),
    batch: 16,
  },
} as const satisfies Readonly<Record<string, Workload>>;

const BATCHES = 8;

/** Eight batches of uniform numbers in [−1, 1), in turn. */
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

/** Where a workload is trained. */
export interface Place {
  /** The machine's own choice without. */
  readonly device?: Device | undefined;
  /** Threads of a CPU device. */
  readonly threads?: number | undefined;
  /** Of the steps' products: "full" (float32) without. */
  readonly precision?: Precision | undefined;
}

/** A trainer of a `workload`, with uniform numbers in [−1, 1) for examples, and a seed of its own. */
export const workloadTrainer = (
  workload: Workload,
  { device, threads, precision }: Place = {},
): GanTrainer => {
  const { model, loss, penalty, batch, criticSteps, betas } = workload;
  const made = model();
  const optimizer = adam({ learningRate: 1e-4, beta1: betas[0], beta2: betas[1] });
  return createGanTrainer({
    gan: {
      model: made,
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
    real: uniformBatches(made.shape, batch),
    seed: 0,
    steps: Number.MAX_SAFE_INTEGER,
    threads,
    precision,
    device,
  });
};

/**
 * The workload of that `name`, one of those that `workloads` has.
 *
 * @throws UsageError for another name, with those there are
 */
export const workloadNamed = (name: string): Workload => {
  if (Object.hasOwn(workloads, name)) return workloads[name as keyof typeof workloads];
  throw unknownName("workload", name, Object.keys(workloads));
};
