/** DCGAN (Radford et al. 2016, arXiv:1511.06434) with 4×4 kernels, for square images. */
import { concat, flatten, GraphError, sliceAxis } from "../graph/index.ts";
import type { ScoreKind } from "../losses/loss.ts";
import { dcganInit, type Layer, layers, normalInit, uniformInit } from "../nn/index.ts";
import { checkChoice, checkInteger } from "../options.ts";
import type { Backbone } from "./backbone.ts";
import type { LatentDistribution, Model } from "./model.ts";

export type DiscriminatorNorm = "batch" | "layer" | "spectral" | "none";
export const discriminatorNorms: readonly DiscriminatorNorm[] = ["batch", "layer", "spectral", "none"];

export type GeneratorNorm = "batch" | "virtual-batch" | "none";
export const generatorNorms: readonly GeneratorNorm[] = ["batch", "virtual-batch", "none"];

/** What the discriminator is told about the other examples of its batch. */
const minibatchLayers = {
  none: [],
  /** Salimans et al. 2016, arXiv:1606.03498, §3.2. */
  discrimination: [layers.minibatchDiscrimination()],
  /** Karras et al. 2018, arXiv:1710.10196, §3. */
  "standard-deviation": [layers.minibatchStandardDeviation()],
} as const satisfies Record<string, readonly Layer[]>;

export type Minibatch = keyof typeof minibatchLayers;
export const minibatches = Object.keys(minibatchLayers) as readonly Minibatch[];

/** What the discriminator gives for each example: one raw score, or a vector [N, code] for losses between batches. */
const scoreKinds = { score: "logit", embedding: "embedding" } as const satisfies Record<string, ScoreKind>;

export type DcganDiscriminatorOutput = keyof typeof scoreKinds;
export const dcganDiscriminatorOutputs = Object.keys(scoreKinds) as readonly DcganDiscriminatorOutput[];

export interface DcganOptions {
  /** [channels, height, width]; a square side that halves at least twice: 28, 32, 64 … */
  readonly image: readonly [number, number, number];
  readonly latent?: number;
  readonly latentDistribution?: LatentDistribution;
  /** Filters of the discriminator's first layer. */
  readonly base?: number;
  /** Normalisation of the discriminator. Per-example penalties need one that keeps examples apart: not "batch". */
  readonly discriminatorNorm?: DiscriminatorNorm;
  /** Normalisation of the generator; "virtual-batch" by a fixed batch of latent vectors (Salimans et al. 2016, §3.5). */
  readonly generatorNorm?: GeneratorNorm;
  readonly minibatch?: Minibatch;
  readonly discriminatorOutput?: DcganDiscriminatorOutput;
  /** Length of the embedding. */
  readonly code?: number;
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

const gammaInit = normalInit(0.02, 1);
const scale: Layer = layers.batchNorm({ gammaInit });

/** Latent vectors in the reference batch of virtual batch norm. */
const REFERENCE = 64;

const generatorScales: Record<GeneratorNorm, readonly Layer[]> = {
  batch: [scale],
  "virtual-batch": [layers.virtualBatchNorm(REFERENCE, { gammaInit })],
  none: [],
};

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
 * Generator: dense, then transposed convolutions that double the side. Discriminator: the way back. Errors call the
 * model `name`.
 */
export const dcganLayers = (
  name: string,
  {
    image,
    base,
    discriminatorNorm,
    generatorNorm = "batch",
  }: Required<Pick<DcganOptions, "image" | "base" | "discriminatorNorm">> &
    Pick<DcganOptions, "generatorNorm">,
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

  const ownScale = generatorScales[generatorNorm];
  const up: Layer[] = [];
  for (let level = levels - 2; level >= 0; level--) {
    const bias = generatorNorm === "none";
    up.push(layers.convTranspose2d(base << level, { ...shape4, bias }), ...ownScale, layers.relu());
  }
  const generator = layers.sequential(
    layers.dense(widest * start * start, { init: dcganInit }),
    layers.reshape([widest, start, start]),
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

export const dcgan = (options: DcganOptions): Model => {
  const resolved = {
    image: [...options.image],
    latent: options.latent ?? 64,
    latentDistribution: options.latentDistribution ?? "normal",
    base: options.base ?? 64,
    discriminatorNorm: options.discriminatorNorm ?? "batch",
    generatorNorm: options.generatorNorm ?? "batch",
    minibatch: options.minibatch ?? "none",
    discriminatorOutput: options.discriminatorOutput ?? "score",
    code: options.code ?? 16,
  } as const;
  const { generatorNorm, minibatch, discriminatorOutput, code, latentDistribution } = resolved;
  checkChoice("dcgan", "discriminatorNorm", resolved.discriminatorNorm, discriminatorNorms);
  checkChoice("dcgan", "generatorNorm", generatorNorm, generatorNorms);
  checkChoice("dcgan", "minibatch", minibatch, minibatches);
  checkChoice("dcgan", "discriminatorOutput", discriminatorOutput, dcganDiscriminatorOutputs);
  checkInteger("dcgan", "code", code, 1);
  const { generator: plain, body, head } = dcganLayers("dcgan", { ...resolved, image: options.image });
  const generator = generatorNorm === "virtual-batch" ? withReference(plain, latentDistribution) : plain;
  const score = layers.sequential(
    ...minibatchLayers[minibatch],
    head(discriminatorOutput === "score" ? 1 : code),
  );
  return {
    name: "dcgan",
    options: resolved,
    shape: resolved.image,
    latent: { size: resolved.latent, distribution: latentDistribution },
    scores: scoreKinds[discriminatorOutput],
    generator: ({ z }, scope) => generator(z, scope),
    discriminator: ({ x }, scope) => {
      const features = body(x, scope.child("body"));
      return { scores: score(features, scope.child("head")), features };
    },
  };
};
