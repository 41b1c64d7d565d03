/** Few pictures in colour: what `tsgan train FOLDER` brings for them beside a plain DCGAN of the same processor time. */
import { type ConfigInput, resolveConfig } from "tsgan/config";
import { type Dataset, type FiniteDataset, fromExamples } from "tsgan/data";
import type { Matrix } from "tsgan/distances";
import { type Effort, effortSettings } from "tsgan/effort";
import { kid, nearestInSet, precisionRecall } from "tsgan/metrics";
import { extractorFor, openDataset } from "tsgan/node";
import { trainerOf } from "tsgan/train";
import type { Benchmark, Figures, Run } from "./record.ts";

const SAMPLES = 1200;
/** One sprite in so many is kept from training. */
const HELD_OUT = 10;

const processorSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** Sprites to learn from, so many at most and evenly from all, and those that are kept. */
const sprites = async (
  side: number,
  most: number,
): Promise<{ readonly learnt: FiniteDataset; readonly kept: Float32Array }> => {
  const all = await openDataset("pokemon", { size: side });
  const places = [...Array(all.size).keys()];
  const own = places.filter((i) => i % HELD_OUT !== HELD_OUT - 1);
  const every = Math.max(1, Math.floor(own.length / most));
  const read = async (chosen: readonly number[]) => (await all.read!(Uint32Array.from(chosen))).examples;
  const examples = await read(own.filter((_, k) => k % every === 0).slice(0, most));
  const kept = await read(places.filter((i) => i % HELD_OUT === HELD_OUT - 1));
  return { learnt: fromExamples({ name: "sprites", shape: all.shape, examples }), kept };
};

/** Trains for the configuration's steps, or for so many seconds of the processor. */
const trained = async (
  input: ConfigInput,
  dataset: Dataset,
  { seed, threads }: Run,
  most = Number.POSITIVE_INFINITY,
): Promise<{ readonly samples: Float32Array; readonly seconds: number }> => {
  const config = resolveConfig({ data: "sprites" }, input, { seed });
  const trainer = trainerOf({ config, dataset, threads });
  const started = processorSeconds();
  const isDone = Number.isFinite(most)
    ? () => processorSeconds() - started >= most
    : () => trainer.progress.step >= config.steps;
  while (!isDone()) await trainer.iterate();
  const seconds = processorSeconds() - started;
  const samples = await trainer.sample(SAMPLES, { seed: seed + 1 });
  await trainer.dispose();
  return { samples, seconds };
};

const middle = (values: ArrayLike<number>): number => Float64Array.from(values).sort()[values.length >> 1];

/** Trains both, and judges both by the colour features of the pictures that were learnt. */
const beside = async (
  { side, most, effort }: { readonly side: number; readonly most: number; readonly effort: Effort },
  run: Run,
): Promise<Figures> => {
  const { learnt, kept } = await sprites(side, most);
  const { shape, size } = learnt;
  const settings = effortSettings(effort, { kind: "images", shape, examples: size });
  const ours = await trained(settings, learnt, run);
  const plain = await trained({ model: { name: "dcgan" } }, learnt, run, ours.seconds);
  const extractor = await extractorFor(learnt, { features: "colour", threads: run.threads });
  const featuresOf = async (images: Float32Array): Promise<Matrix> =>
    (await extractor.features(images)).features;
  const all = await learnt.read!(Uint32Array.from({ length: size }, (_, i) => i));
  const real = await featuresOf(all.examples);
  const judged = async (images: Float32Array) => {
    const features = await featuresOf(images);
    const { mean } = kid(real, features, { subsets: 20, size: Math.min(500, size), seed: 1 });
    return {
      kid: mean,
      ...precisionRecall(real, features, { k: 5 }),
      near: middle(nearestInSet(features, real).squaredDistances),
    };
  };
  const [own, other] = [await judged(ours.samples), await judged(plain.samples)];
  const usual = middle(nearestInSet(await featuresOf(kept), real).squaredDistances);
  await extractor.dispose();
  return {
    KID: own.kid,
    "of the plain DCGAN's": own.kid / other.kid,
    precision: own.precision,
    recall: own.recall,
    "precision, more than the plain": own.precision - other.precision,
    "recall, more than the plain": own.recall - other.recall,
    "nearness, of held-out": own.near / usual,
    "training processor s": ours.seconds,
  };
};

const shownOnly = {
  KID: { better: "lower", as: "number" },
  precision: { better: "higher", as: "share" },
  "training processor s": { better: "lower", as: "number" },
} as const;

const common = { seeds: [101, 102, 103], tunedOn: "1", threads: 2, atOnce: 1 } as const;
const NEARNESS = "nearness: median squared distance to the nearest learnt picture, of that of held-out ones";

/** 100 sprites with sides of so many pixels. */
const hundred = (side: number, minutes: number): Benchmark => ({
  title: `100 sprites at ${side} px beside a plain DCGAN of the same processor time`,
  settings: `tsgan train FOLDER --effort quick on 100 sprites; ${SAMPLES} samples; ${NEARNESS}`,
  ...common,
  minutes,
  goals: {
    recall: { better: "higher", as: "share", mean: 0.3 },
    "nearness, of held-out": { better: "higher", as: "number", each: 0.5 },
    "of the plain DCGAN's": { better: "lower", as: "number" },
    "recall, more than the plain": { better: "higher", as: "share" },
    ...shownOnly,
  },
  run: (run) => beside({ side, most: 100, effort: "quick" }, run),
});

export const small: Readonly<Record<"pokemon" | "hundred" | "hundred-32", Benchmark>> = {
  pokemon: {
    title: "Pokémon sprites at 64 px beside a plain DCGAN of the same processor time",
    settings: `tsgan train FOLDER (--effort good) on nine tenths of the sprites; ${SAMPLES} samples; ${NEARNESS}`,
    ...common,
    minutes: 180,
    goals: {
      "of the plain DCGAN's": { better: "lower", as: "number", mean: 0.5 },
      "precision, more than the plain": { better: "higher", as: "share", each: 0 },
      "recall, more than the plain": { better: "higher", as: "share", each: 0 },
      "nearness, of held-out": { better: "higher", as: "number", each: 1 },
      recall: { better: "higher", as: "share" },
      ...shownOnly,
    },
    run: (run) => beside({ side: 64, most: Number.POSITIVE_INFINITY, effort: "good" }, run),
  },
  hundred: hundred(64, 40),
  "hundred-32": hundred(32, 10),
};
