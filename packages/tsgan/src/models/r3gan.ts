/** Networks in the manner of R3GAN (Huang et al. 2024, arXiv:2501.05441, §4 and its code), at a scale for small machines. */
import { integer } from "../define/index.ts";
import { add, constant, leakyRelu, matmul, mul, reshape, sum } from "../graph/index.ts";
import { constantInit, heInit, type Layer, layers, normalInit, perChannel } from "../nn/index.ts";
import { latentOf, latentOptions } from "./latent.ts";
import { defineModel } from "./model.ts";
import { halved, halvings, sidesOf } from "./sides.ts";

const SLOPE = 0.2;
const EXPANSION = 2;
/** Keeps the variance of what goes through a leaky ReLU (He et al. 2015). */
const GAIN = Math.sqrt(2 / (1 + SLOPE * SLOPE));

/** The only places with a bias are in front of activations. */
const biasedActivation: Layer = (x, scope) =>
  leakyRelu(add(x, perChannel(scope.parameter("bias", [x.shape[1]], constantInit(0)), x)), SLOPE);

const convolution = (filters: number, kernel: 1 | 3, gain: number, groups = 1): Layer =>
  layers.conv2d(filters, {
    kernel,
    padding: kernel === 3 ? 1 : 0,
    groups,
    bias: false,
    init: heInit(gain),
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

/** Σ over places of x times one weight for each place: [N, C, H, W] → [N, C]. */
const weightedPlaces: Layer = (x, scope) => {
  const [, channels, height, width] = x.shape;
  const weight = scope.parameter("weight", [channels, 1, height, width], heInit(1));
  return sum(mul(x, reshape(weight, [1, channels, height, width])), [2, 3]);
};

/**
 * No normalisation; instead each residual branch starts at zero and its weights are scaled by (number of blocks)^−¼
 * (Fixup, Zhang et al. 2019, arXiv:1901.09321). The generator starts from a learned map, weighed channel by channel by
 * a linear function of z; the discriminator ends in one weight for each place. The output is linear, without a tanh. Made
 * for `relativistic-paired` with `r1` and `r2`. Sides are multiples of 4. Huang et al. 2024, arXiv:2501.05441.
 */
export const r3gan = defineModel({
  name: "r3gan",
  title: "residual blocks without normalisation, made for relativistic-paired with r1 and r2",
  data: "images",
  papers: [
    {
      authors: "Huang, Gokaslan, Kuleshov and Tompkin",
      year: 2024,
      title: "The GAN is dead; long live the GAN! A modern GAN baseline",
      arxiv: "2501.05441",
      where: "§4",
    },
  ],
  options: {
    ...latentOptions(64),
    width: integer({
      default: 64,
      least: 1,
      means: "channels between blocks: 768 at 32 px in the authors' code",
    }),
    blocks: integer({
      default: 1,
      least: 1,
      most: 100,
      means: "residual blocks of each resolution: 2 in the authors' code",
    }),
    groups: integer({
      default: 8,
      least: 1,
      means: "groups of the 3 × 3 convolutions, which have twice the width: 96 in the authors' code",
    }),
  },
  create: (options, { shape: image }) => {
    const { width, blocks, groups } = options;
    const [channels] = image;
    const sides = sidesOf("r3gan", image, 4);
    const levels = halvings(sides, 4);
    const start = halved(sides, levels);

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

    const linear = (units: number): Layer => layers.dense(units, { bias: false, init: heInit(1) });
    const basis: Layer = (z, scope) => {
      const map = scope.parameter("basis", [1, width, ...start], normalInit(1));
      return mul(map, reshape(linear(width)(z, scope), [z.shape[0], width, 1, 1]));
    };
    const generator = layers.sequential(basis, ...stages(up), convolution(channels, 1, 1));
    const body = layers.sequential(convolution(width, 1, 1), ...stages(down), weightedPlaces);
    const head = linear(1);
    return {
      latent: latentOf(options),
      unbounded: true,
      scores: "logit",
      generator: ({ z }, scope) => generator(z, scope),
      discriminator: ({ x }, scope) => {
        const features = body(x, scope.child("body"));
        return { scores: head(features, scope.child("head")), features };
      },
    };
  },
});
