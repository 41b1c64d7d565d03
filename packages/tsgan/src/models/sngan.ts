/** The plain convolutional networks of spectral normalisation (Miyato et al. 2018, arXiv:1802.05957). */
import { type Layer, layers, normalInit } from "../nn/index.ts";
import type { LatentDistribution, Model } from "./model.ts";
import { halvings, type ImageShape, squareSide } from "./sides.ts";

export interface SnganOptions {
  /** [channels, side, side]; 28, 32, 48 … */
  readonly image: ImageShape;
  readonly latent?: number;
  readonly latentDistribution?: LatentDistribution;
  /** Filters of the layers at full size. */
  readonly base?: number;
  /** Whether the discriminator's weights are divided by their largest singular value. */
  readonly spectralNorm?: boolean;
}

const LEAK = 0.1;
const MOST_LEVELS = 3;

/**
 * 4 × 4 transposed convolutions up, pairs of 3 × 3 and 4 × 4 convolutions down, widths 64-64-128-128-256-256-512 as in
 * AlexiaJM/RelativisticGAN (compare_gan's widths grow a layer earlier). Batch norm and ReLU in the generator, leak 0.1
 * in the discriminator. The side is halved up to three times; one of 28 px halves twice.
 */
export const sngan = (options: SnganOptions): Model => {
  const resolved = {
    image: [...options.image],
    latent: options.latent ?? 128,
    latentDistribution: options.latentDistribution ?? "normal",
    base: options.base ?? 64,
    spectralNorm: options.spectralNorm ?? true,
  } as const;
  const { base, spectralNorm } = resolved;
  const [channels] = options.image;
  const side = squareSide("sngan", options.image, 2);
  const levels = Math.min(MOST_LEVELS, halvings(side, 1));
  const start = side >> levels;
  const init = normalInit(0.02);
  const stride2 = { kernel: 4, stride: 2, padding: 1, init } as const;
  const stride1 = { kernel: 3, stride: 1, padding: 1, init } as const;
  const up: Layer[] = [];
  for (let level = levels - 1; level >= 0; level--) {
    up.push(layers.convTranspose2d(base << level, stride2), layers.batchNorm(), layers.relu());
  }
  const generator = layers.sequential(
    layers.dense((base << levels) * start * start, { init }),
    layers.reshape([base << levels, start, start]),
    layers.batchNorm(),
    layers.relu(),
    ...up,
    layers.conv2d(channels, stride1),
    layers.tanh(),
  );
  const leak = layers.leakyRelu(LEAK);
  const down: Layer[] = [];
  for (let level = 0; level < levels; level++) {
    down.push(layers.conv2d(base << level, { ...stride1, spectralNorm }), leak);
    down.push(layers.conv2d(base << level, { ...stride2, spectralNorm }), leak);
  }
  const body = layers.sequential(
    ...down,
    layers.conv2d(base << levels, { ...stride1, spectralNorm }),
    leak,
    layers.flatten(),
  );
  const head = layers.dense(1, { init, spectralNorm });
  return {
    name: "sngan",
    options: resolved,
    shape: resolved.image,
    latent: { size: resolved.latent, distribution: resolved.latentDistribution },
    scores: "logit",
    generator: ({ z }, scope) => generator(z, scope),
    discriminator: ({ x }, scope) => {
      const features = body(x, scope.child("body"));
      return { scores: head(features, scope.child("head")), features };
    },
  };
};
