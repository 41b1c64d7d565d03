import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { type ConfigInput, resolveConfig } from "../config/index.ts";
import { fromExamples, ring } from "../data/index.ts";
import { less, mul, where } from "../graph/index.ts";
import { classAccuracy } from "../metrics/index.ts";
import { type Augment, perImage } from "../nn/index.ts";
import { type GanTrainer, trainerOf } from "../train/index.ts";

const SIDE = 16;
const CLASSES = 3;
const PER_CLASS = 40;

/** Class k: images of which the k-th third is white. */
const stripes = () => {
  const examples = new Float32Array(CLASSES * PER_CLASS * SIDE * SIDE).fill(-1);
  const labels = Int32Array.from({ length: CLASSES * PER_CLASS }, (_, i) => i % CLASSES);
  const third = Math.floor(SIDE / CLASSES) * SIDE;
  labels.forEach((label, i) => {
    const start = i * SIDE * SIDE + label * third;
    examples.fill(1, start, start + third);
  });
  return fromExamples({
    name: "stripes",
    shape: [1, SIDE, SIDE],
    examples,
    labels,
    classes: ["a", "b", "c"],
  });
};

const trainerFor = (config: Omit<ConfigInput, "data">): GanTrainer =>
  trainerOf({
    config: resolveConfig({ data: "stripes", batch: 8, steps: 100, ...config }),
    dataset: stripes(),
    threads: 1,
  });

const image = (samples: Float32Array, index: number): Float32Array =>
  samples.slice(index * SIDE * SIDE, (index + 1) * SIDE * SIDE);

const labelled: Readonly<Record<string, Omit<ConfigInput, "data">>> = {
  cgan: { model: { name: "cgan", base: 4 } },
  "cgan with projection": { model: { name: "cgan", base: 4, conditioning: "projection" } },
  "cgan with a gradient penalty": {
    model: { name: "cgan", base: 4 },
    loss: "wgan-gp",
    criticSteps: 2,
  },
  "cgan with a relativistic loss and R2": {
    model: { name: "cgan", base: 4 },
    loss: { name: "relativistic-paired" },
    penalties: [{ name: "r2" }],
  },
  acgan: { model: { name: "acgan", base: 4, fakeClassWeight: 1 } },
  "acgan with projection": { model: { name: "acgan", base: 4, projection: true } },
  "acgan with other techniques": {
    model: { name: "acgan", base: 4, discriminatorNorm: "none" },
    consensus: 0.1,
    historicalAveraging: 0.1,
    unrolled: 1,
    augment: { policy: "translation" },
  },
};

describe.each(Object.entries(labelled))("%s", (_, config) => {
  it("trains, and makes of one latent vector something else for each label", async () => {
    const trainer = trainerFor(config);
    for (let step = 0; step < 3; step++) await trainer.iterate();
    const one = trainer.latents(1, 5);
    const z = Float32Array.from({ length: 3 * one.length }, (_, i) => one[i % one.length]);
    const samples = await trainer.sample(3, { z, labels: Int32Array.of(0, 1, 1) });
    expect(image(samples, 0)).not.toEqual(image(samples, 1));
    expect(image(samples, 1)).toEqual(image(samples, 2));
    await trainer.dispose();
  });
});

it("an exported generator takes the label, and gives the trainer's samples", async () => {
  const trainer = trainerFor(labelled.cgan);
  await trainer.iterate();
  const count = 5;
  const z = trainer.latents(count, 9);
  const labels = Int32Array.from({ length: count }, (_, i) => (2 * i) % CLASSES);
  const session = await InferenceSession.create(await trainer.exportGenerator());
  const exported = await session.run({
    z: new Tensor("float32", z, [count, z.length / count]),
    label: new Tensor("int32", labels, [count]),
  });
  const samples = await trainer.sample(count, { z, labels });
  (exported.image.data as Float32Array).forEach((value, i) => {
    expect(Math.abs(value - samples[i])).toBeLessThan(1e-4);
  });
  await session.release();
  await trainer.dispose();
});

it("samples take the classes, or the categories of a code, in turn", async () => {
  for (const name of ["cgan", "infogan"]) {
    const trainer = trainerFor({
      model: { name, base: 4, ...(name === "infogan" ? { categories: CLASSES } : {}) },
    });
    const turns = await trainer.sample(6, { seed: 2 });
    const asked = await trainer.sample(6, { seed: 2, labels: Int32Array.of(0, 1, 2, 0, 1, 2) });
    const others = await trainer.sample(6, { seed: 2, labels: Int32Array.of(0, 1, 2, 1, 1, 2) });
    expect(turns).toEqual(asked);
    expect(image(others, 3)).not.toEqual(image(asked, 3));
    expect(image(others, 4)).toEqual(image(asked, 4));
    await trainer.dispose();
  }
});

it("points of real and generated labels are scored together as they are apart", async () => {
  const dataset = ring();
  const trainer = trainerOf({
    config: resolveConfig({ data: "ring", model: { name: "cgan", hidden: [16] }, penalties: [], steps: 9 }),
    dataset,
    threads: 1,
  });
  const before = await trainer.discriminate((await dataset.draw(1, 0, 256)).examples);
  const { examples, labels } = await dataset.draw(1, 0, 256);
  const { scores } = await trainer.discriminate(examples, labels);
  expect(scores).not.toEqual(before.scores);
  const { realScore } = await trainer.iterate();
  expect(realScore).toBeCloseTo(scores.reduce((sum, score) => sum + score, 0) / 256, 4);
  await trainer.dispose();
});

it("sgan learns the classes from a few labelled examples", async () => {
  const rate = { name: "adam", learningRate: 3e-3, beta1: 0.5, beta2: 0.999 } as const;
  const trainer = trainerFor({
    model: { name: "sgan", base: 4, features: 16, labelledBatch: 6 },
    labelsPerClass: 2,
    optimizer: { generator: rate, discriminator: rate },
  });
  for (let step = 0; step < 30; step++) await trainer.iterate();
  expect(await classAccuracy(trainer, stripes())).toBe(1);

  // Two of five looks see nothing: one look is often wrong, many together are not.
  const blind: Augment = (x, random) => where(less(perImage(x, random), 0.4), mul(x, 0), x);
  const one = await classAccuracy(trainer, stripes(), { change: blind, looks: 1 });
  expect(one).toBeGreaterThan(0.6);
  expect(one).toBeLessThan(0.9);
  expect(await classAccuracy(trainer, stripes(), { change: blind, looks: 1 })).toBe(one);
  expect(await classAccuracy(trainer, stripes(), { change: blind, looks: 20 })).toBe(1);
  await expect(classAccuracy(trainer, stripes(), { change: blind, looks: 0 })).rejects.toThrow(
    "test accuracy: looks must be an integer of at least 1; got 0",
  );
  await trainer.dispose();
});

it("the accuracy of a discriminator without a head for the classes is refused", async () => {
  const trainer = trainerFor(labelled.cgan);
  await expect(classAccuracy(trainer, stripes())).rejects.toThrow(
    "test accuracy: expected a discriminator with a head for the classes; model cgan has none",
  );
  await trainer.dispose();
});
