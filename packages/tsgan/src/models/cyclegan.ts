/**
 * CycleGAN (Zhu et al. 2017, arXiv:1703.10593): two generators and two discriminators that translate between two kinds of
 * images without pairs. They are one model: an example is an image a of the first kind and an image b of the second,
 * stacked along the channels; the generator gives [F(b), G(a)]; the discriminator scores both places.
 */
import { add, concat, flatten, mul, reflectPad2d, type Tensor } from "../graph/index.ts";
import { cycleConsistency, l1 } from "../losses/index.ts";
import { dcganInit, type Layer, layers } from "../nn/index.ts";
import { checkInteger, checkNumber } from "../options.ts";
import type { Model, Term } from "./model.ts";
import { patchDiscriminator } from "./patch-gan.ts";
import type { ImageShape } from "./sides.ts";
import { firstOf, imageOfPair, secondOf } from "./translation.ts";

export interface CycleganOptions {
  /** [2 · channels, side, side] of a pair; the side is divisible by 4. */
  readonly pair: ImageShape;
  /** Filters of the first layers: 64 in the authors' code. */
  readonly base?: number;
  /** Residual blocks of each generator: 9 in the authors' code at 256 px, 6 at 128 px. */
  readonly blocks?: number;
  /** Strided layers of each PatchGAN. */
  readonly patchLayers?: number;
  /** λ, the weight of the cycle losses. */
  readonly lambda?: number;
  /** Weight of the identity losses, as a share of λ; 0 leaves them out. */
  readonly identity?: number;
  /** Weight of the adversarial loss of each generator. */
  readonly adversarial?: number;
}

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
 * for each kind.
 */
export const cyclegan = (options: CycleganOptions): Model => {
  const { channels, side } = imageOfPair("cyclegan", options.pair, 2);
  const resolved = {
    pair: [...options.pair],
    base: options.base ?? 64,
    blocks: options.blocks ?? (side >= 256 ? 9 : 6),
    patchLayers: options.patchLayers ?? (side >= 128 ? 3 : 2),
    lambda: options.lambda ?? 10,
    identity: options.identity ?? 0.5,
    adversarial: options.adversarial ?? 1,
  } as const;
  const { base, blocks, patchLayers, lambda, identity, adversarial } = resolved;
  checkInteger("cyclegan", "blocks", blocks, 0);
  for (const [name, value] of Object.entries({ lambda, identity, adversarial })) {
    checkNumber("cyclegan", name, value, { least: 0 });
  }
  const toFirst = translator(channels, base, blocks);
  const toSecond = translator(channels, base, blocks);
  const firstKind = patchDiscriminator(base, patchLayers, norm);
  const secondKind = patchDiscriminator(base, patchLayers, norm);
  return {
    name: "cyclegan",
    options: resolved,
    shape: resolved.pair,
    latent: { size: 1, distribution: "normal" },
    scores: "logit",
    translates: true,
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
};
