import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { fromExamples } from "../data/index.ts";
import { randomStream } from "../random/index.ts";
import { type ConfigInput, resolveConfig, type Trainer, trainerOf } from "../train/index.ts";

const noise = (channels: number, side: number) => {
  const examples = new Float32Array(16 * channels * side * side);
  randomStream(3, "images").fillUniform(examples, -1, 1);
  return fromExamples({ name: "noise", shape: [channels, side, side], examples });
};

interface Family {
  readonly config: Omit<ConfigInput, "data">;
  readonly channels?: number;
  readonly side?: number;
}

const families: Readonly<Record<string, Family>> = {
  "dcgan with an embedding": {
    config: { model: { name: "dcgan", base: 4, discriminatorOutput: "embedding" }, loss: "mmd-gan" },
  },
  "dcgan with minibatch discrimination": {
    config: { model: { name: "dcgan", base: 4, minibatch: "discrimination" } },
  },
  "dcgan with minibatch standard deviation": {
    config: { model: { name: "dcgan", base: 4, minibatch: "standard-deviation" } },
  },
  "dcgan with virtual batch norm": {
    config: { model: { name: "dcgan", base: 4, generatorNorm: "virtual-batch" } },
  },
  "dcgan without norms": {
    config: { model: { name: "dcgan", base: 4, generatorNorm: "none", discriminatorNorm: "none" } },
  },
  "study-net": { config: { model: { name: "study-net", base: 4, hidden: 16 } }, side: 28 },
  "study-net with an auto-encoder": {
    config: {
      model: { name: "study-net", base: 4, hidden: 16, discriminatorOutput: "reconstruction", code: 8 },
      loss: "began",
    },
    side: 28,
  },
  "sngan at 28": { config: { model: { name: "sngan", base: 4 } }, side: 28 },
  "sngan at 32": { config: { model: { name: "sngan", base: 4 } }, channels: 3, side: 32 },
  ...Object.fromEntries(
    [28, 32, 64].map((side) => [
      `resnet at ${side}`,
      { config: { model: { name: "resnet", generatorWidth: 4, discriminatorWidth: 4 } }, side },
    ]),
  ),
  "resnet with layer norm": {
    config: {
      model: {
        name: "resnet",
        generatorWidth: 4,
        discriminatorWidth: 4,
        discriminatorNorm: "layer",
        pool: "mean",
      },
      penalties: [{ name: "gradient-penalty" }],
    },
  },
  ...Object.fromEntries(
    [28, 32].map((side) => [
      `r3gan at ${side}`,
      {
        config: {
          model: { name: "r3gan", width: 8, groups: 2, blocks: 2 },
          loss: "relativistic-paired",
          penalties: [{ name: "r1" }, { name: "r2" }],
        },
        side,
      },
    ]),
  ),
  "gan-2014": { config: { model: { name: "gan-2014", hidden: 16, maxout: 8 } } },
  "began at 28": { config: { model: { name: "began", base: 4, code: 8 }, loss: "began" }, side: 28 },
  "began at 32": { config: { model: { name: "began", base: 4, code: 8 }, loss: "began" }, side: 32 },
  ebgan: { config: { model: { name: "ebgan", base: 4, hidden: 16, code: 8 }, loss: "ebgan" } },
  "pix2pix at 16": { config: { model: { name: "pix2pix", base: 4 } }, channels: 2 },
  "pix2pix at 28": { config: { model: { name: "pix2pix", base: 4 } }, channels: 2, side: 28 },
  "pix2pix at 64": { config: { model: { name: "pix2pix", base: 2 } }, channels: 6, side: 64 },
  cyclegan: {
    config: { model: { name: "cyclegan", base: 2, blocks: 1 }, loss: "least-squares", imagePool: 8 },
    channels: 2,
  },
};

const trainerOfFamily = ({ config, channels = 1, side = 16 }: Family): Trainer =>
  trainerOf({
    dataset: noise(channels, side),
    config: resolveConfig({ data: "noise", batch: 4, steps: 100, ...config }),
    device: "cpu",
    threads: 1,
  });

describe("models take steps that move every weight, with finite losses, and export their generators", () => {
  it.each(Object.entries(families))("%s", async (_, family) => {
    const trainer = trainerOfFamily(family);
    const before = await trainer.tensors();
    // The trainer throws where a figure is not finite.
    for (let step = 0; step < 2; step++) await trainer.iterate();
    const after = await trainer.tensors();
    for (const player of ["generator/", "discriminator/"]) {
      const own = Object.keys(after).filter((name) => name.startsWith(player));
      const still = own.filter((name) => after[name].data.every((v, i) => v === before[name].data[i]));
      expect(still).toEqual([]);
    }

    const count = 3;
    const { shape, latent, translates } = trainer.plan.model;
    const samples = await trainer.sample(count, { seed: 5 });
    expect(samples.every(Number.isFinite)).toBe(true);
    const session = await InferenceSession.create(await trainer.exportGenerator());
    const source = (await noise(shape[0], shape[1]).draw(5, 0, count)).examples;
    const feeds: Record<string, Tensor> = translates
      ? { source: new Tensor("float32", source, [count, ...shape]) }
      : { z: new Tensor("float32", trainer.latents(count, 5), [count, latent.size]) };
    const { image } = await session.run(feeds);
    expect(image.dims).toEqual([count, ...shape]);
    (image.data as Float32Array).forEach((v, i) => {
      expect(Math.abs(v - samples[i])).toBeLessThan(1e-4);
    });
    await session.release();
    await trainer.dispose();
  });
});
