/** Semi-supervised GAN (Salimans et al. 2016, arXiv:1606.03498, §5): a classifier that also learns from unlabelled data. */
import { add, flatten, mul, reshape, type Shape, sigmoid, sizeOf, softplus } from "../graph/index.ts";
import { featureMatching, realnessLogit, semiSupervised } from "../losses/auxiliary.ts";
import { glorotInit, heInit, type Layer, layers } from "../nn/index.ts";
import { checkInteger, checkNumber } from "../options.ts";
import type { LatentDistribution, Model, Term } from "./model.ts";

export interface SemiSupervisedOptions {
  /** Shape of one example; images [C, H, W] are in [−1, 1]. */
  readonly shape: Shape;
  /** Number of classes of the labelled data. */
  readonly classes: number;
  readonly latent?: number;
  readonly latentDistribution?: LatentDistribution;
  /** Widths of the generator's hidden layers. */
  readonly generatorHidden?: readonly number[];
  /** Widths of the classifier's hidden layers. */
  readonly hidden?: readonly number[];
  /** Deviation of the normal noise on the classifier's input in training, and on its hidden layers. */
  readonly inputNoise?: number;
  readonly hiddenNoise?: number;
  /** Labelled examples that each discriminator step looks at. */
  readonly labelledBatch?: number;
}

/** The discriminator learns the labels; the generator makes batches whose mean features are those of real ones. */
const terms: readonly Term[] = [
  {
    name: "supervised",
    discriminator: ({ labelled, discriminate }) => {
      const { x, label } = labelled();
      return semiSupervised.supervised(discriminate({ x }).heads!.classes, label);
    },
  },
  {
    name: "feature matching",
    generator: ({ realOutput, fakeOutput }) => featureMatching(realOutput.features!, fakeOutput.features!),
  },
];

const noisy =
  (deviation: number): Layer =>
  (x, scope) =>
    scope.mode === "inference" || deviation === 0
      ? x
      : add(x, mul(scope.noise("normal", x.shape), deviation));

/**
 * The discriminator is a classifier of K classes whose log Σ exp of the logits is the score: the K+1-th class,
 * "generated", has the logit 0. D minimises CE(labelled) + ½ (E softplus(−score of real) + E softplus(score of fake)), G
 * the squared distance of the batches' mean features. Head `classes` has the logits [N, K].
 *
 * Multilayer perceptrons of the authors' MNIST code, with He's initialisation in place of weight normalisation.
 */
export const semiSupervisedGan = (options: SemiSupervisedOptions): Model => {
  const { shape, classes, latent = 100, latentDistribution = "uniform-01" } = options;
  const { generatorHidden = [500, 500], hidden = [1000, 500, 250, 250, 250] } = options;
  const { inputNoise = 0.3, hiddenNoise = 0.5, labelledBatch = 100 } = options;
  checkInteger("sgan", "classes", classes, 2);
  checkInteger("sgan", "labelledBatch", labelledBatch, 1);
  checkNumber("sgan", "inputNoise", inputNoise, { least: 0 });
  checkNumber("sgan", "hiddenNoise", hiddenNoise, { least: 0 });
  const isImage = shape.length === 3;
  const generator = layers.sequential(
    ...generatorHidden.flatMap((width) => [
      layers.dense(width, { init: glorotInit(), bias: false }),
      layers.batchNorm(),
      softplus as Layer,
    ]),
    layers.dense(sizeOf(shape), { init: glorotInit() }),
    ...(isImage ? [sigmoid as Layer] : []),
  );
  const body = layers.sequential(
    noisy(inputNoise),
    ...hidden.flatMap((width, i) => [
      ...(i === 0 ? [] : [noisy(hiddenNoise)]),
      layers.dense(width, { init: heInit() }),
      layers.relu(),
    ]),
  );
  const logits = layers.sequential(noisy(hiddenNoise), layers.dense(classes, { init: glorotInit() }));
  return {
    name: "sgan",
    options: {
      shape: [...shape],
      classes,
      latent,
      latentDistribution,
      generatorHidden: [...generatorHidden],
      hidden: [...hidden],
      inputNoise,
      hiddenNoise,
      labelledBatch,
    },
    shape,
    latent: { size: latent, distribution: latentDistribution },
    scores: "logit",
    range: isImage ? "unit" : "symmetric",
    labelledBatch,
    terms,
    adversarialWeights: { discriminator: 0.5, generator: 0 },
    generator: ({ z }, scope) => reshape(generator(z, scope), [z.shape[0], ...shape]),
    discriminator: ({ x }, scope) => {
      const features = body(flatten(x), scope.child("body"));
      const own = logits(features, scope.child("classes"));
      return { scores: realnessLogit(own), features, heads: { classes: own } };
    },
  };
};
