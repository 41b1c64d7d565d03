import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { resolveConfig } from "../config/index.ts";
import { fromExamples } from "../data/index.ts";
import { describeOnnx } from "../graph/index.ts";
import { checkOnnx, hasOnnxChecker } from "../testing/onnx-checker.ts";
import { type CaseName, trainerOfCase } from "../testing/training.ts";
import { trainerOf } from "./train.ts";

const names: CaseName[] = ["mlp ring", "dcgan 16"];

/** A generator after a few iterations: running statistics and averages are no longer those of the start. */
const exported = async (name: CaseName) => {
  const trainer = trainerOfCase(name, { device: "cpu" });
  for (let step = 0; step < 3; step++) await trainer.iterate();
  return { trainer, model: await trainer.exportGenerator() };
};

describe.each(names)("the exported generator of %s", (name) => {
  it.each([1, 7, 64])("gives the trainer's samples in plain onnxruntime-node, batch %i", async (batch) => {
    const { trainer, model } = await exported(name);
    const z = trainer.latents(batch, 9);
    const session = await InferenceSession.create(model);
    const { image } = await session.run({ z: new Tensor("float32", z, [batch, z.length / batch]) });
    const samples = await trainer.sample(batch, { z });
    expect(image.dims).toEqual([batch, ...trainer.gan.model.shape]);
    (image.data as Float32Array).forEach((value, i) => {
      expect(Math.abs(value - samples[i])).toBeLessThan(1e-4);
    });
    await session.release();
    await trainer.dispose();
  });

  it.skipIf(!hasOnnxChecker())("passes the ONNX checker", async () => {
    const { trainer, model } = await exported(name);
    await trainer.dispose();
    const folder = mkdtempSync(join(tmpdir(), "tsgan-export-"));
    try {
      const file = join(folder, "generator.onnx");
      writeFileSync(file, model);
      const { valid, output } = checkOnnx(file);
      expect(valid, output).toBe(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

it("an exported generator says that its points have no bounds", async () => {
  const { trainer, model } = await exported("mlp ring");
  await trainer.dispose();
  expect(describeOnnx(model, "points").metadata).toMatchObject({ range: "none", shape: "2" });
});

it("an exported generator says how many classes it knows, and what its latent vector consists of", async () => {
  const dataset = fromExamples({
    name: "squares",
    shape: [1, 16, 16],
    examples: new Float32Array(3 * 256),
    labels: Int32Array.of(0, 1, 2),
    classes: ["a", "b", "c"],
  });
  const metadataOf = async (name: string) => {
    const trainer = trainerOf({
      config: resolveConfig({ data: "squares", model: { name, base: 2 } }),
      dataset,
    });
    return describeOnnx(await trainer.exportGenerator(), name).metadata;
  };
  expect(await metadataOf("cgan")).toMatchObject({
    classes: "3",
    classNames: '["a","b","c"]',
    latentDistribution: "normal",
    range: "-1 … 1",
    inputs: expect.stringContaining("classes, [batch], 0 … 2"),
  });
  const { latentParts } = await metadataOf("infogan");
  expect(JSON.parse(latentParts)).toContainEqual(expect.objectContaining({ distribution: "one-hot" }));
  expect(await metadataOf("dcgan")).not.toHaveProperty("classes");
});

it.skipIf(!hasOnnxChecker())("the ONNX checker refuses a broken model", () => {
  const folder = mkdtempSync(join(tmpdir(), "tsgan-export-"));
  try {
    const file = join(folder, "broken.onnx");
    writeFileSync(file, Uint8Array.of(1, 2, 3));
    expect(checkOnnx(file).valid).toBe(false);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
