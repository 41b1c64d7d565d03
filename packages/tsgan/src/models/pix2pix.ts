/**
 * pix2pix (Isola et al. 2017, arXiv:1611.07004): images of one kind are translated into another, learnt from pairs. An
 * example is a pair stacked along the channels, [input, target]; the generator gives [input, G(input)], and the
 * discriminator sees either pair as it is.
 */
import { integer, number } from "../define/index.ts";
import { concat, mul } from "../graph/index.ts";
import { l1, type Term } from "../losses/index.ts";
import { dcganInit, type Layer, layers } from "../nn/index.ts";
import { defineModel } from "./model.ts";
import { normScale, patchDiscriminator, patchLayersFor, patchLayersOption } from "./patch-gan.ts";
import { halvings } from "./sides.ts";
import { firstOf, imageOfPair, secondOf } from "./translation.ts";

/** Innermost blocks with dropout in a U-Net of depth 8; a shallower one has fewer. */
const DROPOUT_BLOCKS = 3;
/** Filters grow up to this multiple of `base`. */
const WIDEST = 8;

/**
 * The U-Net: strided 4 × 4 convolutions down, transposed ones up, and what went down at a level is put beside what comes
 * up there. Batch norm except in the first and the innermost layer; dropout ½ in blocks within, in training only (the
 * authors keep it in use). Layer sizes of junyanz/pytorch-CycleGAN-and-pix2pix `networks.py`.
 */
const uNet = (channels: number, base: number, depth: number): Layer => {
  const stride2 = { kernel: 4, stride: 2, padding: 1, init: dcganInit } as const;
  const filters = (level: number): number => base * Math.min(WIDEST, 2 ** level);
  /** The part of the network below `level`, its input beside its output. */
  const block =
    (level: number): Layer =>
    (x, scope) => {
      const innermost = level === depth - 1;
      const drops = !innermost && level >= depth - 1 - Math.min(DROPOUT_BLOCKS, depth - 5);
      const down = layers.sequential(
        layers.leakyRelu(0.2),
        layers.conv2d(filters(level), { ...stride2, bias: innermost }),
        ...(innermost ? [] : [layers.batchNorm({ gammaInit: normScale }), block(level + 1)]),
        layers.relu(),
        layers.convTranspose2d(filters(level - 1), { ...stride2, bias: false }),
        layers.batchNorm({ gammaInit: normScale }),
        ...(drops ? [layers.dropout(0.5)] : []),
      );
      return concat([x, down(x, scope)], 1);
    };
  return layers.sequential(
    layers.conv2d(base, stride2),
    block(1),
    layers.relu(),
    layers.convTranspose2d(channels, stride2),
    layers.tanh(),
  );
};

/** λ E|target − G(input)|. */
const l1Term = (lambda: number): Term => ({
  name: "l1",
  generator: ({ fake, real }) => mul(l1(secondOf(fake), secondOf(real)), lambda),
});

/**
 * A U-Net that translates, and a discriminator that judges patches of pairs; the generator also minimises λ E|target − G(input)|.
 * There is no z: what varies is the dropout. Sides are multiples of 4, from 8 on. Isola et al. 2017, arXiv:1611.07004.
 */
export const pix2pix = defineModel({
  name: "pix2pix",
  title: "translates images, learnt from pairs",
  data: "pairs",
  translates: true,
  needsAlignedPairs: true,
  papers: [
    {
      authors: "Isola, Zhu, Zhou and Efros",
      year: 2017,
      title: "Image-to-image translation with conditional adversarial networks",
      arxiv: "1611.07004",
    },
  ],
  notes: "Layer sizes are those of junyanz/pytorch-CycleGAN-and-pix2pix; dropout is in use in training only",
  options: {
    base: integer({ default: 64, least: 1, means: "filters of the first layers: 64 in the authors' code" }),
    depth: integer({
      default: 8,
      least: 2,
      means: "halvings in the U-Net, at most as many as the sides allow: 8 in the authors' code, at 256 px",
    }),
    patchLayers: patchLayersOption,
    lambda: number({
      default: 100,
      least: 0,
      symbol: "λ",
      means: "weight of the L1 distance from the target",
    }),
  },
  create: (options, { shape }) => {
    const { base, lambda } = options;
    const { channels, sides } = imageOfPair("pix2pix", shape);
    const depth = Math.min(options.depth, halvings(sides, 1));
    const patchLayers = patchLayersFor("pix2pix", sides, options.patchLayers);
    const translate = uNet(channels, base, depth);
    const norm = layers.batchNorm({ gammaInit: normScale });
    const discriminator = patchDiscriminator(base, patchLayers, norm);
    return {
      options: { depth, patchLayers },
      latent: { size: 1, distribution: "normal" },
      scores: "logit",
      adversarialWeights: { discriminator: 0.5 },
      terms: [l1Term(lambda)],
      generator: ({ source }, scope) => {
        const input = firstOf(source);
        return concat([input, translate(input, scope)], 1);
      },
      discriminator: ({ x }, scope) => ({ scores: discriminator(x, scope) }),
    };
  },
});
