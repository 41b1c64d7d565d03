/** Residual networks for images: WGAN-GP's (Gulrajani et al. 2017) and SNGAN's (Miyato et al. 2018). */
import { choice, integer } from "../define/index.ts";
import { mean, sum } from "../graph/index.ts";
import { glorotInit, type Layer, layers } from "../nn/index.ts";
import { latentOf, latentOptions } from "./latent.ts";
import { defineModel } from "./model.ts";
import { halved, halvings, sidesOf } from "./sides.ts";

const RELU_GAIN = Math.SQRT2;

/**
 * 32 px as in pfnet-research/sngan_projection and igul222/improved_wgan_training: three residual blocks up from 4 × 4;
 * down in two blocks, then two plain blocks. A larger image has one block more in both networks for each doubling, of
 * the same width. ReLU; Glorot's uniform weights with gain √2 in the 3 × 3 layers of blocks. Sides are multiples of 4.
 */
export const resnet = defineModel({
  name: "resnet",
  title: "residual blocks",
  data: "images",
  papers: [
    {
      authors: "Gulrajani et al.",
      year: 2017,
      title: "Improved training of Wasserstein GANs",
      arxiv: "1704.00028",
    },
    {
      authors: "Miyato, Kataoka, Koyama and Yoshida",
      year: 2018,
      title: "Spectral normalization for generative adversarial networks",
      arxiv: "1802.05957",
    },
  ],
  options: {
    ...latentOptions(128),
    generatorWidth: integer({
      default: 64,
      least: 1,
      means: "filters of all layers of the generator: 256 in SNGAN's code, 128 in WGAN-GP's",
    }),
    discriminatorWidth: integer({
      default: 64,
      least: 1,
      means: "filters of all layers of the critic: 128 in both",
    }),
    discriminatorNorm: choice(["spectral", "layer", "none"], {
      default: "spectral",
      means: "normalisation of the critic; the generator has batch norm",
    }),
    pool: choice(["sum", "mean"], {
      default: "sum",
      means:
        "how the critic's last map becomes a vector: the sum over positions (SNGAN's code), or their mean (WGAN-GP's)",
    }),
  },
  create: (options, { shape: image }) => {
    const { generatorWidth, discriminatorWidth: width, discriminatorNorm, pool } = options;
    const [channels] = image;
    const sides = sidesOf("resnet", image, 4);

    const spectralNorm = discriminatorNorm === "spectral";
    const convolution = (filters: number, kernel: 1 | 3, gain: number, ofCritic: boolean): Layer =>
      layers.conv2d(filters, {
        kernel,
        padding: kernel === 3 ? 1 : 0,
        init: glorotInit(gain),
        spectralNorm: ofCritic && spectralNorm,
      });

    const upBlock = layers.residual(
      layers.sequential(
        layers.batchNorm(),
        layers.relu(),
        layers.upsample(),
        convolution(generatorWidth, 3, RELU_GAIN, false),
        layers.batchNorm(),
        layers.relu(),
        convolution(generatorWidth, 3, RELU_GAIN, false),
      ),
      layers.sequential(layers.upsample(), convolution(generatorWidth, 1, 1, false)),
    );
    const ups = halvings(sides, 4);
    const start = halved(sides, ups);
    const generator = layers.sequential(
      layers.dense(generatorWidth * start[0] * start[1], { init: glorotInit() }),
      layers.reshape([generatorWidth, ...start]),
      ...new Array<Layer>(ups).fill(upBlock),
      layers.batchNorm(),
      layers.relu(),
      convolution(channels, 3, 1, false),
      layers.tanh(),
    );

    const norm: Layer[] = discriminatorNorm === "layer" ? [layers.layerNorm()] : [];
    const wide = convolution(width, 3, RELU_GAIN, true);
    const projection = convolution(width, 1, 1, true);
    const body: Layer[] = [...norm, layers.relu(), wide, ...norm, layers.relu(), wide];
    // The image itself is neither rectified nor normalised, and its shortcut is pooled first, which is cheaper.
    const firstBlock = layers.residual(
      layers.sequential(wide, layers.relu(), wide, layers.averagePool(2)),
      layers.sequential(layers.averagePool(2), projection),
    );
    const downBlock = layers.residual(
      layers.sequential(...body, layers.averagePool(2)),
      layers.sequential(projection, layers.averagePool(2)),
    );
    const plainBlock = layers.residual(layers.sequential(...body));
    const critic = layers.sequential(
      firstBlock,
      ...new Array<Layer>(Math.max(0, halvings(sides, 8) - 1)).fill(downBlock),
      plainBlock,
      plainBlock,
      layers.relu(),
    );
    const head = layers.dense(1, { init: glorotInit(), spectralNorm });
    return {
      latent: latentOf(options),
      scores: "logit",
      generator: ({ z }, scope) => generator(z, scope),
      discriminator: ({ x }, scope) => {
        const map = critic(x, scope.child("body"));
        const features = (pool === "sum" ? sum : mean)(map, [2, 3]);
        return { scores: head(features, scope.child("head")), features };
      },
    };
  },
});
