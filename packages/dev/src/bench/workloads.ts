/** The workloads of the peer scripts, under their names: those that `tsgan bench` has, and more. */
import { hinge, nonSaturating, wasserstein } from "tsgan/losses";
import { ctgan } from "tsgan/models";
import { gradientPenalty } from "tsgan/penalties";
import type { Device } from "tsgan/runtime";
import { type Workload as Trained, workloads as users, workloadTrainer } from "tsgan/speed";
import type { GanTrainer } from "tsgan/train";
import { attention, TABLE_ROW, tableLayout } from "./workload-models.ts";

interface Workload extends Trained {
  /** Iterations timed: a few seconds' worth. */
  readonly repeats: number;
  /** Only samples are made: an iteration is a batch of them. */
  readonly samples?: true;
}

/** The five that every version is measured by. */
const old: Readonly<Record<string, Workload>> = {
  "mlp-wgan-gp": { ...users["mlp-wgan-gp"], repeats: 500 },
  "mlp-ns": { ...users["mlp-ns"], repeats: 2000 },
  "dcgan28-ns": { ...users["dcgan28-ns"], repeats: 40 },
  "dcgan28-wgan-gp": { ...users["dcgan28-wgan-gp"], repeats: 12 },
  "dcgan64-ns": { ...users["dcgan64-ns"], repeats: 20 },
};

/** The workloads whose ratio has a mean of its own. */
export const oldWorkloads: readonly string[] = Object.keys(old);

const usual = { loss: nonSaturating, criticSteps: 1, betas: [0.5, 0.999] } as const;

export const workloads: Readonly<Record<string, Workload>> = {
  ...old,
  "resnet64-r1": { ...users["resnet64-r1"], repeats: 5 },
  "attention32-hinge": {
    ...usual,
    model: () => attention().for({ shape: [3, 32, 32] }),
    loss: hinge,
    batch: 64,
    repeats: 10,
  },
  "table-ctgan": {
    ...usual,
    model: () => ctgan().for({ shape: [TABLE_ROW], layout: tableLayout }),
    loss: wasserstein,
    penalty: () => gradientPenalty({ weight: 10 }),
    batch: 500,
    repeats: 100,
  },
  "dcgan28-samples": { ...users["dcgan28-ns"], batch: 256, repeats: 40, samples: true },
};

/** A trainer of the workload. */
export const trainerFor = (name: string, threads: number | undefined, device?: Device): GanTrainer =>
  workloadTrainer(workloads[name], { threads, device });

/** Iterations, of critic steps and a generator step, in one run of the device; or a batch of samples. */
export const iterate = async (name: string, trainer: GanTrainer, together = 1): Promise<void> => {
  const { samples, batch } = workloads[name];
  if (samples === true) await trainer.sample(batch, { batch });
  else await trainer.iterateTogether(together);
};
