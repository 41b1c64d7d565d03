/** Residual networks for images: WGAN-GP's (Gulrajani et al. 2017) and SNGAN's (Miyato et al. 2018). */
import { mean, sum } from "../graph/index.ts";
import { glorotInit, type Layer, layers } from "../nn/index.ts";
import { checkChoice } from "../options.ts";
import type { LatentDistribution, Model } from "./model.ts";
import { halvings, type ImageShape, squareSide } from "./sides.ts";

export type ResnetNorm = "spectral" | "layer" | "none";
export const resnetNorms: readonly ResnetNorm[] = ["spectral", "layer", "none"];

export interface ResnetOptions {
  /** [channels, side, side]; 28, 32, 64 … */
  readonly image: ImageShape;
  readonly latent?: number;
  readonly latentDistribution?: LatentDistribution;
  /** Filters of all layers of the generator: 256 in SNGAN's code, 128 in WGAN-GP's. */
  readonly generatorWidth?: number;
  /** Filters of all layers of the critic: 128 in both. */
  readonly discriminatorWidth?: number;
  /** Normalisation of the critic. The generator has batch norm. */
  readonly discriminatorNorm?: ResnetNorm;
  /** How the critic's last map becomes a vector: the sum over positions (SNGAN's code), or their mean (WGAN-GP's). */
  readonly pool?: "sum" | "mean";
}

const RELU_GAIN = Math.SQRT2;

/**
 * 32 px as in pfnet-research/sngan_projection and igul222/improved_wgan_training: three residual blocks up from 4 × 4;
 * down in two blocks, then two plain blocks. A larger image has one block more in both networks for each doubling, of
 * the same width. ReLU; Glorot's uniform weights with gain √2 in the 3 × 3 layers of blocks.
 */
export const resnet = (options: ResnetOptions): Model => {
  const resolved = {
    image: [...options.image],
    latent: options.latent ?? 128,
    latentDistribution: options.latentDistribution ?? "normal",
    generatorWidth: options.generatorWidth ?? 64,
    discriminatorWidth: options.discriminatorWidth ?? 64,
    discriminatorNorm: options.discriminatorNorm ?? "spectral",
    pool: options.pool ?? "sum",
  } as const;
  const { generatorWidth, discriminatorWidth: width, discriminatorNorm, pool } = resolved;
  checkChoice("resnet", "discriminatorNorm", discriminatorNorm, resnetNorms);
  checkChoice("resnet", "pool", pool, ["sum", "mean"]);
  const [channels] = options.image;
  const side = squareSide("resnet", options.image, 2);

  const spectralNorm = discriminatorNorm === "spectral";
  const convolution = (filters: number, kernel: 1 | 3, gain: number, ofCritic: boolean): Layer =>
    layers.conv2d(filters, {
      kernel,
      padding: kernel === 3 ? 1 : 0,
      init: glorotInit(gain),
      spectralNorm: ofCritic && spectralNorm,
    });

  const upBlock = layers.residual(
    layers.sequential(
      layers.batchNorm(),
      layers.relu(),
      layers.upsample(),
      convolution(generatorWidth, 3, RELU_GAIN, false),
      layers.batchNorm(),
      layers.relu(),
      convolution(generatorWidth, 3, RELU_GAIN, false),
    ),
    layers.sequential(layers.upsample(), convolution(generatorWidth, 1, 1, false)),
  );
  const ups = halvings(side, 4);
  const start = side >> ups;
  const generator = layers.sequential(
    layers.dense(generatorWidth * start * start, { init: glorotInit() }),
    layers.reshape([generatorWidth, start, start]),
    ...new Array<Layer>(ups).fill(upBlock),
    layers.batchNorm(),
    layers.relu(),
    convolution(channels, 3, 1, false),
    layers.tanh(),
  );

  const norm: Layer[] = discriminatorNorm === "layer" ? [layers.layerNorm()] : [];
  const wide = convolution(width, 3, RELU_GAIN, true);
  const projection = convolution(width, 1, 1, true);
  const body: Layer[] = [...norm, layers.relu(), wide, ...norm, layers.relu(), wide];
  // The image itself is neither rectified nor normalised, and its shortcut is pooled first, which is cheaper.
  const firstBlock = layers.residual(
    layers.sequential(wide, layers.relu(), wide, layers.averagePool(2)),
    layers.sequential(layers.averagePool(2), projection),
  );
  const downBlock = layers.residual(
    layers.sequential(...body, layers.averagePool(2)),
    layers.sequential(projection, layers.averagePool(2)),
  );
  const plainBlock = layers.residual(layers.sequential(...body));
  const critic = layers.sequential(
    firstBlock,
    ...new Array<Layer>(Math.max(0, halvings(side, 8) - 1)).fill(downBlock),
    plainBlock,
    plainBlock,
    layers.relu(),
  );
  const head = layers.dense(1, { init: glorotInit(), spectralNorm });
  return {
    name: "resnet",
    options: resolved,
    shape: resolved.image,
    latent: { size: resolved.latent, distribution: resolved.latentDistribution },
    scores: "logit",
    generator: ({ z }, scope) => generator(z, scope),
    discriminator: ({ x }, scope) => {
      const map = critic(x, scope.child("body"));
      const features = (pool === "sum" ? sum : mean)(map, [2, 3]);
      return { scores: head(features, scope.child("head")), features };
    },
  };
};
