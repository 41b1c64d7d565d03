/** Seven losses, the same networks and budget: do they differ more than the runs of one loss do? */
import { type Dataset, fillPolygons, fromExamples } from "tsgan/data";
import { integer, number, type ResolvedOptions } from "tsgan/define";
import { type Matrix, matrix } from "tsgan/distances";
import type { Panel } from "tsgan/figure";
import { type AdversarialLoss, hinge, leastSquares, minimax, nonSaturating, wasserstein } from "tsgan/losses";
import { nearestInSet, precisionRecallF1 } from "tsgan/metrics";
import { mlp } from "tsgan/models";
import { adam } from "tsgan/nn";
import { dragan, gradientPenalty, type Penalty, weightClipping } from "tsgan/penalties";
import { randomStream } from "tsgan/random";
import { type GanTrainer, NotFiniteError } from "tsgan/train";
import { count, seed } from "./common-options.ts";
import { defineExperiment, type RunContext } from "./experiment.ts";
import { thumbnail } from "./images.ts";
import { gameOf } from "./networks.ts";
import { mosaic } from "./panels.ts";

const options = {
  trials: integer({
    default: 6,
    least: 2,
    means: "runs of each loss, each with settings drawn at random and a seed of its own",
  }),
  steps: count(1000, "generator steps of a run; the discriminator takes as many"),
  vertices: integer({ default: 3, least: 3, means: "corners of the polygons" }),
  size: integer({ default: 12, least: 2, means: "side of an image in pixels" }),
  delta: number({
    default: 3,
    above: 0,
    means:
      "squared distance, in pixels whose values lie in [0, 1], up to which an image counts as being there",
    symbol: "δ",
  }),
  width: count(128, "units of each of both networks' two hidden layers"),
  latent: count(8, "length of the latent vector"),
  batch: count(64, "images a step"),
  seed,
};
type Options = ResolvedOptions<typeof options>;

/** What a run drew. */
export interface Settings {
  learningRate: number;
  /** Of Adam. */
  beta1: number;
  /** WGAN's c, or the weight of the gradient penalty; null for losses without either. */
  constraint: number | null;
}

export interface CreatedEqualData {
  losses: {
    loss: string;
    runs: (Settings & {
      precision: number;
      recall: number;
      /** 0 where training ended in numbers that are not finite. */
      f1: number;
    })[];
    mean: number;
    /** Standard deviation of F1 over the runs. */
    deviation: number;
    best: number;
  }[];
  spread: {
    /** Root mean square of the deviations: what a loss's runs differ by. */
    within: number;
    /** Standard deviation of the means over the losses. */
    between: number;
    /** Standard deviation of the best runs over the losses. */
    betweenBest: number;
  };
  /** Grey values from 0 to 15: real polygons, and those of the best of all runs. */
  images: { real: number[][][]; best: number[][][]; bestLoss: string };
}

const title = "Are GANs created equal?";

/** Ranges of random search, after Lucic et al.'s, which are wider. */
const RATES = [1e-4, 1e-2] as const;
const BETAS = [0, 0.9] as const;
const CLIPS = [0.03, 0.3] as const;
const WEIGHTS = [1e-1, 10] as const;

interface Contender {
  readonly loss: AdversarialLoss;
  /** Range of the constraint's strength, drawn log-uniformly, and what it makes. */
  readonly range?: readonly [number, number];
  readonly constrain?: (strength: number) => Penalty;
}

const contenders: Readonly<Record<string, Contender>> = {
  minimax: { loss: minimax() },
  "non-saturating": { loss: nonSaturating() },
  "least squares": { loss: leastSquares() },
  hinge: { loss: hinge() },
  WGAN: { loss: wasserstein(), range: CLIPS, constrain: (limit) => weightClipping({ limit }) },
  "WGAN-GP": { loss: wasserstein(), range: WEIGHTS, constrain: (weight) => gradientPenalty({ weight }) },
  DRAGAN: { loss: nonSaturating(), range: WEIGHTS, constrain: (weight) => dragan({ weight }) },
};

/** Polygons to train on, which also stand for the manifold of all; polygons to test with; generated images to judge. */
const TRAINING = 2000;
const JUDGED = 500;
const SHOWN = 36;

const logUniform = (u: number, [low, high]: readonly [number, number]): number => low * (high / low) ** u;

/** The same trial of two losses draws the same rate and β₁. */
const draw = (seed: number, trial: number, { range }: Contender): Settings => {
  const random = randomStream(seed, "theory/settings", trial);
  return {
    learningRate: logUniform(random.uniform(), RATES),
    beta1: BETAS[0] + (BETAS[1] - BETAS[0]) * random.uniform(),
    constraint: range === undefined ? null : logUniform(random.uniform(), range),
  };
};

/** Images of polygons in [−1, 1]. */
const polygons = ({ vertices, size, seed }: Options, count: number, purpose: string): Float32Array => {
  const images = new Float32Array(count * size * size);
  fillPolygons(randomStream(seed, purpose), images, { vertices, size });
  return images.map((value) => 2 * value - 1);
};

interface Judge {
  readonly known: Matrix;
  readonly unseen: Matrix;
  readonly delta: number;
}

const judge = async (game: GanTrainer, { known, unseen, delta }: Judge, seed: number) => {
  const images = await game.sample(JUDGED, { seed });
  const generated = matrix(JUDGED, known.columns, images);
  // Values span 2 here and 1 where δ is meant: squared distances are 4 times as large.
  const scores = precisionRecallF1(
    nearestInSet(generated, known).squaredDistances,
    nearestInSet(unseen, generated).squaredDistances,
    4 * delta,
  );
  return { images, scores };
};

const play = async (
  { loss, constrain }: Contender,
  { learningRate, beta1, constraint }: Settings,
  dataset: Dataset,
  options: Options,
  trial: number,
  how: Judge,
): Promise<Awaited<ReturnType<typeof judge>>> => {
  const { size, latent, width, batch, steps, seed } = options;
  const game = gameOf({
    model: mlp({ latent, hidden: [width, width], discriminatorActivation: "leaky-relu" }).for({
      shape: [1, size, size],
    }),
    dataset,
    loss,
    penalties: constrain === undefined || constraint === null ? [] : [constrain(constraint)],
    optimizer: (rate) => adam({ learningRate: rate, beta1 }),
    learningRate,
    batch,
    seed: seed + trial,
  });
  try {
    while (game.progress.step < steps) await game.iterate();
    return await judge(game, how, seed);
  } catch (error) {
    if (!(error instanceof NotFiniteError)) throw error;
    return { images: new Float32Array(JUDGED * size * size), scores: { precision: 0, recall: 0, f1: 0 } };
  } finally {
    await game.dispose();
  }
};

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** With n − 1 in the denominator. */
const deviationOf = (values: readonly number[]): number => {
  const mean = meanOf(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
};

const run = async (options: Options, { progress }: RunContext): Promise<CreatedEqualData> => {
  const { trials, size } = options;
  const pixels = size * size;
  const training = polygons(options, TRAINING, "theory/polygons");
  const unseen = polygons(options, JUDGED, "theory/unseen");
  const dataset = fromExamples({ name: "polygons", shape: [1, size, size], examples: training });
  const how: Judge = {
    known: matrix(TRAINING, pixels, training),
    unseen: matrix(JUDGED, pixels, unseen),
    delta: options.delta,
  };
  const entries = Object.entries(contenders);
  let bestF1 = -1;
  let bestLoss = "";
  let bestImages = unseen;
  const losses: CreatedEqualData["losses"] = [];
  for (const [index, [loss, contender]] of entries.entries()) {
    const runs: CreatedEqualData["losses"][number]["runs"] = [];
    for (let trial = 0; trial < trials; trial++) {
      progress?.((index * trials + trial) / (entries.length * trials), loss);
      const settings = draw(options.seed, trial, contender);
      const { images, scores } = await play(contender, settings, dataset, options, trial, how);
      const { precision, recall, f1 } = scores;
      runs.push({ ...settings, precision, recall, f1 });
      if (f1 > bestF1) [bestF1, bestLoss, bestImages] = [f1, loss, images];
    }
    const scores = runs.map(({ f1 }) => f1);
    losses.push({
      loss,
      runs,
      mean: meanOf(scores),
      deviation: deviationOf(scores),
      best: scores.reduce((most, f1) => Math.max(most, f1)),
    });
  }
  const shown = (images: Float32Array): number[][][] =>
    Array.from({ length: SHOWN }, (_, i) =>
      thumbnail(images.subarray(i * pixels, (i + 1) * pixels), size, size),
    );
  return {
    losses,
    spread: {
      within: Math.sqrt(meanOf(losses.map(({ deviation }) => deviation ** 2))),
      between: deviationOf(losses.map(({ mean }) => mean)),
      betweenBest: deviationOf(losses.map(({ best }) => best)),
    },
    images: { real: shown(unseen), best: shown(bestImages), bestLoss },
  };
};

const SPREADS = [
  { key: "within", label: "runs of one loss" },
  { key: "between", label: "means of the losses" },
  { key: "betweenBest", label: "best of each loss" },
] as const;

/**
 * Seven losses, the same networks and budget, many runs: the spread within a loss against that between losses (Lucic et
 * al. 2018, arXiv:1711.10337).
 */
export const createdEqual = defineExperiment({
  name: "created-equal",
  title,
  description:
    "Seven losses, the same networks and budget, many runs: spread within a loss against spread between",
  papers: [
    {
      authors: "Lucic et al.",
      year: 2018,
      title: "Are GANs created equal? A large-scale study",
      arxiv: "1711.10337",
      where: "§5.2 (polygons) and §6",
    },
  ],
  explanation:
    "Seven losses train the same two networks for the same number of steps on images of triangles, a data set whose manifold is " +
    "known: precision is the share of generated images that lie near a triangle, recall the share of unseen triangles that " +
    "some generated image comes near, F1 their harmonic mean. Each run draws its learning rate, Adam's β_{1} and, where there is " +
    "one, the strength of the constraint at random, as one would who does not know them; dots at the same place of their " +
    "columns share rate and β_{1}. Runs of one loss differ more from each other than the losses do from one another: a " +
    "comparison with one run of each, or with hand-tuned settings for one's own, shows nothing. In the study the best runs " +
    "of the losses are nearly alike; this small budget does not show that.",
  options,
  minutes: 1.5,
  run,
  claims: ({ spread }) => [
    {
      text: "spread of F1 within a loss over that between losses",
      value: spread.within / spread.between,
      atLeast: 1,
    },
  ],
  figure: ({ losses, spread, images }) => {
    const ticks = losses.map(({ loss }, i) => ({ value: i, label: loss }));
    return {
      title,
      panels: [
        {
          wide: true,
          aspect: 0.42,
          title: "Every dot is a run",
          x: { domain: [-0.5, losses.length - 0.5], ticks },
          y: { label: "F1", domain: [-0.03, 1.03] },
          marks: [
            {
              type: "scatter",
              // Side by side, so that runs of the same F1 can be told apart.
              x: losses.flatMap(({ runs }, i) =>
                runs.map((_, trial) => i + 0.5 * ((trial + 0.5) / runs.length - 0.5)),
              ),
              y: losses.flatMap(({ runs }) => runs.map(({ f1 }) => f1)),
              label: "run",
              color: 3,
              opacity: 0.6,
              radius: 4,
            },
            {
              type: "scatter",
              x: losses.map((_, i) => i),
              y: losses.map(({ mean }) => mean),
              label: "mean",
              symbol: "cross",
              color: 4,
              radius: 6,
            },
          ],
        },
        {
          wide: true,
          aspect: 0.3,
          title: "Spread within a loss and between losses",
          x: { domain: [-0.5, 2.5], ticks: SPREADS.map(({ label }, i) => ({ value: i, label })) },
          y: { label: "standard deviation of F1", domain: [0, 0.5] },
          marks: [
            { type: "bars", x: [0, 1, 2], y: SPREADS.map(({ key }) => spread[key]), width: 0.5, color: 5 },
          ],
        },
        mosaic("Real triangles", images.real),
        mosaic(`Best run: ${images.bestLoss}`, images.best),
      ] satisfies Panel[],
    };
  },
});
