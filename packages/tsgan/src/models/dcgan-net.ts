/** DCGAN's layers (Radford et al. 2016, arXiv:1511.06434) with 4×4 kernels. */
import { flatten } from "../graph/index.ts";
import { dcganInit, type Layer, layers, normalInit } from "../nn/index.ts";
import type { Backbone } from "./backbone.ts";
import { halved, halvings, type ImageShape, sidesOf } from "./sides.ts";

export const discriminatorNorms = ["batch", "layer", "spectral", "none"] as const;
export type DiscriminatorNorm = (typeof discriminatorNorms)[number];

export const generatorNorms = ["batch", "virtual-batch", "none"] as const;
export type GeneratorNorm = (typeof generatorNorms)[number];

export interface DcganLayersOptions {
  readonly image: ImageShape;
  /** Filters of the discriminator's first layer. */
  readonly base: number;
  readonly discriminatorNorm: DiscriminatorNorm;
  readonly generatorNorm?: GeneratorNorm;
}

/** Latent vectors in the reference batch of virtual batch norm. */
export const REFERENCE = 64;

/** Sides are halved down to 4 or to an odd number, and at least so often. */
const LEAST_LEVELS = 2;

const gammaInit = normalInit(0.02, 1);
const scale: Layer = layers.batchNorm({ gammaInit });

const generatorScales: Record<GeneratorNorm, readonly Layer[]> = {
  batch: [scale],
  "virtual-batch": [layers.virtualBatchNorm(REFERENCE, { gammaInit })],
  none: [],
};

/**
 * Generator: dense, then transposed convolutions that double the sides. Discriminator: the way back. Errors call the
 * model `name`.
 */
export const dcganLayers = (
  name: string,
  { image, base, discriminatorNorm, generatorNorm = "batch" }: DcganLayersOptions,
): Backbone => {
  const [channels] = image;
  const sides = sidesOf(name, image, 2 ** LEAST_LEVELS);
  const levels = Math.max(LEAST_LEVELS, halvings(sides, 4));
  const start = halved(sides, levels);
  const widest = base << (levels - 1);
  const shape4 = { kernel: 4, stride: 2, padding: 1, init: dcganInit } as const;

  const ownScale = generatorScales[generatorNorm];
  const up: Layer[] = [];
  for (let level = levels - 2; level >= 0; level--) {
    const bias = generatorNorm === "none";
    up.push(layers.convTranspose2d(base << level, { ...shape4, bias }), ...ownScale, layers.relu());
  }
  const generator = layers.sequential(
    layers.dense(widest * start[0] * start[1], { init: dcganInit }),
    layers.reshape([widest, ...start]),
    ...ownScale,
    layers.relu(),
    ...up,
    layers.convTranspose2d(channels, shape4),
    layers.tanh(),
  );

  const spectralNorm = discriminatorNorm === "spectral";
  const norms: Record<DiscriminatorNorm, Layer[]> = {
    batch: [scale],
    layer: [layers.layerNorm()],
    spectral: [],
    none: [],
  };
  const down: Layer[] = [layers.conv2d(base, { ...shape4, spectralNorm }), layers.leakyRelu(0.2)];
  for (let level = 1; level < levels; level++) {
    const bias = discriminatorNorm !== "batch";
    down.push(layers.conv2d(base << level, { ...shape4, bias, spectralNorm }));
    down.push(...norms[discriminatorNorm], layers.leakyRelu(0.2));
  }
  const convolutions = layers.sequential(...down);
  return {
    generator,
    body: (x, scope) => flatten(convolutions(x, scope)),
    head: (units) => layers.dense(units, { init: dcganInit, spectralNorm }),
  };
};
