/** Networks in the manner of R3GAN (Huang et al. 2024, arXiv:2501.05441, §4 and its code), at a scale for small machines. */
import { add, constant, leakyRelu, matmul, mul, reshape } from "../graph/index.ts";
import { constantInit, type Layer, layers, normalInit, perChannel } from "../nn/index.ts";
import { checkInteger } from "../options.ts";
import type { LatentDistribution, Model } from "./model.ts";
import { halvings, type ImageShape, squareSide } from "./sides.ts";

export interface R3ganOptions {
  /** [channels, side, side]; the side halves down to 3 … 4 or to an odd number: 28, 32, 64 … */
  readonly image: ImageShape;
  readonly latent?: number;
  readonly latentDistribution?: LatentDistribution;
  /** Channels between blocks: 768 at 32 px in the authors' code. */
  readonly width?: number;
  /** Residual blocks of each resolution: 2 in the authors' code. */
  readonly blocks?: number;
  /** Groups of the 3 × 3 convolutions, which have twice the width: 96 in the authors' code. */
  readonly groups?: number;
}

const SLOPE = 0.2;
const EXPANSION = 2;
/** Keeps the variance of what goes through a leaky ReLU (He et al. 2015). */
const GAIN = Math.sqrt(2 / (1 + SLOPE * SLOPE));

/** The only places with a bias are in front of activations. */
const biasedActivation: Layer = (x, scope) =>
  leakyRelu(add(x, perChannel(scope.parameter("bias", [x.shape[1]], constantInit(0)), x)), SLOPE);

/** N(0, gain² / fan-in) */
const convolution = (filters: number, kernel: 1 | 3, gain: number, groups = 1): Layer =>
  layers.conv2d(filters, {
    kernel,
    padding: kernel === 3 ? 1 : 0,
    groups,
    bias: false,
    init: (request) => normalInit(gain / Math.sqrt(request.fanIn))(request),
  });

/** [2n, n]: zeros between the values, then the filter [½, 1, ½]. */
const doubling = (n: number): Float32Array => {
  const matrix = new Float32Array(2 * n * n);
  for (let i = 0; i < n; i++) {
    if (i > 0) matrix[(2 * i - 1) * n + i] = 0.5;
    matrix[2 * i * n + i] = 1;
    matrix[(2 * i + 1) * n + i] = 0.5;
  }
  return matrix;
};

/** Twice the side, interpolated linearly. */
const up: Layer = (x) => {
  const [, , height, width] = x.shape;
  const rows = constant(doubling(height), [1, 1, 2 * height, height]);
  const columns = constant(doubling(width), [1, 1, 2 * width, width]);
  return matmul(rows, matmul(x, columns, { transposeB: true }));
};

/** Half the side, through the filter [¼, ½, ¼]: the transpose of `up`, scaled. */
const down: Layer = (x) => {
  const [, , height, width] = x.shape;
  const half = (n: number): Float32Array => doubling(n / 2).map((v) => v / 2);
  const rows = constant(half(height), [1, 1, height, height / 2]);
  const columns = constant(half(width), [1, 1, width, width / 2]);
  return matmul(rows, matmul(x, columns), { transposeA: true });
};

/**
 * No normalisation; instead each residual branch starts at zero and its weights are scaled by (number of blocks)^−¼
 * (Fixup, Zhang et al. 2019, arXiv:1901.09321). The generator starts from a learned map, weighed channel by channel by
 * a linear function of z; the discriminator ends in one weight for each place. The output is linear, without a tanh. Made
 * for `relativistic-paired` with `r1` and `r2`.
 */
export const r3gan = (options: R3ganOptions): Model => {
  const resolved = {
    image: [...options.image],
    latent: options.latent ?? 64,
    latentDistribution: options.latentDistribution ?? "normal",
    width: options.width ?? 64,
    blocks: options.blocks ?? 1,
    groups: options.groups ?? 8,
  } as const;
  const { width, blocks, groups } = resolved;
  checkInteger("r3gan", "blocks", blocks, 1);
  const [channels] = options.image;
  const side = squareSide("r3gan", options.image, 2);
  const levels = halvings(side, 4);
  const start = side >> levels;

  const gain = GAIN * ((levels + 1) * blocks) ** -0.25;
  const block = layers.residual(
    layers.sequential(
      convolution(EXPANSION * width, 1, gain),
      biasedActivation,
      convolution(EXPANSION * width, 3, gain, groups),
      biasedActivation,
      convolution(width, 1, 0),
    ),
  );
  const stage = new Array<Layer>(blocks).fill(block);
  const stages = (resample: Layer): Layer[] =>
    Array.from({ length: levels + 1 }, (_, i) => (i === 0 ? stage : [resample, ...stage])).flat();

  const linear = (units: number): Layer =>
    layers.dense(units, {
      bias: false,
      init: (request) => normalInit(1 / Math.sqrt(request.fanIn))(request),
    });
  const basis: Layer = (z, scope) => {
    const map = scope.parameter("basis", [1, width, start, start], normalInit(1));
    return mul(map, reshape(linear(width)(z, scope), [z.shape[0], width, 1, 1]));
  };
  const generator = layers.sequential(basis, ...stages(up), convolution(channels, 1, 1));
  const body = layers.sequential(
    convolution(width, 1, 1),
    ...stages(down),
    layers.conv2d(width, {
      kernel: start,
      groups: width,
      bias: false,
      init: (request) => normalInit(1 / Math.sqrt(request.fanIn))(request),
    }),
    layers.flatten(),
  );
  const head = linear(1);
  return {
    name: "r3gan",
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
