/** InfoGAN (Chen et al. 2016, arXiv:1606.03657): part of the latent vector is a code that the samples must give away. */
import { add, cast, constant, matmul, mul, reshape, sliceAxis, type Tensor } from "../graph/index.ts";
import { infogan as information } from "../losses/auxiliary.ts";
import { dcganInit, layers } from "../nn/index.ts";
import { checkChoice, checkInteger, checkNumber } from "../options.ts";
import { type BackboneOptions, backboneOf } from "./backbone.ts";
import { oneHotLength } from "./conditional.ts";
import { infoganLayers } from "./infogan-net.ts";
import type { LatentDistribution, Model, Term, TermContext } from "./model.ts";

export interface InfoganOptions extends BackboneOptions {
  /**
   * Images: `infogan`, the authors' networks, with dense layers of 16 · base units and images in [0, 1] (the default for
   * sides of up to 32, above which the dense layers are most of it), or `dcgan`.
   */
  readonly networks?: "infogan" | "dcgan";
  /** Length of the noise, the part of the latent vector without a meaning. */
  readonly noise?: number;
  readonly latentDistribution?: LatentDistribution;
  /** Categories of the categorical code, all equally likely. */
  readonly categories?: number;
  /** Number of continuous codes, each U(−1, 1). */
  readonly continuous?: number;
  /** λ: weight of the mutual information in both players' losses. */
  readonly informationWeight?: number;
}

/** Width of the hidden layer between the discriminator's features and the codes, as in the authors' code. */
const CODE_LAYER = 128;

/** −λ times the bound of the mutual information of code and sample, up to a constant; both players minimise it. */
const informationTerm = (noise: number, categories: number, weight: number): Term => {
  const numbers = constant(
    Float32Array.from({ length: categories }, (_, i) => i),
    [categories, 1],
  );
  const value = ({ z, fakeOutput }: TermContext): Tensor => {
    const [n, size] = z.shape;
    const hot = sliceAxis(z, 1, noise, noise + categories);
    const category = cast(reshape(matmul(hot, numbers), [n]), "int32");
    const categorical = information.categorical(fakeOutput.heads!.category, category);
    if (size === noise + categories) return mul(categorical, weight);
    const codes = sliceAxis(z, 1, noise + categories, size);
    const gaussian = information.gaussian(fakeOutput.heads!.continuous, codes);
    return mul(add(categorical, gaussian), weight);
  };
  return { name: "information", discriminator: value, generator: value };
};

/** Largest side of images that get the authors' networks without being asked: dense layers grow with the area. */
const LARGEST_DENSE = 32;

/** Of the authors' discriminator. */
const LEAK = 0.01;

/** The authors' networks, or those of the other models of images and points, and what follows the codes' hidden layer. */
const networksOf = (options: InfoganOptions) => {
  const { shape, base = 64, discriminatorNorm = "batch" } = options;
  const isImage = shape.length === 3;
  const { networks = isImage && shape[1] <= LARGEST_DENSE ? "infogan" : "dcgan" } = options;
  checkChoice("infogan", "networks", networks, ["infogan", "dcgan"]);
  if (networks === "dcgan" || !isImage) {
    const { backbone, options: own } = backboneOf("infogan", options);
    return {
      backbone,
      activation: [layers.leakyRelu(0.2)],
      range: "symmetric",
      options: isImage ? { ...own, networks } : own,
    } as const;
  }
  checkInteger("infogan", "base", base, 1);
  checkChoice("infogan", "discriminatorNorm", discriminatorNorm, ["batch", "none"]);
  const backbone = infoganLayers("infogan", {
    image: [shape[0], shape[1], shape[2]],
    base,
    hidden: 16 * base,
    discriminatorNorm: discriminatorNorm === "none" ? "none" : "batch",
    batchNorm: { epsilon: 1e-5, momentum: 0.1 },
    leak: { generator: 0, discriminator: LEAK },
  });
  return {
    backbone,
    activation: [layers.batchNorm(), layers.leakyRelu(LEAK)],
    range: "unit",
    options: { shape: [...shape], base, discriminatorNorm, networks },
  } as const;
};

/**
 * The latent vector is (noise, one-hot category, continuous codes); the discriminator gives a score and, from a hidden
 * layer of their own, the heads `category` (logits) and `continuous` (means of Gaussians of deviation 1). It needs no
 * labels: which category means what is found after training.
 */
export const infogan = (options: InfoganOptions): Model => {
  const { noise = 62, latentDistribution = "normal", categories = 10, continuous = 2 } = options;
  const { informationWeight = 1 } = options;
  checkInteger("infogan", "noise", noise, 1);
  checkInteger("infogan", "categories", categories, 2);
  checkInteger("infogan", "continuous", continuous, 0);
  checkNumber("infogan", "informationWeight", informationWeight, { least: 0 });
  const { backbone, activation, range, options: own } = networksOf(options);
  const parts = [
    { name: "noise", size: noise, distribution: latentDistribution },
    { name: "category", size: categories, distribution: "one-hot" },
    ...(continuous === 0 ? [] : [{ name: "continuous", size: continuous, distribution: "uniform" } as const]),
  ] as const;
  const emphasis = constant(
    Float32Array.from({ length: noise + categories + continuous }, (_, i) =>
      i >= noise && i < noise + categories ? oneHotLength(noise) : 1,
    ),
    [1, noise + categories + continuous],
  );
  const score = backbone.head(1);
  const codes = layers.sequential(
    layers.dense(CODE_LAYER, { init: dcganInit }),
    ...activation,
    layers.dense(categories + continuous),
  );
  return {
    name: "infogan",
    options: { ...own, noise, latentDistribution, categories, continuous, informationWeight },
    shape: options.shape,
    latent: { size: noise + categories + continuous, distribution: latentDistribution, parts },
    scores: "logit",
    range,
    terms: [informationTerm(noise, categories, informationWeight)],
    generator: ({ z }, scope) => backbone.generator(mul(z, emphasis), scope),
    discriminator: ({ x }, scope) => {
      const features = backbone.body(x, scope.child("body"));
      const code = codes(features, scope.child("codes"));
      const heads = {
        category: sliceAxis(code, 1, 0, categories),
        ...(continuous === 0 ? {} : { continuous: sliceAxis(code, 1, categories, categories + continuous) }),
      };
      return { scores: score(features, scope.child("head")), features, heads };
    },
  };
};
