/** The perceptrons of the first GAN (Goodfellow et al. 2014, arXiv:1406.2661). */
import { max, reshape, type Shape, sizeOf } from "../graph/index.ts";
import { type Layer, layers, uniformInit } from "../nn/index.ts";
import type { LatentDistribution, Model } from "./model.ts";

export interface Gan2014Options {
  /** Shape of one example. */
  readonly shape: Shape;
  readonly latent?: number;
  readonly latentDistribution?: LatentDistribution;
  /** Units of the generator's two hidden layers. */
  readonly hidden?: number;
  /** Maxout units of the discriminator's two hidden layers. */
  readonly maxout?: number;
  /** Linear pieces of each maxout unit. */
  readonly pieces?: number;
  /** Whether the discriminator drops a fifth of its input and half of its hidden units. */
  readonly dropout?: boolean;
}

/** The largest of `pieces` linear functions: [N, in] → [N, units] (Goodfellow et al. 2013, arXiv:1302.4389). */
const maxout =
  (units: number, pieces: number, init: ReturnType<typeof uniformInit>): Layer =>
  (x, scope) =>
    max(reshape(layers.dense(units * pieces, { init })(x, scope), [x.shape[0], units, pieces]), 2);

/**
 * As in goodfeli/adversarial `mnist.yaml`: a generator of ReLU units with a sigmoid output, images in [0, 1]; a
 * discriminator of maxout units with dropout. Their generator's output bias starts at the logit of the pixels' means, here
 * at 0.
 */
export const gan2014 = (options: Gan2014Options): Model => {
  const resolved = {
    shape: [...options.shape],
    latent: options.latent ?? 100,
    latentDistribution: options.latentDistribution ?? "unit-uniform",
    hidden: options.hidden ?? 1200,
    maxout: options.maxout ?? 240,
    pieces: options.pieces ?? 5,
    dropout: options.dropout ?? true,
  } as const;
  const { shape, hidden } = resolved;
  const init = uniformInit(0.05);
  const generator = layers.sequential(
    layers.dense(hidden, { init }),
    layers.relu(),
    layers.dense(hidden, { init }),
    layers.relu(),
    layers.dense(sizeOf(shape), { init }),
    layers.sigmoid(),
    layers.reshape(shape),
  );
  const discriminatorInit = uniformInit(0.005);
  const hiddenUnits = maxout(resolved.maxout, resolved.pieces, discriminatorInit);
  const drop = (rate: number): Layer => layers.dropout(resolved.dropout ? rate : 0);
  const body = layers.sequential(layers.flatten(), drop(0.2), hiddenUnits, drop(0.5), hiddenUnits);
  const head = layers.sequential(drop(0.5), layers.dense(1, { init: discriminatorInit }));
  return {
    name: "gan-2014",
    options: resolved,
    shape: resolved.shape,
    latent: { size: resolved.latent, distribution: resolved.latentDistribution },
    scores: "logit",
    range: "unit",
    generator: ({ z }, scope) => generator(z, scope),
    discriminator: ({ x }, scope) => {
      const features = body(x, scope.child("body"));
      return { scores: head(features, scope.child("head")), features };
    },
  };
};
