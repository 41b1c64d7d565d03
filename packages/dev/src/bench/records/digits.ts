/** Digits, judged by the classifier that the library brings: FID on its features, how sure it is, and what it sees. */
import { type ConfigInput, type PartialConfig, resolveConfig } from "tsgan/config";
import { labelledSubset } from "tsgan/data";
import { effortSettings } from "tsgan/effort";
import { mostProbable } from "tsgan/metrics";
import { dataOptions, openDataset, openJudge } from "tsgan/node";
import { trainerOf } from "tsgan/train";
import type { Benchmark, Figures, Run } from "./record.ts";
import { script } from "./script.ts";

const CLASSES = 10;
const SAMPLES = 10_000;

/** Mean squared distance of images from the mean image of their class. */
const spread = (images: Float32Array, classes: ArrayLike<number>): number => {
  const size = images.length / classes.length;
  const sums = Array.from({ length: CLASSES }, () => new Float64Array(size));
  const counts = new Array<number>(CLASSES).fill(0);
  for (let i = 0; i < classes.length; i++) {
    counts[classes[i]]++;
    for (let k = 0; k < size; k++) sums[classes[i]][k] += images[i * size + k];
  }
  let total = 0;
  for (let i = 0; i < classes.length; i++) {
    const [own, count] = [sums[classes[i]], counts[classes[i]]];
    for (let k = 0; k < size; k++) total += (images[i * size + k] - own[k] / count) ** 2;
  }
  return total / classes.length;
};

const all = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, i) => i);

/** Of samples whose classes were asked for in turn, where they were asked for. */
const judgeDigits = async (samples: Float32Array, isAsked: boolean, threads?: number): Promise<Figures> => {
  const train = await openDataset("mnist");
  const test = await openDataset("mnist", { split: "test" });
  const judge = await openJudge(train, { threads });
  const { figures } = await judge.judge(samples, { metrics: ["fid", "precision-recall"] });
  const found = Object.fromEntries(figures.map(({ key, value }) => [key, value]));
  const { probabilities } = await judge.extractor.features(samples);
  await judge.dispose();
  const { data } = probabilities!;
  const seen = mostProbable(data, CLASSES);
  const sureness = Float32Array.from(seen, (digit, i) => data[i * CLASSES + digit]);
  const share = (test: (i: number) => boolean): number =>
    [...seen.keys()].filter((i) => test(i)).length / seen.length;
  const real = await test.read!(all(test.size));
  return {
    FID: found.fid,
    precision: found.precision,
    recall: found.recall,
    "sure at 0.99": share((i) => sureness[i] > 0.99),
    "sure at 0.9": share((i) => sureness[i] > 0.9),
    rarest: Math.min(...Array.from({ length: CLASSES }, (_, digit) => share((i) => seen[i] === digit))),
    ...(isAsked && {
      "digit asked for": share((i) => seen[i] === i % CLASSES),
      variety:
        spread(
          samples,
          Array.from(seen, (_, i) => i % CLASSES),
        ) / spread(real.examples, real.labels!),
    }),
  };
};

/** Trains on MNIST, or on so many digits of each class. */
const train = async (
  input: ConfigInput,
  isAsked: boolean,
  { seed, threads }: Run,
  each?: number,
): Promise<Figures> => {
  const config = resolveConfig({ data: "mnist" }, input, { seed });
  const whole = await openDataset(config.data, dataOptions(config));
  const dataset = each === undefined ? whole : labelledSubset(whole, each, seed);
  const trainer = trainerOf({ config, dataset, threads });
  const started = performance.now();
  while (trainer.progress.step < config.steps) await trainer.iterate();
  const seconds = (performance.now() - started) / 1000;
  const samples = await trainer.sample(SAMPLES, { seed: seed + 1 });
  await trainer.dispose();
  return { ...(await judgeDigits(samples, isAsked, threads)), "training seconds": seconds };
};

const EACH = 30;

/** What `--effort quick` brings for few pictures, as it is or with DiffAugment. */
const few = (isAugmented: boolean): PartialConfig => {
  const facts = { kind: "images", shape: [1, 28, 28], classes: CLASSES, examples: CLASSES * EACH } as const;
  const settings = effortSettings("quick", facts);
  const added = isAugmented ? [{ name: "diff-augment", policy: "color,translation,cutout" }] : [];
  return { ...settings, techniques: [...(settings.techniques ?? []), ...added] };
};

/** Shown, with no goal of their own. */
const shownOnly = {
  precision: { better: "higher", as: "share" },
  "sure at 0.9": { better: "higher", as: "share" },
  "training seconds": { better: "lower", as: "number" },
} as const;

/** An AC-GAN that projects, too: what the demo is held to, and what its family is. */
const demoGoals = {
  FID: { better: "lower", as: "number", mean: 10 },
  recall: { better: "higher", as: "share", mean: 0.8 },
  "sure at 0.99": { better: "higher", as: "share" },
  rarest: { better: "higher", as: "share", each: 0.09 },
  "digit asked for": { better: "higher", as: "share", mean: 0.99 },
  variety: { better: "higher", as: "share", mean: 0.85 },
  ...shownOnly,
} as const;

const cganGoals = {
  "digit asked for": { better: "higher", as: "share", mean: 0.97 },
  variety: { better: "higher", as: "share", mean: 0.85 },
  FID: { better: "lower", as: "number" },
  recall: { better: "higher", as: "share" },
  rarest: { better: "higher", as: "share" },
  ...shownOnly,
} as const;

const VARIETY =
  "variety: mean squared distance of samples from the mean image of the digit asked for, of that of the test set";

const common = { threads: 2, atOnce: 1 } as const;

const fewCommon = {
  seeds: [101, 102, 103],
  tunedOn: "none",
  ...common,
  minutes: 3,
  goals: {
    FID: { better: "lower", as: "number" },
    recall: { better: "higher", as: "share" },
    "digit asked for": { better: "higher", as: "share" },
    variety: { better: "higher", as: "share" },
    ...shownOnly,
  },
} as const;

export const digits: Readonly<
  Record<"demo" | "demo-unlabelled" | "cgan" | "few-digits" | "few-digits-augmented", Benchmark>
> = {
  demo: {
    title: "the demo: an AC-GAN with projection makes the digit that is asked for",
    settings: `npm run demo (scripts/demo.json); ${SAMPLES} samples; ${VARIETY}`,
    seeds: [1, 101, 102],
    tunedOn: "21",
    ...common,
    minutes: 5,
    goals: demoGoals,
    run: (run) => train(script("demo"), true, run),
  },
  "demo-unlabelled": {
    title: "the demo without labels",
    settings: `npm run demo -- --without-labels (scripts/demo-without-labels.json); ${SAMPLES} samples`,
    seeds: [1],
    tunedOn: "21",
    ...common,
    minutes: 5,
    goals: {
      FID: { better: "lower", as: "number", mean: 40 },
      "sure at 0.99": { better: "higher", as: "share", mean: 0.8 },
      rarest: { better: "higher", as: "share", each: 0.04 },
      recall: { better: "higher", as: "share" },
      ...shownOnly,
    },
    run: (run) => train(script("demo-without-labels"), false, run),
  },
  cgan: {
    title: "cGAN makes the digit that is asked for",
    settings: `scripts/demo.json with model cgan, base 24, projection; ${SAMPLES} samples; ${VARIETY}`,
    seeds: [101, 102, 103],
    tunedOn: "21",
    ...common,
    minutes: 5,
    goals: cganGoals,
    run: (run) =>
      train({ ...script("demo"), model: { name: "cgan", base: 24, conditioning: "projection" } }, true, run),
  },
  "few-digits": {
    title: `${EACH} digits of each class`,
    settings: `effort quick; ${SAMPLES} samples, judged by all 60,000 digits`,
    ...fewCommon,
    run: (run) => train(few(false), true, run, EACH),
  },
  "few-digits-augmented": {
    title: `${EACH} digits of each class, with DiffAugment`,
    settings: `effort quick with DiffAugment; ${SAMPLES} samples, judged by all 60,000 digits`,
    ...fewCommon,
    run: (run) => train(few(true), true, run, EACH),
  },
};
