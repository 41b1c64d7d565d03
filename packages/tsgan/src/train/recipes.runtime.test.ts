import { expect, it } from "vitest";
import { type Recipe, recipes, resolveConfig } from "../config/index.ts";
import { fromExamples, ring } from "../data/index.ts";
import { randomStream } from "../random/index.ts";
import { trainerOf } from "./index.ts";

const CLASSES = ["a", "b"];
const SIDE = 16;

/** Noise in the shape of what the recipe is for. */
const dataFor = (data: Recipe["data"]) => {
  if (data === "points") return ring();
  const channels = data === "pairs of images" ? 2 : 1;
  const examples = new Float32Array(64 * channels * SIDE * SIDE);
  randomStream(5, "noise").fillUniform(examples, -1, 1);
  const labels = Int32Array.from({ length: 64 }, (_, i) => i % CLASSES.length);
  const shape = [channels, SIDE, SIDE];
  return fromExamples({ name: "noise", shape, examples, labels, classes: CLASSES });
};

/** The smallest networks of each model. */
const tiny: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  mlp: { hidden: [8] },
  dcgan: { base: 2 },
  "study-net": { base: 2, hidden: 8 },
  sngan: { base: 2 },
  resnet: { generatorWidth: 4, discriminatorWidth: 4 },
  r3gan: { width: 4, groups: 2 },
  "gan-2014": { hidden: 8, maxout: 4 },
  began: { base: 2, code: 4 },
  ebgan: { base: 2, hidden: 8, code: 4 },
  pix2pix: { base: 2 },
  cyclegan: { base: 2, blocks: 1 },
  cgan: { base: 2 },
  acgan: { base: 2 },
  infogan: { base: 2 },
  sgan: { base: 2, labelledBatch: 4 },
};

it.each(Object.entries(recipes))("recipe %s takes three steps", async (name, { config, data }) => {
  const model = { ...config.model, ...tiny[config.model?.name ?? ""] } as Recipe["config"]["model"];
  const labelsPerClass = config.labelsPerClass === undefined ? undefined : 4;
  const generatorBatch = config.generatorBatch === undefined ? undefined : 8;
  const criticSteps =
    typeof config.criticSteps === "object" ? { ...config.criticSteps, burst: 9 } : undefined;
  const trainer = trainerOf({
    config: resolveConfig({
      data: data === "points" ? "ring" : "noise",
      recipe: name,
      model,
      batch: 4,
      generatorBatch,
      labelsPerClass,
      criticSteps,
    }),
    dataset: dataFor(data),
    threads: 1,
  });
  // The trainer throws where a figure is not finite.
  for (let step = 1; step <= 3; step++) expect((await trainer.iterate()).step).toBe(step);
  await trainer.dispose();
});
