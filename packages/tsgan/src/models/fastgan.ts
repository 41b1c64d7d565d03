/** Networks for few pictures, in the manner of FastGAN (Liu et al. 2021, arXiv:2101.04775), at a scale for small machines. */
import { choice, integer, number } from "../define/index.ts";
import { abs, avgPool2d, flatten, mean, mul, sigmoid, sliceAxis, sub } from "../graph/index.ts";
import { headOf, type Term } from "../losses/index.ts";
import { dcganInit, heInit, type Layer, layers } from "../nn/index.ts";
import { latentOf, latentOptions } from "./latent.ts";
import { defineModel } from "./model.ts";
import { halved, halvings, sidesOf } from "./sides.ts";

/** A map weighs the channels of the one whose sides are 2^SKIP times longer, or of the last one. */
const SKIP = 3;
/** How many times as wide as the last maps the smallest ones are, at most. */
const WIDEST = 8;
/** Sides of the map that the discriminator judges place by place, at most; windows of 4 × 4 of it have a score each. */
const JUDGED = 8;

/** The first half of the channels, each weighed by σ of one of the second half: [N, 2C, H, W] → [N, C, H, W]. */
const gated: Layer = (x) => {
  const half = x.shape[1] / 2;
  return mul(sliceAxis(x, 1, 0, half), sigmoid(sliceAxis(x, 1, half, 2 * half)));
};

/**
 * Generator: a dense layer, then nearest enlargement and 3 × 3 convolutions with gated linear units; small maps weigh the channels
 * of large ones (skip-layer excitation): y = F(small) · large, F: 4 × 4 means, two dense layers, σ. Discriminator: strided residual
 * blocks, a score for each 4 × 4 window of the last map, and a decoder that makes the picture, at half its sides, of that map: its
 * error on real pictures, as they are shown, is a term of the discriminator. Sides are multiples of 4. Liu et al. 2021,
 * arXiv:2101.04775, §3.
 */
export const fastgan = defineModel({
  name: "fastgan",
  title: "skip-layer excitation and a discriminator that reconstructs, for few pictures",
  data: "images",
  papers: [
    {
      authors: "Liu, Zhu, Song and Elgammal",
      year: 2021,
      title: "Towards faster and stabilized GAN training for high-fidelity few-shot image synthesis",
      arxiv: "2101.04775",
      where: "§3",
    },
  ],
  notes:
    "Errors are absolute, not perceptual, and of the whole picture; no noise in the generator, no batch norm in D",
  options: {
    ...latentOptions(64),
    base: integer({
      default: 16,
      least: 1,
      means: "channels of both networks' largest maps: 64 in the authors' code",
    }),
    discriminatorWidth: number({
      default: 1,
      above: 0,
      means:
        "how many times as many channels the discriminator's largest map has; at 1 it is much the smaller network",
    }),
    discriminatorNorm: choice(["spectral", "none"], {
      default: "spectral",
      means: "normalisation of the discriminator",
    }),
    reconstruction: number({
      default: 1,
      least: 0,
      symbol: "λ",
      means: "weight of the decoder's error in the discriminator's loss; 0 leaves the decoder out",
    }),
  },
  create: (options, { shape: image }) => {
    const { base, discriminatorWidth, discriminatorNorm, reconstruction: weight } = options;
    const judge = Math.max(1, Math.round(base * discriminatorWidth));
    const [channels] = image;
    const sides = sidesOf("fastgan", image, 4);

    const ups = halvings(sides, 4);
    const start = halved(sides, ups);
    const width = (level: number): number => base * Math.min(WIDEST, 2 ** (ups - level));
    const block = (filters: number): Layer[] => [
      layers.conv2d(2 * filters, { kernel: 3, padding: 1, bias: false, init: dcganInit }),
      layers.batchNorm(),
      gated,
    ];
    const first = layers.sequential(
      layers.dense(2 * width(0) * start[0] * start[1], { bias: false, init: dcganInit }),
      layers.reshape([2 * width(0), ...start]),
      layers.batchNorm(),
      gated,
    );
    const excitation = (filters: number, side: number): Layer =>
      layers.sequential(
        layers.averagePool(Math.max(1, side >> 2)),
        layers.flatten(),
        layers.dense(filters, { init: heInit() }),
        layers.leakyRelu(0.1),
        layers.dense(filters, { init: heInit(1) }),
        layers.sigmoid(),
        layers.reshape([filters, 1, 1]),
      );
    const skip = Math.min(SKIP, ups);
    const last = layers.sequential(
      layers.conv2d(channels, { kernel: 3, padding: 1, init: heInit(1) }),
      layers.tanh(),
    );
    const generator: Layer = (z, scope) => {
      const maps = [first(z, scope.child("first"))];
      for (let level = 1; level <= ups; level++) {
        const own = scope.child(`level${level}`);
        const map = layers.sequential(layers.upsample(), ...block(width(level)))(maps[level - 1], own);
        const small = level < skip ? undefined : maps[level - skip];
        maps.push(
          small === undefined
            ? map
            : mul(
                map,
                excitation(width(level), Math.min(...small.shape.slice(2)))(small, own.child("excitation")),
              ),
        );
      }
      return last(maps[ups], scope.child("last"));
    };

    const spectralNorm = discriminatorNorm === "spectral";
    const convolution = (filters: number, kernel: 1 | 3 | 4, stride: 1 | 2, padding: 0 | 1): Layer =>
      layers.conv2d(filters, { kernel, stride, padding, init: heInit(), spectralNorm });
    const leak = layers.leakyRelu(0.2);
    const down = (filters: number): Layer =>
      layers.residual(
        layers.sequential(convolution(filters, 4, 2, 1), leak, convolution(filters, 3, 1, 1), leak),
        layers.sequential(layers.averagePool(2), convolution(filters, 1, 1, 0), leak),
      );
    const downs = halvings(sides, JUDGED);
    /** Blocks behind the first layer, and enlargements of the decoder: what it makes has half the picture's sides. */
    const blocks = Math.max(0, downs - 1);
    const body = layers.sequential(
      ...(downs === 0 ? [convolution(judge, 3, 1, 1)] : [convolution(judge, 4, 2, 1)]),
      leak,
      ...Array.from({ length: blocks }, (_, i) => down(judge << (i + 1))),
    );
    const head = layers.sequential(
      convolution(judge << blocks, 1, 1, 0),
      leak,
      convolution(1, 4, 1, 0),
      layers.flatten(),
    );
    // Without batch norm, which a penalty on single examples forbids in a discriminator.
    const decoder = layers.sequential(
      ...Array.from({ length: blocks }, (_, i) => [
        layers.upsample(),
        layers.conv2d(base << (blocks - 1 - i), { kernel: 3, padding: 1, init: heInit() }),
        leak,
      ]).flat(),
      last,
    );
    const term: Term = {
      name: "reconstruction",
      discriminator: ({ realOutput, record }) => {
        const error = mean(headOf("fastgan", "error", realOutput));
        record("reconstructionError", error);
        return mul(error, weight);
      },
    };
    return {
      latent: latentOf(options),
      scores: "logit",
      ...(weight > 0 && { terms: [term] }),
      generator: ({ z }, scope) => generator(z, scope),
      discriminator: ({ x }, scope) => {
        const map = body(x, scope.child("body"));
        const scores = head(map, scope.child("head"));
        const features = mean(map, [2, 3]);
        if (weight === 0) return { scores, features };
        const seen = downs === 0 ? x : avgPool2d(x, 2);
        const error = mean(flatten(abs(sub(decoder(map, scope.child("decoder")), seen))), 1);
        return { scores, features, heads: { error } };
      },
    };
  },
});
