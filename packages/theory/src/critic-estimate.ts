/** A critic's estimate as a measure of quality, and a discriminator's estimate that is none. */
import type { Dataset } from "tsgan/data";
import { integer, type ResolvedOptions } from "tsgan/define";
import { type Matrix, matrix, randomDirections, slicedWasserstein } from "tsgan/distances";
import { formatFixed } from "tsgan/figure";
import { nonSaturating, wasserstein } from "tsgan/losses";
import { dcgan, type Model } from "tsgan/models";
import { adam } from "tsgan/nn";
import { gradientPenalty } from "tsgan/penalties";
import { randomStream } from "tsgan/random";
import { rankCorrelation } from "tsgan/statistics";
import type { GanTrainer } from "tsgan/train";
import { count, imageData, rate, seed } from "./common-options.ts";
import { defineExperiment, type RunContext } from "./experiment.ts";
import { type ImageShape, openImages } from "./images.ts";
import { gameOf } from "./networks.ts";
import { softplus } from "./normal.ts";
import { wassersteinGan } from "./papers.ts";

const options = {
  data: imageData,
  wassersteinSteps: count(400, "generator steps of the WGAN-GP"),
  standardSteps: count(800, "generator steps of the standard GAN"),
  criticSteps: count(5, "critic steps for each of the WGAN's generator steps"),
  warmUp: integer({ default: 150, least: 0, means: "critic steps before the WGAN's first generator step" }),
  discriminatorSteps: count(2, "discriminator steps for each of the standard GAN's generator steps"),
  points: integer({ default: 40, least: 2, means: "how often in a run both players are judged" }),
  base: count(16, "filters of the discriminator's first layer"),
  latent: count(64, "length of the latent vector"),
  batch: integer({ default: 64, least: 2, means: "images a step" }),
  samples: integer({
    default: 512,
    least: 2,
    means: "real and generated images that a judgement looks at",
  }),
  wassersteinRate: rate(0.0005, "learning rate of the WGAN-GP"),
  standardRate: rate(0.0002, "learning rate of the standard GAN"),
  seed,
};
type Options = ResolvedOptions<typeof options>;

export interface EstimateCurve {
  /** Generator steps. */
  step: number[];
  /** What the discriminator's scores say. */
  estimate: number[];
  /** Sliced Wasserstein distance of order 1 between real and generated images in pixel space. */
  quality: number[];
  /** Spearman's ρ of both; null where one of them does not change. */
  correlation: number | null;
}

export interface CriticEstimateData {
  /** WGAN-GP: E D(x) − E D(G(z)). */
  wasserstein: EstimateCurve;
  /** Standard GAN, −log D cost: log 2 + (E log D(x) + E log(1 − D(G(z))))/2, a lower bound of JS in nats. */
  standard: EstimateCurve;
}

const name = "critic-estimate";
const title = "A critic's estimate tracks quality, a JS estimate does not";

const DIRECTIONS = 100;

interface Judge {
  readonly real: Float32Array;
  readonly realPoints: Matrix;
  readonly directions: Matrix;
}

const mean = (scores: Float32Array, of: (score: number) => number): number =>
  scores.reduce((total, score) => total + of(score), 0) / scores.length;

const follow = async (
  game: GanTrainer,
  steps: number,
  { points, samples, seed }: Options,
  { real, realPoints, directions }: Judge,
  estimateOf: (real: Float32Array, fake: Float32Array) => number,
  progress: (share: number) => void,
): Promise<EstimateCurve> => {
  const curve: EstimateCurve = { step: [], estimate: [], quality: [], correlation: null };
  for (let point = 0; point <= points; point++) {
    while (game.progress.step < Math.round((point * steps) / points)) {
      await game.iterate();
      progress(game.progress.step / steps);
    }
    const fake = await game.sample(samples, { seed });
    const fakePoints = matrix(samples, realPoints.columns, fake);
    curve.step.push(game.progress.moves.generator);
    curve.estimate.push(estimateOf(await game.scores(real), await game.scores(fake)));
    curve.quality.push(slicedWasserstein(fakePoints, realPoints, directions, 1).distance);
  }
  curve.correlation = rankCorrelation(curve.estimate, curve.quality);
  return curve;
};

/** Without batch norm, a discriminator gives an image the same score in training and in judgement. */
const networks = ({ base, latent }: Options, image: ImageShape): Model =>
  dcgan({ base, latent, discriminatorNorm: "none" }).for({ shape: image });

const followWasserstein = async (
  options: Options,
  dataset: Dataset,
  image: ImageShape,
  judge: Judge,
  progress: (share: number) => void,
): Promise<EstimateCurve> => {
  const { batch, seed, criticSteps, warmUp, wassersteinRate, wassersteinSteps } = options;
  const game = gameOf({
    model: networks(options, image),
    dataset,
    loss: wasserstein(),
    penalties: [gradientPenalty()],
    learningRate: wassersteinRate,
    batch,
    seed,
    discriminatorSteps: criticSteps,
  });
  try {
    for (let step = 0; step < warmUp; step++) await game.advance("discriminator");
    const estimateOf = (real: Float32Array, fake: Float32Array): number =>
      mean(real, (score) => score) - mean(fake, (score) => score);
    return await follow(game, wassersteinSteps, options, judge, estimateOf, progress);
  } finally {
    await game.dispose();
  }
};

const followStandard = async (
  options: Options,
  dataset: Dataset,
  image: ImageShape,
  judge: Judge,
  progress: (share: number) => void,
): Promise<EstimateCurve> => {
  const { batch, seed, discriminatorSteps, standardRate, standardSteps } = options;
  const game = gameOf({
    model: networks(options, image),
    dataset,
    loss: nonSaturating(),
    optimizer: (rate) => adam({ learningRate: rate, beta1: 0.5 }),
    learningRate: standardRate,
    batch,
    seed,
    discriminatorSteps,
  });
  try {
    const estimateOf = (real: Float32Array, fake: Float32Array): number =>
      Math.LN2 - (mean(real, (score) => softplus(-score)) + mean(fake, softplus)) / 2;
    return await follow(game, standardSteps, options, judge, estimateOf, progress);
  } finally {
    await game.dispose();
  }
};

const run = async (options: Options, context: RunContext): Promise<CriticEstimateData> => {
  const { dataset, shape } = await openImages(name, options.data, context);
  const { samples, seed } = options;
  const pixels = shape.reduce((product, side) => product * side, 1);
  // Another stream than the one that training reads.
  const { examples: real } = await dataset.draw(seed + 1, 0, samples);
  const judge: Judge = {
    real,
    realPoints: matrix(samples, pixels, real),
    directions: randomDirections(randomStream(seed, "theory/directions"), DIRECTIONS, pixels),
  };
  const part = (index: number, message: string) => (share: number) =>
    context.progress?.((index + share) / 2, message);
  return {
    wasserstein: await followWasserstein(options, dataset, shape, judge, part(0, "WGAN-GP")),
    standard: await followStandard(options, dataset, shape, judge, part(1, "standard GAN")),
  };
};

const COLOR = { estimate: 2, quality: 3 } as const;

const correlationText = ({ correlation }: EstimateCurve): string =>
  correlation === null
    ? "no rank correlation: it does not change"
    : `rank correlation ${formatFixed(correlation, 2)}`;

/**
 * A WGAN critic's estimate and a standard GAN's JS estimate against the quality of samples along a run (Arjovsky et al.
 * 2017, figures 3 and 4).
 */
export const criticEstimate = defineExperiment({
  name,
  title,
  description:
    "WGAN critic's estimate and a standard GAN's JS estimate against the quality of samples along a run",
  papers: [{ ...wassersteinGan, where: "figures 3 and 4" }],
  explanation:
    "How good are the samples now? A standard GAN's discriminator does not say: its estimate of the Jensen–Shannon divergence " +
    "climbs to log 2 early and stays there, whether the images become better or worse, for it keeps telling them apart with " +
    "ease. A WGAN's critic estimates a Wasserstein distance, which goes on falling as the generated images come nearer. The " +
    "judge in both runs is independent of the networks: the sliced Wasserstein distance between real and generated images, " +
    "pixel by pixel. Its rank correlation with the critic's estimate is close to 1. That is what makes a WGAN's loss curve worth " +
    "looking at.",
  options,
  minutes: 1,
  run,
  claims: ({ wasserstein: { correlation }, standard }) => {
    const [w, s] = [correlation ?? Number.NaN, standard.correlation ?? 0];
    return [
      { text: "rank correlation of the critic's estimate with quality", value: w, atLeast: 0.8 },
      { text: "the same, less that of the JS estimate", value: w - s, atLeast: 0.05 },
    ];
  },
  figure: (data) => {
    const { wasserstein: w, standard: s } = data;
    const x = { label: "generator step" };
    const quality = { label: "sliced Wasserstein, pixels" };
    return {
      title,
      panels: [
        {
          title: "WGAN-GP: critic's estimate",
          x,
          y: { label: "E D(x) − E D(G(z))" },
          marks: [{ type: "line", x: w.step, y: w.estimate, label: "estimate", color: COLOR.estimate }],
        },
        {
          title: "Standard GAN: JS estimate",
          x,
          // Room for the label above log 2.
          y: { label: "lower bound of JS", unit: "nats", domain: [Math.min(0, ...s.estimate), 0.8] },
          marks: [
            { type: "line", x: s.step, y: s.estimate, label: "estimate", color: COLOR.estimate },
            { type: "rule", y: Math.LN2, label: "log 2" },
          ],
        },
        {
          title: "WGAN-GP: quality of the images",
          x,
          y: quality,
          marks: [
            { type: "line", x: w.step, y: w.quality, label: "independent judge", color: COLOR.quality },
          ],
        },
        {
          title: "Standard GAN: quality of the images",
          x,
          y: quality,
          marks: [
            { type: "line", x: s.step, y: s.quality, label: "independent judge", color: COLOR.quality },
          ],
        },
        {
          title: `WGAN-GP: ${correlationText(w)}`,
          x: { label: "critic's estimate" },
          y: quality,
          marks: [{ type: "scatter", x: w.estimate, y: w.quality, color: COLOR.estimate }],
        },
        {
          title: `Standard GAN: ${correlationText(s)}`,
          x: { label: "JS estimate", unit: "nats" },
          y: quality,
          marks: [{ type: "scatter", x: s.estimate, y: s.quality, color: COLOR.estimate }],
        },
      ],
    };
  },
});
