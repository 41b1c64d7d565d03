import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { resolveConfig } from "../config/index.ts";
import { fromExamples } from "../data/index.ts";
import { sizeOf } from "../graph/index.ts";
import { randomStream } from "../random/index.ts";
import { type ModelRow, modelRows } from "../testing/model-rows.ts";
import { type GanTrainer, trainerOf } from "../train/index.ts";

const EXAMPLES = 16;

const noise = ({ shape, classes, layout }: ModelRow) => {
  const examples = new Float32Array(EXAMPLES * sizeOf(shape));
  randomStream(3, "images").fillUniform(examples, -1, 1);
  const dataset = fromExamples({
    name: "noise",
    shape,
    examples,
    ...(classes !== undefined && {
      labels: Int32Array.from({ length: EXAMPLES }, (_, i) => i % classes),
      classes: Array.from({ length: classes }, (_, i) => String(i)),
    }),
  });
  return layout === undefined ? dataset : { ...dataset, layout };
};

const trainerOfRow = (name: string, row: ModelRow): GanTrainer =>
  trainerOf({
    dataset: noise(row),
    config: resolveConfig({
      data: "noise",
      batch: 4,
      steps: 100,
      model: { ...row.options, name },
      ...row.config,
    }),
    device: "cpu",
    threads: 1,
  });

/** What an exported generator is fed for `count` examples. */
const feedsOf = async (
  trainer: GanTrainer,
  row: ModelRow,
  count: number,
  labels: Int32Array,
): Promise<Record<string, Tensor>> => {
  const { shape, latent, translates, given, classes } = trainer.gan.model;
  if (translates === true) {
    const pairs = (await noise(row).draw(5, 0, count)).examples;
    const half = [shape[0] / 2, ...shape.slice(1)];
    return { source: new Tensor("float32", halfOf(pairs, count, 0), [count, ...half]) };
  }
  const conditions = given && new Float32Array(count * (given[1] - given[0]));
  return {
    z: new Tensor("float32", trainer.latents(count, 5), [count, latent.size]),
    ...(conditions && { source: new Tensor("float32", conditions, [count, conditions.length / count]) }),
    ...(classes !== undefined && { label: new Tensor("int32", labels, [count]) }),
  };
};

/** First or second images of pairs. */
const halfOf = (pairs: Float32Array, count: number, index: 0 | 1): Float32Array => {
  const size = pairs.length / count / 2;
  const out = new Float32Array(count * size);
  for (let n = 0; n < count; n++) {
    out.set(pairs.subarray((2 * n + index) * size, (2 * n + index + 1) * size), n * size);
  }
  return out;
};

const rows = Object.entries(modelRows).flatMap(([name, list]) =>
  list.map((row) => [`${name} ${JSON.stringify(row.options)} for [${row.shape}]`, name, row] as const),
);

describe("takes steps that move every weight, makes finite samples, and exports the generator that made them:", () => {
  it.each(rows)("%s", async (_, name, row) => {
    const trainer = trainerOfRow(name, row);
    const before = await trainer.tensors();
    // The trainer throws where a figure is not finite.
    for (let step = 0; step < 2; step++) await trainer.iterate();
    const after = await trainer.tensors();
    for (const player of ["generator/", "discriminator/"]) {
      const own = Object.keys(after).filter((key) => key.startsWith(player));
      const still = own.filter((key) => after[key].data.every((v, i) => v === before[key].data[i]));
      expect(still).toEqual([]);
    }

    const count = 3;
    const z = trainer.gan.model.translates === true ? {} : { z: trainer.latents(count, 5) };
    const labels = Int32Array.of(0, 1, 0);
    const feeds = await feedsOf(trainer, row, count, labels);
    const given = trainer.gan.model.given && { sources: feeds.source.data as Float32Array };
    const samples = await trainer.sample(count, { seed: 5, labels, ...z, ...given });
    expect(samples.every(Number.isFinite)).toBe(true);
    const session = await InferenceSession.create(await trainer.exportGenerator());
    const { image, back } = await session.run(feeds);
    const { translates, bothWays } = trainer.gan.model;
    const [channels, ...rest] = row.shape;
    expect(image.dims).toEqual([count, translates === true ? channels / 2 : channels, ...rest]);
    const expected = translates === true ? halfOf(samples, count, 1) : samples;
    (image.data as Float32Array).forEach((v, i) => {
      expect(Math.abs(v - expected[i])).toBeLessThan(1e-4);
    });
    expect(back !== undefined).toBe(bothWays === true);
    await session.release();
    await trainer.dispose();
  });
});
