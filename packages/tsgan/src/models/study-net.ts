/** The one architecture of "Are GANs created equal?" (Lucic et al. 2018, arXiv:1711.10337), from InfoGAN. */
import { type Layer, layers, normalInit } from "../nn/index.ts";
import { checkChoice } from "../options.ts";
import type { LatentDistribution, Model } from "./model.ts";
import { type ImageShape, squareSide } from "./sides.ts";

export interface StudyNetOptions {
  /** [channels, side, side]; the side is divisible by 4. */
  readonly image: ImageShape;
  readonly latent?: number;
  readonly latentDistribution?: LatentDistribution;
  /** Filters of the outer convolutions. */
  readonly base?: number;
  /** Units of the dense layers. */
  readonly hidden?: number;
  /** Normalisation of the discriminator; the generator has batch norm. */
  readonly discriminatorNorm?: "batch" | "none";
  /** "probability": the sigmoid of the score, which the study's least squares take. */
  readonly discriminatorOutput?: "score" | "probability";
}

/**
 * InfoGAN's networks as the study has them (google/compare_gan at 49495fd, `gans/abstract_gan.py`): two dense and two
 * 4×4 convolution layers each, leak 0.2 in both, images in [0, 1] out of a sigmoid, weights N(0, 0.02).
 * 6.63 M and 6.56 M parameters at 28 × 28 × 1.
 */
export const studyNet = (options: StudyNetOptions): Model => {
  const resolved = {
    image: [...options.image],
    latent: options.latent ?? 64,
    latentDistribution: options.latentDistribution ?? "uniform",
    base: options.base ?? 64,
    hidden: options.hidden ?? 1024,
    discriminatorNorm: options.discriminatorNorm ?? "batch",
    discriminatorOutput: options.discriminatorOutput ?? "score",
  } as const;
  const { base, hidden, discriminatorNorm, discriminatorOutput } = resolved;
  checkChoice("study-net", "discriminatorNorm", discriminatorNorm, ["batch", "none"]);
  checkChoice("study-net", "discriminatorOutput", discriminatorOutput, ["score", "probability"]);
  const [channels] = options.image;
  const quarter = squareSide("study-net", options.image, 2) / 4;
  const init = normalInit(0.02);
  const stride2 = { kernel: 4, stride: 2, padding: 1, init } as const;
  // TensorFlow's decay of 0.999 is a share of 0.001 for the new batch.
  const norm = layers.batchNorm({ epsilon: 1e-3, momentum: 1e-3 });
  const leak = layers.leakyRelu(0.2);
  const generator = layers.sequential(
    layers.dense(hidden, { init }),
    norm,
    leak,
    layers.dense(2 * base * quarter * quarter, { init }),
    norm,
    leak,
    layers.reshape([2 * base, quarter, quarter]),
    layers.convTranspose2d(base, stride2),
    norm,
    leak,
    layers.convTranspose2d(channels, stride2),
    layers.sigmoid(),
  );
  const critical: readonly Layer[] = discriminatorNorm === "batch" ? [norm] : [];
  const body = layers.sequential(
    layers.conv2d(base, stride2),
    leak,
    layers.conv2d(2 * base, stride2),
    ...critical,
    leak,
    layers.flatten(),
    layers.dense(hidden, { init }),
    ...critical,
    leak,
  );
  const isProbability = discriminatorOutput === "probability";
  const head = layers.sequential(layers.dense(1, { init }), ...(isProbability ? [layers.sigmoid()] : []));
  return {
    name: "study-net",
    options: resolved,
    shape: resolved.image,
    latent: { size: resolved.latent, distribution: resolved.latentDistribution },
    scores: isProbability ? "probability" : "logit",
    range: "unit",
    generator: ({ z }, scope) => generator(z, scope),
    discriminator: ({ x }, scope) => {
      const features = body(x, scope.child("body"));
      return { scores: head(features, scope.child("head")), features };
    },
  };
};
