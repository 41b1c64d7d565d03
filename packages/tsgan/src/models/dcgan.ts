/** DCGAN (Radford et al. 2016, arXiv:1511.06434). */
import { choice, integer } from "../define/index.ts";
import { concat, sliceAxis } from "../graph/index.ts";
import type { ScoreKind } from "../losses/loss.ts";
import { type Layer, layers, normalInit, uniformInit } from "../nn/index.ts";
import { dcganLayers, discriminatorNorms, generatorNorms, REFERENCE } from "./dcgan-net.ts";
import { latentOf, latentOptions } from "./latent.ts";
import { defineModel, type LatentDistribution } from "./model.ts";
import { discriminatorNormOption, normOr } from "./norm.ts";

/** What the discriminator is told about the other examples of its batch. */
const minibatchLayers = {
  none: [],
  /** Salimans et al. 2016, arXiv:1606.03498, §3.2. */
  discrimination: [layers.minibatchDiscrimination()],
  /** Karras et al. 2018, arXiv:1710.10196, §3. */
  "standard-deviation": [layers.minibatchStandardDeviation()],
} as const satisfies Record<string, readonly Layer[]>;

/** What the discriminator gives for each example: one raw score, or a vector [N, code] for losses between batches. */
const scoreKinds = { score: "logit", embedding: "embedding" } as const satisfies Record<string, ScoreKind>;

/** Latent vectors of deviation 1 or so; what counts is that they stay the same. */
const referenceInit = (distribution: LatentDistribution) =>
  distribution === "normal" ? normalInit(1) : uniformInit(1);

/** `generator` with the reference batch in front of each batch. */
const withReference =
  (generator: Layer, distribution: LatentDistribution): Layer =>
  (z, scope) => {
    const [n, size] = z.shape;
    const reference = scope.buffer("reference", [REFERENCE, size], referenceInit(distribution));
    return sliceAxis(generator(concat([reference, z], 0), scope), 0, REFERENCE, REFERENCE + n);
  };

/**
 * DCGAN: a dense layer, then transposed convolutions that double the sides down to those of the image; strided convolutions
 * the way back. Batch norm, ReLU in the generator, leak 0.2 in the discriminator, weights N(0, 0.02). Sides are multiples of 4.
 * Radford et al. 2016, arXiv:1511.06434, with 4×4 kernels in place of 5×5.
 */
export const dcgan = defineModel({
  name: "dcgan",
  title: "strided convolutions",
  data: "images",
  papers: [
    {
      authors: "Radford, Metz and Chintala",
      year: 2016,
      title: "Unsupervised representation learning with deep convolutional generative adversarial networks",
      arxiv: "1511.06434",
    },
  ],
  notes: "Kernels are 4 × 4 instead of 5 × 5",
  options: {
    ...latentOptions(64),
    base: integer({ default: 64, least: 1, means: "filters of the discriminator's first layer" }),
    discriminatorNorm: discriminatorNormOption(discriminatorNorms),
    generatorNorm: choice(generatorNorms, {
      default: "batch",
      means:
        'normalisation of the generator; "virtual-batch" by a fixed batch of latent vectors (Salimans et al. 2016, §3.5)',
    }),
    minibatch: choice(Object.keys(minibatchLayers) as (keyof typeof minibatchLayers)[], {
      default: "none",
      means: "what the discriminator is told about the other examples of its batch",
    }),
    discriminatorOutput: choice(Object.keys(scoreKinds) as (keyof typeof scoreKinds)[], {
      default: "score",
      means:
        "what the discriminator gives for each example: a raw score, or a vector for losses between batches",
    }),
    code: integer({ default: 16, least: 1, means: "length of the embedding" }),
  },
  create: (options, { shape, perExample }) => {
    const { base, generatorNorm, minibatch, discriminatorOutput, code, latentDistribution } = options;
    const discriminatorNorm = normOr(options.discriminatorNorm, perExample);
    const layersOptions = { image: shape, base, discriminatorNorm, generatorNorm };
    const { generator: plain, body, head } = dcganLayers("dcgan", layersOptions);
    const generator = generatorNorm === "virtual-batch" ? withReference(plain, latentDistribution) : plain;
    const score = layers.sequential(
      ...minibatchLayers[minibatch],
      head(discriminatorOutput === "score" ? 1 : code),
    );
    return {
      options: { discriminatorNorm },
      latent: latentOf(options),
      scores: scoreKinds[discriminatorOutput],
      generator: ({ z }, scope) => generator(z, scope),
      discriminator: ({ x }, scope) => {
        const features = body(x, scope.child("body"));
        return { scores: score(features, scope.child("head")), features };
      },
    };
  },
});
