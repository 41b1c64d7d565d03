/** InfoGAN (Chen et al. 2016, arXiv:1606.03657): part of the latent vector is a code that the samples must give away. */
import { auto, choice, flag, integer, number } from "../define/index.ts";
import {
  add,
  cast,
  constant,
  matmul,
  mul,
  reshape,
  type Shape,
  sliceAxis,
  softmax,
  stopGradient,
  sum,
  type Tensor,
} from "../graph/index.ts";
import { type DiscriminatorOutput, mutualInformation, type Term, type TermContext } from "../losses/index.ts";
import { dcganInit, type Layer, layers, type Scope } from "../nn/index.ts";
import { checkChoice } from "../options.ts";
import { type BackboneOptions, backboneOf, backboneOptions, imageOf, refuse } from "./any-data.ts";
import type { Backbone } from "./backbone.ts";
import { oneHotLength } from "./conditional.ts";
import { infoganLayers } from "./infogan-net.ts";
import { latentDistributionOption } from "./latent.ts";
import { defineModel, type LatentPart, type ModelNetworks } from "./model.ts";
import { normOr } from "./norm.ts";
import type { ImageShape } from "./sides.ts";

const networkNames = ["infogan", "dcgan"] as const;
type NetworksName = (typeof networkNames)[number];

/** Width of the hidden layer between the discriminator's features and the codes, as in the authors' code. */
const CODE_LAYER = 128;

/** −λ times the bound of the mutual information of code and sample, up to a constant; both players minimise it. */
const informationTerm = (
  noise: number,
  categories: number,
  weight: number,
  fakeCategoryWeight: number,
): Term => {
  const numbers = constant(
    Float32Array.from({ length: categories }, (_, i) => i),
    [categories, 1],
  );
  const value = ({ player, z, fakeOutput }: TermContext): Tensor => {
    const [n, size] = z.shape;
    const share = player === "generator" ? 1 : fakeCategoryWeight;
    const parts: Tensor[] = [];
    if (share > 0) {
      const hot = sliceAxis(z, 1, noise, noise + categories);
      const category = cast(reshape(matmul(hot, numbers), [n]), "int32");
      parts.push(mul(mutualInformation.categorical(fakeOutput.heads!.category, category), share));
    }
    if (size > noise + categories) {
      const codes = sliceAxis(z, 1, noise + categories, size);
      parts.push(mutualInformation.gaussian(fakeOutput.heads!.continuous, codes));
    }
    return mul(parts.reduce(add, constant([0], [])), weight);
  };
  return { name: "information", discriminator: value, generator: value };
};

/** Longest side of images that get the authors' networks without being asked: dense layers grow with the area. */
const LARGEST_DENSE = 32;

/** Of the authors' discriminator. */
const LEAK = 0.01;

interface Parts {
  readonly backbone: Backbone;
  /** What follows the codes' hidden layer. */
  readonly activation: readonly Layer[];
  readonly range: NonNullable<ModelNetworks["range"]>;
  readonly options: BackboneOptions & { readonly networks?: NetworksName };
}

/** The authors' networks for images. */
const authorsNetworks = (
  image: ImageShape,
  { base = 64, discriminatorNorm, hidden }: BackboneOptions,
  perExample: boolean,
): Parts => {
  refuse("infogan", { hidden }, "points");
  const norm = normOr(discriminatorNorm, perExample);
  checkChoice("infogan", "discriminatorNorm", norm, ["batch", "none"]);
  const backbone = infoganLayers("infogan", {
    image,
    base,
    hidden: 16 * base,
    discriminatorNorm: norm === "none" ? "none" : "batch",
    batchNorm: { epsilon: 1e-5, momentum: 0.1 },
    leak: { generator: 0, discriminator: LEAK },
  });
  return {
    backbone,
    activation: [layers.batchNorm(), layers.leakyRelu(LEAK)],
    range: "unit",
    options: { base, discriminatorNorm: norm, networks: "infogan" },
  };
};

/** The authors' networks, or those of the other models for images and for points. */
const partsOf = (
  options: BackboneOptions & { readonly networks?: NetworksName | undefined },
  data: { readonly shape: Shape; readonly perExample: boolean },
): Parts => {
  const image = imageOf(data.shape);
  if (image === undefined) refuse("infogan", { networks: options.networks }, "images");
  const networks =
    image && (options.networks ?? (Math.max(image[1], image[2]) <= LARGEST_DENSE ? "infogan" : "dcgan"));
  if (image !== undefined && networks === "infogan") return authorsNetworks(image, options, data.perExample);
  const { backbone, options: own } = backboneOf("infogan", options, data);
  return {
    backbone,
    activation: [layers.leakyRelu(0.2)],
    range: "symmetric",
    options: { ...own, ...(networks && { networks }) },
  };
};

/**
 * The latent vector is (noise, one-hot category, continuous codes); the discriminator gives a score and, from a hidden
 * layer of their own, the heads `category` (logits) and `continuous` (means of Gaussians of deviation 1). It needs no
 * labels: which category means what is found after training. Chen et al. 2016, arXiv:1606.03657. With `categoryNetwork` `own` the
 * category is named by a network of its own, of the discriminator's layers and a hidden one with batch norm.
 */
export const infogan = defineModel({
  name: "infogan",
  title: "finds categories and directions of variation without labels",
  data: "any",
  papers: [
    {
      authors: "Chen et al.",
      year: 2016,
      title:
        "InfoGAN: interpretable representation learning by information maximizing generative adversarial nets",
      arxiv: "1606.03657",
    },
  ],
  options: {
    ...backboneOptions,
    networks: auto(
      choice(networkNames, {
        default: "infogan",
        means:
          "images: infogan, the authors' networks, with dense layers of 16 · base units and images in [0, 1], or dcgan",
      }),
      `infogan for images of up to ${LARGEST_DENSE} px, above which the dense layers are most of it, and dcgan for larger ones`,
    ),
    noise: integer({
      default: 62,
      least: 1,
      means: "length of the noise, the part of the latent vector without a meaning",
    }),
    latentDistribution: latentDistributionOption("normal"),
    categories: integer({
      default: 10,
      least: 2,
      means: "categories of the categorical code, all equally likely",
    }),
    continuous: integer({ default: 2, least: 0, means: "number of continuous codes, each U(−1, 1)" }),
    informationWeight: number({
      default: 1,
      least: 0,
      symbol: "λ",
      means: "weight of the mutual information in both players' losses",
    }),
    // With 1, as in the paper, the players may agree on any meaning of a category.
    fakeCategoryWeight: number({
      default: 1,
      least: 0,
      means: "weight of the samples' categories, of λ, in the discriminator's loss",
    }),
    categoryNetwork: choice(["shared", "own"], {
      default: "shared",
      means: "names the category: the discriminator, or a network of its own with the same layers",
    }),
    projection: flag({
      default: false,
      means:
        "whether the score is told the category by projection: a sample's, or that seen in a real example",
    }),
  },
  create: (options, data) => {
    const { noise, latentDistribution, categories, continuous, informationWeight, fakeCategoryWeight } =
      options;
    const { projection } = options;
    const own = options.categoryNetwork === "own";
    const { backbone, activation, range, options: resolved } = partsOf(options, data);
    const parts: LatentPart[] = [
      { name: "noise", size: noise, distribution: latentDistribution },
      { name: "category", size: categories, distribution: "one-hot" },
    ];
    if (continuous > 0) parts.push({ name: "continuous", size: continuous, distribution: "uniform" });
    const size = noise + categories + continuous;
    const emphasis = constant(
      Float32Array.from({ length: size }, (_, i) =>
        i >= noise && i < noise + categories ? oneHotLength(noise) : 1,
      ),
      [1, size],
    );
    const score = backbone.head(1);
    const projections = layers.dense(categories, { init: dcganInit, bias: false });
    const hot = (z: Tensor): Tensor => sliceAxis(z, 1, noise, noise + categories);
    const codesOf = (units: number, between: readonly Layer[] = activation): Layer =>
      layers.sequential(layers.dense(CODE_LAYER, { init: dcganInit }), ...between, layers.dense(units));
    const shared = own ? continuous : categories + continuous;
    const codes = shared > 0 ? codesOf(shared) : undefined;
    const ownCodes = codesOf(categories, [layers.batchNorm(), layers.leakyRelu(0.2)]);
    const named = (x: Tensor, scope: Scope): Tensor => ownCodes(backbone.body(x, scope.child("body")), scope);
    return {
      options: resolved,
      latent: { size, distribution: latentDistribution, parts },
      scores: "logit",
      range,
      terms: [informationTerm(noise, categories, informationWeight, fakeCategoryWeight)],
      generator: ({ z }, scope) => backbone.generator(mul(z, emphasis), scope),
      discriminator: ({ x }, scope) => {
        const features = backbone.body(x, scope.child("body"));
        const code = codes?.(features, scope.child("codes"));
        const first = own ? 0 : categories;
        const heads = {
          category: own ? named(x, scope.child("category")) : sliceAxis(code!, 1, 0, categories),
          ...(continuous > 0 && { continuous: sliceAxis(code!, 1, first, first + continuous) }),
          ...(projection && { projections: projections(features, scope.child("projection")) }),
        };
        return { scores: score(features, scope.child("head")), features, heads };
      },
      ...(projection && {
        judge: ({ scores, heads }: DiscriminatorOutput, z?: Tensor): Tensor => {
          const category = z === undefined ? stopGradient(softmax(heads!.category)) : hot(z);
          return add(scores, sum(mul(category, heads!.projections), 1, true));
        },
      }),
    };
  },
});
