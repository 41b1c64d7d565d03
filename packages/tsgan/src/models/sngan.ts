/** The plain convolutional networks of spectral normalisation (Miyato et al. 2018, arXiv:1802.05957). */
import { flag, integer } from "../define/index.ts";
import { type Layer, layers, normalInit } from "../nn/index.ts";
import { latentOf, latentOptions } from "./latent.ts";
import { defineModel } from "./model.ts";
import { halved, halvings, sidesOf } from "./sides.ts";

const LEAK = 0.1;
const MOST_LEVELS = 3;

/**
 * 4 × 4 transposed convolutions up, pairs of 3 × 3 and 4 × 4 convolutions down, widths 64-64-128-128-256-256-512 as in
 * AlexiaJM/RelativisticGAN (compare_gan's widths grow a layer earlier). Batch norm and ReLU in the generator, leak 0.1
 * in the discriminator. Sides, multiples of 4, are halved up to three times; those of 28 px twice. Miyato et al. 2018,
 * arXiv:1802.05957.
 */
export const sngan = defineModel({
  name: "sngan",
  title: "plain convolutions with spectral norm",
  data: "images",
  papers: [
    {
      authors: "Miyato, Kataoka, Koyama and Yoshida",
      year: 2018,
      title: "Spectral normalization for generative adversarial networks",
      arxiv: "1802.05957",
    },
  ],
  notes: "Widths are those of AlexiaJM/RelativisticGAN; compare_gan's grow a layer earlier",
  options: {
    ...latentOptions(128),
    base: integer({ default: 64, least: 1, means: "filters of the layers at full size" }),
    spectralNorm: flag({
      default: true,
      means: "whether the discriminator's weights are divided by their largest singular value",
    }),
  },
  create: (options, { shape: image }) => {
    const { base, spectralNorm } = options;
    const [channels] = image;
    const sides = sidesOf("sngan", image, 4);
    const levels = Math.min(MOST_LEVELS, halvings(sides, 1));
    const start = halved(sides, levels);
    const init = normalInit(0.02);
    const stride2 = { kernel: 4, stride: 2, padding: 1, init } as const;
    const stride1 = { kernel: 3, stride: 1, padding: 1, init } as const;
    const up: Layer[] = [];
    for (let level = levels - 1; level >= 0; level--) {
      up.push(layers.convTranspose2d(base << level, stride2), layers.batchNorm(), layers.relu());
    }
    const generator = layers.sequential(
      layers.dense((base << levels) * start[0] * start[1], { init }),
      layers.reshape([base << levels, ...start]),
      layers.batchNorm(),
      layers.relu(),
      ...up,
      layers.conv2d(channels, stride1),
      layers.tanh(),
    );
    const leak = layers.leakyRelu(LEAK);
    const down: Layer[] = [];
    for (let level = 0; level < levels; level++) {
      down.push(layers.conv2d(base << level, { ...stride1, spectralNorm }), leak);
      down.push(layers.conv2d(base << level, { ...stride2, spectralNorm }), leak);
    }
    const body = layers.sequential(
      ...down,
      layers.conv2d(base << levels, { ...stride1, spectralNorm }),
      leak,
      layers.flatten(),
    );
    const head = layers.dense(1, { init, spectralNorm });
    return {
      latent: latentOf(options),
      scores: "logit",
      generator: ({ z }, scope) => generator(z, scope),
      discriminator: ({ x }, scope) => {
        const features = body(x, scope.child("body"));
        return { scores: head(features, scope.child("head")), features };
      },
    };
  },
});
