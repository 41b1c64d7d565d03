/** The one architecture of "Are GANs created equal?" (Lucic et al. 2018, arXiv:1711.10337), from InfoGAN. */
import { layers } from "../nn/index.ts";
import { checkChoice } from "../options.ts";
import { infoganLayers } from "./infogan-net.ts";
import type { LatentDistribution, Model } from "./model.ts";
import type { ImageShape } from "./sides.ts";

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
 * InfoGAN's networks as the study has them (google/compare_gan at 49495fd, `gans/abstract_gan.py`): leak 0.2 in both.
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
  const backbone = infoganLayers("study-net", {
    image: options.image,
    base,
    hidden,
    discriminatorNorm,
    // TensorFlow's decay of 0.999 is a share of 0.001 for the new batch.
    batchNorm: { epsilon: 1e-3, momentum: 1e-3 },
    leak: { generator: 0.2, discriminator: 0.2 },
  });
  const isProbability = discriminatorOutput === "probability";
  const head = layers.sequential(backbone.head(1), ...(isProbability ? [layers.sigmoid()] : []));
  return {
    name: "study-net",
    options: resolved,
    shape: resolved.image,
    latent: { size: resolved.latent, distribution: resolved.latentDistribution },
    scores: isProbability ? "probability" : "logit",
    range: "unit",
    generator: ({ z }, scope) => backbone.generator(z, scope),
    discriminator: ({ x }, scope) => {
      const features = backbone.body(x, scope.child("body"));
      return { scores: head(features, scope.child("head")), features };
    },
  };
};
