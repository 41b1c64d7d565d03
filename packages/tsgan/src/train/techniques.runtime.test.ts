import { describe, expect, it } from "vitest";
import { type ConfigInput, ganOf, resolveConfig } from "../config/index.ts";
import { fromExamples, invertAndTurn, mappedPairs, ring } from "../data/index.ts";
import { mean, square, sub } from "../graph/index.ts";
import { defineTerm } from "../losses/index.ts";
import { randomStream } from "../random/index.ts";
import {
  createGanTrainer,
  type GanTrainer,
  loadCheckpoint,
  type StepRecord,
  saveCheckpoint,
  trainerOf,
} from "./index.ts";

const tiny = (examples: Float32Array) => fromExamples({ name: "tiny", shape: [1, 16, 16], examples });

const images = () => {
  const examples = new Float32Array(64 * 16 * 16);
  randomStream(5, "test images").fillUniform(examples, -1, 1);
  return tiny(examples);
};

const imageTrainer = (extra: ConfigInput = {}, dataset = images()): GanTrainer =>
  trainerOf({
    config: resolveConfig(
      { data: "tiny", model: { name: "dcgan", base: 4, latent: 8 }, batch: 8, steps: 20, emaDecay: 0.9 },
      extra,
    ),
    dataset,
    threads: 1,
  });

const pointTrainer = (extra: ConfigInput = {}): GanTrainer =>
  trainerOf({
    config: resolveConfig(
      { data: "ring", model: { name: "mlp", latent: 2, hidden: [16, 16] }, batch: 16, steps: 20 },
      extra,
    ),
    dataset: ring(),
    threads: 1,
  });

const iterate = async (trainer: GanTrainer, count: number): Promise<StepRecord[]> => {
  const records: StepRecord[] = [];
  for (let i = 0; i < count; i++) records.push(await trainer.iterate());
  return records;
};

/** The numbers of a vector of the state, in one list. */
const vector = async (trainer: GanTrainer, name: string): Promise<number[]> =>
  Object.entries(await trainer.tensors())
    .filter(([key]) => key === name || key.startsWith(`${name}/`))
    .flatMap(([, { data }]) => [...data]);

describe("unrolled steps", () => {
  it("change the generator's gradient, the more the further it looks ahead, and nothing of the discriminator", async () => {
    const looks = [undefined, 1, 4].map((unrolled) => pointTrainer({ unrolled }));
    const gradients: number[] = [];
    for (const trainer of looks) {
      const before = await vector(trainer, "discriminator");
      gradients.push((await trainer.advance("generator")).generatorGradient);
      expect(await vector(trainer, "discriminator")).toEqual(before);
      await trainer.dispose();
    }
    expect(new Set(gradients).size).toBe(3);
    expect(gradients.every(Number.isFinite)).toBe(true);
  });

  it.each([
    ["RMSProp", { optimizer: { name: "rmsprop", learningRate: 1e-3 } }],
    ["Adam", { optimizer: { name: "adam", learningRate: 1e-3 } }],
  ])(
    "go through %s from its first step on, where units are dead and its squares are 0",
    async (_, { optimizer }) => {
      const trainer = pointTrainer({
        unrolled: 3,
        optimizer: { generator: optimizer, discriminator: optimizer },
      });
      await iterate(trainer, 3);
      for (const player of ["generator", "discriminator"]) {
        expect((await vector(trainer, player)).every(Number.isFinite)).toBe(true);
      }
      await trainer.dispose();
    },
  );

  it("go through batch norm, penalties and relativistic losses", async () => {
    const game = { loss: "relativistic-paired", penalties: [{ name: "r1" }] } as const;
    const [plain, ahead] = [imageTrainer(game), imageTrainer({ ...game, unrolled: 2 })];
    const [[before], [after]] = [await iterate(plain, 1), await iterate(ahead, 1)];
    expect(after.discriminatorLoss).toBeCloseTo(before.discriminatorLoss, 5);
    expect(Math.abs(after.generatorGradient - before.generatorGradient)).toBeGreaterThan(1e-4);
    for (const trainer of [plain, ahead]) await trainer.dispose();
  });
});

describe("adaptive augmentation", () => {
  const augment = (target: number) => ({
    policy: "color,translation,cutout",
    adaptive: { target, images: 80 },
  });

  it("raises p by batch/images while D is surer than the target, and lowers it to 0 at least", async () => {
    const [up, down] = [imageTrainer({ augment: augment(-2) }), imageTrainer({ augment: augment(2) })];
    await iterate(up, 3);
    await iterate(down, 2);
    expect(await vector(up, "ada.p")).toEqual([expect.closeTo(0.3, 6)]);
    expect(await vector(down, "ada.p")).toEqual([0]);
    await up.dispose();
    await down.dispose();
  });

  it("without a controller changes every image, and not at all with p = 0", async () => {
    const [plain, adaptive, always] = [
      imageTrainer(),
      imageTrainer({ augment: augment(2) }),
      imageTrainer({ augment: { policy: "cutout" } }),
    ];
    const [[a], [b], [c]] = [await iterate(plain, 1), await iterate(adaptive, 1), await iterate(always, 1)];
    expect(b.realScore).toBeCloseTo(a.realScore, 5);
    expect(Math.abs(c.realScore - a.realScore)).toBeGreaterThan(1e-5);
    for (const trainer of [plain, adaptive, always]) await trainer.dispose();
  });

  it("sees the same images whatever the range of the model's networks", async () => {
    const model = { name: "study-net", base: 4, hidden: 16 };
    // What is cut out is 0, the middle of [−1, 1]: it shows on black images, and not on grey ones, which are ½ to networks on [0, 1].
    const scoreOf = async (value: number, augment?: ConfigInput["augment"]): Promise<number> => {
      const dataset = tiny(new Float32Array(64 * 256).fill(value));
      const trainer = imageTrainer({ model, ...(augment && { augment }) }, dataset);
      const [{ realScore }] = await iterate(trainer, 1);
      await trainer.dispose();
      return realScore;
    };
    const cutout = { policy: "cutout" };
    expect(await scoreOf(0, cutout)).toBeCloseTo(await scoreOf(0), 6);
    expect(Math.abs((await scoreOf(-1, cutout)) - (await scoreOf(-1)))).toBeGreaterThan(1e-5);
  });
});

describe("instance noise", () => {
  it("changes what D sees until it has fallen to 0, and nothing afterwards", async () => {
    const [noisy, plain] = [pointTrainer({ instanceNoise: { sigma: 1, steps: 1 } }), pointTrainer()];
    const [[first], [other]] = [await iterate(noisy, 1), await iterate(plain, 1)];
    expect(first.realScore).not.toBe(other.realScore);
    loadCheckpoint(plain, await saveCheckpoint(noisy));
    expect(await iterate(noisy, 2)).toEqual(await iterate(plain, 2));
    await noisy.dispose();
    await plain.dispose();
  });
});

describe("historical averaging", () => {
  it("keeps the mean of the parameters of all steps so far", async () => {
    const trainer = pointTrainer({ historicalAveraging: 0.1, criticSteps: 2 });
    const past: number[][] = [];
    for (let step = 0; step < 4; step++) {
      past.push(await vector(trainer, "generator"));
      await trainer.iterate();
    }
    const history = await vector(trainer, "historical-averaging.generator");
    history.forEach((value, i) => {
      const mean = past.reduce((sum, parameters) => sum + parameters[i], 0) / past.length;
      expect(value).toBeCloseTo(mean, 5);
    });
    await trainer.dispose();
  });

  it("adds nothing to the first step, and pulls afterwards", async () => {
    const [pulled, plain] = [pointTrainer({ historicalAveraging: 100 }), pointTrainer()];
    const [[, a], [, b]] = [await iterate(pulled, 2), await iterate(plain, 2)];
    expect(a.generatorGradient).not.toBe(b.generatorGradient);
    await pulled.dispose();
    await plain.dispose();
  });
});

describe("terms", () => {
  const matching = { name: "feature-matching" };

  it("are added to the generator's loss by weight", async () => {
    const trainers = [
      {},
      { terms: [matching] },
      { terms: [{ ...matching, weight: 3 }] },
      { terms: [matching], adversarialWeight: 0 },
      { adversarialWeight: 2 },
    ].map((settings) => pointTrainer(settings));
    const [plain, one, three, alone, twice] = await Promise.all(
      trainers.map(async (trainer) => (await iterate(trainer, 1))[0]),
    );
    const term = one.generatorLoss - plain.generatorLoss;
    expect(term).toBeGreaterThan(1e-6);
    expect(three.generatorLoss - plain.generatorLoss).toBeCloseTo(3 * term, 4);
    expect(alone.generatorLoss).toBeCloseTo(term, 4);
    expect(twice.generatorLoss).toBeCloseTo(2 * plain.generatorLoss, 4);
    for (const { discriminatorLoss } of [one, three, alone, twice]) {
      expect(discriminatorLoss).toBe(plain.discriminatorLoss);
    }
    for (const trainer of trainers) await trainer.dispose();
  });

  it("are added by the ratio of their gradient to the adversarial one's", async () => {
    const trainers = [0, 1, 2].map((gradientRatio) =>
      pointTrainer({ terms: [{ ...matching, gradientRatio }] }),
    );
    const plain = pointTrainer();
    const [zero, one, two] = await Promise.all(
      trainers.map(async (trainer) => (await iterate(trainer, 1))[0].generatorLoss),
    );
    const [{ generatorLoss: adversarial }] = await iterate(plain, 1);
    expect(zero).toBeCloseTo(adversarial, 6);
    expect(one - adversarial).toBeGreaterThan(1e-6);
    expect(two - adversarial).toBeCloseTo(2 * (one - adversarial), 5);
    for (const trainer of [plain, ...trainers]) await trainer.dispose();
  });

  it("may look at the real examples again: augmented, each look is another", async () => {
    const twice = defineTerm({
      name: "twice",
      title: "how much two looks differ",
      options: {},
      create: () => ({
        discriminator: ({ real, realOutput, discriminate, record }) => {
          const gap = mean(square(sub(discriminate({ x: real }).scores, realOutput.scores)));
          record("gap", gap);
          return gap;
        },
      }),
    });
    const gaps: number[] = [];
    for (const techniques of [[], [{ name: "diff-augment", policy: "warp" }]]) {
      const config = resolveConfig(
        { data: "tiny", model: { name: "dcgan", base: 4, discriminatorNorm: "layer" }, batch: 8 },
        { techniques },
      );
      const gan = { ...ganOf(config, { shape: [1, 16, 16] }), terms: [twice()] };
      const trainer = createGanTrainer({ gan, real: images(), seed: 1, steps: 20, threads: 1 });
      gaps.push((await trainer.iterate()).gap as number);
      await trainer.dispose();
    }
    expect(gaps[0]).toBe(0);
    expect(gaps[1]).toBeGreaterThan(1e-6);
  });

  it("that need features are refused where the discriminator gives none", async () => {
    const trainer = trainerOf({
      config: resolveConfig(
        { data: "pairs" },
        { model: { name: "pix2pix", base: 2 }, batch: 2, terms: [matching] },
      ),
      dataset: mappedPairs({ name: "pairs", source: images(), map: invertAndTurn, from: "source" }),
      threads: 1,
    });
    await expect(trainer.prepare()).rejects.toThrow(
      "feature-matching: the model's discriminator gives no features; choose another model",
    );
    await trainer.dispose();
  });
});

describe("consensus optimisation", () => {
  it("changes both players' gradients, and is nothing at weight 0", async () => {
    const [none, zero, some] = [undefined, 0, 1].map((consensus) => pointTrainer({ consensus }));
    const [[a], [b], [c]] = [await iterate(none, 1), await iterate(zero, 1), await iterate(some, 1)];
    expect(b.generatorGradient).toBeCloseTo(a.generatorGradient, 6);
    for (const key of ["generatorGradient", "discriminatorGradient"]) {
      expect(Math.abs(c[key] - a[key])).toBeGreaterThan(1e-6);
    }
    for (const trainer of [none, zero, some]) await trainer.dispose();
  });
});

describe("packing", () => {
  it("gives the examples of a pack one score, which depends on all of them", async () => {
    const trainer = pointTrainer({ packing: 3, batch: 12 });
    await iterate(trainer, 2);
    const points = new Float32Array(2 * 3 * 67);
    randomStream(1, "points").fillNormal(points);
    const scores = await trainer.scores(points);
    expect([scores[0], scores[1], scores[2]]).toEqual([scores[0], scores[0], scores[0]]);
    expect(scores.every(Number.isFinite)).toBe(true);
    points[2] += 1;
    const [first, , , second] = await trainer.scores(points);
    expect(first).not.toBe(scores[0]);
    expect(second).toBe(scores[3]);
    await expect(trainer.scores(points.subarray(0, 8))).rejects.toThrow("must be a multiple of 3; got 4");
    await trainer.dispose();
  });
});

describe("the steps of an iteration", () => {
  it("come in bursts: first, and every so often", async () => {
    const trainer = pointTrainer({ criticSteps: { steps: 2, burst: 20, first: 1, every: 3 } });
    const counts: number[] = [];
    for (let i = 0; i < 4; i++) {
      const { discriminator } = trainer.progress.moves;
      await trainer.iterate();
      counts.push(trainer.progress.moves.discriminator - discriminator);
    }
    expect(counts).toEqual([20, 2, 2, 20]);
    await trainer.dispose();
  });

  it("may have another batch for the generator", async () => {
    const [same, other] = [undefined, 32].map((generatorBatch) =>
      pointTrainer({ loss: "relativistic-average", generatorBatch }),
    );
    const [[a], [b]] = [await iterate(same, 1), await iterate(other, 1)];
    expect(b.discriminatorLoss).toBeCloseTo(a.discriminatorLoss, 5);
    expect(Math.abs(b.generatorLoss - a.generatorLoss)).toBeGreaterThan(1e-4);
    for (const trainer of [same, other]) await trainer.dispose();
  });

  it("have a lazy penalty in each n-th of them, whichever the others have", async () => {
    const penalties = [
      { name: "lazy-r1", every: 2 },
      { name: "lazy-r1", every: 3, weight: 1000 },
    ];
    const trainer = pointTrainer({ penalties });
    const values = (await iterate(trainer, 6)).map(({ penalty = 0 }) => penalty);
    expect(values.map((value) => value > 0)).toEqual([true, false, true, true, true, false]);
    // Step 3 has the heavy one alone, between two steps with the light one.
    expect(values[3]).toBeGreaterThan(10 * values[2]);
    await trainer.dispose();
  });
});

describe("a run with all that a state can hold", () => {
  const everything: Readonly<Record<string, ConfigInput>> = {
    "adaptive augmentation, noise, history, unrolled steps, pool, lazy penalty, minibatch layer": {
      model: { name: "dcgan", base: 4, latent: 8, minibatch: "standard-deviation" },
      augment: { policy: "translation,color", adaptive: { target: 0.1, images: 100 } },
      instanceNoise: { sigma: 0.2, steps: 10 },
      historicalAveraging: 1e-3,
      unrolled: 1,
      imagePool: 16,
      penalties: [{ name: "lazy-r1", every: 3 }],
    },
    "virtual batch norm, packing, consensus, bursts": {
      model: { name: "dcgan", base: 4, latent: 8, generatorNorm: "virtual-batch" },
      packing: 2,
      consensus: 1e-3,
      criticSteps: { steps: 1, burst: 2, first: 1, every: 4 },
    },
    "a loss with a state, another batch for the generator": {
      model: { name: "began", base: 4, code: 8, latent: 8 },
      loss: { name: "began", lambda: 0.1 },
      generatorBatch: 4,
    },
  };

  it.each(Object.entries(everything))("continues bit for bit: %s", async (_, config) => {
    const [whole, first, second] = [imageTrainer(config), imageTrainer(config), imageTrainer(config)];
    const records = await iterate(whole, 5);
    await iterate(first, 3);
    loadCheckpoint(second, await saveCheckpoint(first));
    expect(await iterate(second, 2)).toEqual(records.slice(3));
    expect(await saveCheckpoint(second)).toEqual(await saveCheckpoint(whole));
    for (const trainer of [whole, first, second]) await trainer.dispose();
  });
});
