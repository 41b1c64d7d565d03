/** Semi-supervised GAN (Salimans et al. 2016, arXiv:1606.03498, §5): a classifier that also learns from unlabelled data. */
import { featureMatching, realnessLogit, semiSupervised } from "../losses/auxiliary.ts";
import { heInit, layers } from "../nn/index.ts";
import { checkInteger } from "../options.ts";
import { backboneOf } from "./backbone.ts";
import type { ClassOptions } from "./conditional.ts";
import type { Model, Term } from "./model.ts";

export interface SemiSupervisedOptions extends ClassOptions {
  /** Width of the classifier's last hidden layer, whose mean the generator matches. */
  readonly features?: number;
  /** Share of the inputs of the last two layers that each training step leaves out. */
  readonly dropout?: number;
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

/**
 * The discriminator is a classifier of K classes whose log Σ exp of the logits is the score: the K+1-th class,
 * "generated", has the logit 0. D minimises CE(labelled) + ½ (E softplus(−score of real) + E softplus(score of fake)), G
 * the squared distance of the batches' mean features. Head `classes` has the logits [N, K].
 */
export const semiSupervisedGan = (options: SemiSupervisedOptions): Model => {
  const { shape, classes, latent = 64, latentDistribution = "normal", discriminatorNorm = "layer" } = options;
  const { features: width = 256, dropout = 0.5, labelledBatch = 64 } = options;
  checkInteger("sgan", "classes", classes, 2);
  checkInteger("sgan", "features", width, 1);
  checkInteger("sgan", "labelledBatch", labelledBatch, 1);
  const { backbone, options: own } = backboneOf("sgan", { ...options, discriminatorNorm });
  const hidden = layers.sequential(
    layers.dropout(dropout),
    layers.dense(width, { init: heInit() }),
    layers.leakyRelu(0.2),
  );
  const logits = layers.sequential(layers.dropout(dropout), layers.dense(classes));
  return {
    name: "sgan",
    options: { ...own, classes, latent, latentDistribution, features: width, dropout, labelledBatch },
    shape,
    latent: { size: latent, distribution: latentDistribution },
    scores: "logit",
    labelledBatch,
    terms,
    adversarialWeights: { discriminator: 0.5, generator: 0 },
    generator: ({ z }, scope) => backbone.generator(z, scope),
    discriminator: ({ x }, scope) => {
      const features = hidden(backbone.body(x, scope.child("body")), scope.child("hidden"));
      const own = logits(features, scope.child("classes"));
      return { scores: realnessLogit(own), features, heads: { classes: own } };
    },
  };
};
