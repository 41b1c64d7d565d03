/** DCGAN (Radford et al. 2016, arXiv:1511.06434) with 4×4 kernels, for square images. */
import { flatten, GraphError } from "../graph/index.ts";
import { dcganInit, type Layer, layers, normalInit } from "../nn/index.ts";
import type { Backbone } from "./backbone.ts";
import type { LatentDistribution, Model } from "./model.ts";

export type DiscriminatorNorm = "batch" | "layer" | "spectral" | "none";
export const discriminatorNorms: readonly DiscriminatorNorm[] = ["batch", "layer", "spectral", "none"];

export interface DcganOptions {
  /** [channels, height, width]; a square side that halves at least twice: 28, 32, 64 … */
  readonly image: readonly [number, number, number];
  readonly latent?: number;
  readonly latentDistribution?: LatentDistribution;
  /** Filters of the discriminator's first layer. */
  readonly base?: number;
  /** Normalisation of the discriminator. Per-example penalties need one that keeps examples apart: not "batch". */
  readonly discriminatorNorm?: DiscriminatorNorm;
}

/** How often the side halves before it is odd or 4: 28 → 14 → 7, 64 → 32 → 16 → 8 → 4. */
const levelsOf = (side: number): number => {
  let levels = 0;
  let left = side;
  while (left % 2 === 0 && left > 4) {
    left /= 2;
    levels++;
  }
  return levels;
};

const scale: Layer = layers.batchNorm({ gammaInit: normalInit(0.02, 1) });

/**
 * Generator: dense, then transposed convolutions that double the side. Discriminator: the way back. Errors call the
 * model `name`.
 */
export const dcganLayers = (
  name: string,
  { image, base, discriminatorNorm }: Required<Pick<DcganOptions, "image" | "base" | "discriminatorNorm">>,
): Backbone => {
  const [channels, height, width] = image;
  const levels = levelsOf(height);
  if (height !== width || levels < 2) {
    throw new GraphError(
      `${name}: images must be square with a side that halves at least twice (28, 32, 64 …); got ${height}×${width}; resize them`,
    );
  }
  const start = height >> levels;
  const widest = base << (levels - 1);
  const shape4 = { kernel: 4, stride: 2, padding: 1, init: dcganInit } as const;

  const up: Layer[] = [];
  for (let level = levels - 2; level >= 0; level--) {
    up.push(layers.convTranspose2d(base << level, { ...shape4, bias: false }), scale, layers.relu());
  }
  const generator = layers.sequential(
    layers.dense(widest * start * start, { init: dcganInit }),
    layers.reshape([widest, start, start]),
    scale,
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

export const dcgan = (options: DcganOptions): Model => {
  const resolved = {
    image: [...options.image],
    latent: options.latent ?? 64,
    latentDistribution: options.latentDistribution ?? "normal",
    base: options.base ?? 64,
    discriminatorNorm: options.discriminatorNorm ?? "batch",
  } as const;
  const { generator, body, head } = dcganLayers("dcgan", { ...resolved, image: options.image });
  const score = head(1);
  return {
    name: "dcgan",
    options: resolved,
    shape: resolved.image,
    latent: { size: resolved.latent, distribution: resolved.latentDistribution },
    scores: "logit",
    generator: ({ z }, scope) => generator(z, scope),
    discriminator: ({ x }, scope) => {
      const features = body(x, scope.child("body"));
      return { scores: score(features, scope.child("head")), features };
    },
  };
};
