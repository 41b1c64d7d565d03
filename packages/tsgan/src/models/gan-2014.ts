/** The perceptrons of the first GAN (Goodfellow et al. 2014, arXiv:1406.2661). */
import { flag, integer } from "../define/index.ts";
import { max, reshape, sizeOf } from "../graph/index.ts";
import { type Layer, layers, uniformInit } from "../nn/index.ts";
import { latentOf, latentOptions } from "./latent.ts";
import { defineModel } from "./model.ts";

/** The largest of `pieces` linear functions: [N, in] → [N, units] (Goodfellow et al. 2013, arXiv:1302.4389). */
const maxout =
  (units: number, pieces: number, init: ReturnType<typeof uniformInit>): Layer =>
  (x, scope) =>
    max(reshape(layers.dense(units * pieces, { init })(x, scope), [x.shape[0], units, pieces]), 2);

/**
 * As in goodfeli/adversarial `mnist.yaml`: a generator of ReLU units with a sigmoid output, images in [0, 1]; a
 * discriminator of maxout units with dropout. Goodfellow et al. 2014, arXiv:1406.2661.
 */
export const gan2014 = defineModel({
  name: "gan-2014",
  title: "perceptrons of ReLU and of maxout units",
  data: "any",
  papers: [
    {
      authors: "Goodfellow et al.",
      year: 2014,
      title: "Generative adversarial networks",
      arxiv: "1406.2661",
    },
  ],
  notes: "The authors' output bias starts at the logit of the pixels' means, here at 0",
  options: {
    ...latentOptions(100, "unit-uniform"),
    hidden: integer({ default: 1200, least: 1, means: "units of the generator's two hidden layers" }),
    maxout: integer({
      default: 240,
      least: 1,
      means: "maxout units of the discriminator's two hidden layers",
    }),
    pieces: integer({ default: 5, least: 1, means: "linear pieces of each maxout unit" }),
    dropout: flag({
      default: true,
      means: "whether the discriminator drops a fifth of its input and half of its hidden units",
    }),
  },
  create: (options, { shape }) => {
    const { hidden, pieces, dropout } = options;
    const init = uniformInit(0.05);
    const generator = layers.sequential(
      layers.dense(hidden, { init }),
      layers.relu(),
      layers.dense(hidden, { init }),
      layers.relu(),
      layers.dense(sizeOf(shape), { init }),
      layers.sigmoid(),
      layers.reshape(shape),
    );
    const discriminatorInit = uniformInit(0.005);
    const hiddenUnits = maxout(options.maxout, pieces, discriminatorInit);
    const drop = (rate: number): Layer => layers.dropout(dropout ? rate : 0);
    const body = layers.sequential(layers.flatten(), drop(0.2), hiddenUnits, drop(0.5), hiddenUnits);
    const head = layers.sequential(drop(0.5), layers.dense(1, { init: discriminatorInit }));
    return {
      latent: latentOf(options),
      scores: "logit",
      range: "unit",
      generator: ({ z }, scope) => generator(z, scope),
      discriminator: ({ x }, scope) => {
        const features = body(x, scope.child("body"));
        return { scores: head(features, scope.child("head")), features };
      },
    };
  },
});
