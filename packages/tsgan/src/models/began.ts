/** BEGAN's networks (Berthelot et al. 2017, arXiv:1703.10717). */
import { integer } from "../define/index.ts";
import { abs } from "../graph/index.ts";
import { glorotInit, type Layer, layers } from "../nn/index.ts";
import { autoEncoding, meanOf } from "./auto-encoder.ts";
import { latentOf, latentOptions } from "./latent.ts";
import { defineModel } from "./model.ts";
import { halved, halvings, sidesOf } from "./sides.ts";

/**
 * An auto-encoder as discriminator; the generator has the form of its decoder. ELU, no normalisation, linear output; L1
 * reconstruction errors. Sides, multiples of 2, halve down to 5 … 8. Berthelot et al. 2017, arXiv:1703.10717, figure 1; sizes as
 * in carpedm20/BEGAN-tensorflow.
 */
export const began = defineModel({
  name: "began",
  title: "an auto-encoder as discriminator, for loss began",
  data: "images",
  papers: [
    {
      authors: "Berthelot, Schumm and Metz",
      year: 2017,
      title: "BEGAN: boundary equilibrium generative adversarial networks",
      arxiv: "1703.10717",
      where: "figure 1",
    },
  ],
  options: {
    ...latentOptions(64, "uniform"),
    base: integer({
      default: 64,
      least: 1,
      symbol: "n",
      means: "filters of the decoder, and of the encoder's first layers: 128 in the authors' code for 64 px",
    }),
    code: integer({ default: 64, least: 1, means: "length of the encoder's code" }),
  },
  create: (options, { shape: image }) => {
    const { base, code } = options;
    const [channels] = image;
    const sides = sidesOf("began", image, 2);
    const levels = halvings(sides, 8);
    const start = halved(sides, levels);
    const init = glorotInit();
    const convolution = (filters: number, stride = 1): Layer[] => [
      layers.conv2d(filters, { kernel: 3, stride, padding: 1, init }),
      layers.elu(),
    ];
    const decoder = (): Layer => {
      const up: Layer[] = [];
      for (let level = 0; level <= levels; level++) {
        if (level > 0) up.push(layers.upsample());
        up.push(...convolution(base), ...convolution(base));
      }
      return layers.sequential(
        layers.dense(base * start[0] * start[1], { init }),
        layers.reshape([base, ...start]),
        ...up,
        layers.conv2d(channels, { kernel: 3, padding: 1, init }),
      );
    };
    const down = convolution(base);
    for (let level = 0; level <= levels; level++) {
      const filters = base * (level + 1);
      down.push(...convolution(filters), ...convolution(filters));
      if (level < levels) down.push(...convolution(filters, 2));
    }
    const encoder = layers.sequential(...down, layers.flatten(), layers.dense(code, { init }));
    const generator = decoder();
    return {
      latent: latentOf(options),
      unbounded: true,
      scores: "energy",
      generator: ({ z }, scope) => generator(z, scope),
      discriminator: autoEncoding(encoder, decoder(), meanOf(abs)),
    };
  },
});
