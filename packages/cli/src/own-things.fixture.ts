/** One thing of each kind of one's own, through the public API alone: what `--use` loads in the test beside this file. */
import { defineExperiment } from "@tsgan/theory";
import { integer, number } from "tsgan";
import { defineDataset, mixture } from "tsgan/data";
import { matrix } from "tsgan/distances";
import { add, mean, mul, neg, square, sub } from "tsgan/graph";
import { defineLoss, defineTerm } from "tsgan/losses";
import { defineFeatures, defineMetric } from "tsgan/metrics";
import { defineModel } from "tsgan/models";
import { defineLink, defineSchedule, layers } from "tsgan/nn";
import { definePenalty } from "tsgan/penalties";
import { defineTechnique } from "tsgan/techniques";

export const ownLoss = defineLoss({
  name: "own-loss",
  title: "a Wasserstein loss with a slope",
  scores: "unbounded",
  options: { slope: number({ default: 1, above: 0, means: "factor of the scores" }) },
  create: ({ slope }) => ({
    discriminator: (real, fake) => mul(sub(mean(fake), mean(real)), slope),
    generator: (_real, fake) => mul(neg(mean(fake)), slope),
  }),
});

export const ownPenalty = definePenalty({
  name: "own-penalty",
  title: "scores near 0",
  options: {
    weight: number({ default: 0.01, least: 0, means: "weight", search: { low: 1e-4, high: 1, log: true } }),
  },
  create: ({ weight }) => ({
    penalty: ({ realScores, fakeScores }) =>
      mul(add(mean(square(realScores)), mean(square(fakeScores))), weight),
  }),
});

export const ownTerm = defineTerm({
  name: "own-term",
  title: "samples near 0",
  options: {},
  create: () => ({ generator: ({ fake }) => mean(square(fake)) }),
});

export const ownTechnique = defineTechnique({
  name: "own-technique",
  title: "noise on all that is judged",
  options: { sigma: number({ default: 0.05, least: 0, means: "deviation of the noise" }) },
  create: ({ sigma }) => ({ sees: (x, { random }) => add(x, mul(random("normal", x.shape), sigma)) }),
});

export const ownModel = defineModel({
  name: "own-model",
  title: "two small perceptrons",
  data: "points",
  options: { width: number({ default: 16, least: 1, integer: true, means: "units of the hidden layer" }) },
  create: ({ width }, { shape }) => {
    const network = (units: number) =>
      layers.sequential(layers.dense(width), layers.relu(), layers.dense(units));
    const [generator, discriminator] = [network(shape[0]), network(1)];
    return {
      latent: { size: 2, distribution: "normal" },
      scores: "logit",
      generator: ({ z }, scope) => generator(z, scope),
      discriminator: ({ x }, scope) => ({ scores: discriminator(x, scope) }),
    };
  },
});

export const ownLink = defineLink({
  name: "own-link",
  title: "gradients times a factor",
  options: { factor: number({ default: 0.5, above: 0, means: "factor of the gradient" }) },
  create: ({ factor }) => ({ gradient: (gradient) => ({ value: mul(gradient, factor) }) }),
});

export const ownSchedule = defineSchedule({
  name: "own-schedule",
  title: "half as much after every iteration",
  options: { from: number({ default: 1e-3, above: 0, means: "first value" }) },
  create: ({ from }) => ({ at: ({ step }) => from * 0.5 ** step, extremes: [from, 0] }),
});

export const ownMetric = defineMetric({
  name: "own-metric",
  title: "mean of all coordinates",
  suits: "all",
  figures: { ownMean: { label: "mean of coordinates", better: "lower", rank: 1 } },
  inTraining: true,
  options: { power: number({ default: 1, above: 0, means: "power of the mean" }) },
  create: ({ power }) => ({
    compute: ({ rows: { data } }) => {
      const value = Math.abs(data.reduce((sum, each) => sum + each, 0) / data.length) ** power;
      return [{ key: "ownMean", value, note: "without its sign" }];
    },
  }),
});

export const ownFeatures = defineFeatures({
  name: "own-features",
  title: "the first coordinate",
  suits: "points",
  options: {},
  create: () => ({
    open: ({ data: { shape } }) => ({
      name: "own-features",
      description: "the first coordinate",
      inputShape: shape,
      features: async (examples) => {
        const first = examples.filter((_, i) => i % shape[0] === 0);
        return { features: matrix(first.length, 1, first) };
      },
      dispose: async () => {},
    }),
  }),
});

export const ownData = defineDataset({
  name: "own-data",
  title: "Gaussians in a row",
  holds: "points",
  shape: [2],
  options: { count: integer({ default: 3, least: 1, means: "Gaussians" }) },
  open: ({ count }) =>
    mixture(
      Array.from({ length: count }, (_, i) => [i - 1, 0]),
      0.1,
    ),
});

export const ownExperiment = defineExperiment({
  name: "own-experiment",
  title: "a half, again and again",
  options: { steps: integer({ default: 8, least: 1, means: "times" }) },
  run: ({ steps }) => ({ values: Array.from({ length: steps }, (_, i) => 0.5 ** i) }),
  figure: ({ values }) => ({
    panels: [{ marks: [{ type: "line", x: values.map((_, i) => i), y: values }] }],
  }),
});
