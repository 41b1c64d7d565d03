/** Semi-supervised GAN (Salimans et al. 2016, arXiv:1606.03498, §5): a classifier that also learns from unlabelled data. */
import { auto, choice, integer, number } from "../define/index.ts";
import { featureMatching, realnessLogit, semiSupervised, type Term } from "../losses/index.ts";
import { heInit, layers } from "../nn/index.ts";
import { backboneOf, backboneOptions, imageOf } from "./any-data.ts";
import { discriminatorNorms } from "./dcgan-net.ts";
import { latentOf, latentOptions } from "./latent.ts";
import { defineModel } from "./model.ts";

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
 * the squared distance of the batches' mean features. Head `classes` has the logits [N, K]. Salimans et al. 2016,
 * arXiv:1606.03498, §5.
 */
export const sgan = defineModel({
  name: "sgan",
  title: "a classifier that learns from few labels and many examples",
  data: "any",
  needsLabels: true,
  papers: [
    {
      authors: "Salimans et al.",
      year: 2016,
      title: "Improved techniques for training GANs",
      arxiv: "1606.03498",
      where: "§5",
    },
  ],
  options: {
    ...backboneOptions,
    discriminatorNorm: auto(
      choice(discriminatorNorms, { default: "layer", means: "images: normalisation of the discriminator" }),
      "layer for images",
    ),
    ...latentOptions(64),
    features: integer({
      default: 256,
      least: 1,
      means: "width of the classifier's last hidden layer, whose mean the generator matches",
    }),
    dropout: number({
      default: 0.5,
      least: 0,
      below: 1,
      means: "share of the inputs of the last two layers that each training step leaves out",
    }),
    labelledBatch: integer({
      default: 64,
      least: 1,
      means: "labelled examples that each discriminator step looks at",
    }),
  },
  create: (options, data) => {
    const { features: width, dropout, labelledBatch } = options;
    const { discriminatorNorm = imageOf(data.shape) && "layer" } = options;
    const { backbone, options: own } = backboneOf("sgan", { ...options, discriminatorNorm }, data);
    const hidden = layers.sequential(
      layers.dropout(dropout),
      layers.dense(width, { init: heInit() }),
      layers.leakyRelu(0.2),
    );
    const logits = layers.sequential(layers.dropout(dropout), layers.dense(data.classes));
    return {
      options: own,
      latent: latentOf(options),
      scores: "logit",
      labelledBatch,
      terms,
      adversarialWeights: { discriminator: 0.5, generator: 0 },
      generator: ({ z }, scope) => backbone.generator(z, scope),
      discriminator: ({ x }, scope) => {
        const features = hidden(backbone.body(x, scope.child("body")), scope.child("hidden"));
        const classes = logits(features, scope.child("classes"));
        return { scores: realnessLogit(classes), features, heads: { classes } };
      },
    };
  },
});
