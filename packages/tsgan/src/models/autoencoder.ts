/**
 * Models whose discriminator is an auto-encoder: the score of an example is the error with which it comes back, an
 * energy. It is a mean over the elements of the example, so that its scale does not depend on the size of the image.
 */
import { abs, flatten, mean, mul, square, sub, type Tensor } from "../graph/index.ts";
import { pullingAway } from "../losses/index.ts";
import { dcganInit, glorotInit, type Layer, layers, type Scope } from "../nn/index.ts";
import { checkNumber } from "../options.ts";
import type { DiscriminatorInput, DiscriminatorOutput, LatentDistribution, Model } from "./model.ts";
import { halvings, type ImageShape, squareSide } from "./sides.ts";

/** Scores [N]: the error of each reconstruction. Features [N, code]: what the encoder makes of it. */
export const autoEncoding =
  (encoder: Layer, decoder: Layer, error: (difference: Tensor) => Tensor) =>
  ({ x }: DiscriminatorInput, scope: Scope): DiscriminatorOutput => {
    const code = encoder(x, scope.child("encoder"));
    const reconstruction = decoder(code, scope.child("decoder"));
    return { scores: error(sub(x, reconstruction)), features: code };
  };

/** The mean of what `error` makes of each element, [N]. */
const meanOf =
  (error: (difference: Tensor) => Tensor) =>
  (difference: Tensor): Tensor =>
    mean(flatten(error(difference)), 1);

export interface BeganModelOptions {
  /** [channels, side, side]; the side halves down to 5 … 8: 28, 32, 64 … */
  readonly image: ImageShape;
  readonly latent?: number;
  readonly latentDistribution?: LatentDistribution;
  /** n: filters of the decoder, and of the encoder's first layers. The authors' code has 128 for 64 px. */
  readonly base?: number;
  /** Length of the encoder's code. */
  readonly code?: number;
}

/**
 * BEGAN (Berthelot et al. 2017, arXiv:1703.10717, figure 1; sizes as in carpedm20/BEGAN-tensorflow): the generator has
 * the form of the auto-encoder's decoder. ELU, no normalisation, linear output; L1 reconstruction errors.
 */
export const began = (options: BeganModelOptions): Model => {
  const resolved = {
    image: [...options.image],
    latent: options.latent ?? 64,
    latentDistribution: options.latentDistribution ?? "uniform",
    base: options.base ?? 64,
    code: options.code ?? 64,
  } as const;
  const { base, code } = resolved;
  const [channels] = options.image;
  const side = squareSide("began", options.image, 1);
  const levels = halvings(side, 8);
  const start = side >> levels;
  const init = glorotInit();
  const convolution = (filters: number, stride = 1): Layer[] => [
    layers.conv2d(filters, { kernel: 3, stride, padding: 1, init }),
    layers.elu(),
  ];
  const decoder = (): Layer => {
    const up: Layer[] = [];
    for (let level = 0; level <= levels; level++) {
      if (level > 0) up.push(layers.upsample());
      up.push(...convolution(base), ...convolution(base));
    }
    return layers.sequential(
      layers.dense(base * start * start, { init }),
      layers.reshape([base, start, start]),
      ...up,
      layers.conv2d(channels, { kernel: 3, padding: 1, init }),
    );
  };
  const down = convolution(base);
  for (let level = 0; level <= levels; level++) {
    const filters = base * (level + 1);
    down.push(...convolution(filters), ...convolution(filters));
    if (level < levels) down.push(...convolution(filters, 2));
  }
  const encoder = layers.sequential(...down, layers.flatten(), layers.dense(code, { init }));
  const generator = decoder();
  return {
    name: "began",
    options: resolved,
    shape: resolved.image,
    latent: { size: resolved.latent, distribution: resolved.latentDistribution },
    scores: "energy",
    generator: ({ z }, scope) => generator(z, scope),
    discriminator: autoEncoding(encoder, decoder(), meanOf(abs)),
  };
};

export interface EbganModelOptions {
  /** [channels, side, side]; the side is divisible by 4. */
  readonly image: ImageShape;
  readonly latent?: number;
  readonly latentDistribution?: LatentDistribution;
  /** Filters of the outer convolutions. */
  readonly base?: number;
  /** Units of the generator's first layer. */
  readonly hidden?: number;
  /** Length of the encoder's code. */
  readonly code?: number;
  /** Weight of the pulling-away term in the generator's loss; 0 leaves it out. */
  readonly pullingAway?: number;
}

/**
 * EBGAN (Zhao et al. 2017, arXiv:1609.03126) with the small networks of hwalsuklee/tensorflow-generative-model-collections;
 * images in [−1, 1] in place of [0, 1], and mean squared errors, so that a margin of 1 is about the error of an untrained
 * auto-encoder. The generator's pulling-away term (§2.4) looks at the codes of a batch.
 */
export const ebgan = (options: EbganModelOptions): Model => {
  const resolved = {
    image: [...options.image],
    latent: options.latent ?? 62,
    latentDistribution: options.latentDistribution ?? "uniform",
    base: options.base ?? 64,
    hidden: options.hidden ?? 1024,
    code: options.code ?? 32,
    pullingAway: options.pullingAway ?? 0.1,
  } as const;
  const { base, hidden, code, pullingAway: weight } = resolved;
  checkNumber("ebgan", "pullingAway", weight, { least: 0 });
  const [channels] = options.image;
  const side = squareSide("ebgan", options.image, 2);
  const [half, quarter] = [side / 2, side / 4];
  const stride2 = { kernel: 4, stride: 2, padding: 1, init: dcganInit } as const;
  const dense = (units: number): Layer => layers.dense(units, { init: dcganInit });
  const generator = layers.sequential(
    dense(hidden),
    layers.batchNorm(),
    layers.relu(),
    dense(2 * base * quarter * quarter),
    layers.batchNorm(),
    layers.relu(),
    layers.reshape([2 * base, quarter, quarter]),
    layers.convTranspose2d(base, stride2),
    layers.batchNorm(),
    layers.relu(),
    layers.convTranspose2d(channels, stride2),
    layers.tanh(),
  );
  const encoder = layers.sequential(
    layers.conv2d(base, stride2),
    layers.relu(),
    layers.flatten(),
    dense(code),
  );
  const decoder = layers.sequential(
    dense(base * half * half),
    layers.batchNorm(),
    layers.relu(),
    layers.reshape([base, half, half]),
    layers.convTranspose2d(channels, stride2),
    layers.tanh(),
  );
  return {
    name: "ebgan",
    options: resolved,
    shape: resolved.image,
    latent: { size: resolved.latent, distribution: resolved.latentDistribution },
    scores: "energy",
    ...(weight === 0
      ? {}
      : {
          terms: [
            {
              name: "pulling-away",
              generator: ({ fakeOutput }) => mul(pullingAway(fakeOutput.features as Tensor), weight),
            },
          ],
        }),
    generator: ({ z }, scope) => generator(z, scope),
    discriminator: autoEncoding(encoder, decoder, meanOf(square)),
  };
};
