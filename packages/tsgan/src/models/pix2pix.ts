/**
 * pix2pix (Isola et al. 2017, arXiv:1611.07004): images of one kind are translated into another, learnt from pairs. An
 * example is a pair stacked along the channels, [input, target]; the generator gives [input, G(input)], and the
 * discriminator sees either pair as it is.
 */
import { concat, mul } from "../graph/index.ts";
import { l1 } from "../losses/index.ts";
import { dcganInit, type Layer, layers } from "../nn/index.ts";
import { checkInteger, checkNumber } from "../options.ts";
import type { Model } from "./model.ts";
import { normScale, patchDiscriminator } from "./patch-gan.ts";
import { halvings, type ImageShape } from "./sides.ts";
import { firstOf, imageOfPair, secondOf } from "./translation.ts";

export interface Pix2pixOptions {
  /** [2 · channels, side, side] of a pair; the side is divisible by 4. */
  readonly pair: ImageShape;
  /** Filters of the first layers: 64 in the authors' code. */
  readonly base?: number;
  /** Halvings in the U-Net, at most as many as the side allows: 8 in the authors' code, at 256 px. */
  readonly depth?: number;
  /** Strided layers of the PatchGAN: 3, each score for 70 × 70 pixels, in the authors' code; 2 for 34 × 34. */
  readonly patchLayers?: number;
  /** λ, the weight of the L1 distance from the target. */
  readonly lambda?: number;
}

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

export const pix2pix = (options: Pix2pixOptions): Model => {
  const { channels, side } = imageOfPair("pix2pix", options.pair, 2);
  const deepest = halvings(side, 1);
  const resolved = {
    pair: [...options.pair],
    base: options.base ?? 64,
    depth: Math.min(options.depth ?? 8, deepest),
    patchLayers: options.patchLayers ?? (side >= 128 ? 3 : 2),
    lambda: options.lambda ?? 100,
  } as const;
  const { base, depth, patchLayers, lambda } = resolved;
  checkInteger("pix2pix", "depth", depth, 2);
  checkNumber("pix2pix", "lambda", lambda, { least: 0 });
  const translate = uNet(channels, base, depth);
  const discriminator = patchDiscriminator(base, patchLayers, layers.batchNorm({ gammaInit: normScale }));
  return {
    name: "pix2pix",
    options: resolved,
    shape: resolved.pair,
    // There is no z: what varies is the dropout.
    latent: { size: 1, distribution: "normal" },
    scores: "logit",
    translates: true,
    needsAlignedPairs: true,
    adversarialWeights: { discriminator: 0.5 },
    terms: [
      {
        name: "l1",
        generator: ({ fake, real }) => mul(l1(secondOf(fake), secondOf(real)), lambda),
      },
    ],
    generator: ({ source }, scope) => {
      const input = firstOf(source);
      return concat([input, translate(input, scope)], 1);
    },
    discriminator: ({ x }, scope) => ({ scores: discriminator(x, scope) }),
  };
};
