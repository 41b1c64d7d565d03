/**
 * CycleGAN (Zhu et al. 2017, arXiv:1703.10593): two generators and two discriminators that translate between two kinds of
 * images without pairs. They are one model: an example is an image a of the first kind and an image b of the second,
 * stacked along the channels; the generator gives [F(b), G(a)]; the discriminator scores both places.
 */
import { auto, integer, number } from "../define/index.ts";
import { add, concat, flatten, mul, reflectPad2d, type Tensor } from "../graph/index.ts";
import { cycleConsistency, l1, type Term } from "../losses/index.ts";
import { dcganInit, type Layer, layers } from "../nn/index.ts";
import { defineModel } from "./model.ts";
import { patchDiscriminator, patchLayersFor, patchLayersOption } from "./patch-gan.ts";
import { firstOf, imageOfPair, secondOf } from "./translation.ts";

const norm = layers.instanceNorm({ affine: false });

const reflected = (filters: number, kernel: 3 | 7): Layer => {
  const convolution = layers.conv2d(filters, { kernel, init: dcganInit });
  return (x, scope) => convolution(reflectPad2d(x, (kernel - 1) / 2), scope);
};

/** Two strided layers down, residual blocks, two up (Johnson et al. 2016, arXiv:1603.08155), with reflecting margins. */
const translator = (channels: number, base: number, blocks: number): Layer => {
  const stride2 = { kernel: 3, stride: 2, padding: 1, init: dcganInit } as const;
  const block = layers.residual(
    layers.sequential(reflected(4 * base, 3), norm, layers.relu(), reflected(4 * base, 3), norm),
  );
  return layers.sequential(
    ...[reflected(base, 7), norm, layers.relu()],
    ...[layers.conv2d(2 * base, stride2), norm, layers.relu()],
    ...[layers.conv2d(4 * base, stride2), norm, layers.relu()],
    ...new Array<Layer>(blocks).fill(block),
    ...[layers.convTranspose2d(2 * base, { ...stride2, outputPadding: 1 }), norm, layers.relu()],
    ...[layers.convTranspose2d(base, { ...stride2, outputPadding: 1 }), norm, layers.relu()],
    ...[reflected(channels, 7), layers.tanh()],
  );
};

/** λ(E|F(G(a)) − a| + E|G(F(b)) − b|): the generators applied to [F(b), G(a)] give [F(G(a)), G(F(b))]. */
const cycle = (lambda: number): Term => ({
  name: "cycle",
  generator: ({ z, real, fake, generate }) => {
    const back = generate({ z, source: fake });
    return cycleConsistency(firstOf(real), firstOf(back), secondOf(real), secondOf(back), lambda);
  },
});

/** weight (E|F(a) − a| + E|G(b) − b|): applied to [b, a] the generators should change nothing. */
const identityOf = (weight: number): Term => ({
  name: "identity",
  generator: ({ z, real, generate }) => {
    const kept = generate({ z, source: concat([secondOf(real), firstOf(real)], 1) });
    return mul(add(l1(firstOf(kept), firstOf(real)), l1(secondOf(kept), secondOf(real))), weight);
  },
});

/** The scores of both discriminators, [N, patches of both]. */
const joined = (first: Tensor, second: Tensor): Tensor => concat([flatten(first), flatten(second)], 1);

/**
 * Layer sizes of junyanz/pytorch-CycleGAN-and-pix2pix `networks.py` and `cycle_gan_model.py`. The losses of the two pairs
 * of players are added. An image pool (`imagePool`) shows a whole pair of past fakes at a time; the authors have a pool
 * for each kind. Sides are multiples of 4, from 8 on. Zhu et al. 2017, arXiv:1703.10593.
 */
export const cyclegan = defineModel({
  name: "cyclegan",
  title: "translates images both ways, without pairs",
  data: "pairs",
  translates: true,
  bothWays: true,
  papers: [
    {
      authors: "Zhu, Park, Isola and Efros",
      year: 2017,
      title: "Unpaired image-to-image translation using cycle-consistent adversarial networks",
      arxiv: "1703.10593",
    },
  ],
  notes:
    "Layer sizes are those of junyanz/pytorch-CycleGAN-and-pix2pix; an image pool holds whole pairs of past fakes, the authors' one " +
    "for each kind",
  options: {
    base: integer({ default: 64, least: 1, means: "filters of the first layers: 64 in the authors' code" }),
    blocks: auto(
      integer({
        default: 6,
        least: 0,
        most: 100,
        means: "residual blocks of each generator: 9 in the authors' code at 256 px, 6 at 128 px",
      }),
      "6, or 9 from 256 px on",
    ),
    patchLayers: patchLayersOption,
    lambda: number({ default: 10, least: 0, symbol: "λ", means: "weight of the cycle losses" }),
    identity: number({
      default: 0.5,
      least: 0,
      means: "weight of the identity losses, as a share of λ; 0 leaves them out",
    }),
    adversarial: number({ default: 1, least: 0, means: "weight of the adversarial loss of each generator" }),
  },
  create: (options, { shape }) => {
    const { base, lambda, identity, adversarial } = options;
    const { channels, sides } = imageOfPair("cyclegan", shape);
    const { blocks = Math.min(...sides) >= 256 ? 9 : 6 } = options;
    const patchLayers = patchLayersFor("cyclegan", sides, options.patchLayers);
    const toFirst = translator(channels, base, blocks);
    const toSecond = translator(channels, base, blocks);
    const firstKind = patchDiscriminator(base, patchLayers, norm);
    const secondKind = patchDiscriminator(base, patchLayers, norm);
    return {
      options: { blocks, patchLayers },
      latent: { size: 1, distribution: "normal" },
      scores: "logit",
      // A mean over the scores of both discriminators is half of the sum of their losses. Theirs are halved as well.
      adversarialWeights: { discriminator: 1, generator: 2 * adversarial },
      terms: [cycle(lambda), ...(identity === 0 ? [] : [identityOf(identity * lambda)])],
      generator: ({ source }, scope) =>
        concat(
          [
            toFirst(secondOf(source), scope.child("toFirst")),
            toSecond(firstOf(source), scope.child("toSecond")),
          ],
          1,
        ),
      discriminator: ({ x }, scope) => ({
        scores: joined(
          firstKind(firstOf(x), scope.child("first")),
          secondKind(secondOf(x), scope.child("second")),
        ),
      }),
    };
  },
});
