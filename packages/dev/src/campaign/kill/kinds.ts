/** Runs of many kinds, each a few seconds long, which between them have every kind of state that is saved. */
import { writeFileSync } from "node:fs";
import type { ConfigInput } from "tsgan/config";
import { ring } from "tsgan/data";
import { gameOf } from "tsgan/game";
import { add, matmul, mean, neg, reshape, softmax, softplus, type Tensor } from "tsgan/graph";
import { adam, layers, type Scope } from "tsgan/nn";
import { startGameRun, startRun } from "tsgan/node";
import { ema } from "tsgan/techniques";

const often = { sampleEvery: 10, checkpointEvery: 5, keepCheckpoints: 2, seed: 5 } as const;
const points: ConfigInput = {
  data: "ring",
  model: { name: "mlp", latent: 2, hidden: [16, 16] },
  batch: 16,
  steps: 40,
  ...often,
};
const images: ConfigInput = {
  data: "mnist",
  imageSize: 8,
  model: { name: "dcgan", base: 2, latent: 4 },
  batch: 4,
  steps: 24,
  ...often,
};
const pairs: ConfigInput = { data: "mnist-inverted", imageSize: 8, batch: 2, steps: 12, ...often };

const configs: Readonly<Record<string, ConfigInput>> = {
  "gradient penalty": { ...points, loss: "wgan-gp" },
  "lazy penalty, schedule, records now and then": {
    ...points,
    loss: "hinge",
    penalties: [{ name: "r1", weight: 1, every: 4 }],
    optimizer: { name: "adam", learningRate: { kind: "cosine", from: 1e-3, to: 1e-5 } },
    logEvery: 3,
  },
  "judged, with its best state": {
    ...points,
    evaluateEvery: 10,
    evaluateSamples: 100,
    evaluateMetrics: ["modes", "swd"],
  },
  "unrolled, historical average": {
    ...points,
    steps: 24,
    techniques: [
      { name: "unrolled", steps: 2 },
      { name: "historical-averaging", weight: 0.1 },
    ],
  },
  "consensus, instance noise": {
    ...points,
    techniques: [
      { name: "consensus", weight: 0.1 },
      { name: "instance-noise", sigma: 0.2, steps: 40 },
    ],
  },
  "batch norm, average": { ...images, emaDecay: 0.9 },
  "spectral norm": { ...images, model: { name: "sngan", base: 2, latent: 4 }, loss: "hinge" },
  "adaptive augmentation": { ...images, techniques: [{ name: "ada", policy: "translation", images: 200 }] },
  "labels of some": {
    ...images,
    model: { name: "sgan", base: 2, features: 4, latent: 4, labelledBatch: 4 },
    labelsPerClass: 3,
    steps: 16,
  },
  classes: { ...images, model: { name: "acgan", base: 2, latent: 4 }, steps: 16 },
  "translation both ways, pool": { ...pairs, model: { name: "cyclegan", base: 2, blocks: 1 } },
  "table of points": { ...points, data: "points.csv", loss: "wgan-gp" },
  "table of mixed columns": {
    ...often,
    data: "rows.csv",
    as: "rows",
    model: { name: "ctgan", latent: 4, hidden: [8], discriminatorHidden: [8], packing: 2 },
    batch: 8,
    steps: 24,
  },
};

/** Tables that runs train on, written where they run. */
const tables: Readonly<Record<string, () => string>> = {
  "points.csv": () => Array.from({ length: 50 }, (_, i) => `${Math.sin(i)},${Math.cos(i)}\n`).join(""),
  "rows.csv": () =>
    `age,country,joined,paid\n${Array.from({ length: 60 }, (_, i) => `${20 + ((i * 7) % 50)},${["DE", "FR", "IT", ""][i % 4]},2024-02-${10 + (i % 18)},${(i * 9.99).toFixed(2)}\n`).join("")}`,
};

/** Attention of four tokens of two numbers to one another: x + softmax(x xᵀ) x. */
const attention = (x: Tensor): Tensor => {
  const tokens = reshape(x, [x.shape[0], 4, 2]);
  return add(x, reshape(matmul(softmax(matmul(tokens, tokens, { transposeB: true })), tokens), x.shape));
};

const attentive = (units: number) => {
  const [into, out] = [layers.dense(8), layers.dense(units)];
  return (x: Tensor, scope: Scope): Tensor =>
    out(attention(into(x, scope.child("into"))), scope.child("out"));
};

const game = () =>
  gameOf({
    name: "own",
    data: { x: ring() },
    latents: { z: { size: 2, distribution: "normal" } },
    networks: { generator: attentive(2), critic: attentive(1) },
    batch: 16,
    players: {
      critic: {
        trains: "critic",
        loss: ({ x, z, generator, critic }) =>
          add(mean(softplus(neg(critic(x)))), mean(softplus(critic(generator(z))))),
        optimizer: adam({ learningRate: 1e-3 }),
      },
      generator: {
        trains: "generator",
        loss: ({ z, generator, critic }) => mean(softplus(neg(critic(generator(z))))),
        optimizer: adam({ learningRate: 1e-3 }),
      },
    },
    techniques: [ema({ decay: 0.9 })],
    samples: { network: "generator", from: "z" },
  });

const OWN_GAME = "game of one's own, attention";

export const kinds: readonly string[] = [...Object.keys(configs), OWN_GAME];

/** Begins a run of a kind, or goes on with it, in the folder `run` of the present one. */
export const runKind = async (kind: string, onStart: () => void): Promise<void> => {
  if (kind === OWN_GAME) {
    onStart();
    await startGameRun({
      game: game(),
      out: "run",
      steps: 40,
      sampleEvery: 10,
      checkpointEvery: 5,
      threads: 1,
      resume: true,
    });
    return;
  }
  const config = configs[kind];
  const { data } = config;
  if (typeof data === "string" && Object.hasOwn(tables, data)) writeFileSync(data, tables[data]());
  await startRun({
    config,
    out: "run",
    resume: true,
    threads: 1,
    onEvent: ({ type }) => {
      if (type === "start") onStart();
    },
  });
};
