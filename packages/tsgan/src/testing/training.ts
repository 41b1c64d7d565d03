/** Short runs that every runtime must agree on. They run in Node.js and in a browser's worker. */
import { type Dataset, fromExamples, ring } from "../data/index.ts";
import { randomStream } from "../random/index.ts";
import type { Device } from "../runtime/index.ts";
import { type RunConfig, resolveConfig, type StepRecord, type Trainer, trainerOf } from "../train/index.ts";

const noiseImages = () => {
  const examples = new Float32Array(64 * 16 * 16);
  randomStream(3, "images").fillUniform(examples, -1, 1);
  return fromExamples({ name: "noise images", shape: [1, 16, 16], examples });
};

const cases = {
  /** The cheapest step there is. */
  "mlp ring": () => ({
    dataset: ring(),
    config: resolveConfig({
      data: "ring",
      model: { name: "mlp", latent: 2, hidden: [16] },
      batch: 16,
      steps: 1000,
    }),
  }),
  /** MLPs on points: penalty of second order, five critic steps in one graph. */
  "mlp ring wgan-gp": () => ({
    dataset: ring(),
    config: resolveConfig({
      data: "ring",
      loss: "wgan-gp",
      model: { name: "mlp", latent: 2, hidden: [32, 32] },
      batch: 64,
      steps: 1000,
    }),
  }),
  /** Convolutions both ways and batch norm with running statistics. */
  "dcgan 16": () => ({
    dataset: noiseImages(),
    config: resolveConfig({
      data: "noise images",
      model: { name: "dcgan", base: 8, latent: 16 },
      batch: 8,
      steps: 1000,
    }),
  }),
} satisfies Record<string, () => { dataset: Dataset; config: RunConfig }>;

export type CaseName = keyof typeof cases;

export interface CaseOptions {
  readonly device?: Device;
  readonly threads?: number;
}

export const trainerOfCase = (name: CaseName, options: CaseOptions = {}): Trainer => {
  return trainerOf({ ...cases[name](), ...options });
};

export interface Outcome {
  readonly records: StepRecord[];
  /** The first weights of the generator, read back from the device. */
  readonly weights: number[];
  /** Images or points of the averaged generator. */
  readonly samples: number[];
}

/** Figures of the first iterations, and the state that they lead to. */
export const runCase = async (name: CaseName, steps: number, options: CaseOptions = {}): Promise<Outcome> => {
  const trainer = trainerOfCase(name, options);
  const records: StepRecord[] = [];
  for (let step = 0; step < steps; step++) records.push(await trainer.iterate());
  const tensors = await trainer.tensors();
  const first = Object.keys(tensors).find((key) => key.startsWith("generator/")) as string;
  const samples = await trainer.sample(4, { seed: 5 });
  await trainer.dispose();
  return { records, weights: [...tensors[first].data.slice(0, 64)], samples: [...samples] };
};
