/** What the runs are made of that `tsgan doctor` is tried on: settings, and data files with a known fault. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ConfigInput, RunConfig } from "tsgan/config";
import { openDataset } from "tsgan/node";
import { randomStream } from "tsgan/random";

type Optimizer = RunConfig["optimizer"]["generator"];

export const adam = (learningRate: number, beta1 = 0.5, beta2 = 0.9): Optimizer => ({
  name: "adam",
  learningRate,
  beta1,
  beta2,
});
export const sgd = (learningRate: number): Optimizer => ({ name: "sgd", learningRate, momentum: 0.9 });
export const rmsprop = (learningRate: number): Optimizer => ({ name: "rmsprop", learningRate });
export const both = (optimizer: Optimizer): RunConfig["optimizer"] => ({
  generator: optimizer,
  discriminator: optimizer,
});
export const penalty = (name: string, options: Readonly<Record<string, unknown>> = {}): ConfigInput => ({
  penalties: [{ name, ...options }],
});
/** One of three, by the seed: settings vary as well as the noise. */
export const third = <T>(seed: number, ...choices: readonly [T, T, T]): T => choices[(seed - 1) % 3];

/** All that matters is written out, so that better defaults do not heal what is planted. */
const usual: ConfigInput = {
  loss: { name: "non-saturating" },
  penalties: [],
  criticSteps: 1,
  generatorSteps: 1,
  techniques: [{ name: "ema", decay: 0.99 }],
  checkpointEvery: 500,
  sampleEvery: 1_000_000,
};
export const points: ConfigInput = {
  ...usual,
  data: "ring",
  model: { name: "mlp", latent: 2, hidden: [64, 64] },
  optimizer: both(adam(1e-3)),
  batch: 128,
  steps: 2000,
};
export const images: ConfigInput = {
  ...usual,
  data: "mnist",
  model: { name: "dcgan", base: 8, latent: 16 },
  optimizer: both(adam(5e-4, 0.5, 0.999)),
  techniques: [{ name: "ema", decay: 0.98 }],
  batch: 32,
  steps: 1100,
};

/** Points as a .csv file: eight modes on a circle, or uniform in a square. */
export const pointsFile = (
  folder: string,
  { shape, count, scale, seed }: { shape: "ring" | "square"; count: number; scale: number; seed: number },
): string => {
  const random = randomStream(seed, "planted");
  const rows = Array.from({ length: count }, () => {
    if (shape === "square") return [4 * random.uniform() - 2, 4 * random.uniform() - 2];
    const angle = (2 * Math.PI * random.integer(8)) / 8;
    return [2 * Math.cos(angle) + 0.02 * random.normal(), 2 * Math.sin(angle) + 0.02 * random.normal()];
  });
  const file = join(folder, "points.csv");
  writeFileSync(file, rows.map((row) => row.map((value) => scale * value).join(",")).join("\n"));
  return file;
};

/** Digits, or clothes, as an .npy file of bytes, as bright as `brightness` says. */
export const imagesFile = async (
  folder: string,
  {
    count,
    brightness = 1,
    seed,
    of = "mnist",
  }: { count: number; brightness?: number; seed: number; of?: string },
): Promise<string> => {
  const { examples } = await (await openDataset(of)).draw(seed, 0, count);
  const head = `{'descr': '|u1', 'fortran_order': False, 'shape': (${count}, 28, 28), }`;
  const text = `${head.padEnd(117)}\n`;
  const bytes = Uint8Array.from(examples, (value) => Math.round(brightness * (value + 1) * 127.5));
  const file = join(folder, "images.npy");
  writeFileSync(
    file,
    Buffer.concat([
      Buffer.from([0x93, ...Buffer.from("NUMPY"), 1, 0, text.length & 255, text.length >> 8]),
      Buffer.from(text),
      bytes,
    ]),
  );
  return file;
};
