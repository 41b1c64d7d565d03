/**
 * Conditional GANs: the label reaches both networks. Mirza & Osindero 2014, arXiv:1411.1784 (concatenation); Miyato &
 * Koyama 2018, arXiv:1802.05637 (projection discriminator).
 */
import {
  add,
  broadcastTo,
  concat,
  expandLast,
  mul,
  oneHot,
  reshape,
  sum,
  type Tensor,
} from "../graph/index.ts";
import { dcganInit, layers } from "../nn/index.ts";
import { checkChoice, checkInteger } from "../options.ts";
import { type BackboneOptions, backboneOf } from "./backbone.ts";
import type { LatentDistribution, Model } from "./model.ts";

export interface ClassOptions extends BackboneOptions {
  /** Number of classes of the data. */
  readonly classes: number;
  readonly latent?: number;
  readonly latentDistribution?: LatentDistribution;
}

export type Conditioning = "concatenate" | "projection";
export const conditionings: readonly Conditioning[] = ["concatenate", "projection"];

export interface ConditionalOptions extends ClassOptions {
  /** How the discriminator reads the label. */
  readonly conditioning?: Conditioning;
}

/** The options of a model with classes: those of its backbone, and what the generator starts from. */
export const resolveClasses = (name: string, options: ClassOptions) => {
  checkInteger(name, "classes", options.classes, 2);
  const { backbone, options: own } = backboneOf(name, options);
  const { classes, latent = 64, latentDistribution = "normal" } = options;
  return { backbone, resolved: { ...own, classes, latent, latentDistribution } };
};

/**
 * Length of a one-hot vector beside one of `size` numbers of about 1, a third of theirs. At length 1 it is lost among them
 * when training begins; at √size it drowns them, and all samples of a class become one.
 */
export const oneHotLength = (size: number): number => Math.sqrt(size) / 3;

/** [N, L] and labels [N] → [N, L + classes]: (z, ℓ onehot(y)), ℓ = `oneHotLength(L)`. */
export const labelled = (z: Tensor, label: Tensor, classes: number): Tensor =>
  concat([z, mul(oneHot(label, classes), oneHotLength(z.shape[1]))], 1);

/** One more channel a class behind those of x [N, C, …]: 1 everywhere for the example's class, 0 for the others. */
const withLabelChannels = (x: Tensor, label: Tensor, classes: number): Tensor => {
  const [n, , ...positions] = x.shape;
  const hot = reshape(oneHot(label, classes), [n, classes, ...positions.map(() => 1)]);
  return concat([x, broadcastTo(hot, [n, classes, ...positions])], 1);
};

/**
 * cGAN. The generator sees the label as a one-hot vector beside z. The discriminator with `concatenate` sees it as further
 * channels of x; with `projection` it scores w·φ(x) + v_y·φ(x), φ the last hidden layer and v one learnt vector a class.
 * (The projection paper's generator has conditional batch norm instead.)
 */
export const cgan = (options: ConditionalOptions): Model => {
  const { conditioning = "concatenate" } = options;
  checkChoice("cgan", "conditioning", conditioning, conditionings);
  const { backbone, resolved } = resolveClasses("cgan", options);
  const { classes } = resolved;
  const score = backbone.head(1);
  return {
    name: "cgan",
    options: { ...resolved, conditioning },
    shape: options.shape,
    latent: { size: resolved.latent, distribution: resolved.latentDistribution },
    scores: "logit",
    classes,
    generator: ({ z, label }, scope) => backbone.generator(labelled(z, label!, classes), scope),
    discriminator: ({ x, label }, scope) => {
      const seen = conditioning === "concatenate" ? withLabelChannels(x, label!, classes) : x;
      const features = backbone.body(seen, scope.child("body"));
      const scores = score(features, scope.child("head"));
      if (conditioning === "concatenate") return { scores, features };
      const vectors = layers.embedding(
        classes,
        features.shape[1],
        dcganInit,
      )(label!, scope.child("projection"));
      return { scores: add(scores, expandLast(sum(mul(vectors, features), 1))), features };
    },
  };
};
