/** Short runs that every runtime must agree on. They run in Node.js and in a browser's worker. */

import { type RunConfig, resolveConfig } from "../config/index.ts";
import { type Dataset, fromExamples, ring } from "../data/index.ts";
import { add, conv2d, convTranspose2d, grad, input, square, sum } from "../graph/index.ts";
import { randomStream } from "../random/index.ts";
import { compile, type Device, type Precision, State } from "../runtime/index.ts";
import { workloadNamed, workloadTrainer } from "../speed/index.ts";
import { type GanTrainer, type StepRecord, trainerOf } from "../train/index.ts";

const noiseImages = () => {
  const examples = new Float32Array(64 * 16 * 16);
  randomStream(3, "images").fillUniform(examples, -1, 1);
  return fromExamples({ name: "noise images", shape: [1, 16, 16], examples });
};

const both = (optimizer: RunConfig["optimizer"]["generator"]): RunConfig["optimizer"] => ({
  generator: optimizer,
  discriminator: optimizer,
});
const adam = both({ name: "adam", learningRate: 1e-4, beta1: 0.5, beta2: 0.9 });

const cases = {
  /** The cheapest step there is. */
  "mlp ring": () => ({
    dataset: ring(),
    config: resolveConfig({
      data: "ring",
      loss: "non-saturating",
      model: { name: "mlp", latent: 2, hidden: [16] },
      optimizer: adam,
      batch: 16,
      steps: 1000,
    }),
  }),
  /**
   * MLPs on points: penalty of second order, five critic steps in one graph. By SGD: the gradient of a Wasserstein
   * critic's last bias is zero but for rounding, which Adam would scale to whole steps.
   */
  "mlp ring wgan-gp": () => ({
    dataset: ring(),
    config: resolveConfig({
      data: "ring",
      loss: "wgan-gp",
      model: { name: "mlp", latent: 2, hidden: [32, 32] },
      optimizer: both({ name: "sgd", learningRate: 0.05 }),
      criticSteps: 5,
      batch: 64,
      steps: 1000,
    }),
  }),
  /**
   * Convolutions both ways, batch norm with running statistics, spectral norm. No batch norm in the discriminator: the
   * first fakes are nearly equal, and subtracting their mean leaves mostly rounding, which differs between runtimes.
   */
  "dcgan 16": () => ({
    dataset: noiseImages(),
    config: resolveConfig({
      data: "noise images",
      loss: "non-saturating",
      model: { name: "dcgan", base: 8, latent: 16, discriminatorNorm: "spectral" },
      optimizer: adam,
      batch: 8,
      steps: 1000,
    }),
  }),
} satisfies Record<string, () => { dataset: Dataset; config: RunConfig }>;

export type CaseName = keyof typeof cases;

export interface CaseOptions {
  readonly device?: Device;
  readonly threads?: number;
  readonly precision?: Precision;
  /** Iterations in one run of the device; 1 without. */
  readonly together?: number;
}

export const trainerOfCase = (
  name: CaseName,
  { device, threads, precision }: CaseOptions = {},
): GanTrainer => {
  const { config, dataset } = cases[name]();
  return trainerOf({ config: { ...config, precision }, dataset, device, threads });
};

export interface Outcome {
  readonly records: StepRecord[];
  /** The first weights of the generator, read back from the device. */
  readonly weights: number[];
  /** Images or points of the averaged generator. */
  readonly samples: number[];
}

/**
 * How far two outcomes are apart: the share of figures that differ by more than 1e-4, and the largest difference.
 *
 * Runtimes add up a product's terms in different orders, and float32 has 24 bits, 6e-8 for each rounding: figures
 * differ by about 1e-6. Once in some tens of steps an input of a ReLU lies within that of zero and takes the other
 * side, which moves one gradient by up to a percent. A wrong kernel shows in every step.
 */
export const difference = (a: Outcome, b: Outcome): { readonly share: number; readonly largest: number } => {
  const figures = ({ records, weights, samples }: Outcome): number[] => [
    ...records.flatMap((record) => Object.values(record)),
    ...weights,
    ...samples,
  ];
  const others = figures(b);
  const errors = figures(a).map((value, i) => Math.abs(value - others[i]) / Math.max(1, Math.abs(value)));
  return {
    share: errors.filter((error) => !(error < 1e-4)).length / errors.length,
    largest: Math.max(...errors),
  };
};

/** Figures of the first iterations, and the state that they lead to. */
export const runCase = async (name: CaseName, steps: number, options: CaseOptions = {}): Promise<Outcome> => {
  const trainer = trainerOfCase(name, options);
  const records: StepRecord[] = [];
  const { together = 1 } = options;
  while (records.length < steps) records.push(...(await trainer.iterateTogether(together)));
  const tensors = await trainer.tensors();
  const first = Object.keys(tensors).find((key) => key.startsWith("generator/")) as string;
  const samples = await trainer.sample(4, { seed: 5 });
  await trainer.dispose();
  return { records, weights: [...tensors[first].data.slice(0, 64)], samples: [...samples] };
};

/** Counts up in a state on the GPU: where it lies after each run, and what is read back in between. */
export const countOnGpu = async (): Promise<{ location: string; values: number[] }[]> => {
  const state = new State();
  state.set("x", Float32Array.of(1, 2));
  const program = await compile({ x: add(input("x", [2]), 1) }, { device: "webgpu", state: ["x"] });
  const onHost = (): never => {
    throw new Error("the tensor is on the host");
  };
  const seen: { location: string; values: number[] }[] = [];
  for (let i = 0; i < 3; i++) {
    await program.run({}, state);
    const { location } = state.take("x", { make: onHost, read: onHost, writesIntoFetches: false });
    seen.push({ location, values: [...(await state.read("x"))] });
  }
  state.dispose();
  await program.dispose();
  return seen;
};

/** What a case is refused with. */
export const refusalOf = (name: CaseName, options: CaseOptions): Promise<string> =>
  runCase(name, 1, options).then(
    () => "nothing",
    (error: Error) => error.message,
  );

/** How far the first iteration in mixed precision is from that in full precision, on WebGPU, as shares. */
export interface HalfDifference {
  /** The largest of a loss or penalty. */
  readonly losses: number;
  /** The largest of a player's gradients: of their norms, and of the norm of the difference by the norm, where they are known. */
  readonly gradients: number;
}

/** `name`: that of a case or of a workload. */
export const halfDifference = async (name: string): Promise<HalfDifference> => {
  const first = async (precision: Precision) => {
    const place = { device: "webgpu", precision } as const;
    const trainer =
      name in cases ? trainerOfCase(name as CaseName, place) : workloadTrainer(workloadNamed(name), place);
    const record = await trainer.iterate();
    // Adam's first moment after one step is the gradient, times 1 − β₁.
    const moments = Object.entries(await trainer.tensors()).filter(([key]) => key.includes(".adam.m/"));
    await trainer.dispose();
    return { record, moments };
  };
  const [full, mixed] = [await first("full"), await first("mixed")];
  const shares = (keys: RegExp): number[] =>
    Object.entries(full.record)
      .filter(([key]) => keys.test(key))
      .map(([key, value]) => Math.abs(value - mixed.record[key]) / Math.max(1, Math.abs(value)));
  const norm = (values: readonly number[]): number => Math.hypot(...values);
  const gradients = ["generator", "discriminator"].map((player) => {
    const of = ({ moments }: typeof full) =>
      moments.filter(([key]) => key.startsWith(player)).flatMap(([, { data }]) => [...data]);
    const [exact, half] = [of(full), of(mixed)];
    return exact.length === 0 ? 0 : norm(exact.map((g, i) => g - half[i])) / norm(exact);
  });
  return {
    losses: Math.max(...shares(/(?:Loss|penalty)$/)),
    gradients: Math.max(...gradients, ...shares(/Gradient$/)),
  };
};

/** Convolutions that begin with five channels, both ways, and their gradients. */
export const convolutions = async (device: Device): Promise<Record<string, number[]>> => {
  const [x, w, v] = [input("x", [2, 5, 6, 6]), input("w", [4, 5, 3, 3]), input("v", [5, 4, 4, 4])];
  const down = conv2d(x, w, { stride: 2, padding: 1 });
  const up = convTranspose2d(x, v, { stride: 2, padding: 1 });
  const [dx, dw, dv] = grad(add(sum(square(down)), sum(square(up))), [x, w, v]);
  const program = await compile({ down, up, dx, dw, dv }, { device });
  const filled = (length: number, factor: number) =>
    Float32Array.from({ length }, (_, i) => Math.sin(i * factor));
  const found = await program.run({ x: filled(360, 0.7), w: filled(180, 1.3), v: filled(320, 1.9) });
  await program.dispose();
  return Object.fromEntries(Object.entries(found).map(([name, values]) => [name, [...values]]));
};
