/** EBGAN's networks (Zhao et al. 2017, arXiv:1609.03126). */
import { integer, number } from "../define/index.ts";
import { square } from "../graph/index.ts";
import { pullingAwayTerm } from "../losses/index.ts";
import { dcganInit, type Layer, layers } from "../nn/index.ts";
import { autoEncoding, meanOf } from "./auto-encoder.ts";
import { latentOf, latentOptions } from "./latent.ts";
import { defineModel } from "./model.ts";
import { halved, sidesOf } from "./sides.ts";

/**
 * An auto-encoder as discriminator, with the small networks of hwalsuklee/tensorflow-generative-model-collections; images in
 * [−1, 1] in place of [0, 1], and mean squared errors, so that a margin of 1 is about the error of an untrained auto-encoder.
 * Sides are multiples of 4. Zhao et al. 2017, arXiv:1609.03126.
 */
export const ebgan = defineModel({
  name: "ebgan",
  title: "an auto-encoder as discriminator, for loss ebgan",
  data: "images",
  papers: [
    {
      authors: "Zhao, Mathieu and LeCun",
      year: 2017,
      title: "Energy-based generative adversarial network",
      arxiv: "1609.03126",
    },
  ],
  notes: "Images lie in [−1, 1] in place of [0, 1], and errors are mean squares",
  options: {
    ...latentOptions(62, "uniform"),
    base: integer({ default: 64, least: 1, means: "filters of the outer convolutions" }),
    hidden: integer({ default: 1024, least: 1, means: "units of the generator's first layer" }),
    code: integer({ default: 32, least: 1, means: "length of the encoder's code" }),
    pullingAway: number({
      default: 0.1,
      least: 0,
      means: "weight of the pulling-away term in the generator's loss; 0 leaves it out",
    }),
  },
  create: (options, { shape: image }) => {
    const { base, hidden, code, pullingAway: weight } = options;
    const [channels] = image;
    const sides = sidesOf("ebgan", image, 4);
    const [half, quarter] = [halved(sides, 1), halved(sides, 2)];
    const stride2 = { kernel: 4, stride: 2, padding: 1, init: dcganInit } as const;
    const dense = (units: number): Layer => layers.dense(units, { init: dcganInit });
    const generator = layers.sequential(
      dense(hidden),
      layers.batchNorm(),
      layers.relu(),
      dense(2 * base * quarter[0] * quarter[1]),
      layers.batchNorm(),
      layers.relu(),
      layers.reshape([2 * base, ...quarter]),
      layers.convTranspose2d(base, stride2),
      layers.batchNorm(),
      layers.relu(),
      layers.convTranspose2d(channels, stride2),
      layers.tanh(),
    );
    const encoder = layers.sequential(
      layers.conv2d(base, stride2),
      layers.relu(),
      layers.flatten(),
      dense(code),
    );
    const decoder = layers.sequential(
      dense(base * half[0] * half[1]),
      layers.batchNorm(),
      layers.relu(),
      layers.reshape([base, ...half]),
      layers.convTranspose2d(channels, stride2),
      layers.tanh(),
    );
    return {
      latent: latentOf(options),
      scores: "energy",
      ...(weight === 0 ? {} : { terms: [pullingAwayTerm({ weight })] }),
      generator: ({ z }, scope) => generator(z, scope),
      discriminator: autoEncoding(encoder, decoder, meanOf(square)),
    };
  },
});
