/** What conditional, informed and semi-supervised models are claimed to do on MNIST, as experiments that measure it. */

import { type ConfigInput, ganOf, type RunConfig, resolveConfig } from "tsgan/config";
import { type Dataset, labelledSubset } from "tsgan/data";
import { classAccuracy, type FeatureExtractor, mostProbable } from "tsgan/metrics";
import { extractorFor, openDataset, sampleColumns, samplePng, writeFileAtomic } from "tsgan/node";
import { createGanTrainer, type GanTrainer, trainerOf } from "tsgan/train";
import { script } from "./records/script.ts";

export interface Settings {
  readonly steps: number;
  readonly seed: number;
  readonly threads?: number | undefined;
  /** Where a PNG of samples goes, a column for each class or category. */
  readonly picture?: string | undefined;
}

export interface Figure {
  readonly name: string;
  /** A share in [0, 1]. */
  readonly value: number;
  /** Of training. */
  readonly seconds: number;
}

export interface Experiment {
  readonly description: string;
  /** Iterations of the full experiment. */
  readonly steps: number;
  /** What holds after so many: the least value of each figure. */
  readonly claims: Readonly<Record<string, number>>;
  /** The figures, each as soon as it is known. */
  run(settings: Settings): AsyncGenerator<Figure, void>;
}

const CLASSES = 10;
/** Generated images of each digit that are judged. */
const EACH = 100;

const adam = (from: number) =>
  ({ name: "adam", learningRate: { kind: "linear", from, to: 0 }, beta1: 0.5, beta2: 0.999 }) as const;

const both = (from: number) => ({ generator: adam(from), discriminator: adam(from) });

/** Networks and learning rates of short runs. */
const narrow = { base: 16, rate: 1e-3 } as const;
const wide = { base: 32, rate: 5e-4 } as const;

const common = {
  data: "mnist",
  loss: { name: "non-saturating" },
  batch: 64,
} as const satisfies ConfigInput;

const open = (split: "train" | "test"): Promise<Dataset> => openDataset("mnist", { split });

const trainTo = async (trainer: GanTrainer, steps: number): Promise<number> => {
  const start = performance.now();
  while (trainer.progress.step < steps) await trainer.iterate();
  return (performance.now() - start) / 1000;
};

/** The digits that the separately trained classifier sees in images. */
const digitsIn = async (classifier: FeatureExtractor, images: Float32Array): Promise<Int32Array> => {
  const { probabilities } = await classifier.features(images);
  return mostProbable(probabilities!.data, CLASSES);
};

const share = (count: number, holds: (index: number) => boolean): number =>
  Array.from({ length: count }, (_, i) => i).filter(holds).length / count;

/** Rows of a picture. */
const ROWS = 8;

/** Generated images, of the classes or categories in turn. */
const sample = async (trainer: GanTrainer, { seed, picture }: Settings): Promise<Float32Array> => {
  const samples = await trainer.sample(CLASSES * EACH, { seed: seed + 1 });
  if (picture !== undefined) {
    const { model } = trainer.gan;
    const size = model.shape.reduce((a, b) => a * b);
    const shown = samples.subarray(0, ROWS * CLASSES * size);
    await writeFileAtomic(picture, await samplePng(shown, model.shape, undefined, sampleColumns(model)));
  }
  return samples;
};

/** Mean squared distance of the images from the mean image of their class, over all classes. */
const spread = (images: Float32Array, classes: Int32Array): number => {
  const size = images.length / classes.length;
  const sums = Array.from({ length: CLASSES }, () => new Float64Array(size));
  const counts = new Array<number>(CLASSES).fill(0);
  classes.forEach((own, i) => {
    counts[own]++;
    for (let k = 0; k < size; k++) sums[own][k] += images[i * size + k];
  });
  let total = 0;
  classes.forEach((own, i) => {
    for (let k = 0; k < size; k++) total += (images[i * size + k] - sums[own][k] / counts[own]) ** 2;
  });
  return total / classes.length;
};

interface Labelled {
  readonly examples: Float32Array;
  readonly labels: Int32Array;
}

const readAll = async (split: "train" | "test"): Promise<Labelled> => {
  const dataset = await open(split);
  const { examples, labels } = await dataset.read!(Uint32Array.from({ length: dataset.size }, (_, i) => i));
  return { examples, labels: labels! };
};

/** The classes or categories that generated images were asked for. */
const inTurn = (count: number): Int32Array => Int32Array.from({ length: count }, (_, i) => i % CLASSES);

/** The spread of generated images within their classes as a share of that of real ones: 0 where each class is one image. */
const varietyOf = (samples: Float32Array, { examples, labels }: Labelled): number =>
  spread(samples, inTurn(CLASSES * EACH)) / spread(examples, labels);

/** The share of samples of a requested digit that are that digit. */
const conditional = (
  model: RunConfig["model"],
  { base, rate }: typeof narrow | typeof wide,
): Experiment["run"] =>
  async function* (settings) {
    const { steps, seed, threads } = settings;
    const dataset = await open("train");
    const trainer = trainerOf({
      config: resolveConfig({ ...common, model: { ...model, base }, optimizer: both(rate), steps, seed }),
      dataset,
      threads,
    });
    const seconds = await trainTo(trainer, steps);
    const samples = await sample(trainer, settings);
    await trainer.dispose();
    const classifier = await extractorFor(dataset, { threads });
    const seen = await digitsIn(classifier, samples);
    await classifier.dispose();
    yield { name: "requested digit", value: share(seen.length, (i) => seen[i] === i % CLASSES), seconds };
    yield { name: "variety", value: varietyOf(samples, await readAll("test")), seconds };
  };

/** The digit that each category is most often seen with. */
const majorityDigits = (categories: Int32Array, digits: Int32Array, count: number): number[] =>
  Array.from({ length: count }, (_, category) => {
    const votes = new Array<number>(CLASSES).fill(0);
    digits.forEach((digit, i) => {
      if (categories[i] === category) votes[digit]++;
    });
    return votes.indexOf(Math.max(...votes));
  });

/** The share of examples whose digit is the most frequent one of their category. */
const majorityAccuracy = (categories: Int32Array, digits: Int32Array): number => {
  const digitOf = majorityDigits(categories, digits, CLASSES);
  return share(digits.length, (i) => digitOf[categories[i]] === digits[i]);
};

/** How well categories that are found without labels are digits: in samples, and in unseen real images. */
const coded = (input: Partial<ConfigInput>): Experiment["run"] =>
  async function* (settings) {
    const { steps, seed, threads } = settings;
    const dataset = await open("train");
    const config = resolveConfig({ ...input, data: "mnist", steps, seed });
    const trainer = trainerOf({ config, dataset, threads });
    const seconds = await trainTo(trainer, steps);
    const classifier = await extractorFor(dataset, { threads });
    const samples = await sample(trainer, settings);
    const seen = await digitsIn(classifier, samples);
    await classifier.dispose();
    yield { name: "digit of a sample", value: majorityAccuracy(inTurn(seen.length), seen), seconds };
    const test = await readAll("test");
    yield { name: "variety", value: varietyOf(samples, test), seconds };
    const { heads } = await trainer.discriminate(test.examples);
    await trainer.dispose();
    const found = majorityAccuracy(mostProbable(heads.category, CLASSES), test.labels);
    yield { name: "digit of a test image", value: found, seconds };
  };

const LABELS_PER_CLASS = 100;

/** The classifier's test accuracy with the GAN, and of the same network on the same labels without it. */
const semiSupervised: Experiment["run"] = async function* ({ steps, seed, threads }) {
  const dataset = await open("train");
  const test = await open("test");
  const config = resolveConfig({
    ...common,
    model: { name: "sgan", base: narrow.base },
    optimizer: { ...both(narrow.rate), generator: { ...adam(narrow.rate), learningRate: narrow.rate } },
    labelsPerClass: LABELS_PER_CLASS,
    steps,
    seed,
  });
  const trainer = trainerOf({ config, dataset, threads });
  const seconds = await trainTo(trainer, steps);
  const accuracy = await classAccuracy(trainer, test);
  await trainer.dispose();
  yield { name: "test accuracy", value: accuracy, seconds };

  const gan = ganOf(config, { shape: dataset.shape, classes: CLASSES });
  const alone = createGanTrainer({
    gan: { ...gan, model: { ...gan.model, adversarialWeights: { discriminator: 0 } }, generatorSteps: 0 },
    real: dataset,
    labelled: labelledSubset(dataset, LABELS_PER_CLASS, seed),
    seed,
    steps,
    threads,
  });
  const aloneSeconds = await trainTo(alone, steps);
  const baseline = await classAccuracy(alone, test);
  await alone.dispose();
  yield { name: "without the GAN", value: baseline, seconds: aloneSeconds };
  yield { name: "gain", value: accuracy - baseline, seconds };
};

export const experiments: Readonly<Record<string, Experiment>> = {
  cgan: {
    description: "label concatenated",
    steps: 3000,
    claims: { "requested digit": 0.9, variety: 0.5 },
    run: conditional({ name: "cgan", conditioning: "concatenate" }, narrow),
  },
  "cgan-projection": {
    description: "projection discriminator",
    steps: 1500,
    claims: { "requested digit": 0.9, variety: 0.5 },
    run: conditional({ name: "cgan", conditioning: "projection" }, wide),
  },
  acgan: {
    description: "discriminator names the class",
    steps: 1500,
    claims: { "requested digit": 0.9, variety: 0.5 },
    run: conditional({ name: "acgan" }, wide),
  },
  infogan: {
    description: "categories without labels, by the recipe",
    steps: 3000,
    claims: { "digit of a sample": 0.7, "digit of a test image": 0.7, variety: 0.5 },
    run: coded({ recipe: "infogan" }),
  },
  codes: {
    description: "categories without labels, of real images first",
    steps: script("codes").steps!,
    claims: { "digit of a sample": 0.95, "digit of a test image": 0.95, variety: 0.85 },
    run: coded(script("codes")),
  },
  sgan: {
    description: "1,000 labels",
    steps: 1500,
    claims: { "test accuracy": 0.95, gain: 0.005 },
    run: semiSupervised,
  },
};
