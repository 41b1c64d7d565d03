import { describe, expect, it } from "vitest";
import { resolveConfig } from "../config/index.ts";
import { fromPixels } from "../data/index.ts";
import { float64Product } from "../graph/index.ts";
import { trainerOfCase } from "../testing/training.ts";
import { openGenerator } from "./generator-file.ts";
import { trainerOf } from "./train.ts";

const SIDE = 16;

const trainerFor = (model: string, channels: 1 | 6 = 1) =>
  trainerOf({
    config: resolveConfig({ data: "squares", model: { name: model, base: 2 }, batch: 2 }),
    dataset: {
      ...fromPixels({
        name: "squares",
        shape: [channels, SIDE, SIDE],
        pixels: new Uint8Array(3 * channels * SIDE * SIDE),
        labels: Int32Array.of(0, 1, 2),
        classes: ["a", "b", "c"],
      }),
      ...(channels === 6 && { pairs: "aligned" as const }),
    },
  });

const exported = async (model: string, channels: 1 | 6 = 1): Promise<Uint8Array> => {
  const trainer = trainerFor(model, channels);
  const bytes = await trainer.exportGenerator();
  await trainer.dispose();
  return bytes;
};

const open = (bytes: Uint8Array) => openGenerator(bytes, "some.onnx", { device: "cpu", threads: 1 });

describe("a generator from a file", () => {
  it("says what its latent vector consists of, how many classes it knows, and what it makes", async () => {
    const conditional = await open(await exported("cgan"));
    expect(conditional.facts).toMatchObject({
      latent: { size: 64, distribution: "normal" },
      shape: [1, SIDE, SIDE],
      labelled: true,
      classes: 3,
      classNames: ["a", "b", "c"],
    });
    const { examples, labels } = await conditional.sample(70, 5);
    expect([examples.length, labels?.slice(0, 5)]).toEqual([70 * SIDE * SIDE, Int32Array.of(0, 1, 2, 0, 1)]);
    await conditional.dispose();

    const coded = await open(await exported("infogan"));
    expect(coded.facts).toMatchObject({ shape: [1, SIDE, SIDE], labelled: false, classes: undefined });
    expect(coded.facts.latent.parts?.map(({ name, size }) => [name, size])).toEqual([
      ["noise", 62],
      ["category", 10],
      ["continuous", 2],
    ]);
    await coded.dispose();
  });

  it("gives the trainer's images", async () => {
    const trainer = trainerFor("dcgan");
    const generator = await open(await trainer.exportGenerator());
    const z = trainer.latents(3, 5);
    const [images, expected] = [
      await generator.generate(z, new Int32Array(3)),
      await trainer.sample(3, { z }),
    ];
    expect(images).toHaveLength(3 * SIDE * SIDE);
    images.forEach((value, i) => {
      expect(Math.abs(value - expected[i])).toBeLessThan(1e-4);
    });
    await generator.dispose();
    await trainer.dispose();
  });

  it("samples as the run that it comes from, in batches, points and latent codes, too", async () => {
    for (const trainer of [trainerOfCase("mlp ring"), trainerFor("infogan")]) {
      const generator = await open(await trainer.exportGenerator());
      const { examples } = await generator.sample(70, 5);
      const expected = await trainer.sample(70, { seed: 5 });
      expect(examples).toHaveLength(expected.length);
      expect(Math.max(...examples.map((value, i) => Math.abs(value - expected[i])))).toBeLessThan(1e-4);
      await generator.dispose();
      await trainer.dispose();
    }
  });

  it.each([
    [
      "pix2pix",
      () => exported("pix2pix", 6),
      /^some\.onnx: expected a generator from noise; got one that translates/,
    ],
    [
      "another model",
      async () => float64Product(),
      /^some\.onnx: expected the inputs z and, .*; got left, right; choose/,
    ],
    [
      "no model",
      async () => Uint8Array.of(1, 2, 3),
      /^some\.onnx: expected an ONNX model; got a file of 3 bytes/,
    ],
  ] as const)("is refused where it is %s", async (_, bytes, message) => {
    await expect(open(await bytes())).rejects.toThrow(message);
  });
});
