import { describe, expect, it } from "vitest";
import { type ConfigInput, resolveConfig } from "../config/index.ts";
import { fromExamples, ring } from "../data/index.ts";
import { grad, input, sum } from "../graph/index.ts";
import { randomStream } from "../random/index.ts";
import {
  type GanTrainer,
  loadCheckpoint,
  NotFiniteError,
  type StepRecord,
  saveCheckpoint,
  train,
  trainerOf,
} from "./index.ts";

const tiny = (): ReturnType<typeof fromExamples> => {
  const examples = new Float32Array(64 * 16 * 16);
  randomStream(5, "test images").fillUniform(examples, -1, 1);
  const labels = Int32Array.from({ length: 64 }, (_, i) => i % 4);
  return fromExamples({ name: "tiny", shape: [1, 16, 16], examples, labels, classes: ["a", "b", "c", "d"] });
};

/** A convolutional run that has everything a state can have at once: batch norm, Adam, average. */
const images: ConfigInput = {
  data: "tiny",
  model: { name: "dcgan", base: 4, latent: 8 },
  batch: 8,
  steps: 6,
  seed: 3,
  emaDecay: 0.9,
};
const points: ConfigInput = {
  data: "ring",
  model: { name: "mlp", latent: 2, hidden: [16, 16] },
  batch: 32,
  steps: 8,
};

const imageTrainer = (extra: ConfigInput = {}): GanTrainer =>
  trainerOf({ config: resolveConfig(images, extra), dataset: tiny(), threads: 1 });
const pointTrainer = (extra: ConfigInput = {}): GanTrainer =>
  trainerOf({ config: resolveConfig(points, extra), dataset: ring(), threads: 1 });

const iterate = async (trainer: GanTrainer, count: number): Promise<StepRecord[]> => {
  const records: StepRecord[] = [];
  for (let i = 0; i < count; i++) records.push(await trainer.iterate());
  return records;
};

describe("a trainer", () => {
  it("gives the same run for the same seed and another for another", async () => {
    const [a, b, c] = [pointTrainer(), pointTrainer(), pointTrainer({ seed: 2 })];
    const records = await iterate(a, 3);
    expect(await iterate(b, 3)).toEqual(records);
    expect(await iterate(c, 3)).not.toEqual(records);
    for (const trainer of [a, b, c]) await trainer.dispose();
  });

  it.each([
    ["images with batch norm and an average", imageTrainer],
    ["points with WGAN-GP", () => pointTrainer({ loss: "wgan-gp" })],
    ["points with lazy R1", () => pointTrainer({ penalties: [{ name: "lazy-r1", weight: 1, every: 3 }] })],
  ])("continues bit for bit from a checkpoint: %s", async (_, make) => {
    const whole = make();
    await iterate(whole, 3);
    const bytes = await saveCheckpoint(whole);
    const rest = await iterate(whole, 3);
    const resumed = make();
    loadCheckpoint(resumed, bytes);
    expect(resumed.progress.step).toBe(3);
    expect(await iterate(resumed, 3)).toEqual(rest);
    expect(await saveCheckpoint(resumed)).toEqual(await saveCheckpoint(whole));
    await whole.dispose();
    await resumed.dispose();
  });

  it("is not disturbed by samples and scores taken on the way", async () => {
    const [quiet, watched] = [imageTrainer(), imageTrainer()];
    const records = await iterate(quiet, 4);
    const seen = await iterate(watched, 2);
    const samples = await watched.sample(5);
    await watched.scores(samples);
    expect([...seen, ...(await iterate(watched, 2))]).toEqual(records);
    expect(samples).toHaveLength(5 * 256);
    await quiet.dispose();
    await watched.dispose();
  });

  it("samples the same images for the same seed, whatever the number", async () => {
    const trainer = imageTrainer();
    const many = await trainer.sample(70, { seed: 9 });
    expect((await trainer.sample(3, { seed: 9 })).slice(0, 256)).toEqual(many.slice(0, 256));
    expect(await trainer.sample(3, { seed: 8 })).not.toEqual(many.slice(0, 3 * 256));
    await trainer.dispose();
  });

  it("steps one player and leaves the other where it is", async () => {
    const trainer = pointTrainer({ emaDecay: 0 });
    const before = await trainer.tensors();
    const figures = await trainer.advance("discriminator");
    const after = await trainer.tensors();
    expect(Object.keys(figures)).toContain("discriminatorLoss");
    expect(Object.keys(figures)).not.toContain("generatorLoss");
    for (const [name, { data }] of Object.entries(before)) {
      if (name.startsWith("generator")) expect(after[name].data).toEqual(data);
    }
    expect(after["discriminator/head.weight"].data).not.toEqual(before["discriminator/head.weight"].data);
    expect(Object.keys(await trainer.advance("generator"))).toContain("generatorLoss");
    await trainer.dispose();
  });

  it("ends an iteration with single steps as with a whole one", async () => {
    const [whole, apart] = [pointTrainer({ criticSteps: 2 }), pointTrainer({ criticSteps: 2 })];
    await iterate(whole, 2);
    for (let i = 0; i < 2; i++) {
      await apart.advance("discriminator");
      await apart.advance("discriminator");
      await apart.advance("generator", { endsIteration: true });
    }
    expect(apart.progress).toEqual(whole.progress);
    const expected = await whole.tensors();
    for (const [name, { data }] of Object.entries(await apart.tensors())) {
      data.forEach((value, i) => {
        expect(value).toBeCloseTo(expected[name].data[i], 4);
      });
    }
    await whole.dispose();
    await apart.dispose();
  });

  it("shows its networks as they stand to a probe, which changes nothing", async () => {
    const [quiet, watched] = [pointTrainer(), pointTrainer()];
    const probe = await watched.probe(({ generate, discriminate }) => {
      const x = generate({ z: input("z", [5, 2]) });
      const { scores } = discriminate({ x });
      return { x, scores, slope: grad(sum(scores), [x])[0] };
    });
    await iterate(watched, 2);
    const z = watched.latents(5, 1);
    const { x, scores, slope } = await probe.run({ z });
    expect([...x]).toEqual([...(await watched.sample(5, { z }))]);
    expect([...scores]).toEqual([...(await watched.scores(Float32Array.from(x)))]);
    const step = 1e-2;
    const moved = x.map((value, i) => (i === 0 ? value + step : value)) as Float32Array;
    expect((await watched.scores(moved))[0] - scores[0]).toBeCloseTo(slope[0] * step, 3);
    expect(await iterate(watched, 2)).toEqual((await iterate(quiet, 4)).slice(2));
    await probe.dispose();
    await quiet.dispose();
    await watched.dispose();
  });

  it("refuses the checkpoint of another model and keeps its own state", async () => {
    const [small, large] = [
      pointTrainer(),
      pointTrainer({ model: { name: "mlp", latent: 2, hidden: [16, 8] } }),
    ];
    const bytes = await saveCheckpoint(large);
    const before = await saveCheckpoint(small);
    expect(() => loadCheckpoint(small, bytes, "other.safetensors")).toThrow(
      /^other\.safetensors: it belongs to another model: tensor generator\/.* must be \[/,
    );
    expect(await saveCheckpoint(small)).toEqual(before);
    await small.dispose();
    await large.dispose();
  });

  it("stops at a loss that is not finite and says where", async () => {
    const wild = { name: "sgd", learningRate: 1e30 };
    const config = resolveConfig(points, { optimizer: { generator: wild, discriminator: wild }, steps: 50 });
    const saved: number[] = [];
    const failure = await train({
      config: { ...config, checkpointEvery: 1 },
      dataset: ring(),
      threads: 1,
      onCheckpoint: (step) => {
        saved.push(step);
      },
    }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(NotFiniteError);
    const { message, step } = failure as NotFiniteError;
    expect(message).toMatch(/^step \d+: \w+ is not finite/);
    expect(message).toMatch(saved.length === 0 ? /no checkpoint yet/ : /last good checkpoint: step \d+/);
    expect(saved.every((good) => good < step)).toBe(true);
  });

  it("records the adversarial part of a discriminator's loss that holds more", async () => {
    const last = async (name: string): Promise<StepRecord> => {
      const trainer = pointTrainer({ model: { name, latent: 2, hidden: [16, 16] } });
      const [record] = await iterate(trainer, 1);
      await trainer.dispose();
      return record;
    };
    const [cgan, acgan] = [await last("cgan"), await last("acgan")];
    expect(cgan.adversarialLoss).toBeUndefined();
    // 16 classes are named by chance: their cross-entropy is some log 16.
    expect(acgan.discriminatorLoss - acgan.adversarialLoss).toBeGreaterThan(1);
    expect(acgan.adversarialLoss).toBeCloseTo(2 * Math.log(2), 0);
  });

  it("moves its average slowly and samples from it", async () => {
    const trainer = imageTrainer({ emaDecay: 0.999 });
    await iterate(trainer, 4);
    const [average, current] = [
      await trainer.sample(2, { seed: 1 }),
      await trainer.sample(2, { seed: 1, weights: "current" }),
    ];
    expect(average).not.toEqual(current);
    await trainer.dispose();
  });
});

describe("train()", () => {
  it("samples first and last, and saves last of all a step does", async () => {
    const events: string[] = [];
    const { trainer, stopped } = await train({
      config: { ...resolveConfig(points), steps: 4, sampleEvery: 2, checkpointEvery: 2 },
      dataset: ring(),
      threads: 1,
      sampleCount: 4,
      onStep: ({ step }) => {
        events.push(`step ${step}`);
      },
      onSample: (step, samples) => {
        events.push(`sample ${step} of ${samples.length / 2}`);
      },
      onCheckpoint: (step) => {
        events.push(`checkpoint ${step}`);
      },
    });
    expect(stopped).toBe(false);
    expect(events).toEqual([
      "sample 0 of 4",
      "step 1",
      "step 2",
      "sample 2 of 4",
      "checkpoint 2",
      "step 3",
      "step 4",
      "sample 4 of 4",
      "checkpoint 4",
    ]);
    await trainer.dispose();
  });

  it("finishes its step and saves when it is told to stop", async () => {
    const controller = new AbortController();
    const checkpoints: number[] = [];
    const { trainer, stopped } = await train({
      config: { ...resolveConfig(points), steps: 100, checkpointEvery: 50 },
      dataset: ring(),
      threads: 1,
      signal: controller.signal,
      onStep: ({ step }) => {
        if (step === 3) controller.abort();
      },
      onCheckpoint: (step) => {
        checkpoints.push(step);
      },
    });
    expect(stopped).toBe(true);
    expect(checkpoints).toEqual([3]);
    await trainer.dispose();
  });
});
